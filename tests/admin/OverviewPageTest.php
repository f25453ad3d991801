<?php

declare(strict_types=1);

// The addon's page Overview: figures, findings, runs, versions, PHPs and servers from what is stored; no request.

namespace Tests\Admin;

use Tests\Support\AdminTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class OverviewPageTest extends AdminTestCase
{
    private const HOSTILE = '"><script>alert(1)</script>';

    private function says(string ...$texts): string
    {
        $text = self::textOf($this->page('overview'));
        foreach ($texts as $expected) {
            $this->assertStringContainsString($expected, $text);
        }

        return $text;
    }

    public function test_before_anything_has_run_it_says_what_is_missing(): void
    {
        $this->addon->activate();
        $this->says(
            'Has not run yet',
            'No daily run with this extension was seen within two days',
            'Not known: press Test Connection',
            PHP_VERSION . ' (cli)',
            'WHMCS ' . \Tests\Host\Host::VERSION
        );
        $this->assertNothingWasAsked();
    }

    public function test_a_daily_run_leaves_its_end_and_its_php(): void
    {
        $this->comet->call('Reconcile', []);
        $asked = $this->cometServer->requests();

        $text = $this->says('Daily run', 'nothing was found', 'Fine.');

        $this->assertStringNotContainsString('No daily run with this extension', $text);
        $this->assertSame($asked, $this->cometServer->requests());
        Capsule::table('mod_whmcs_provisioning_heartbeats')->update(['version' => '0.0.1', 'host' => self::HOSTILE]);
        $this->says('Another extension than this page\'s', self::HOSTILE);
        $this->assertStringNotContainsString('<script', $this->page('overview'));
    }

    public function test_a_server_with_known_holes_is_named(): void
    {
        $this->addon->activate();
        Capsule::table('tblservers')->where('id', 1)->update(['name' => self::HOSTILE]);
        $known = ['server_id' => 1, 'address' => 'http://x', 'version' => '18.9.2', 'version_at' => '2026-01-01 00:00:00'];
        Capsule::table('mod_cometbackup_servers')->insert($known);

        $this->says('18.9.2', 'known holes', self::HOSTILE);
        $this->assertNothingWasAsked();
    }

    public function test_the_doctor_is_asked_on_demand_and_sends_nothing(): void
    {
        $html = $this->page('overview', ['doctor' => '1']);

        $this->assertStringContainsString('database.tables', $html);
        $this->assertNothingWasAsked();
    }

    public function test_it_reads_all_of_it_with_as_many_statements_as_stated(): void
    {
        $this->addon->activate();
        $root = var_export(realpath(self::ROOT), true);
        $log = new StatementLog();
        $this->inChild("return strlen((new Tests\\Host\\Module('addons', 'whmcs_provisioning', $root))->addonOutput([]));");

        $this->assertCount(10, $log->end());
    }
}
