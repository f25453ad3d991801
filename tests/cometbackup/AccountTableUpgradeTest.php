<?php

declare(strict_types=1);

// The table of accounts as the last version made it: upgraded at first use, by nobody, and usable by that version again.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class AccountTableUpgradeTest extends CometTestCase
{
    private const OLD_TABLE = 'CREATE TABLE mod_cometbackup_accounts (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, service_id INT UNSIGNED NOT NULL, addon_id INT UNSIGNED NOT NULL,
        server_id INT UNSIGNED NOT NULL, username VARCHAR(255) NOT NULL, creation_guid VARCHAR(64) NULL, vault_id VARCHAR(64) NULL,
        seen VARCHAR(500) NULL, seen_at DATETIME NULL, state VARCHAR(8) NOT NULL, owner_key VARCHAR(32) NULL,
        name_key VARCHAR(300) NULL, planned_at DATETIME NOT NULL, created_at DATETIME NULL, ended_at DATETIME NULL,
        UNIQUE KEY owner_key (owner_key), UNIQUE KEY name_key (name_key), KEY owner (service_id, addon_id)
        ) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin';

    public function test_rows_of_the_last_version_are_kept_and_their_accounts_found(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $before = $this->asTheLastVersionLeftIt();

        $this->assertSame('success', $this->module->suspend($service));

        $row = $this->record();
        $this->assertSame($before, array_intersect_key($row, $before));
        $this->assertSame($before['creation_guid'], $row['guid_key']);
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
    }

    /** It inserts, renames and ends rows with its own columns only. */
    public function test_the_last_version_goes_on_with_the_table_and_so_do_we_after_it(): void
    {
        $this->created(['domainstatus' => 'Active']);
        $table = Capsule::table(self::ACCOUNTS);
        $table->update(['state' => 'ended', 'owner_key' => null, 'name_key' => null, 'ended_at' => gmdate('Y-m-d H:i:s')]);
        $row = ['service_id' => 201, 'addon_id' => 0, 'server_id' => 1, 'username' => self::NAME, 'state' => 'created',
            'creation_guid' => $this->comet->profile(self::NAME)['CreationGUID'], 'owner_key' => 'service:201',
            'name_key' => '1:' . self::NAME, 'planned_at' => gmdate('Y-m-d H:i:s')];
        $table->insert($row);
        $service = $this->service(['id' => 201, 'domainstatus' => 'Active']);

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertEquals($row, array_intersect_key($this->record(201), $row));
    }

    public function test_a_database_user_who_may_not_alter_tables_is_told_so_in_one_sentence(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->asTheLastVersionLeftIt();
        Host::boot(['username' => 'whmcs_reader', 'password' => 'secret'] + Host::connectionFromEnvironment());
        try {
            $answer = $this->module->suspend($service);
        } finally {
            Host::boot(Host::connectionFromEnvironment());
        }

        $this->assertSame('Could not upgrade the table mod_cometbackup_accounts in the WHMCS database: '
            . "WHMCS's database user may not change tables; grant it ALTER and INDEX. Check the database and run this again.", $answer);
        $this->assertFalse($this->comet->profile(self::NAME)['IsSuspended']);
    }

    /** @return array<string, mixed> the row */
    private function asTheLastVersionLeftIt(): array
    {
        $columns = 'id, service_id, addon_id, server_id, username, creation_guid, vault_id, seen, seen_at, state, '
            . 'owner_key, name_key, planned_at, created_at, ended_at';
        $rows = Capsule::table(self::ACCOUNTS)->selectRaw($columns)->get()->map(fn (object $row): array => (array) $row)->all();
        Capsule::schema()->drop(self::ACCOUNTS);
        Capsule::connection()->unprepared(self::OLD_TABLE);
        Capsule::table(self::ACCOUNTS)->insert($rows);

        return $rows[0];
    }
}
