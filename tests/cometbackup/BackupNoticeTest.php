<?php

declare(strict_types=1);

// Failing backups and full quotas: who is told, once for each event, and of whom nothing is concluded.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Host\Mail;
use Tests\Support\BackupNoticeTestCase;
use WHMCS\Database\Capsule;

final class BackupNoticeTest extends BackupNoticeTestCase
{
    public function test_after_as_many_days_without_a_good_backup_a_mail_says_what_failed(): void
    {
        $this->sold(3);
        $good = time() - 4 * self::DAY;
        $this->backups(good: $good, failed: time() - 3600);

        $this->reconcile();

        $day = gmdate('Y-m-d', $good + 60);
        $this->assertSame([[10, self::NAME . ": no backup was completed since $day; the last one ended with Error, item Documents b, device LAPTOP"
            . "|$day|Documents b|LAPTOP|"]], Mail::sent());
    }

    public function test_it_is_in_the_clients_language_and_not_in_that_of_staff(): void
    {
        $this->sold(3);
        Capsule::table('tblclients')->update(['language' => 'german']);
        $good = time() - 4 * self::DAY;
        $this->backups(good: $good, failed: time() - 3600);

        $root = var_export(dirname(__DIR__, 2), true);
        $this->inChild("define('ROOTDIR', $root); \$_SESSION['Language'] = 'french'; return \$module->call('Reconcile', []);");

        $day = gmdate('Y-m-d', $good + 60);
        $this->assertStringContainsString(
            "seit dem $day wurde keine Sicherung abgeschlossen; die letzte endete so: Fehler, Element Documents b, Gerät LAPTOP",
            $this->mails()[0]
        );
    }

    public function test_it_goes_out_once_for_each_event(): void
    {
        $this->sold(3);
        $this->backups(good: time() - 4 * self::DAY);
        $this->reconcile();
        $this->dailyRuns(3);
        $this->assertCount(1, $this->mails());

        $this->backups(good: time() - 60);
        $this->dailyRuns(1);
        $this->assertCount(1, $this->mails());
        $this->ago(10);
        $this->backups(good: time() - 5 * self::DAY);
        $this->dailyRuns(1);

        $this->assertCount(2, $this->mails());
    }

    public function test_before_that_nobody_is_told(): void
    {
        $this->sold(3);
        $this->backups(good: time() - 2 * self::DAY, failed: time() - 60);

        $this->dailyRuns(2);

        $this->assertSame([], $this->mails());
        $this->assertSame(0, $this->rowCount(self::NOTICES));
    }

    public function test_an_account_that_never_had_a_backup_counts_from_its_creation(): void
    {
        $this->sold(3);
        $this->comet->changeAccount(self::NAME, ['CreateTime' => time() - 2 * self::DAY]);
        $this->reconcile();
        $this->assertSame([], $this->mails());
        $this->comet->changeAccount(self::NAME, ['CreateTime' => time() - 4 * self::DAY]);

        $this->dailyRuns(1);

        $this->assertStringContainsString('no backup was completed yet, since ' . gmdate('Y-m-d', time() - 4 * self::DAY), $this->mails()[0]);
    }

    /** The failure of a server that keeps the last job only hides a good backup of yesterday. */
    public function test_an_old_server_whose_last_job_failed_says_nothing_of_the_backups_before(): void
    {
        $this->sold(3);
        $this->comet->changeAccount(self::NAME, ['CreateTime' => time() - 400 * self::DAY]);
        $this->backups(failed: time() - 60);

        $this->dailyRuns(2);

        $this->assertSame([], $this->mails());
        $this->backups(good: time() - self::DAY);
        $this->dailyRuns(1);
        $this->backups(failed: time() - 60);
        $this->ago(4);
        $this->dailyRuns(1);
        $this->assertStringContainsString('no backup was completed since', $this->mails()[0]);
    }

