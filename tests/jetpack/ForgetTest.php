<?php

declare(strict_types=1);

// What is kept, for how long, and what goes when WHMCS deletes a service, a product addon or a client.

namespace Tests\Jetpack;

use Tests\Support\JetpackReconcileTestCase;
use WHMCS\Database\Capsule;

final class ForgetTest extends JetpackReconcileTestCase
{
    public function test_with_a_deleted_service_goes_what_only_concerned_it(): void
    {
        $this->reconcile();
        $this->ended($this->service(), 100);
        $this->ended($this->service(['id' => 101]), 101);
        Capsule::table(self::FINDINGS)->insert(['kind' => 'ended'] + $this->finding(100));
        Capsule::table(self::FINDINGS)->insert(['kind' => 'ended'] + $this->finding(101));

        $this->whmcsDeletes('ServiceDelete', ['userid' => 1, 'serviceid' => 100]);

        $this->assertSame([101], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([101], $this->ownersIn(self::TABLE, 'service_id'));
        $this->assertSame([101], $this->ownersIn(self::FINDINGS, 'owner_id'));
    }

    /**
     * @dataProvider left
     * @param callable(self): void $leave
     */
    public function test_nothing_goes_while_something_is_left_that_staff_must_see(callable $leave): void
    {
        $this->ended($this->service(), 100);
        $leave($this);
        $before = [$this->rows(self::JOURNAL), $this->rows()];

        $this->whmcsDeletes('ServiceDelete', ['userid' => 1, 'serviceid' => 100]);

        $this->assertSame($before, [$this->rows(self::JOURNAL), $this->rows()]);
    }

    /** @return array<string, array{callable(self): void}> */
    public static function left(): array
    {
        $last = static fn (array $change) => static fn () => Capsule::table(self::JOURNAL)->limit(1)->update($change);

        return [
            'an active license' => [static fn (self $test) => $test->licenseRow('jetpack-complete_LIVES')],
            'an undecided operation' => [$last(['state' => 'unknown'])],
            'a command at work' => [$last(['state' => 'sent', 'open_key' => 'jetpack:service:100', 'host' => 'another machine'])],
        ];
    }

    /** It may be billed as long as Jetpack has not said that it is revoked. */
    public function test_a_license_that_jetpack_has_not_said_to_be_revoked_is_still_asked_about(): void
    {
        $this->ended($this->service(), 100);
        Capsule::table(self::TABLE)->update(['asked_at' => null]);

        $this->whmcsDeletes('ServiceDelete', ['userid' => 1, 'serviceid' => 100]);

        $this->assertSame([], $this->rows(self::JOURNAL));
        $this->assertCount(1, $this->rows());
    }

    /** @dataProvider clients */
    public function test_with_a_deleted_client_goes_what_concerned_the_clients_services(string $hook): void
    {
        $service = $this->service();
        $client = (int) $service->userid;
        $this->ended($service, 100);
        $this->ended($this->service(['id' => 101]), 101);
        Capsule::table('tblhosting')->where('id', 101)->update(['userid' => $client + 1]);

        $this->whmcsDeletes($hook, ['userid' => $client]);

        $this->assertSame([101], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([101], $this->ownersIn(self::TABLE, 'service_id'));
    }

    /** @return array<string, array{string}> */
    public static function clients(): array
    {
        return ['before it happens' => ['PreDeleteClient'], 'while it happens' => ['ClientDelete']];
    }

    public function test_as_a_command_it_does_nothing(): void
    {
        $service = $this->service();
        $this->ended($service, 100);
        $before = [$this->rows(self::JOURNAL), $this->rows()];

        $answer = $this->module->call('Forget', $this->module->paramsFor($service));

        $this->assertNull($answer);
        $this->assertSame($before, [$this->rows(self::JOURNAL), $this->rows()]);
    }

    public function test_the_daily_run_removes_what_ended_long_ago_and_keeps_what_has_no_end(): void
    {
        $this->createTables();
        foreach (['done', 'failed', 'unknown', 'begun', 'done', 'unknown'] as $number => $state) {
            $this->journalRow(['state' => $state, 'owner_id' => 900 + $number], $number < 4 ? 401 : 399);
        }

        $this->reconcile();

        $this->assertSame([902, 903, 904, 905], $this->ownersIn(self::JOURNAL, 'owner_id'));
    }

    public function test_it_goes_on_behind_a_thousand_rows_that_have_no_end(): void
    {
        $this->createTables();
        $rows = array_map(fn (int $id) => $this->rowOf(['state' => 'unknown', 'owner_id' => $id], 500), range(1, 1000));
        Capsule::table(self::JOURNAL)->insert($rows);
        $this->journalRow(['state' => 'done', 'owner_id' => 2000], 450);
        $this->journalRow(['state' => 'done', 'owner_id' => 2001], 10);

        $this->reconcile();

        $this->assertSame(1000, Capsule::table(self::JOURNAL)->where('state', 'unknown')->count());
        $this->assertSame([2001], Capsule::table(self::JOURNAL)->where('state', 'done')->pluck('owner_id')->all());
    }

    public function test_with_zero_days_nothing_is_ever_removed(): void
    {
        $this->createTables();
        $this->journalRow(['state' => 'done', 'owner_id' => 900], 4000);

        $this->answerOf($this->apart('$module->call("Reconcile", [])', ['whmcs_provisioning.keep_journal_days' => '0']));

        $this->assertSame([900], $this->ownersIn(self::JOURNAL, 'owner_id'));
    }

    public function test_the_daily_run_removes_licenses_revoked_long_ago_of_services_that_are_gone(): void
    {
        $ago = static fn (int $days) => ['revoked_at' => Capsule::raw("UTC_TIMESTAMP() - INTERVAL $days DAY")];
        foreach ([100 => 401, 101 => 401, 102 => 399, 103 => 401] as $id => $days) {
            $this->ended($this->service(['id' => $id]), $id);
            Capsule::table(self::TABLE)->where('service_id', $id)->update($ago($days));
        }
        Capsule::table(self::TABLE)->where('service_id', 103)->update(['asked_at' => null]);
        Capsule::table('tblhosting')->where('id', '<>', 101)->delete();

        $this->answerOf($this->apart('$module->call("Reconcile", [])', ['whmcs_provisioning.keep_journal_days' => '0']));
        $this->assertSame([100, 101, 102, 103], $this->ownersIn(self::TABLE, 'service_id'));
        $this->reconcile();

        $kept = $this->ownersIn(self::TABLE, 'service_id');
        $this->assertNotContains(100, $kept);
        $this->assertSame([101, 102], array_slice($kept, 0, 2));
    }

    /** Issued, revoked, and seen to be so at Jetpack; WHMCS has the service until the hook has run. */
    private function ended(object $service, int $id): void
    {
        $this->module->create($service);
        $this->module->terminate($service);
        Capsule::table(self::TABLE)->where('service_id', $id)->update(['asked_at' => Capsule::raw('revoked_at + INTERVAL 1 DAY')]);
    }

    /** @param array<string, mixed> $vars */
    private function whmcsDeletes(string $hook, array $vars): void
    {
        $this->module->saveConfigOptions(1, ['On suspension' => 'keep']);
        $this->module->includeHooks();

        $this->assertSame([], run_hook($hook, $vars));
    }

    /** @return list<int> */
    private function ownersIn(string $table, string $column): array
    {
        return array_map('intval', Capsule::table($table)->distinct()->orderBy($column)->pluck($column)->all());
    }

    /** @return array<string, mixed> */
    private function finding(int $service): array
    {
        return [
            'module' => 'jetpack', 'owner_type' => 'service', 'owner_id' => $service, 'service_id' => $service,
            'subject' => '', 'subject_hash' => str_repeat('x', 32),
            'text' => 'Text.', 'first_found_at' => '2026-01-01', 'last_found_at' => '2026-01-01', 'run' => 1,
        ];
    }

    /** @param array<string, mixed> $row @return array<string, mixed> */
    private function rowOf(array $row, int $daysAgo): array
    {
        return $row + [
            'module' => 'jetpack', 'owner_type' => 'service', 'operation' => 'attach', 'asked' => 'attach', 'host' => 'h', 'process' => '1:1',
            'begun_at' => gmdate('Y-m-d H:i:s', time() - 86400 * $daysAgo),
        ];
    }

    /** @param array<string, mixed> $row */
    private function journalRow(array $row, int $daysAgo): void
    {
        Capsule::table(self::JOURNAL)->insert($this->rowOf($row, $daysAgo));
    }
}
