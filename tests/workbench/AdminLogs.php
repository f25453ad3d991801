<?php

declare(strict_types=1);

// The activity log, the module log with its switch, the mails that were sent, and the tickets.

namespace Tests\Workbench;

use Tests\Host\Configuration;
use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class AdminLogs
{
    private const MOST = 300;

    public static function show(): Screen
    {
        return match (basename((string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH))) {
            'systemactivitylog.php' => self::activity(),
            'systemmodulelog.php' => self::moduleLog(),
            'systememaillog.php' => self::mails(),
            default => self::tickets(),
        };
    }

    private static function activity(): Screen
    {
        $rows = self::newest('tblactivitylog', static fn (object $one): array => [
            Html::text($one->date), self::linked(Html::text($one->description)), Html::text($one->user),
        ]);

        return Screen::admin('Activity Log', Html::table(['Date', 'Log Entry', 'User'], $rows));
    }

    /** WHMCS makes a link of the service that a line names. */
    private static function linked(string $html): string
    {
        return (string) preg_replace_callback('/Service ID: (\d+)/', static function (array $found): string {
            $user = Capsule::table('tblhosting')->where('id', (int) $found[1])->value('userid');

            return $user === null ? $found[0] : "<a href=\"/admin/clientsservices.php?userid=$user&amp;id=$found[1]\">$found[0]</a>";
        }, $html);
    }

    private static function moduleLog(): Screen
    {
        $isOn = Configuration::get('ModuleDebugMode') === 'on';
        if (Router::isPosted('switch')) {
            Host::switchModuleLog(!$isOn);

            return Screen::go('/admin/systemmodulelog.php');
        }
        $text = static fn (string $text): string => '<div class="workbench-log">' . Html::text(mb_strimwidth($text, 0, 3000, '…')) . '</div>';
        $rows = self::newest('tblmodulelog', static fn (object $one): array => [
            Html::text($one->date), Html::text($one->module), Html::text($one->action), $text($one->request), $text($one->response . "\n" . $one->arrdata),
        ]);
        $switch = Html::form('/admin/systemmodulelog.php', ['switch' => '1'], Html::button($isOn ? 'Disable Debug Logging' : 'Enable Debug Logging'));

        return Screen::admin('System Module Debug Log', $switch . Html::table(['Date', 'Module', 'Action', 'Request', 'Response'], $rows));
    }

    private static function mails(): Screen
    {
        $rows = self::newest('tblemails', static fn (object $one): array => [
            Html::text($one->date), "client $one->userid", Html::text($one->subject), self::message($one),
        ]);

        return Screen::admin('Email Message Log', Html::table(['Date', 'To', 'Subject', 'Message'], $rows));
    }

    private static function tickets(): Screen
    {
        $rows = self::newest('tbltickets', static fn (object $one): array => [
            Html::text($one->date), "client $one->userid", Html::text($one->title), self::message($one),
            Html::text("$one->urgency, $one->status, $one->service"),
        ]);

        return Screen::admin('Support Tickets', Html::table(['Date', 'Client', 'Subject', 'Message', ''], $rows));
    }

    private static function message(object $row): string
    {
        return '<div class="workbench-text">' . nl2br(Html::text($row->message)) . '</div>';
    }

    /** @return list<array<string>> */
    private static function newest(string $table, callable $row): array
    {
        return Capsule::table($table)->orderByDesc('id')->limit(self::MOST)->get()->map($row)->all();
    }
}
