<?php

declare(strict_types=1);

// Services, licenses and what the daily comparison finds among them.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

abstract class JetpackReconcileTestCase extends JetpackTestCase
{
    protected const FINDINGS = 'mod_whmcs_provisioning_findings';
    protected const RUNS = 'mod_whmcs_provisioning_runs';

    protected function setUp(): void
    {
        parent::setUp();
        $this->createTables();
    }

    /** As the daily hook calls it. */
    protected function reconcile(): string
    {
        return $this->module->call('Reconcile', []);
    }

    /** @return list<string> such as "missing service 100", by kind */
    protected function found(): array
    {
        $found = array_map(
            fn (array $row) => trim("$row[kind] $row[owner_type]") . ($row['owner_id'] ? " $row[owner_id]" : ''),
            $this->rows(self::FINDINGS)
        );
        sort($found);

        return $found;
    }

    /** @return list<string> lines of reconciliation in the Activity Log, oldest first */
    protected function told(): array
    {
        return array_values(array_filter(
            Host::activityLog(),
            fn (string $line) => str_starts_with($line, 'Jetpack reconciliation: ')
        ));
    }

    /** A license in WHMCS and at Jetpack, for service 100 unless the columns say otherwise. @param array<string, mixed> $columns */
    protected function license(string $key, array $columns = [], ?string $revokedAtJetpack = null): int
    {
        $this->licensesAtJetpack[] = ['license_key' => $key, 'issued_at' => '2026-01-15 10:00:01', 'revoked_at' => $revokedAtJetpack];
        $this->sandbox->reset(['licenses' => $this->licensesAtJetpack]);

        return $this->licenseRow($key, $columns);
    }

    /** @param array<string, mixed> $columns */
    protected function licenseRow(string $key, array $columns = []): int
    {
        return Capsule::table(self::TABLE)->insertGetId($columns + [
            'order_id' => 500, 'product_id' => 1, 'license_key' => $key, 'issued_at' => '2026-01-15 10:00:01',
            'service_id' => 100, 'addon_id' => 0, 'product_slug' => 'jetpack-complete',
        ]);
    }

    /**
     * That many active services from this id on, each with its license, in WHMCS and in the table only.
     */
    protected function manyServices(int $count, int $from = 1000): void
    {
        $numbers = Numbers::table($from, $from + $count - 1);
        $connection = Capsule::connection();
        $connection->statement('INSERT INTO tblhosting (id, userid, orderid, packageid, domainstatus, qty, domain, paymentmethod,
            billingcycle, username, password, notes, subscriptionid, suspendreason, dedicatedip, assignedips, ns1, ns2)
            SELECT seq, 10, seq, 1, "Active", 1, CONCAT("site", seq, ".example"), "", "", "", "", "", "", "", "", "", "", ""
            FROM ' . $numbers);
        $connection->statement('INSERT INTO ' . self::TABLE . ' (order_id, product_id, license_key, issued_at, service_id,
            addon_id, product_slug) SELECT seq, 1, CONCAT("jetpack-complete_KEY", seq), "2026-01-15 10:00:01", seq, 0,
            "jetpack-complete" FROM ' . $numbers . ' ORDER BY seq');
    }

    /** Statements that the server has carried out since the callback began. */
    protected function statementsOf(callable $work): int
    {
        $count = fn () => (int) Capsule::selectOne("SHOW GLOBAL STATUS LIKE 'Questions'")->Value;
        $before = $count();
        $work();

        return $count() - $before - 1;
    }

    /** @var list<array<string, mixed>> */
    protected array $licensesAtJetpack = [];
}
