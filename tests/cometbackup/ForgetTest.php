<?php

declare(strict_types=1);

// What goes when WHMCS deletes a service: its journal and its ended accounts, unless an account is left. What stays of it is
// removed by the daily run long after.

namespace Tests\Cometbackup;

use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class ForgetTest extends CometTestCase
{
    public function test_with_a_deleted_service_goes_what_only_concerned_it(): void
    {
        $this->module->terminate($this->created());
        $this->created(['id' => 201]);

        $this->whmcsDeletes(200);
        $this->whmcsDeletes(201);

        $this->assertSame([201], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([201], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    public function test_a_plan_whose_answer_was_lost_stays(): void
    {
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'drop', 'times' => 0]);
        $this->module->create($service);

        $this->whmcsDeletes(200);

        $this->assertSame([200], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([200], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    /** No command comes any more that would take the lock over. */
    public function test_the_lock_of_a_process_that_died_keeps_nothing(): void
    {
        $this->created();
        $died = $this->apart('$module->terminate($service)', [], [], ['STOP_POINT' => 'after UPDATE ' . self::ACCOUNTS])->wait();
        $this->assertSame(137, $died['exit'], $died['output']);
        $this->assertSame(1, Capsule::table(self::JOURNAL)->whereNotNull('open_key')->count());

        $this->whmcsDeletes(200);

        $this->assertSame([], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    public function test_where_a_command_is_at_work_nothing_goes(): void
    {
        $this->module->terminate($this->created());
        Capsule::table(self::JOURNAL)->insert([
            'module' => 'cometbackup', 'owner_type' => 'service', 'owner_id' => 200, 'operation' => 'turn', 'state' => 'begun',
            'open_key' => 'cometbackup:service:200', 'asked' => 'work on the service', 'host' => 'another machine', 'process' => '1:1',
            'begun_at' => Capsule::raw('UTC_TIMESTAMP()'), 'expires_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 MINUTE'),
        ]);

        $this->whmcsDeletes(200);

        $this->assertSame([200], $this->ownersIn(self::ACCOUNTS, 'service_id'));
        $this->assertSame(1, Capsule::table(self::JOURNAL)->whereNotNull('open_key')->count());
    }

    public function test_the_daily_run_removes_accounts_that_ended_long_ago_with_services_that_are_gone(): void
    {
        $this->longEnded();

        $this->module->call('Reconcile', []);

        $this->assertSame([201, 202, 203], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    public function test_with_zero_days_no_account_is_ever_removed(): void
    {
        $this->longEnded();

        $end = ChildProcess::start(
            '$module = new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . 'echo $module->call("Reconcile", []);',
            ['whmcs_provisioning.keep_journal_days' => '0']
        )->wait();

        $this->assertStringStartsWith('Reconciled', $end['output']);
        $this->assertSame([200, 201, 202, 203], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    /** Deleted long after its account ended; still in WHMCS; ended lately; and with an account that is left. */
    private function longEnded(): void
    {
        foreach ([200, 201, 202] as $id) {
            $this->module->terminate($this->created(['id' => $id]));
        }
        $this->created(['id' => 203]);
        $ago = static fn (int $days) => ['ended_at' => Capsule::raw("UTC_TIMESTAMP() - INTERVAL $days DAY")];
        Capsule::table(self::ACCOUNTS)->update($ago(401));
        Capsule::table(self::ACCOUNTS)->where('service_id', 202)->update($ago(399));
        Capsule::table('tblhosting')->where('id', '<>', 201)->delete();
    }

    private function whmcsDeletes(int $service): void
    {
        $this->module->saveConfigOptions(20, []);
        $this->module->includeHooks();

        $this->assertSame([], run_hook('ServiceDelete', ['userid' => 10, 'serviceid' => $service]));
    }

    /** @return list<int> */
    private function ownersIn(string $table, string $column): array
    {
        return array_map('intval', Capsule::table($table)->distinct()->orderBy($column)->pluck($column)->all());
    }
}
