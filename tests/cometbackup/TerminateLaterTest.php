<?php

declare(strict_types=1);

// cometbackup_TerminateAccount with days of grace: suspended at once, deleted by the daily run, and what undoes it.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometDeletionTestCase;
use WHMCS\Database\Capsule;

final class TerminateLaterTest extends CometDeletionTestCase
{
    public function test_the_account_is_suspended_at_once_and_its_deletion_is_recorded(): void
    {
        $service = $this->created([], [self::AFTER => '14']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->terminate($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
        $this->assertSame([14, 'created'], [(int) $this->record()['delete_days'], $this->record()['state']]);
        $this->assertContains('set profile done', $this->journal());
    }

    /** @dataProvider atOnce */
    public function test_without_days_the_account_is_deleted_at_once(string $stored): void
    {
        $service = $this->created([], [self::AFTER => $stored]);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertDeleted();
    }

    /** @return array<string, array{string}> */
    public static function atOnce(): array
    {
        return ['0' => ['0'], 'never saved' => [''], 'blanks' => [' 0 ']];
    }

    /** @dataProvider unreadable */
    public function test_what_is_no_number_of_days_deletes_nothing_and_is_said(string $stored): void
    {
        $service = $this->created([], [self::AFTER => $stored]);

        $this->assertSame('success', $this->module->terminate($service));
        $this->assertStringContainsString('Delete after (days) is no number of days', implode(Host::activityLog()));
        $this->dailyRuns(5);

        $this->assertLives();
        $this->assertSame(['deletion'], $this->kinds());
        $this->settings([self::AFTER => '2']);
        $this->dailyRuns(1);
        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    /** @return array<string, array{string}> */
    public static function unreadable(): array
    {
        return ['negative' => ['-1'], 'a word' => ['never'], 'a fraction' => ['1.5']];
    }

    public function test_a_termination_that_keeps_the_account_ignores_the_days(): void
    {
        $this->terminated(1, [], [self::TERMINATION => 'suspend']);

        $this->dailyRuns(3);

        $this->assertNull($this->record()['delete_days']);
        $this->assertLives();
    }

    public function test_a_second_terminate_neither_deletes_nor_begins_anew(): void
    {
        $service = $this->terminated(3);
        $this->dailyRuns(2);

        $this->assertSame('success', $this->module->terminate(Host::service(200)));

        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    public function test_a_service_that_was_in_use_in_between_waits_anew(): void
    {
        $this->terminated(3);
        $this->dailyRuns(2);
        $this->setStatus('Active');

        $this->assertSame('success', $this->module->terminate(Host::service(200)));

        $this->dailyRuns(2);
        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    public function test_an_account_that_is_gone_needs_no_deletion(): void
    {
        $service = $this->created([], [self::AFTER => '14']);
        $this->emptyServer();

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame('ended', $this->record()['state']);
    }

    public function test_a_terminate_after_the_deletion_has_nothing_to_do(): void
    {
        $this->terminated(1);
        $this->dailyRuns(1);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->terminate(Host::service(200))));

        $this->assertSame([[], 'ended'], [$asked, $this->record()['state']]);
    }

    public function test_a_planned_account_is_given_up_at_once(): void
    {
        $this->settings([self::AFTER => '14']);
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 400, 'Message' => 'No']]);
        $this->module->create($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame('ended', $this->record()['state']);
    }

    public function test_unsuspend_undoes_it(): void
    {
        $this->terminated(3);
        $this->dailyRuns(2);

        $this->assertSame('success', $this->module->unsuspend(Host::service(200)));

        $this->assertFalse($this->comet->profile(self::NAME)['IsSuspended']);
        $this->assertSame([null, null], [$this->record()['delete_days'], $this->record()['delete_asked_at']]);
        $this->assertSame(0, Capsule::table(self::DAYS)->count());
        $this->dailyRuns(4);
        $this->assertLives();
    }

    /** Whatever becomes of the request: staff want to keep it. */
    public function test_an_unsuspend_that_fails_keeps_the_account_as_well(): void
    {
        $this->terminated(1);
        $this->comet->faultOn(self::WRITE, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 500, 'Message' => 'No']]);

