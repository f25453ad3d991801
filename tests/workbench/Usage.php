<?php

declare(strict_types=1);

// Usage metrics: of one service, read anew, and of a whole server as the daily cron would bill them.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Service\Service;

final class Usage
{
    public static function ofService(Module $module, Service $service): string
    {
        $field = $module->metaData()['ListAccountsUniqueIdentifierField'] ?? 'domain';
        $tenant = (string) $service->getAttribute($field);
        if (Input::text('metrics') !== 'refresh') {
            return Html::link(AdminService::address($service) . '&metrics=refresh', 'Refresh Now');
        }
        $names = self::names($module);

        return self::table($names, [$tenant => $module->tenantUsage($module->paramsFor($service), $tenant)]);
    }

    public static function ofServer(Module $module, int $server): string
    {
        $named = [];
        foreach ($module->billedUsage($server) as $service => $values) {
            $named["service $service"] = $values;
        }

        return self::table(self::names($module), $named);
    }

    /** @return array<string, string> system name ⇒ the one that is shown */
    private static function names(Module $module): array
    {
        return array_map(
            static fn ($metric): string => $metric->displayName() . ' (' . $metric->units()->name() . ')',
            $module->metrics()
        );
    }

    /** @param array<string, string> $names @param array<string, array<string, int|float>> $usage */
    private static function table(array $names, array $usage): string
    {
        $rows = [];
        foreach ($usage as $of => $values) {
            $row = [Html::text($of)];
            foreach (array_keys($names) as $name) {
                $row[] = Html::text(isset($values[$name]) ? round((float) $values[$name], 2) : '');
            }
            $rows[] = $row;
        }

        return Html::table(['', ...array_values($names)], $rows, 'No figures.');
    }
}
