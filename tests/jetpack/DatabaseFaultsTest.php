<?php

declare(strict_types=1);

// The database goes away, refuses, or is set up strangely: no license is lost, and nothing is sent in vain.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use Tests\Support\ShortWaitTimeout;
use WHMCS\Database\Capsule;

/** @group slow */
final class DatabaseFaultsTest extends JetpackTestCase
{
    use ShortWaitTimeout;

    private const AWAY = ['whmcs_provisioning.database_url' => 'mysql://whmcs:secret@127.0.0.1:1/whmcs'];

    /**
     * @dataProvider commands
     */
    public function test_while_the_database_is_away_a_sentence_tells_it_and_nothing_is_sent(string $expression): void
    {
        $this->issued($this->service());
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);

        $answer = $this->answerOf($this->apart($expression, self::AWAY));

        $this->assertSentence($answer, 'Could not open a connection in the WHMCS database', 'Check the database');
        $this->assertStringNotContainsString('secret', $answer);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function commands(): array
    {
        return [
            'Create' => ['$module->create($service)'],
            'Suspend' => ['$module->suspend($service)'],
            'Unsuspend' => ['$module->unsuspend($service)'],
            'Terminate' => ['$module->terminate($service)'],
            'ChangePackage' => ['$module->changePackage($service)'],
            'Renew' => ['$module->renew($service)'],
            'CheckLicense' => ['$module->custom($service, "CheckLicense")'],
            'AttachToSite' => ['$module->custom($service, "AttachToSite")'],
            'DetachFromSite' => ['$module->custom($service, "DetachFromSite")'],
            'IssueAgain' => ['$module->custom($service, "IssueAgain")'],
        ];
    }

    public function test_while_the_database_is_away_the_tab_says_so_and_the_activity_log_too(): void
    {
        $this->service();

        $tab = json_decode($this->answerOf($this->apart('$module->adminTab($service)', self::AWAY)), true);

        $this->assertSame(['License Key'], array_keys($tab));
        $this->assertStringContainsString('in the WHMCS database', $tab['License Key']);
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'in the WHMCS database', 'Service ID: 100');
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** Whatever mode the server gives to new connections. */
    public function test_the_mode_of_the_server_decides_nothing(): void
    {
        $before = Capsule::connection()->selectOne('SELECT @@GLOBAL.sql_mode AS mode')->mode;
        $this->sandbox->reset(['time_format' => 'rfc3339', 'clock' => '2026-01-15 10:00:01']);
        $this->service(['qty' => 1]);
        $answers = [];
        try {
            foreach (['', 'TRADITIONAL', 'ANSI', 'ORACLE', 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'] as $at => $mode) {
                self::asRoot("SET GLOBAL sql_mode='$mode'");
                Capsule::table('tblhosting')->update(['qty' => $at + 1]);
                $answers[] = $this->answerOf($this->apart('$module->create($service)'));
            }
        } finally {
            self::asRoot("SET GLOBAL sql_mode='$before'");
        }

        $this->assertSame(array_fill(0, 5, 'success'), $answers);
        $this->assertSame(array_fill(0, 5, 'POST /license'), $this->sandbox->requestLines());
        $this->assertSame('2026-01-15 10:00:05', $this->rows()[4]['issued_at']);
        $this->assertEveryLicenseIsKnown();
    }

    /** A license that cannot be stored would be paid for and known to nobody. */
    public function test_what_cannot_be_stored_is_revoked_again(): void
    {
        $service = $this->service();
        $this->refuseRows();

        $answer = $this->module->create($service);

        $this->assertSentence($answer, 'store the license', 'in the WHMCS database');
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->sandbox->activeLicenses());
        $this->assertSame(['issue failed'], $this->journal());
        $this->assertStringContainsString('revoked it again', $this->rows(self::JOURNAL)[0]['answered']);

        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $this->assertSame('success', $this->module->create($service));
        $this->assertSame(['POST /license', 'DELETE /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** The server restarts, or a proxy cuts idle connections, while Jetpack is thinking. */
    public function test_a_connection_lost_during_the_request_costs_nothing(): void
    {
        $this->service();
        $known = $this->connections();
        $this->faultOn('POST', '/license', ['fault' => 'delay', 'ms' => 400, 'when' => 'after']);
        $child = $this->apart('$module->create($service)');
        $this->waitFor(fn () => $this->sandbox->requestLines() !== []);
        // The child's own Capsule connected first.
        Capsule::connection()->statement('KILL ' . max(array_diff($this->connections(), $known)));

        $this->assertSame('success', $this->answerOf($child));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** A cron run lasts for hours, and many hosts set wait_timeout to a minute. */
    public function test_a_kept_connection_that_the_server_has_closed_is_opened_again(): void
    {
        $this->service();
        $kill = 'array_map(fn ($c) => Capsule::connection()->statement("KILL $c->id"), Capsule::connection()->select('
            . '"SELECT id AS id FROM information_schema.processlist WHERE user=SUBSTRING_INDEX(USER(), \'@\', 1) AND id<>CONNECTION_ID() AND id>?", [$mine]))';
        $call = '(function () use ($module, $service) { $mine = WHMCS\Database\Capsule::connection()->selectOne("SELECT CONNECTION_ID() AS id")->id;'
            . '$first = $module->create($service);' . str_replace('Capsule::', 'WHMCS\Database\Capsule::', $kill) . ';'
            . 'return [$first, $module->renew($service)]; })()';

        $answers = json_decode($this->answerOf($this->apart($call)), true);

        $this->assertSame(['success', 'success'], $answers);
        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_requests_that_take_longer_than_the_database_keeps_a_connection_end_well(): void
    {
        $service = $this->service();
        $this->sandbox->latency(0, 1300);
        try {
            [$created, $reconciled] = self::whileIdleConnectionsAreClosed(function () use ($service): array {
                $created = $this->module->create($service);
                // What Jetpack was not asked about for a day is asked.
                Capsule::table(self::TABLE)->update(['checked_at' => null]);

                return [$created, $this->module->call('Reconcile', [])];
            });
        } finally {
            $this->sandbox->latency(0, 0);
        }

        $this->assertSame('success', $created);
        $this->assertStringStartsWith('Reconciled 1 ', $reconciled);
        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<int, int> of the tests' database user */
    private function connections(): array
    {
        return array_column(Capsule::connection()->select('SELECT id AS id FROM information_schema.processlist'), 'id');
    }
}
