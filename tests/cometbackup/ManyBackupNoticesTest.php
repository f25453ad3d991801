<?php

declare(strict_types=1);

// More notices than one run sends, and what they cost.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\BackupNoticeTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class ManyBackupNoticesTest extends BackupNoticeTestCase
{
    /** @group slow */
    public function test_one_run_sends_two_hundred_and_the_next_one_the_rest(): void
    {
        $this->sold(3);
        $this->backups(good: time() - 4 * self::DAY);
        $this->reconcile();
        $this->settings([self::OVERDUE => '100']);
        foreach (range(1, 205) as $id) {
            $row = ['service_id' => 200, 'addon_id' => 0, 'server_id' => 9, 'username' => "n$id", 'state' => 'created', 'planned_at' => '2026-01-01'];
            $account = Capsule::table(self::ACCOUNTS)->insertGetId($row);
            Capsule::table(self::NOTICES)->insert(
                ['account_id' => $account, 'kind' => 'overdue', 'way' => self::FAILS, 'fields' => "{\"backup_username\":\"n$id\"}", 'state' => 'waiting']
            );
        }

        $this->daysPass();
        $this->reconcile();
        $this->assertCount(201, $this->mails());
        $this->assertStringStartsWith('n1:', $this->mails()[1]);
        $this->daysPass();
        $this->reconcile();

        $this->assertCount(206, $this->mails());
    }

    /**
     * Two hundred that fail each day, because a template is gone, do not keep the others from being told.
     *
     * @group slow
     */
    public function test_what_fails_comes_after_what_was_never_tried_and_a_deletion_before_all(): void
    {
        $this->sold(3);
        $this->backups(good: time() - 4 * self::DAY);
        $this->reconcile();
        Host::addMailTemplate(['name' => self::TEMPLATE_NAME, 'message' => 'ends']);
        $waiting = function (string $name, string $kind, string $way, ?string $tried): void {
            $row = ['service_id' => 200, 'addon_id' => 0, 'server_id' => 9, 'username' => $name, 'state' => 'created', 'planned_at' => '2026-01-01'];
            Capsule::table(self::NOTICES)->insert([
                'account_id' => Capsule::table(self::ACCOUNTS)->insertGetId($row), 'kind' => $kind, 'way' => $way,
                'fields' => "{\"backup_username\":\"$name\"}", 'state' => 'waiting', 'tried_on' => $tried,
            ]);
        };
        foreach (range(1, 200) as $id) {
            $waiting("n$id", 'overdue', 'No such template', $this->today(-1));
        }
        $waiting('new', 'overdue', self::FAILS, null);
        $waiting('ending', 'deletion', self::TEMPLATE_NAME, $this->today(-2));

        $this->reconcile();

        $this->assertSame('ends', $this->mails()[1]);
        $this->assertStringStartsWith('new:', $this->mails()[2]);
    }

    /**
     * Beside the page of services: what is kept, queued and over.
     *
     * @group slow
     */
    public function test_statements_do_not_grow_with_the_accounts_of_a_page(): void
    {
        $this->sold(3);
        $this->backups(good: time() - 4 * self::DAY);
        $this->reconcile();
        $few = $this->statements();
        foreach (range(201, 220) as $id) {
            Host::addClient(['id' => $id, 'email' => "c$id@example.com"]);
            $this->created(['id' => $id, 'userid' => $id, 'domainstatus' => 'Pending']);
            $this->comet->changeAccount("c$id@example.com", ['CreateTime' => time() - 9 * self::DAY]);
        }
        Capsule::table(self::NOTICES)->update(['state' => 'sent']);

        // Each mail costs two, and there are twenty more.
        $this->assertSame($few + 20 * 2, $this->statements());
    }

    private function statements(): int
    {
        $this->daysPass();
        $log = new StatementLog();
        $this->inChild("return \$module->call('Reconcile', []);");

        return count($log->end());
    }
}
