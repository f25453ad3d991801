<?php

declare(strict_types=1);

// admin/automation.php: the daily cron in a PHP of its own, and what it brought: disk usage and usage metrics of each server.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;

final class AdminAutomation
{
    public static function show(): Screen
    {
        $printed = '';
        if (Router::isPosted('daily')) {
            $printed = Html::alert('info', '<div class="workbench-log">' . Html::text(self::runCron()) . '</div>');
        }
        $html = $printed . Html::form('/admin/automation.php', ['daily' => '1'], Html::button('Run the daily cron now', '', '', 'primary'))
            . ' <p>Usage of each server, the hook DailyCronJob of each module, then AfterCronJob, by the command line, as WHMCS\'s cron does.</p>';
        foreach (Capsule::table('tblservers')->orderBy('id')->get() as $server) {
            $html .= Html::card($server->name, self::server($server));
        }

        return Screen::admin('Automation', $html);
    }

    private static function server(object $server): string
    {
        $rows = Capsule::table('tblhosting')->join('tblproducts', 'tblproducts.id', '=', 'tblhosting.packageid')
            ->where(['server' => $server->id, 'servertype' => $server->type])->orderBy('tblhosting.id')->get(['tblhosting.*'])
            ->map(static fn (object $service): array => [
                Html::link("/admin/clientsservices.php?userid=$service->userid&id=$service->id", "#$service->id"), Html::text($service->username),
                Html::state($service->domainstatus), "$service->diskusage of $service->disklimit MB", Html::text($service->lastupdate),
            ])->all();
        $html = Html::table(['Service', 'Username', 'Status', 'Disk', 'Updated'], $rows);
        $module = World::module('servers', (string) $server->type);
        if ($module === null || !$module->has('MetricProvider')) {
            return $html;
        }
        $link = "/admin/automation.php?metrics=$server->id";

        return $html . (Input::id('metrics') === (int) $server->id
            ? Usage::ofServer($module, (int) $server->id)
            : '<p>' . Html::link($link, 'Read the usage metrics now') . '</p>');
    }

    private static function runCron(): string
    {
        $command = escapeshellarg(World::folder() . '/cron-php') . ' ' . escapeshellarg(__DIR__ . '/cron.php');

        return trim((string) shell_exec("$command 2>&1"));
    }
}