    /** A server of today says that there was none. */
    public function test_a_server_that_keeps_the_last_good_job_says_that_there_never_was_one(): void
    {
        $this->sold(3);
        $this->comet->changeAccount(self::NAME, ['CreateTime' => time() - 400 * self::DAY]);
        $this->backups(failed: time() - 60);
        $this->comet->changeAccount(self::NAME, ['Sources' => ['s1' => ['Statistics' => [
            'LastSuccessfulBackupJob' => ['Status' => 0, 'StartTime' => 0, 'EndTime' => 0],
            'LastBackupJob' => ['Status' => 7002, 'StartTime' => time() - 60, 'EndTime' => time() - 60],
        ]]]]);

        $this->dailyRuns(1);

        $this->assertStringContainsString('no backup was completed yet', $this->mails()[0]);
    }

    public function test_a_ticket_is_opened_where_the_product_says_so(): void
    {
        Capsule::table('tblticketdepartments')->insert(['id' => 3, 'name' => 'Support', 'description' => '', 'email' => '', 'hidden' => '']);
        $this->sold(3, 'ticket:3');
        $this->backups(good: time() - 4 * self::DAY);

        $this->dailyRuns(2);

        $tickets = Capsule::table('tbltickets')->get();
        $this->assertCount(1, $tickets);
        $this->assertSame([3, 10, 'S200', 'Backup of ' . self::NAME], [
            (int) $tickets[0]->did, (int) $tickets[0]->userid, $tickets[0]->service, $tickets[0]->title,
        ]);
        $this->assertStringStartsWith('The backup account ' . self::NAME . ': no backup was completed since', $tickets[0]->message);
        $this->assertSame([], $this->mails());
    }

    public function test_a_department_that_is_gone_is_logged_and_tried_again(): void
    {
        $this->sold(3, 'ticket:3');
        $this->backups(good: time() - 4 * self::DAY);

        $this->reconcile();
        $this->assertStringContainsString('Department ID not found', implode(Host::activityLog()));
        Capsule::table('tblticketdepartments')->insert(['id' => 3, 'name' => 'Support', 'description' => '', 'email' => '', 'hidden' => '']);
        $this->dailyRuns(1);

        $this->assertSame(1, Capsule::table('tbltickets')->count());
    }

    /** @return array<string, array{callable(self, int): array<string, mixed>, string}> the account's fields at so many percent */
    public static function quotas(): array
    {
        return [
            'storage' => [
                fn (self $t, int $percent): array => ['Destinations' => [$t->record()['vault_id'] => [
                    'StorageLimitEnabled' => true, 'StorageLimitBytes' => 1000,
                    'Statistics' => ['ClientProvidedSize' => ['Size' => $percent * 10, 'MeasureStarted' => 1, 'MeasureCompleted' => 2]],
                ]]],
                ' % of the storage is used',
            ],
            'protected data' => [
                fn (self $t, int $percent): array => [
                    'AllProtectedItemsQuotaEnabled' => true, 'AllProtectedItemsQuotaBytes' => 1000,
                    'Sources' => ['s1' => ['Engine' => 'engine1/file', 'Statistics' => ['LastSuccessfulBackupJob' => [
                        'Status' => 5000, 'StartTime' => time() - 60, 'EndTime' => time() - 60, 'TotalSize' => $percent * 10,
                    ]]]],
                ],
                ' % of the data that may be protected is selected',
            ],
        ];
    }

    /** @dataProvider quotas */
    public function test_at_ninety_percent_of_a_quota_a_mail_goes_out_once_until_it_was_below(callable $at, string $words): void
    {
        $this->sold(3, self::FAILS, [self::VAULT => self::TEMPLATE]);
        $set = fn (int $percent) => $this->comet->changeAccount(self::NAME, $at($this, $percent));
        $set(89);
        $this->dailyRuns(1);
        $this->assertSame([], $this->mails());
        $set(91);
        $this->dailyRuns(2);
        $this->assertCount(1, $this->mails());
        $this->assertStringContainsString("91$words", $this->mails()[0]);
        $this->assertStringEndsWith('|91', $this->mails()[0]);
        $set(50);
        $this->dailyRuns(1);
        $set(100);

        $this->dailyRuns(1);

        $this->assertCount(2, $this->mails());
    }

