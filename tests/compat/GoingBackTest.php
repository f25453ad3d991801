<?php

declare(strict_types=1);

// A host that goes back to the PHP module: its queries and statements, on tables that we made and filled.

namespace Tests\Compat;

use PDO;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class GoingBackTest extends JetpackTestCase
{
    /** What the PHP module asks for: the first active row of this order and product. */
    private function keyThePhpModuleFinds(int $order, int $product): ?string
    {
        return Capsule::table('jetpack_product_licenses')
            ->where('order_id', $order)
            ->where('product_id', $product)
            ->whereNull('revoked_at')
            ->value('license_key');
    }

    public function test_the_query_of_the_php_module_finds_a_key_that_we_issued(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_OURS']]);
        $this->module->create($this->service());

        $this->assertSame('jetpack-complete_OURS', $this->keyThePhpModuleFinds(500, 1));
    }

    public function test_the_query_of_the_php_module_finds_no_key_that_we_revoked(): void
    {
        $service = $this->service();
        $this->module->create($service);
        $this->assertNotNull($this->keyThePhpModuleFinds(500, 1));

        $this->module->terminate($service);

        $this->assertNull($this->keyThePhpModuleFinds(500, 1));
    }

    public function test_the_key_of_an_addon_is_found_under_its_parents_product(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-scan_OURS']]);
        $this->service();
        $this->module->create($this->addon());

        $this->assertSame('jetpack-scan_OURS', $this->keyThePhpModuleFinds(500, 1));
    }

    /** @return iterable<string, array{string}> */
    public static function sqlModes(): iterable
    {
        yield 'strict' => ['STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'];
        yield 'not strict' => [''];
    }

    /** @dataProvider sqlModes */
    public function test_the_php_module_can_write_a_row_and_revoke_it_in_our_table(string $mode): void
    {
        $this->module->call('CreateLicensesTable');
        $connection = Capsule::connection();
        $usual = $connection->selectOne('SELECT @@SESSION.sql_mode AS mode')->mode;
        $connection->statement('SET SESSION sql_mode = ?', [$mode]);
        try {
            Capsule::table('jetpack_product_licenses')->insert([
                'order_id' => 500,
                'product_id' => 1,
                'license_key' => 'jetpack-complete_THEIRS',
                'issued_at' => '2026-03-29 02:30:00',
            ]);
            $this->assertSame('jetpack-complete_THEIRS', $this->keyThePhpModuleFinds(500, 1));
            Capsule::table('jetpack_product_licenses')
                ->where('license_key', 'jetpack-complete_THEIRS')
                ->update(['revoked_at' => '2026-04-01 00:00:00']);
            // MySQL prepares no such statement.
            $connection->getPdo()->setAttribute(PDO::ATTR_EMULATE_PREPARES, true);
            $warnings = $connection->select('SHOW WARNINGS');
        } finally {
            $connection->getPdo()->setAttribute(PDO::ATTR_EMULATE_PREPARES, false);
            $connection->statement('SET SESSION sql_mode = ?', [$usual]);
        }

        $this->assertSame([], $warnings);
        $row = $this->rows()[0];
        // An hour that Berlin, the server's zone, skips in that night; and no ON UPDATE.
        $this->assertSame(['2026-03-29 02:30:00', '2026-04-01 00:00:00'], [$row['issued_at'], $row['revoked_at']]);
    }

    public function test_a_row_that_the_php_module_wrote_in_the_meantime_is_the_services_license_when_we_are_back(): void
    {
        $key = 'jetpack-complete_THEIRS';
        $this->sandbox->reset(['licenses' => [['license_key' => $key, 'issued_at' => '2026-02-01 00:00:00']]]);
        $service = $this->service();
        $this->module->call('CreateLicensesTable');
        Capsule::table('jetpack_product_licenses')
            ->insert(['order_id' => 500, 'product_id' => 1, 'license_key' => $key, 'issued_at' => '2026-02-01 00:00:00']);

        $this->assertSame('success', $this->module->create($service));
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->sandbox->activeLicenses());
    }
}
