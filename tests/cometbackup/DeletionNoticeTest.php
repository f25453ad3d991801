<?php

declare(strict_types=1);

// The mail before a deletion: once, in time, and what becomes of one that cannot be sent.

namespace Tests\Cometbackup;

use Tests\Host\Hooks;
use Tests\Host\Host;
use Tests\Host\Mail;
use Tests\Support\CometDeletionTestCase;
use WHMCS\Database\Capsule;

final class DeletionNoticeTest extends CometDeletionTestCase
{
    public function test_it_goes_out_once_three_days_before_and_names_the_day(): void
    {
        $this->terminatedWithNotice(6);
        $this->dailyRuns(2);
        $this->assertSame([], $this->mails());

        $this->dailyRuns(1);
        $this->assertSame([[10, self::NAME . ' ends in 3, on ' . $this->today(3)]], Mail::sent());
        $this->dailyRuns(2);
        $this->assertLives();
        $this->dailyRuns(1);

        $this->assertDeleted();
        $this->assertCount(1, $this->mails());
    }

    /** @dataProvider few */
    public function test_where_there_are_three_days_or_less_it_goes_out_at_once(int $days): void
    {
        $this->terminatedWithNotice($days);

        $this->assertSame([self::NAME . " ends in $days, on " . $this->today($days)], $this->mails());
        $this->dailyRuns($days - 1);
        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
        $this->assertCount(1, $this->mails());
    }

    /** @return array<string, array{int}> */
    public static function few(): array
    {
        return ['one day' => [1], 'three days' => [3]];
    }

    public function test_none_goes_out_where_the_product_names_no_template_or_deletes_at_once(): void
    {
        Host::addMailTemplate(['name' => self::TEMPLATE_NAME]);
        $this->terminated(1);
        $this->dailyRuns(1);
        $this->assertDeleted();
        $this->created(['id' => 201], [self::AFTER => '0', self::NOTICE => self::TEMPLATE_NAME]);
        $this->assertSame('success', $this->module->terminate(Host::service(201)));

        $this->assertSame([], $this->mails());
    }

    /** The setting is new: whoever is due gets his days behind the mail, and the mail names them. */
    public function test_a_mail_that_comes_late_moves_the_deletion(): void
    {
        $this->terminated(5);
        $this->dailyRuns(4);
        Host::addMailTemplate(['name' => self::TEMPLATE_NAME, 'message' => 'ends in {$deletion_days}, on {$deletion_date}']);
        $this->settings([self::NOTICE => self::TEMPLATE_NAME]);

        $this->dailyRuns(1);
        $this->assertSame(['ends in 3, on ' . $this->today(3)], $this->mails());
        $this->dailyRuns(2);
        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    public function test_runs_that_were_missed_lose_no_mail(): void
    {
        $this->terminatedWithNotice(6);
        $this->dailyRuns(2);
        $this->daysPass(20);

        $this->dailyRuns(1);

        $this->assertCount(1, $this->mails());
        $this->assertLives();
    }

    public function test_a_mail_that_fails_is_logged_and_tried_again_on_the_next_day_only(): void
    {
        $this->terminatedWithNotice(4);
        Capsule::table('tblemailtemplates')->update(['message' => '']);
        $this->dailyRuns(1);
        $this->assertStringContainsString('could not be sent (Sending Failed', implode(Host::activityLog()));
        Capsule::table('tblemailtemplates')->update(['message' => 'ends']);
        $this->reconcile();
        $this->assertSame([], $this->mails());

        $this->dailyRuns(1);

        $this->assertSame(['ends'], $this->mails());
    }

    public function test_a_mail_that_can_never_be_sent_holds_the_deletion_up_for_a_week(): void
    {
        $this->terminatedWithNotice(1);
        Capsule::table('tblemailtemplates')->delete();
        Capsule::table(self::NOTICES)->update(['state' => 'waiting', 'sent_at' => null]);

        $this->dailyRuns(7);
        $this->assertLives();
        $this->dailyRuns(1);

        $this->assertDeleted();
    }

    /** On the last of the days for which the deletion is held up. */
    public function test_a_mail_that_can_be_sent_after_all_has_three_days_behind_it(): void
    {
        $this->terminatedWithNotice(3);
        Capsule::table(self::NOTICES)->update(['state' => 'waiting', 'sent_at' => null]);
        Capsule::table('tblemails')->delete();
        $message = Capsule::table('tblemailtemplates')->value('message');
        Capsule::table('tblemailtemplates')->update(['message' => '']);
        $this->dailyRuns(8);
        Capsule::table('tblemailtemplates')->update(['message' => $message]);

        $this->dailyRuns(1);
        $this->assertSame([self::NAME . ' ends in 3, on ' . $this->today(3)], $this->mails());
        $this->dailyRuns(2);
        $this->assertLives();
        $this->dailyRuns(1);
        $this->assertDeleted();
    }

    public function test_a_terminate_succeeds_where_its_mail_fails(): void
    {
        $this->terminated(2, [], [self::NOTICE => 'No such template']);

        $this->assertStringContainsString('Email Template not found', implode(Host::activityLog()));
        $this->assertSame('waiting', Capsule::table(self::NOTICES)->value('state'));
    }

    /** The customer may get it twice, and no third time. */
    public function test_a_process_that_dies_while_it_sends_leaves_one_more_try(): void
    {
        $this->terminatedWithNotice(4);
        $this->daysPass();
        $dying = "add_hook('EmailPreSend', 1, static function () { posix_kill(getmypid(), SIGKILL); }); return \$module->call('Reconcile', []);";
        $this->assertDies($dying);
        $this->assertSame('sending', Capsule::table(self::NOTICES)->value('state'));
        $this->reconcile();
        $this->assertSame([], $this->mails(), 'not on the same day');
        $this->daysPass();
        $this->assertDies($dying);
        $this->daysPass();

        $this->reconcile();

        $this->assertSame(['again', []], [Capsule::table(self::NOTICES)->value('state'), $this->mails()]);
    }

    public function test_another_deletion_is_another_event(): void
    {
        $this->terminatedWithNotice(1);
        $this->assertSame('success', $this->module->unsuspend(Host::service(200)));
        $this->setStatus('Active');
        $this->assertSame(0, Capsule::table(self::NOTICES)->count());

        $this->assertSame('success', $this->module->terminate(Host::service(200)));

        $this->assertCount(2, $this->mails());
    }

    public function test_hooks_of_whmcs_that_stop_the_mail_do_not_stop_the_run(): void
    {
        $this->terminatedWithNotice(4);
        Hooks::add('EmailPreSend', 1, static fn (): array => ['abortsend' => true]);

        $this->daysPass();

        $this->assertStringStartsWith('Reconciled', $this->reconcile());
        $this->assertSame('waiting', Capsule::table(self::NOTICES)->value('state'));
    }

    private function assertDies(string $code): void
    {
        $wrapped = "\$module = new Tests\\Host\\Module('servers', 'cometbackup', '" . realpath(self::ROOT) . "'); (function () use (\$module) { $code })();";
        $ended = \Tests\Support\ChildProcess::start($wrapped)->wait();
        $this->assertNotSame(0, $ended['exit']);
    }
}
