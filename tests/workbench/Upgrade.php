<?php

declare(strict_types=1);

// upgrade.php: a customer changes the product of his service or its configurable options; the module's ChangePackage runs in his request.

namespace Tests\Workbench;

use Tests\Host\Hooks;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;
use WHMCS\Service\Status;

final class Upgrade
{
    public static function show(): Screen
    {
        $service = Service::find(Input::id('id'));
        if ($service === null || (int) $service->userid !== Visitor::clientId() || $service->domainstatus !== Status::ACTIVE) {
            return Screen::go('/clientarea.php?action=services');
        }
        $errors = [];
        if (Router::isPosted()) {
            foreach (Hooks::run('ShoppingCartValidateUpgrade', $_REQUEST) as $answer) {
                $errors = [...$errors, ...array_values((array) $answer)];
            }
            if ($errors === []) {
                return self::order($service);
            }
        }

        return Screen::client('Upgrade/Downgrade', Shop::errors($errors) . self::form($service));
    }

    private static function form(Service $service): string
    {
        $products = self::products($service);
        $html = '<p><b>Product</b><br>' . Html::select('packageid', $products, $service->packageid, 'Product') . '</p>';
        foreach (ServiceForm::options($service) as $label => $input) {
            $html .= '<p><b>' . Html::text($label) . "</b><br>$input</p>";
        }

        return Html::form("/upgrade.php?id=$service->id", [], $html . Html::button('Order and pay', '', '', 'primary'));
    }

    /** WHMCS has stored the new product and options before it calls the module. */
    private static function order(Service $service): Screen
    {
        $product = Input::id('packageid');
        $type = 'configoptions';
        if ($product !== (int) $service->packageid && isset(self::products($service)[$product])) {
            $type = 'package';
            $service->forceFill(['packageid' => $product])->save();
        }
        foreach (Input::texts('configoption') as $option => $value) {
            ServiceForm::saveOption($service, (int) $option, $value);
        }
        $id = Capsule::table('tblupgrades')->insertGetId([
            'userid' => $service->userid, 'type' => $type, 'date' => date('Y-m-d'), 'relid' => $service->id, 'newvalue' => (string) $product,
            'status' => 'Completed', 'paid' => 'Y',
        ]);
        $service = Service::findOrFail($service->id);
        $module = Input::moduleOf($service);
        if ($module !== null) {
            // What it answers is for staff, and in the module queue where it failed.
            $module->changePackage($service);
        }
        Hooks::run($type === 'package' ? 'AfterProductUpgrade' : 'AfterConfigOptionsUpgrade', ['upgradeid' => $id]);

        return Screen::go(ClientProduct::address($service), 'success', 'Thank you. Your payment has arrived.');
    }

    /** Those of the same module. @return array<int, string> */
    private static function products(Service $service): array
    {
        return Capsule::table('tblproducts')->where('servertype', (string) $service->product?->servertype)
            ->where(static fn ($query) => $query->where('hidden', 0)->orWhere('id', $service->packageid))
            ->orderBy('id')->pluck('name', 'id')->all();
    }
}
