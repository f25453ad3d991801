<?php

declare(strict_types=1);

// whmcs_provisioning_activate: makes or upgrades the tables of both modules, any number of times.

namespace Tests\Admin;

use Tests\Support\AdminTestCase;
use WHMCS\Database\Capsule;

final class ActivateTest extends AdminTestCase
{
    /** @return list<string> */
    private static function tables(): array
    {
        $tables = Capsule::connection()->select(
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema=DATABASE()
              AND (table_name LIKE 'mod\\_%' OR table_name='jetpack_product_licenses') ORDER BY table_name"
        );

        return array_map(fn (object $table) => $table->name, $tables);
    }

    public function test_all_tables_are_there_afterwards_and_again(): void
    {
        $answers = [$this->addon->activate(), $this->addon->activate()];

        foreach ($answers as $answer) {
            $this->assertSame('success', $answer['status']);
            $this->assertSentence($answer['description'], 'tables', 'Access Control');
        }
        $tables = self::tables();
        foreach (['jetpack_product_licenses', 'mod_cometbackup_accounts', 'mod_whmcs_provisioning_journal', 'mod_cometbackup_servers'] as $table) {
            $this->assertContains($table, $tables);
        }
        $lines = array_column(whmcs_provisioning_check(), 'text', 'check');
        $this->assertMatchesRegularExpression('/^All \d+ tables are there\.$/', $lines['database.tables']);
        $this->assertNothingWasAsked();
    }

    public function test_a_table_of_an_earlier_version_gets_what_it_lacks(): void
    {
        $this->addon->activate();
        Capsule::connection()->statement('ALTER TABLE mod_cometbackup_servers DROP COLUMN said');

        $this->assertSame('success', $this->addon->activate()['status']);
        $this->assertTrue(Capsule::schema()->hasColumn('mod_cometbackup_servers', 'said'));
    }

    public function test_a_client_activates_nothing(): void
    {
        $_SESSION = ['uid' => 10];

        $this->assertSame('error', $this->addon->call('activate')['status']);
        $this->assertNotContains('mod_cometbackup_accounts', self::tables());
    }
}
