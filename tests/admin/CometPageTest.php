<?php

declare(strict_types=1);

// The addon's page Comet: servers, and accounts against services, from what is stored. No server is asked.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\Numbers;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class CometPageTest extends AdminTestCase
{
    private const ACCOUNTS = 'mod_cometbackup_accounts';
    private const HOSTILE = '<script>alert(1)</script>"\'&';

    /** @param array<string, mixed> $row */
    private function account(string $name, int $service, array $row = []): void
    {
        Capsule::table(self::ACCOUNTS)->insert($row + [
            'service_id' => $service, 'addon_id' => 0, 'server_id' => 1, 'username' => $name, 'state' => 'created',
            'owner_key' => "service:$service", 'name_key' => "1:$name", 'planned_at' => '2026-01-01 00:00:00',
        ]);
    }

    /** @param array<string, mixed> $row */
    private function service(int $id, array $row = []): void
    {
        Host::addService($row + ['id' => $id, 'userid' => 10, 'packageid' => 20, 'server' => 1, 'domainstatus' => 'Active', 'orderid' => $id]);
    }

    /** @return list<string> the first cells of the second table */
    private static function firstCells(string $html): array
    {
        $tables = explode('<table', explode('Accounts against services', $html)[1]);
        preg_match_all('/<tr><td>(?:<a[^>]*>)?([^<]*)/', $tables[1] ?? '', $found);

        return array_map('html_entity_decode', $found[1]);
    }

    public function test_before_anything_was_stored_the_servers_of_whmcs_are_shown(): void
    {
        $text = self::textOf($this->page('comet'));

        $this->assertStringContainsString('127.0.0.1 Not read yet Not known 0', $text);
        $this->assertStringContainsString('has not run yet', $text);
        $this->assertStringContainsString('There are none.', $text);
        $this->assertNothingWasAsked();
    }

    public function test_servers_have_what_was_last_read_of_them_and_known_holes(): void
    {
        $this->addon->activate();
        Host::addServer(['id' => 2, 'type' => 'cometbackup', 'name' => self::HOSTILE, 'hostname' => self::HOSTILE, 'disabled' => 1]);
        Capsule::table('mod_cometbackup_servers')->insert([
            ['server_id' => 1, 'address' => 'a', 'version' => '26.5.0', 'version_at' => '2026-01-02 03:04:05', 'product_name' => 'Safe Cloud'],
            ['server_id' => 2, 'address' => 'b', 'version' => '18.9.2', 'version_at' => '2026-01-02 03:04:05', 'product_name' => self::HOSTILE],
        ]);
        Capsule::table('mod_whmcs_provisioning_runs')->insert([
            'module' => 'cometbackup', 'run' => 1, 'state' => 'idle', 'beats' => 0, 'host' => '', 'process' => '',
            'ended_at' => '2026-01-03 00:00:00', 'found' => 2,
        ]);
        $this->account('adaservice', 200);
        $this->account('grace', 201, ['state' => 'planned']);
        $this->account('linus', 202, ['delete_state' => 'pending']);

        $text = self::textOf($html = $this->page('comet'));

        $this->assertStringContainsString('(Safe Cloud) 26.5.0 None 2, and 1 not known to be created, 1 of them wait for their deletion', $text);
        $this->assertStringContainsString('CVE-2026-29200', $text);
        $this->assertStringContainsString('last ended at 2026-01-03 00:00:00 UTC, and found 2 things', $text);
        $this->assertStringNotContainsString('<script>', $html);
        $this->assertNothingWasAsked();
    }

    public function test_each_view_shows_what_does_not_agree(): void
    {
        $this->addon->activate();
        array_map(fn (int $id) => $this->service($id), [200, 201, 202]);
        $this->service(203, ['domainstatus' => 'Terminated']);
        $extra = Host::addAddonDefinition(['module' => 'cometbackup'], ['configoption11' => 'extra']);
        $own = Host::addAddonDefinition(['module' => 'cometbackup'], ['configoption11' => 'account']);
        Host::addServiceAddon(['id' => 300, 'hostingid' => 200, 'addonid' => $extra, 'status' => 'Active']);
        Host::addServiceAddon(['id' => 301, 'hostingid' => 200, 'addonid' => $own, 'status' => 'Active']);
        $this->account('adaservice', 200);
        $this->account('planned', 201, ['state' => 'planned']);
        $this->account('orphan', 999);
        $this->account('ended', 202, ['state' => 'ended', 'owner_key' => null, 'name_key' => null]);
        $this->account('second_server', 204, ['server_id' => 2]);
        $first = fn (array $query) => self::firstCells($this->page('comet', $query));

        $this->assertSame(['adaservice', 'planned', 'orphan', 'second_server'], $first([]));
        $this->assertSame(['second_server'], $first(['server' => '2']));
        $this->assertSame(['adaservice'], $first(['name' => 'ada']));
        $this->assertSame([], $first(['name' => '%']));
        $this->assertSame(['orphan', 'second_server'], $first(['view' => 'gone']));
        $this->assertSame(['Service ID: 201', 'Service ID: 202'], $first(['view' => 'services']));
        $this->assertSame(['Service ID: 200, Addon ID: 301'], $first(['view' => 'addons']));
        $this->assertNothingWasAsked();
    }

    public function test_pages_follow_each_other_at_20000_accounts_with_few_statements(): void
    {
        $this->addon->activate();
        Capsule::connection()->unprepared(
            'INSERT INTO ' . self::ACCOUNTS . ' (id, service_id, addon_id, server_id, username, state, owner_key, name_key, planned_at)
             SELECT seq, seq, 0, 1, CONCAT("user", seq), "created", CONCAT("service:", seq), CONCAT("1:user", seq), "2026-01-01 00:00:00"
             FROM ' . Numbers::table(1000, 20999) . ';
             INSERT INTO tblhosting (id, userid, orderid, packageid, server, domainstatus, qty, domain, paymentmethod, billingcycle, username,
              password, notes, subscriptionid, suspendreason, dedicatedip, assignedips, ns1, ns2)
             SELECT seq, 10, seq, 20, 1, "Active", 1, "", "", "", "", "", "", "", "", "", "", "", "" FROM ' . Numbers::table(1000, 21099)
        );
        foreach ([['after' => '1049'], ['view' => 'gone'], ['view' => 'services'], ['name' => 'user20']] as $query) {
            $log = new StatementLog();
            $whmcs = (int) Capsule::selectOne('SELECT CONNECTION_ID() AS id')->id;
            $begun = microtime(true);
            $html = $this->page('comet', $query);
            $this->assertLessThan(10, microtime(true) - $begun);
            $this->assertCount(8, $log->endBut($whmcs), json_encode($query));
        }
        $this->assertSame('user1050', self::firstCells($this->page('comet', ['after' => '1049']))[0]);
        $this->assertStringContainsString('after=1099', $this->page('comet', ['after' => '1049']));
        $this->assertSame('Service ID: 21000', self::firstCells($this->page('comet', ['view' => 'services']))[0]);
        $html = $this->page('comet', ['view' => 'services', 'after' => '21050']);
        $this->assertCount(49, self::firstCells($html));
        $this->assertStringNotContainsString('>Next<', $html);
    }

    public function test_text_in_place_of_numbers_is_nothing(): void
    {
        $this->addon->activate();
        $this->account(self::HOSTILE, 200);

        foreach (['after', 'server', 'view', 'name', 'product'] as $name) {
            $this->assertStringNotContainsString('<script>', $this->page('comet', [$name => self::HOSTILE]));
        }
        $this->assertNothingWasAsked();
    }
}
