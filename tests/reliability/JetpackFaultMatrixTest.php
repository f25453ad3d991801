<?php

declare(strict_types=1);

// The fault matrix of the module jetpack: licenses are billed from the moment they are issued.

namespace Tests\Reliability;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class JetpackFaultMatrixTest extends JetpackTestCase
{
    use FaultMatrix;
    use JetpackScenarios;

    private const SUBJECT = 100;
    private const BYSTANDER = 101;
    /** Its domain is that of the services. */
    private const HOSTING = 7;
    private const API = '/wpcom/v2/jetpack-licensing';
    private const FIELD = 'jetpack_found_license_key';
    private const CONNECTING = 'POST /site-connection';
    /** Tables with something of the service, and the column that names it. */
    private const TABLES_OF_THE_SERVICE = [
        'tblhosting' => 'id',
        'tblcustomfieldsvalues' => 'relid',
        self::TABLE => 'service_id',
        self::JOURNAL => 'owner_id',
    ];

    /** @var array<string, mixed> */
    private static array $bystandersLicense = [];
    private static int $cell = 0;

    /** @return array<string, Fault> */
    private static function faults(): array
    {
        return Faults::ofEveryApi() + Faults::ofJetpack();
    }

    private function layBase(): void
    {
        Host::switchModuleLog(true);
        Host::addProduct($this->product(2, 'jetpack-scan'));
        Host::addProduct(['id' => self::HOSTING, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Host::addService(['userid' => 10, 'packageid' => self::HOSTING, 'domainstatus' => 'Active', 'domain' => 'customer.example']);
        $this->service(['id' => self::BYSTANDER, 'orderid' => 501]);
        $key = $this->issued(Host::service(self::BYSTANDER));
        $license = $this->sandbox->licenses()[0];
        self::$bystandersLicense = array_intersect_key($license, array_flip(['license_id', 'license_key', 'issued_at', 'token', 'product']));
        $this->assertSame($key, $license['license_key']);
    }

    private function freshWorld(): void
    {
        $this->sandbox = JetpackSandbox::fromEnvironment();
        $this->module = new \Tests\Host\Module('servers', 'jetpack', dirname(__DIR__, 2) . '/modules');
        // A token that had no list is not asked again by this process: each cell has its own.
        $token = JetpackSandbox::TOKEN . '-' . ++self::$cell;
        $this->sandbox->reset(['tokens' => [$token], 'licenses' => [['token' => $token] + self::$bystandersLicense]]);
        Capsule::table('tblproducts')->update(['configoption1' => $token]);
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        Capsule::table('tblproducts')->where('id', 1)->update([self::ON_SUSPENSION => '', self::ATTACH => '']);
        foreach (self::TABLES_OF_THE_SERVICE as $table => $column) {
            Capsule::table($table)->where($column, self::SUBJECT)->delete();
        }
    }

    private function subject(): Service
    {
        return Host::service(self::SUBJECT);
    }

    private function look(): void
    {
        $this->seen = ['licenses' => $this->sandbox->licenses(), 'requests' => $this->sandbox->requests()];
    }

    /** Keys stand in paths, and are others each time. @return list<string> */
    private function calls(): array
    {
        $line = static fn (array $request): string => $request['method'] . ' ' . str_replace(self::API, '', $request['path']);

        return preg_replace('~/license/[^/]+/site~', '/license/{key}/site', array_map($line, $this->seen['requests']));
    }

    private function made(): int
    {
        $issued = static fn (array $request): bool => $request['method'] === 'POST' && $request['path'] === self::API . '/license';

        return count(array_filter($this->seen['requests'], static fn (array $request): bool => $issued($request) && $request['acted']));
    }

    /** @return array<string, mixed> */
    private function endState(): array
    {
        $rows = $this->rowsOf(self::TABLE, 'service_id', self::SUBJECT);
        $remote = array_column($this->ownLicenses(), null, 'license_key');
        $kept = static fn (array $row): array => array_map(
            static fn (mixed $value): mixed => is_numeric($value) ? (int) $value : $value,
            array_intersect_key($row, array_flip(['order_id', 'product_id', 'addon_id', 'product_slug', 'site', 'site_step', 'revoked_for']))
        );
        $licenses = [];
        foreach ($rows as $row) {
            $license = $remote[$row['license_key']] ?? null;
            $licenses[] = $kept($row) + [
                'active' => $row['revoked_at'] === null,
                'active at Jetpack' => $license !== null && $license['revoked_at'] === null,
                'product at Jetpack' => $license['product'] ?? null,
                'site at Jetpack' => $license['site'] ?? null,
            ];
        }
        $active = array_column(array_filter($rows, static fn (array $row): bool => $row['revoked_at'] === null), 'license_key');

        return [
            'licenses' => $licenses,
            'licenses at Jetpack' => count($remote),
            'customer sees his keys' => $this->keptKey($this->subject()) === implode(', ', $active),
            'status' => $this->subject()->status,
        ];
    }

    /** @return list<array<string, mixed>> */
    private function ownLicenses(): array
    {
        $foreign = self::$bystandersLicense['license_key'];

        return array_values(array_filter($this->seen['licenses'], static fn (array $l): bool => $l['license_key'] !== $foreign));
    }

    /** @return list<string> keys of active licenses that no row of ours holds */
    private function keysNobodyHolds(): array
    {
        $active = array_filter($this->ownLicenses(), static fn (array $license): bool => $license['revoked_at'] === null);
        $held = Capsule::table(self::TABLE)->where('service_id', self::SUBJECT)->whereNull('revoked_at')->pluck('license_key')->all();

        return array_values(array_diff(array_column($active, 'license_key'), $held));
    }

    private function isUndecided(): bool
    {
        return Capsule::table(self::JOURNAL)
            ->where(['owner_id' => self::SUBJECT, 'operation' => 'issue', 'state' => 'unknown'])->exists();
    }

    private function assertNothingIsThereTwice(int $most): void
    {
        $active = array_filter($this->ownLicenses(), static fn (array $license): bool => $license['revoked_at'] === null);
        $this->assertLessThanOrEqual($most, count($active), 'There are more licenses than were sold.');
    }

    private function assertAllIsKnown(): void
    {
        // The service page offers those that reconciliation has seen, until one of them is adopted.
        $offered = Capsule::schema()->hasTable('mod_jetpack_unassigned')
            ? Capsule::table('mod_jetpack_unassigned')->whereNull('adopted_at')->pluck('license_key')->all() : [];
        $unheld = array_diff($this->keysNobodyHolds(), $offered);
        $this->assertLessThanOrEqual($this->isUndecided() ? 1 : 0, count($unheld), 'A license is known to nobody.');
    }

    /** Staff look into the partner portal. */
    private function personDecides(): void
    {
        if (!$this->isUndecided()) {
            return;
        }
        $this->look();
        $found = $this->keysNobodyHolds();
        if ($found !== []) {
            $this->module->saveAdminTab($this->subject(), [self::FIELD => $found[0]]);
            return;
        }
        $this->minutesPass(2);
        $this->module->custom($this->subject(), 'IssueAgain');
    }

    /** @return array<string, mixed> */
    private function bystander(): array
    {
        $own = [];
        foreach (self::TABLES_OF_THE_SERVICE as $table => $column) {
            $own[$table] = array_map(self::withoutTimes(...), self::rowsOf($table, $column, self::BYSTANDER));
        }
        $key = self::$bystandersLicense['license_key'];
        $own['license'] = array_filter($this->seen['licenses'], static fn (array $l): bool => $l['license_key'] === $key);

        return $own;
    }

    /** A test lets minutes pass for all journal rows. @param array<string, mixed> $row @return array<string, mixed> */
    private static function withoutTimes(array $row): array
    {
        $times = ['begun_at' => 1, 'sent_at' => 1, 'ended_at' => 1, 'expires_at' => 1];
        return array_diff_key($row, isset($row['open_key']) || isset($row['begun_at']) ? $times : []);
    }

    /** @return list<string> */
    private function secrets(): array
    {
        $random = static fn (array $license): string => explode('_', $license['license_key'], 2)[1];

        return [JetpackSandbox::TOKEN, ...array_map($random, $this->seen['licenses'])];
    }
}
