<?php

declare(strict_types=1);

// jetpack_CreateLicensesTable, the loader of setting 3: makes or upgrades the table, without loss, any number of times.

namespace Tests\Jetpack;

use Exception;
use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class CreateLicensesTableTest extends JetpackTestCase
{
    public function test_a_fresh_table_has_the_php_modules_columns_first(): void
    {
        $choices = $this->module->call('CreateLicensesTable', []);

        $this->assertSame(self::ready(0, 0), $choices);
        $columns = $this->columns();
        $this->assertSame(
            ['id', 'order_id', 'product_id', 'license_key', 'issued_at', 'revoked_at'],
            array_slice(array_keys($columns), 0, 6)
        );
        $this->assertSame(['datetime', 'NO', ''], [$columns['issued_at']->type, $columns['issued_at']->nullable, $columns['issued_at']->extra]);
        $this->assertSame(['datetime', 'YES'], [$columns['revoked_at']->type, $columns['revoked_at']->nullable]);
        $this->assertSame('varchar(255)', $columns['license_key']->type);
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** A host that goes back to the PHP module has its rows written without our columns. */
    public function test_every_column_of_ours_is_nullable(): void
    {
        $this->createTables();

        $nullable = array_map(fn (object $column) => $column->nullable, array_slice($this->columns(), 6));

        $this->assertSame(array_fill_keys(array_keys($nullable), 'YES'), $nullable);
    }

    /** The table of the PHP module had neither index nor unique key. */
    public function test_what_is_searched_for_has_an_index(): void
    {
        $this->createTables();

        $first = Capsule::connection()->select(
            'SELECT column_name AS name FROM information_schema.statistics
             WHERE table_schema=DATABASE() AND table_name=? AND seq_in_index=1',
            [self::TABLE]
        );
        $this->assertEmpty(array_diff(['service_id', 'order_id'], array_column($first, 'name')));
    }

    /** The PHP module's loader threw where the table existed. */
    public function test_a_second_time_changes_nothing_and_counts(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->terminate($service);
        $this->module->create($service);
        $before = [$this->columns(), $this->rows()];

        $choices = $this->module->call('CreateLicensesTable', []);

        $this->assertSame(self::ready(1, 1), $choices);
        $this->assertEquals($before, [$this->columns(), $this->rows()]);
        $this->assertCount(3, $this->sandbox->requestLines());
    }

    /** MySQL 5.7 and MariaDB before 10.10 give the first TIMESTAMP an ON UPDATE by themselves. */
    public function test_the_table_of_the_php_module_is_upgraded_without_loss(): void
    {
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_A');
        $this->rowOfThePhpModule(501, 2, 'jetpack-scan_B', '2021-06-01 12:00:00');
        $before = $this->rows();
        $this->assertStringContainsStringIgnoringCase('on update', $this->columns()['issued_at']->extra);

        $choices = $this->module->call('CreateLicensesTable', []);

        $this->assertSame(self::ready(1, 1), $choices);
        $own = array_flip(array_keys($before[0]));
        $this->assertSame($before, array_map(fn (array $row) => array_intersect_key($row, $own), $this->rows()));
        $this->assertSame('', $this->columns()['issued_at']->extra);
        Capsule::table(self::TABLE)->where('order_id', 500)->update(['revoked_at' => '2022-01-01 00:00:00']);
        $this->assertSame('2020-09-08 16:14:58', $this->rows()[0]['issued_at']);
    }

    public function test_upgraded_or_fresh_the_columns_are_the_same(): void
    {
        $this->createTables();
        $fresh = $this->columns();
        Capsule::schema()->drop(self::TABLE);
        $this->createTableOfThePhpModule();

        $this->createTables();

        $this->assertEquals($fresh, $this->columns());
    }

    /** After going back, the PHP module writes its four columns, also in strict mode. */
    public function test_the_php_module_can_go_on_writing(): void
    {
        $this->createTables();
        Capsule::connection()->statement("SET SESSION sql_mode='TRADITIONAL'");

        try {
            $this->rowOfThePhpModule(500, 1, 'jetpack-complete_A');
        } finally {
            Capsule::connection()->statement("SET SESSION sql_mode='NO_ENGINE_SUBSTITUTION'");
        }

        $this->assertSame(self::ready(1, 0), $this->module->call('CreateLicensesTable', []));
    }

    /** A key longer than the column was lost, or cut without a word. */
    public function test_a_key_column_that_is_too_short_is_widened(): void
    {
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_A');
        Capsule::connection()->statement('ALTER TABLE ' . self::TABLE . ' MODIFY license_key VARCHAR(60) NOT NULL');

        $this->createTables();

        $this->assertSame('varchar(255)', $this->columns()['license_key']->type);
        $this->assertSame('jetpack-complete_A', $this->rows()[0]['license_key']);
    }

    public function test_a_wider_key_column_is_left_as_it_is(): void
    {
        $this->createTableOfThePhpModule();
        Capsule::connection()->statement('ALTER TABLE ' . self::TABLE . ' MODIFY license_key TEXT NOT NULL');

        $this->createTables();

        $this->assertSame('text', $this->columns()['license_key']->type);
    }

    /** A half finished upgrade, or a host's own column. */
    public function test_columns_that_are_there_already_are_kept(): void
    {
        $this->createTableOfThePhpModule();
        Capsule::connection()->statement('ALTER TABLE ' . self::TABLE . ' ADD service_id INT UNSIGNED NULL, ADD notes TEXT NULL');
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_A');
        Capsule::table(self::TABLE)->update(['service_id' => 100, 'notes' => 'kept']);

        $this->createTables();

        $this->assertEquals([100, 'kept'], [$this->rows()[0]['service_id'], $this->rows()[0]['notes']]);
        $this->assertArrayHasKey('revoked_for', $this->columns());
    }

    /** One transaction writes the license and the end of its journal row: MyISAM has none. */
    public function test_a_table_of_another_engine_becomes_innodb_and_keeps_its_rows(): void
    {
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_A');
        Capsule::connection()->statement('ALTER TABLE ' . self::TABLE . ' ENGINE=MyISAM');

        $this->assertSame(self::ready(1, 0), $this->module->call('CreateLicensesTable', []));

        $this->assertSame('InnoDB', Capsule::connection()->selectOne('SHOW TABLE STATUS LIKE \'' . self::TABLE . '\'')->Engine);
        $this->assertSame(['jetpack-complete_A'], array_column($this->rows(), 'license_key'));
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** @group slow */
    public function test_eight_openings_at_once_make_one_good_table(): void
    {
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_A');
        $children = array_map(fn () => $this->apart('$module->call("CreateLicensesTable", [])'), range(1, 8));

        $answers = array_map(fn ($child) => json_decode($this->answerOf($child), true), $children);

        $this->assertSame(array_fill(0, 8, self::ready(1, 0)), $answers);
        $this->assertSame('', $this->columns()['issued_at']->extra);
    }

    /** Shown in place of the field; the next opening tries again. */
    public function test_a_database_user_without_the_right_is_told_and_the_next_opening_works(): void
    {
        $limited = $this->apart('$module->configOptions(1)["Licensing Table"]', self::userWith('SELECT, INSERT, UPDATE, DELETE'));

        $field = json_decode($this->answerOf($limited), true);
        $this->assertSentence((string) $field['error'], 'create the license table', '1142');
        $this->assertNull($field['submits']);
        $second = $this->module->configOptions(1)['Licensing Table'];
        $this->assertSame([null, ''], [$second['error'], $second['submits']]);
    }

    public function test_a_database_that_is_away_is_an_exception_without_password(): void
    {
        $url = ['whmcs_provisioning.database_url' => 'mysql://whmcs:secret@127.0.0.1:1/whmcs'];
        $call = '(function () use ($module) { try { $module->call("CreateLicensesTable", []); return "no exception"; }'
            . ' catch (Exception $e) { return get_class($e) . ": " . $e->getMessage(); } })()';

        [$class, $sentence] = explode(': ', $this->answerOf($this->apart($call, $url)), 2);

        $this->assertSame(Exception::class, $class);
        $this->assertSentence($sentence, 'in the WHMCS database', 'Check the database');
        $this->assertStringNotContainsString('secret', $sentence);
    }

    /** A browser sends the first choice of a list that lacks the stored value. */
    public function test_saving_keeps_what_any_product_or_addon_has_stored(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan', ['configoption3' => 'on']));
        Host::addProduct($this->product(3, 'jetpack-scan', ['configoption3' => '0']));
        Host::addProduct(['id' => 4, 'servertype' => 'other', 'configoption3' => '5 GB']);
        $addon = Host::addAddonDefinition(['name' => 'Jetpack', 'module' => 'jetpack'], ['configoption3' => 'ready']);

        foreach ([1 => '', 2 => 'on', 3 => '0'] as $product => $stored) {
            $this->assertSame($stored, $this->module->configOptions($product)['Licensing Table']['submits']);
        }

        $this->assertSame('ready', $this->module->configOptions($addon, true)['Licensing Table']['submits']);
        $this->assertEqualsCanonicalizing(['', 'on', '0', 'ready'], array_keys($this->module->call('CreateLicensesTable', [])));
    }

    /** The PHP module of 2022 then shows the key, as ours does. */
    public function test_the_first_product_stores_what_the_php_module_takes_for_shown(): void
    {
        Capsule::table('tblproducts')->update(['servertype' => '']);

        $this->assertSame('on', $this->module->configOptions(1)['Licensing Table']['submits']);
    }

    /** @return array<string, string> the choices where the one product has nothing stored */
    private static function ready(int $active, int $revoked): array
    {
        $ready = "Ready: $active active and $revoked revoked licenses";

        return ['' => "$ready; the PHP module shows customers no key", 'on' => $ready];
    }

    /** @return array<string, object> */
    private function columns(): array
    {
        $rows = Capsule::connection()->select(
            'SELECT column_name AS name, column_type AS type, is_nullable AS nullable, extra AS extra
             FROM information_schema.columns WHERE table_schema=DATABASE() AND table_name=? ORDER BY ordinal_position',
            [self::TABLE]
        );
        return array_column($rows, null, 'name');
    }
}
