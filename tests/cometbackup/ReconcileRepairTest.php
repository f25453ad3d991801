<?php

declare(strict_types=1);

// What cometbackup_Reconcile puts right in the table of accounts: what is safe, and only after a whole list.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;

final class ReconcileRepairTest extends CometReconcileTestCase
{
    public function test_a_missing_identity_is_recorded_once(): void
    {
        $this->created();
        $guid = $this->record()['creation_guid'];
        Capsule::table(self::ACCOUNTS)->update(['creation_guid' => null]);
        $this->told();

        $this->reconcile();

        $this->assertSame($guid, $this->record()['creation_guid']);
        $this->assertStringContainsString('identity of the Comet account', $this->told()[0]);
        $this->reconcile();
        $this->assertSame([], $this->told());
        $this->assertSame([], $this->findings());
    }

    /** @return array<string, array{callable(): void}> */
    public static function overs(): array
    {
        return [
            'terminated' => [fn () => Capsule::table('tblhosting')->update(['domainstatus' => 'Terminated'])],
            'deleted in WHMCS' => [fn () => Capsule::table('tblhosting')->delete()],
        ];
    }

    /** @dataProvider overs */
    public function test_an_account_that_is_gone_with_its_service_is_recorded_as_ended(callable $end): void
    {
        $this->created();
        $end();
        $this->emptyServer();

        $this->reconcile();

        $this->assertSame('ended', $this->record()['state']);
        $this->assertStringContainsString('is recorded as ended', $this->told()[0]);
        $this->assertSame([], $this->findings());
    }

    /** A Create whose answer was lost and that could not ask; the list is asked minutes later. */
    private function lostAnswer(bool $acted): void
    {
        $this->service(['domainstatus' => 'Pending']);
        $this->comet->faultOn(self::ADD, ['fault' => $acted ? 'act_and_drop' : 'drop']);
        $this->comet->faultOn('list-users', ['fault' => 'drop', 'times' => 4]);
        $this->assertSentence($this->module->create(Host::service(200)), 'not known');
        $this->comet->faultOn('list-users', ['fault' => 'drop', 'times' => 1]);
        Capsule::table(self::JOURNAL)->where('state', 'unknown')->update(['sent_at' => Capsule::raw('sent_at - INTERVAL 5 MINUTE')]);
        $this->told();
    }

    public function test_a_lost_answer_that_made_the_account_is_settled(): void
    {
        $this->lostAnswer(true);
        $this->assertSame('planned', $this->record()['state']);

        $asked = $this->during(fn () => $this->reconcile());

        $this->assertSame(['meta/version', self::LIST, 'meta/version'], $asked);
        $this->assertSame('created', $this->record()['state']);
        $this->assertSame($this->comet->profile(self::NAME)['CreationGUID'], $this->record()['creation_guid']);
        $this->assertStringContainsString('the account was created, and is recorded now', $this->told()[0]);
        $this->assertSame(0, Capsule::table(self::JOURNAL)->whereIn('state', ['unknown', 'sent', 'begun'])->count());
    }

    public function test_a_lost_answer_that_made_nothing_is_settled_and_the_account_of_the_name_is_nobody_s(): void
    {
        $this->lostAnswer(false);

        $asked = $this->during(fn () => $this->reconcile());

        $this->assertSame(['meta/version', self::LIST], $asked);
        $this->assertSame('planned', $this->record()['state']);
        $this->assertStringContainsString('it was not created', $this->told()[0]);
        $this->setStatus('Active');
        $this->reconcile();
        $this->assertSame(['missing'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'was never created. Run Create');
    }

    public function test_a_lost_answer_is_not_settled_with_somebody_else_s_older_account(): void
    {
        $this->lostAnswer(false);
        $this->world(['accounts' => [['Username' => self::NAME, 'CreateTime' => time() - 86400]]]);

        $this->reconcile();

        $this->assertSame(['planned', null], [$this->record()['state'], $this->record()['creation_guid']]);
        $this->assertStringContainsString('it was not created', $this->told()[0]);
    }

    public function test_an_answer_lost_a_moment_ago_is_left_to_the_next_run(): void
    {
        $this->lostAnswer(true);
        Capsule::table(self::JOURNAL)->where('state', 'unknown')->update(['sent_at' => Capsule::raw('UTC_TIMESTAMP()')]);

        $this->reconcile();

        $this->assertSame('planned', $this->record()['state']);
        $this->assertSame(1, Capsule::table(self::JOURNAL)->where('state', 'unknown')->count());
    }

    public function test_a_plan_of_a_service_that_has_ended_is_recorded_as_ended(): void
    {
        $this->lostAnswer(false);
        $this->setStatus('Cancelled');

        $this->reconcile();

        $this->assertSame('ended', $this->record()['state']);
        $this->assertSame([], $this->findings());
    }

    public function test_a_list_that_breaks_off_repairs_and_reports_nothing(): void
    {
        $this->created();
        $this->setStatus('Terminated');
        Capsule::table(self::ACCOUNTS)->update(['creation_guid' => null]);
        $before = [$this->whmcsNow(), $this->record()];
        $refusal = ['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'no']];
        foreach ([['fault' => 'truncate'], ['fault' => 'drop', 'times' => 2], ['fault' => 'html'], $refusal] as $fault) {
            $this->comet->faultOn(self::LIST, $fault);
            $this->reconcile();
            $this->assertEquals($before, [$this->whmcsNow(), $this->record()]);
            $this->assertSame([], $this->findings());
        }
    }
}
