<?php

declare(strict_types=1);

// A copy of WHMCS, database and all, changes nothing at Jetpack; one that moved goes on when staff say so.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class InstallationTest extends JetpackTestCase
{
    private const INSTALLATION = 'mod_whmcs_provisioning_installation';
    private const MOVED = ['WHMCS moved: go on here' => 'InstallationMoved', 'This is a copy: change nothing' => 'InstallationIsCopy'];

    protected function setUp(): void
    {
        parent::setUp();
        $this->createTables();
        $this->place('whmcs.example');
    }

    protected function tearDown(): void
    {
        $this->place('whmcs.example');
    }

    /** @return iterable<string, array{string, string}> */
    public static function moves(): iterable
    {
        yield 'another address' => ['system_url', 'old.example'];
        yield 'another database server' => ['database_host', 'another-machine'];
        yield 'another database' => ['database_name', 'whmcs_of_old'];
    }

    /** @dataProvider moves */
    public function test_in_another_place_nothing_is_changed_until_staff_say_what_it_is(string $column, string $was): void
    {
        $this->service();
        Capsule::table(self::INSTALLATION)->update([$column => $was]);

        $answer = $this->fresh('$module->create($service)');

        $this->assertSentence($answer, 'whmcs.example', $was, 'Moved, or a copy?', 'Nothing is changed at Jetpack or Comet');
        $this->assertSame([[], []], [$this->sandbox->requestLines(), $this->journal()]);
        $this->assertSame(self::MOVED, array_intersect(json_decode($this->fresh('$module->adminButtons($service)'), true), self::MOVED));
        $this->assertStringContainsString('Moved, or a copy?', $this->fresh('$module->adminTab($service)["Installation"]'));
    }

    public function test_the_address_may_change_from_http_to_https(): void
    {
        $this->service();
        Capsule::table('tblconfiguration')->where('setting', 'SystemURL')->update(['value' => 'http://WHMCS.example']);

        $this->assertSame('success', $this->fresh('$module->create($service)'));
    }

    public function test_the_daily_run_of_a_copy_does_nothing_and_asks_once(): void
    {
        $this->service();
        $key = $this->issued(Host::service(100));
        $this->place('old.example');
        $before = $this->sandbox->requestLines();

        foreach (range(1, 2) as $ignored) {
            $this->assertSentence($this->fresh('$module->call("Reconcile", [])'), 'Moved, or a copy?');
        }

        $this->assertSame($before, $this->sandbox->requestLines());
        $asked = array_filter(Host::activityLog(), fn (string $line): bool => str_contains($line, 'Moved, or a copy?'));
        $this->assertCount(1, $asked);
        $this->assertSame([$key], array_column($this->activeRows(), 'license_key'));
    }

    public function test_one_that_moved_goes_on_and_its_former_place_would_be_asked_about(): void
    {
        $this->service();
        $this->place('old.example');
        $id = Capsule::table(self::INSTALLATION)->value('installation_id');
        $this->fresh('$module->create($service)');

        $this->assertSame('success', $this->fresh('$module->custom($service, "InstallationMoved")'));

        $this->assertSame('success', $this->fresh('$module->create($service)'));
        $this->assertCount(1, $this->sandbox->licenses());
        $this->assertSame([[$id, 'whmcs.example', 'own']], $this->places());
        $this->assertSame([], array_intersect(json_decode($this->fresh('$module->adminButtons($service)'), true), self::MOVED));
    }

    public function test_another_name_of_the_same_database_server_is_added(): void
    {
        $this->service();
        Capsule::table(self::INSTALLATION)->update(['database_host' => 'another-machine']);
        $this->fresh('$module->create($service)');

        $this->assertSame('success', $this->fresh('$module->custom($service, "InstallationMoved")'));

        $this->assertCount(2, $this->places());
        $this->assertSame('success', $this->fresh('$module->create($service)'));
    }

    public function test_a_copy_changes_nothing_has_an_id_of_its_own_and_can_become_the_original(): void
    {
        $this->issued($this->service());
        $requests = $this->sandbox->requestLines();
        $this->place('old.example');
        $id = Capsule::table(self::INSTALLATION)->value('installation_id');
        $this->fresh('$module->terminate($service)');

        $this->assertSame('success', $this->fresh('$module->custom($service, "InstallationIsCopy")'));

        $this->assertSentence($this->fresh('$module->terminate($service)'), 'this WHMCS is a copy', 'WHMCS moved: go on here');
        $this->assertSame($requests, $this->sandbox->requestLines());
        $this->assertSame([$id, 'old.example', 'own'], $this->places()[0]);
        $this->assertNotSame($id, $this->places()[1][0]);
        $this->assertSame('success', $this->fresh('$module->custom($service, "InstallationMoved")'));
        $this->assertSame('success', $this->fresh('$module->terminate($service)'));
    }

    public function test_where_nothing_is_asked_there_is_no_button_and_no_answer(): void
    {
        $service = $this->service();

        $this->assertSame([], array_intersect($this->module->adminButtons($service), self::MOVED));
        $this->assertArrayNotHasKey('Installation', $this->module->adminTab($service));
        foreach (self::MOVED as $function) {
            $this->assertSentence($this->module->custom($service, $function), 'There is nothing to decide');
        }
    }

    /** Two WHMCS share the directory for licenses that could not be stored; database user and name are the same. */
    public function test_a_license_that_waits_is_stored_by_its_own_installation_only(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1']]);
        $this->service();
        $this->refuseRows();
        $this->faultOn('DELETE', '/license', ['fault' => 'drop']);
        $this->module->create(Host::service(100));
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $own = Capsule::table(self::INSTALLATION)->value('installation_id');
        $files = fn (): int => count(glob(getenv('TEST_DIR') . '/state/license-*'));

        Capsule::table(self::INSTALLATION)->update(['installation_id' => str_repeat('0', 32)]);
        $this->fresh('$module->adminTab($service)');
        $this->assertSame([1, []], [$files(), $this->rows()]);

        Capsule::table(self::INSTALLATION)->update(['installation_id' => $own, 'system_url' => 'old.example']);
        $this->fresh('$module->adminTab($service)');
        $this->assertSame([1, []], [$files(), $this->rows()], 'a copy stores nothing');

        $this->place('whmcs.example');
        $this->fresh('$module->adminTab($service)');
        $this->assertSame([0, ['jetpack-complete_KEY1']], [$files(), array_column($this->rows(), 'license_key')]);
    }

    /** The first place of the table is this one, under this address. */
    private function place(string $address): void
    {
        $first = Capsule::table(self::INSTALLATION)->min('number');
        Capsule::table(self::INSTALLATION)->where('number', '<>', $first)->delete();
        Capsule::table(self::INSTALLATION)->update(['system_url' => $address, 'state' => 'own', 'logged_at' => null,
            'database_host' => gethostname(), 'database_name' => getenv('TEST_DB_NAME')]);
    }

    /** @return list<array{string, string, string}> id, address, state */
    private function places(): array
    {
        return Capsule::table(self::INSTALLATION)->orderBy('number')->get()
            ->map(fn (object $row): array => [$row->installation_id, $row->system_url, $row->state])->all();
    }

    /** In a process that has not looked yet which installation this is. */
    private function fresh(string $expression): string
    {
        return $this->answerOf($this->apart($expression));
    }
}
