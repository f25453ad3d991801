<?php

declare(strict_types=1);

// WHMCS's daily cron: usage of each server, then the hooks of the modules. Prints what it did, and the faults of the modules.

use Tests\Host\Hooks;
use Tests\Host\Strict;
use Tests\Workbench\World;
use WHMCS\Database\Capsule;

require __DIR__ . '/../bootstrap.php';

World::openForCron();
foreach (Capsule::table('tblservers')->where('disabled', 0)->orderBy('id')->get() as $server) {
    $module = World::module('servers', (string) $server->type);
    try {
        if ($module !== null && $module->has('UsageUpdate')) {
            $module->call('UsageUpdate', $module->serverParams((int) $server->id));
            echo "Usage of $server->name.\n";
        }
        if ($module !== null && $module->has('MetricProvider')) {
            echo "Usage metrics of $server->name: " . count($module->billedUsage((int) $server->id)) . " services.\n";
        }
    } catch (Throwable $error) {
        echo $error::class . ": {$error->getMessage()}\n";
    }
}
foreach (['DailyCronJob', 'AfterCronJob'] as $point) {
    try {
        Hooks::run($point, []);
        echo "$point.\n";
    } catch (Throwable $error) {
        echo $error::class . ": {$error->getMessage()}\n";
    }
}
foreach (Strict::faults() as $fault) {
    echo "Against WHMCS's module contract: $fault\n";
}