        $this->assertSentence($this->module->unsuspend(Host::service(200)), self::NAME);

        $this->dailyRuns(3);
        $this->assertLives();
        $this->assertStringContainsString('Run Terminate', $this->findings()[0][1]);
    }

    /** The server is down when staff press the button, and up again when the daily run comes. */
    public function test_an_unsuspend_that_cannot_even_read_keeps_the_account_as_well(): void
    {
        $this->terminated(1);
        $this->comet->faultOn(self::READ, ['fault' => 'status', 'status' => 502, 'body' => '']);

        $this->assertNotSame('success', $this->module->unsuspend(Host::service(200)));

        $this->assertNull($this->record()['delete_days']);
        $this->dailyRuns(3);
        $this->assertLives();
    }

    public function test_create_for_the_same_client_brings_the_same_account_back(): void
    {
        $service = $this->terminated(3, [], [], ['number_of_devices' => 3]);
        $guid = $this->record()['creation_guid'];
        $this->choose(200, ['number_of_devices' => 5]);
        Capsule::table('tblhostingconfigoptions')->where('relid', 200)->update(['qty' => 5]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->create(Host::service(200))));

        $profile = $this->comet->profile(self::NAME);
        $this->assertSame([false, 5, $guid], [$profile['IsSuspended'], $profile['MaximumDevices'], $profile['CreationGUID']]);
        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertNull($this->record()['delete_days']);
        $this->dailyRuns(4);
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_create_for_another_client_never_gets_the_account(): void
    {
        $this->terminated(3);
        Host::addClient(['id' => 11, 'email' => 'bob@example.com', 'firstname' => 'Bob']);
        Capsule::table('tblhosting')->where('id', 200)->update(['userid' => 11]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->create(Host::service(200)), 'created for another client'));

        $this->assertSame([], $asked);
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
        $this->assertSame('3', (string) $this->record()['delete_days']);
    }

    /** A request whose answer was lost may be carried out after Unsuspend looked. */
    public function test_an_account_whose_deletion_may_still_come_is_not_promised_to_live(): void
    {
        $this->terminated(1);
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $this->comet->faultOn(self::DELETE, ['fault' => 'drop']);
        $this->dailyRuns(1);
        $this->assertLives();

        $this->assertSentence($this->module->unsuspend(Host::service(200)), 'may still be carried out');
        $this->assertSentence($this->module->create(Host::service(200)), 'may still be carried out');

        $this->minutesPass(3);
        $this->assertSame('success', $this->module->unsuspend(Host::service(200)));
        $this->dailyRuns(2);
        $this->assertLives();
    }

    public function test_the_page_of_the_service_says_when_and_how_it_is_undone(): void
    {
        $service = $this->terminated(5);
        $this->dailyRuns(2);

        $fields = $this->module->call('AdminServicesTabFields', $this->module->paramsFor($service));

        $this->assertStringContainsString('on ' . $this->today(3) . ' at the earliest', $fields['Pending Deletion']);
        $this->assertStringContainsString('Unsuspend keeps it', $fields['Pending Deletion']);
    }

    public function test_the_doctor_names_the_accounts_that_wait_and_the_next_days(): void
    {
        $said = fn (): array => array_values(array_filter(
            $this->inChild("defined('ROOTDIR') || define('ROOTDIR', '/nowhere'); return whmcs_provisioning_check(false);"),
            static fn (array $line): bool => $line['check'] === 'jobs.deletions'
        ));
        $this->created();
        $this->assertSame([['check' => 'jobs.deletions', 'state' => 'fine', 'text' => 'No Comet account waits for its deletion.']], $said());
        $this->settings([self::AFTER => '5']);
        $this->assertSame('success', $this->module->terminate(Host::service(200)));
        $this->dailyRuns(2);

        $this->assertSame('note', $said()[0]['state']);
        foreach (
            [
            '1 Comet account waits for deletion',
            self::NAME . ' (Service ID: 200) on ' . $this->today(3) . ' at the earliest',
            'they stay suspended',
            ] as $part
        ) {
            $this->assertStringContainsString($part, $said()[0]['text']);
        }
    }
}
