<?php

declare(strict_types=1);

// Accounts with what metrics are counted from.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class MetricsTestCase extends CometTestCase
{
    protected const LIST = 'list-users-full';
    protected const GOOD = ['Status' => 5000, 'StartTime' => 1700000000, 'TotalSize' => 3 * self::GB, 'TotalAccountsCount' => 14, 'TotalVmCount' => 4];
    protected const FAILED = ['Status' => 7002, 'StartTime' => 1700000000, 'TotalSize' => 0];

    /** @return array<string, mixed> a protected item */
    protected static function item(string $engine, ?array $good, ?array $last = null): array
    {
        $jobs = array_filter(['LastSuccessfulBackupJob' => $good, 'LastBackupJob' => $last ?? $good]);

        return ['Engine' => "engine1/$engine", 'Statistics' => $jobs];
    }

    /** @return array<string, mixed> one vault with so many bytes */
    protected static function stored(int $bytes): array
    {
        return ['v' => ['Statistics' => ['ClientProvidedSize' => ['Size' => $bytes, 'MeasureCompleted' => 1700000000]]]];
    }

    /** An account with a little of everything, recorded for service 200. */
    protected function metered(array $row = [], array $profile = []): Service
    {
        $service = $this->created($row);
        $this->comet->changeAccount($this->record((int) $service->id)['username'], ['set' => $profile + [
            'Destinations' => self::stored(5 * self::GB),
            'Sources' => [
                'a' => self::item('file', self::GOOD, self::FAILED),
                'b' => self::item('winmsofficemail', self::GOOD),
                'c' => self::item('hyperv', self::GOOD),
            ],
            'Devices' => ['d' => ['FriendlyName' => 'PC'], 'e' => ['FriendlyName' => 'Laptop']],
        ]]);
        Capsule::table('tblactivitylog')->delete();

        return $service;
    }

    /** @return array<string, int|float> the figures of `metered` */
    protected static function figures(): array
    {
        return [
            'stored_data' => 5.0, 'protected_data' => 9.0, 'devices' => 2, 'storage_vaults' => 1, 'microsoft365_accounts' => 14,
            'hyperv_guests' => 4, 'vmware_guests' => 0, 'proxmox_guests' => 0,
        ];
    }
}