    /** @return array<string, array{callable(self): void}> */
    public static function silent(): array
    {
        return [
            'days 0' => [fn (self $t) => $t->settings([self::OVERDUE => '0'])],
            'days no number' => [fn (self $t) => $t->settings([self::OVERDUE => 'x'])],
            'no notice' => [fn (self $t) => $t->settings([self::BACKUP_NOTICE => ''])],
            'suspended service' => [fn (self $t) => $t->setStatus('Suspended')],
            'terminated service' => [fn (self $t) => $t->setStatus('Terminated')],
            'suspended in Comet' => [fn (self $t) => $t->comet->changeAccount(self::NAME, ['IsSuspended' => true])],
            'another account' => [fn (self $t) => $t->comet->changeAccount(self::NAME, ['CreationGUID' => 'another'])],
            'service gone' => [fn (self $t) => Capsule::table('tblhosting')->delete()],
            'on another server' => [fn (self $t) => Capsule::table('tblhosting')->update(['server' => 7])],
            'list cut off' => [fn (self $t) => $t->comet->faultOn(self::LIST, ['fault' => 'truncate', 'at' => 50, 'times' => 0])],
            'list refused' => [fn (self $t) => $t->comet->faultOn(self::LIST, ['fault' => 'status', 'status' => 500, 'times' => 0])],
        ];
    }

    /** @dataProvider silent */
    public function test_of_these_nothing_is_concluded(callable $change): void
    {
        $this->sold(3);
        $this->backups(good: time() - 30 * self::DAY);
        $change($this);

        $this->dailyRuns(2);

        $this->assertSame([], $this->mails());
        $this->assertSame(0, $this->rowCount(self::NOTICES));
    }

    public function test_what_waits_is_not_sent_once_the_service_is_over_or_the_setting_is_off(): void
    {
        $this->sold(3, 'No template');
        $this->backups(good: time() - 4 * self::DAY);
        $this->reconcile();
        Host::addMailTemplate(['name' => 'No template']);
        $this->setStatus('Terminated');
        $this->dailyRuns(1);
        $this->assertSame([], $this->mails());
        $this->setStatus('Active');
        $this->settings([self::BACKUP_NOTICE => '']);
        $this->dailyRuns(1);

        $this->assertSame([[], 0], [$this->mails(), $this->rowCount(self::NOTICES)]);
    }

    public function test_the_service_page_shows_what_was_kept(): void
    {
        $service = $this->sold(3);
        $this->backups(good: 1_790_000_000, failed: 1_790_003_600);
        $this->reconcile();

        $shown = $this->module->call('AdminServicesTabFields', $this->module->paramsFor($service))['At the Server'];

        $this->assertStringContainsString('last good backup ' . gmdate('Y-m-d H:i:s', 1_790_000_000) . ' UTC', $shown);
        $this->assertStringContainsString('last failure ' . gmdate('Y-m-d H:i:s', 1_790_003_600) . ' UTC: Error, item Documents b, device LAPTOP', $shown);
    }

    /** Servers before 21.6 keep the last job only. */
    public function test_a_good_backup_that_was_seen_once_is_not_forgotten(): void
    {
        $this->sold(3);
        $this->backups(good: time() - self::DAY);
        $this->reconcile();
        $this->backups(failed: time() - 60);

        $this->dailyRuns(1);

        $this->assertSame([], $this->mails());
        $this->assertNotNull($this->record()['good_backup_at']);
        $this->assertStringStartsWith('Error, item Documents', $this->record()['failed_backup']);
    }

    private function rowCount(string $table): int
    {
        return Capsule::schema()->hasTable($table) ? Capsule::table($table)->count() : 0;
    }

    /** What was recorded of backups happened that many days earlier. */
    private function ago(int $days): void
    {
        Capsule::table(self::ACCOUNTS)->update(['good_backup_at' => Capsule::raw("good_backup_at - INTERVAL $days DAY")]);
    }
}
