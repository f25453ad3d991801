<?php

declare(strict_types=1);

// The daily run and the accounts that wait for their deletion: never sooner, never the wrong one, never too many.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometDeletionTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class ReconcileDeletionTest extends CometDeletionTestCase
{
    public function test_it_is_deleted_by_the_run_that_saw_it_terminated_on_as_many_days(): void
    {
        $this->terminated(3);
        $this->dailyRuns(2);
        $this->assertLives();
        $this->daysPass();

        $asked = $this->during(fn () => $this->assertStringContainsString('1 repaired', $this->reconcile()));

        $this->assertSame([self::LIST, self::READ, self::DELETE], $asked);
        $this->assertDeleted();
        $this->assertContains('delete account done', $this->journal());
        $this->assertStringContainsString('was deleted: its service was terminated', implode($this->told()));
        $this->reconcile();
        $this->assertSame([[], 0], [$this->kinds(), Capsule::table(self::DAYS)->count()]);
    }

    public function test_runs_on_the_same_day_count_once(): void
    {
        $this->terminated(2);
        $this->daysPass();

        $this->reconcile();
        $this->reconcile();
        $this->reconcile();

        $this->assertLives();
        $this->assertSame(1, Capsule::table(self::DAYS)->count());
    }

    /** A run an hour after Terminate is no day later. */
    public function test_the_day_of_the_termination_does_not_count(): void
    {
        $this->terminated(1);

        $this->reconcile();

        $this->assertLives();
        $this->assertSame(0, Capsule::table(self::DAYS)->count());
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    public function test_days_without_a_run_do_not_count(): void
    {
        $this->terminated(2);
        $this->dailyRuns(1);
        $this->daysPass(30);
        $this->assertLives();

        $this->reconcile();

        $this->assertDeleted();
    }

    public function test_a_run_that_could_not_read_the_server_does_not_count(): void
    {
        $this->terminated(2);
        $this->dailyRuns(1);
        $this->daysPass();
        $this->comet->faultOn(self::LIST, ['fault' => 'truncate', 'at' => 10, 'times' => 0]);

        $this->reconcile();

        $this->assertLives();
        $this->assertSame(1, Capsule::table(self::DAYS)->count());
    }

    public function test_a_clock_that_is_set_back_never_deletes_sooner(): void
    {
        $this->terminated(2);
        $this->dailyRuns(1);
        // Terminate, and what was seen, lie in the future now: nothing counts until they come.
        $this->daysPass(-10);
        $this->reconcile();
        $this->reconcile();
        $this->assertLives();
        $this->dailyRuns(10);
        $this->assertLives();

        $this->dailyRuns(1);

        $this->assertDeleted();
    }

    public function test_a_longer_time_that_is_set_since_holds_and_a_shorter_one_does_not(): void
    {
        $this->terminated(2);
        $this->settings([self::AFTER => '4']);
        $this->dailyRuns(3);
        $this->assertLives();

        $this->settings([self::AFTER => '1']);
        $this->daysPass(-3);
        Capsule::table(self::DAYS)->delete();
        $this->dailyRuns(1);
        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    /** @return array<string, array{callable(self): void, ?string}> what happens before the last run, and what is found */
    public static function stays(): array
    {
        return [
            'service in use again' => [fn (self $t) => $t->setStatus('Active'), 'suspension'],
            'suspended by hand' => [fn (self $t) => $t->setStatus('Suspended'), null],
            'cancelled, not terminated' => [fn (self $t) => $t->setStatus('Cancelled'), 'ended'],
            'fraud' => [fn (self $t) => $t->setStatus('Fraud'), 'ended'],
            'service row gone' => [fn (self $t) => Capsule::table('tblhosting')->delete(), 'gone'],
            'sold with another module' => [fn (self $t) => Capsule::table('tblproducts')->update(['servertype' => 'other']), 'gone'],
            'termination keeps accounts by now' => [fn (self $t) => $t->settings([self::TERMINATION => 'suspend']), null],
            'unsuspended in Comet' => [fn (self $t) => $t->comet->changeAccount(self::NAME, ['IsSuspended' => false]), 'deletion'],
            'another account of the name' => [fn (self $t) => $t->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']), null],
            'on another server in WHMCS' => [fn (self $t) => Capsule::table('tblhosting')->update(['server' => 7]), null],
        ];
    }

    /** @dataProvider stays */
    public function test_what_is_not_as_it_was_is_not_deleted(callable $change, ?string $kind): void
    {
        $this->terminated(2);
        $this->dailyRuns(1);
        $change($this);

        $this->dailyRuns(2);

        $this->assertLives();
        $this->assertNotContains(self::DELETE, $this->comet->endpoints());
        $this->assertSame($kind === null ? [] : [$kind], $this->kinds());
    }

    public function test_a_service_that_was_in_use_in_between_has_no_pending_deletion_any_more(): void
    {
        $this->terminated(2);
        $this->setStatus('Active');
        $this->dailyRuns(1);
        $this->assertNull($this->record()['delete_days']);
        $this->setStatus('Terminated');

        $this->dailyRuns(3);

        $this->assertLives();
        $this->assertSame(['ended'], $this->kinds());
    }

    /** Between the list and the deletion: the profile is looked at again. */
    public function test_what_changes_after_the_list_was_read_is_seen_right_before(): void
    {
        $this->terminated(1);
        $changed = json_decode($this->comet->account(self::NAME)['text'], true);
        $this->comet->faultOn(self::READ, ['fault' => 'json', 'act' => false, 'times' => 1, 'body' => [
            'Status' => 200, 'Message' => 'OK', 'ProfileHash' => 'x', 'Profile' => ['IsSuspended' => false] + $changed,
        ]]);

        $this->dailyRuns(1);

        $this->assertLives();
        $this->assertSame(['deletion'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'active in Comet');
    }

    /**
     * The run is at work on the one before it: what is seen right before is that its days have begun anew.
     *
     * @group slow
     */
    public function test_one_that_was_taken_back_and_terminated_anew_meanwhile_has_its_days(): void
    {
        $this->many(100, 2, 1);
        $this->daysPass();
        $this->comet->faultOn(self::DELETE, ['fault' => 'delay', 'ms' => 1500]);
        $run = $this->apart("\$module->call('Reconcile', [])");
        $this->waitFor(fn (): bool => in_array(self::DELETE, $this->comet->endpoints(), true));

        $this->assertSame('success', $this->module->unsuspend(Host::service(201)));
        $this->assertSame('success', $this->module->terminate(Host::service(201)));

        $this->answerOf($run);
        $this->assertDeleted('customer0000', 200);
        $this->assertLives('customer0001');
        $this->assertSame('1', (string) $this->record(201)['delete_days']);
    }

    public function test_a_deletion_whose_answer_is_lost_is_settled_by_the_next_run(): void
    {
        $this->terminated(1);
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $this->comet->faultOn(self::DELETE, ['fault' => 'drop', 'act' => true]);
        $this->comet->faultOn('list-users', ['fault' => 'drop']);

        $this->dailyRuns(1);
        $this->assertSame(['deletion'], $this->kinds());
        $this->dailyRuns(1);

        $this->assertDeleted();
        $this->assertSame([], $this->kinds());
    }

    public function test_at_most_two_percent_of_a_server_are_deleted_in_one_run_and_staff_confirm_the_rest(): void
    {
        $this->settings([self::AFTER => '1', self::USER_NAMES => 'name']);
        foreach ([201, 202, 203] as $id) {
            $this->assertSame('success', $this->module->create($this->service(['id' => $id])));
            $this->assertSame('success', $this->module->terminate(Host::service($id)));
        }
        $name = fn (int $id): string => $this->record($id)['username'];

        $this->dailyRuns(1);

        $this->assertDeleted($name(201), 201);
        $this->assertSame(['deletion', 'deletion'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], $name(202), 'Press Delete Account: confirm');
        $this->dailyRuns(3);
        $this->assertLives($name(202));
        $this->assertContains('ConfirmDeletion', $this->module->call('AdminCustomButtonArray', $this->module->paramsFor(Host::service(202))));

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->custom(Host::service(202), 'ConfirmDeletion')));
        $this->assertSame([], $asked);
        $this->dailyRuns(1);

        $this->assertDeleted($name(202), 202);
        $this->assertLives($name(203));
        $this->assertSame(['deletion'], $this->kinds());
    }

    /** @group slow */
    public function test_never_more_than_ten_are_deleted_in_one_run(): void
    {
        $this->many(600, 12);

        $this->dailyRuns(1);

        $this->assertSame(10, count(array_keys($this->comet->endpoints(), self::DELETE, true)));
        $this->assertSame(['deletion', 'deletion'], array_slice($this->kinds(), 0, 2));
        $this->assertSame(2, Capsule::table(self::ACCOUNTS)->where('delete_state', 'held')->count());
        $ended = Capsule::table(self::ACCOUNTS)->where('state', 'ended')->orderByDesc('service_id')->take(2)->pluck('service_id');
        $this->assertSame([208, 209], $ended->reverse()->values()->all(), 'the oldest first');
    }

    public function test_devices_are_asked_to_uninstall_where_the_product_says_so(): void
    {
        $this->terminated(1, [], [self::UNINSTALL => 'on']);

        $this->dailyRuns(1);

        $this->assertArrayHasKey('UninstallConfig', $this->comet->formsOf(self::DELETE)[0]);
        $this->assertDeleted();
    }

    public function test_a_product_addon_waits_as_a_service_does(): void
    {
        $this->service(['domainstatus' => 'Active', 'username' => 'x', 'packageid' => Host::addProduct(['servertype' => 'other'])]);
        $definition = Host::addAddonDefinition(['name' => 'Backup', 'module' => 'cometbackup'], [self::AFTER => '1']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Username']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'], [300 => 'Add0nPassw0rd']);
        Host::addServiceAddon(['id' => 300, 'hostingid' => 200, 'addonid' => $definition, 'userid' => 10, 'server' => 1, 'status' => 'Pending']);
        $this->assertSame('success', $this->module->create(Host::serviceAddon(300)));
        $name = Capsule::table(self::ACCOUNTS)->value('username');
        $this->assertSame('success', $this->module->terminate(Host::serviceAddon(300)));
        $this->assertLives($name);

        $this->dailyRuns(1);

        $this->assertNotContains($name, $this->comet->accountNames());
    }

    public function test_a_copy_of_whmcs_deletes_nothing(): void
    {
        $this->terminated(1);
        $this->dailyRuns(0);
        $this->daysPass();

        $answer = $this->inChild(
            "WHMCS\\Database\\Capsule::table('tblconfiguration')->where('setting', 'SystemURL')->update(['value' => 'https://copy.example/']);"
            . "return \$module->call('Reconcile', []);"
        );

        $this->assertSentence($answer, 'copy');
        $this->assertLives();
        $this->assertSame(0, Capsule::table(self::DAYS)->count());
    }

    /** The figures of docs/cometbackup.md. */
    public function test_a_deletion_that_waits_and_one_that_is_due_cost_as_many_statements_as_stated(): void
    {
        $this->terminated(3, [], [self::TERMINATION => 'suspend']);
        $this->reconcile();
        $without = $this->statements();
        $this->settings([self::TERMINATION => 'delete']);
        $this->assertSame('success', $this->module->terminate(Host::service(200)));
        $this->dailyRuns(1);

        $waiting = $this->statements();
        $this->dailyRuns(1);
        $this->daysPass();
        $due = $this->statements();

        $this->assertDeleted();
        $this->assertSame([4, 10], [$waiting - $without, $due - $waiting]);
    }

    /** Counted for one server: the days, how far they are, the notices, and what is old. */
    public function test_statements_do_not_grow_with_the_accounts_that_wait(): void
    {
        $this->many(40, 2, 9);
        $this->dailyRuns(1);
        $few = $this->statements();
        $this->many(40, 30, 9);
        $this->dailyRuns(1);

        $this->assertSame($few, $this->statements());
    }

    private function statements(): int
    {
        $log = new StatementLog();
        $this->inChild("return \$module->call('Reconcile', []);");

        return count($log->end());
    }

    /** Accounts at the server, of which the first are those of terminated services. */
    private function many(int $accounts, int $waiting, int $days = 1): void
    {
        $name = static fn (int $at): string => sprintf('customer%04d', $at);
        $this->world(['accounts' => array_map(
            static fn (int $at): array => ['Username' => $name($at), 'CreationGUID' => "guid-$at", 'IsSuspended' => $at < $waiting],
            range(0, $accounts - 1)
        )]);
        $this->settings([self::AFTER => (string) $days]);
        Capsule::schema()->hasTable(self::ACCOUNTS) || $this->reconcile();
        Capsule::table('tblhosting')->delete();
        Capsule::table(self::ACCOUNTS)->delete();
        $profiles = $this->comet->state()['accounts'];
        for ($at = 0; $at < $waiting; $at++) {
            $id = 200 + $at;
            $this->service(['id' => $id, 'domainstatus' => 'Terminated', 'username' => $name($at)]);
            Capsule::table(self::ACCOUNTS)->insert([
                'service_id' => $id, 'addon_id' => 0, 'server_id' => 1, 'username' => $name($at), 'state' => 'created',
                'creation_guid' => $profiles[$name($at)]['profile']['CreationGUID'], 'owner_key' => "service:$id", 'client_id' => 10,
                'name_key' => '1:' . $name($at), 'planned_at' => '2026-01-01', 'delete_days' => $days,
                'delete_asked_at' => sprintf('2026-01-01 00:%02d:00', $at),
            ]);
        }
    }

    /** It died after the account was recorded as ended, and before it gave the lock on the service back. */
    public function test_the_lock_of_a_run_that_died_holds_up_no_command(): void
    {
        $service = $this->terminated(1);
        $this->daysPass();
        $died = $this->apart('$module->call("Reconcile", [])', [], [], ['STOP_POINT' => 'after UPDATE ' . self::ACCOUNTS])->wait();
        $this->assertSame(137, $died['exit'], $died['output']);
        $this->assertDeleted();
        $this->assertSame(1, Capsule::table(self::JOURNAL)->whereNotNull('open_key')->count());
        $begun = microtime(true);

        $this->assertSame('success', $this->module->create($service));

        $this->assertLessThan(5, microtime(true) - $begun, 'Who waits for one that lives gives up after ten.');
        $this->assertLives();
        $this->assertSame(0, Capsule::table(self::JOURNAL)->whereNotNull('open_key')->count());
    }
}
