<?php

declare(strict_types=1);

// The first page: what there is to try, and who to be for it.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;

final class Start
{
    public static function show(): Screen
    {
        $first = static fn (string $module): int => (int) Capsule::table('tblhosting')
            ->join('tblproducts', 'tblproducts.id', '=', 'tblhosting.packageid')->where('servertype', $module)->min('tblhosting.id');
        $owner = static fn (int $service): int => (int) Capsule::table('tblhosting')->where('id', $service)->value('userid');
        [$license, $account] = [$first('jetpack'), $first('cometbackup')];
        $page = static fn (int $id): string => "/clientarea.php?action=productdetails&id=$id";
        $staffPage = static fn (int $id): string => '/admin/clientsservices.php?userid=' . $owner($id) . "&id=$id";
        $try = [
            ['A customer looks at his backup account', 'client-' . $owner($account), $page($account)],
            ['A customer looks at his Jetpack license', 'client-' . $owner($license), $page($license)],
            ['A customer orders', 'client-' . $owner($account), '/cart.php'],
            ['Staff look at the same backup account', 'staff-1', $staffPage($account)],
            ['Staff look at the same license', 'staff-1', $staffPage($license)],
            ['What failed and waits for staff', 'staff-1', '/admin/modulequeue.php'],
            ['Settings of the products', 'staff-1', '/admin/configproducts.php'],
            ['The daily jobs', 'staff-1', '/admin/automation.php'],
        ];
        $rows = array_map(static fn (array $one): array => [
            Html::form('/login.php', ['as' => $one[1], 'goto' => $one[2]], Html::button($one[0], '', '', 'link')),
            Html::text(Visitor::choices()[$one[1]] ?? ''),
        ], $try);
        $html = '<p>A stand-in for WHMCS that runs both modules on this machine: nothing here reaches Jetpack or a Comet Server. The bar at the top switches'
            . ' the look, and who you are. ' . Html::link('/workbench/faults.php', 'Faults') . ' breaks the remote APIs.</p>'
            . Html::table(['Try', 'as'], $rows);

        return Screen::bench('Workbench', $html);
    }
}
