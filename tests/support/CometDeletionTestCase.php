<?php

declare(strict_types=1);

// Accounts that wait for their deletion: terminated services, and days that pass.

namespace Tests\Support;

use Tests\Host\Host;
use Tests\Host\Mail;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class CometDeletionTestCase extends CometReconcileTestCase
{
    protected const DELETE = 'delete-user';
    protected const AFTER = 'configoption13';
    protected const NOTICE = 'configoption14';
    protected const TEMPLATE_NAME = 'Backup ends';
    protected const DAYS = 'mod_cometbackup_deletion_days';
    protected const NOTICES = 'mod_cometbackup_notices';

    /** A service whose account waits for its deletion. @param array<string, mixed> $row @param array<string, string> $settings */
    protected function terminated(int $days, array $row = [], array $settings = [], array $choices = []): Service
    {
        $service = $this->created($row, $settings + [self::AFTER => (string) $days], $choices);
        $this->assertSame('success', $this->module->terminate($service));

        return Host::service((int) $service->id);
    }

    /** With the mail template that the product names. @param array<string, string> $settings */
    protected function terminatedWithNotice(int $days, array $settings = []): Service
    {
        Host::addMailTemplate(['name' => self::TEMPLATE_NAME, 'message' => '{$backup_username} ends in {$deletion_days}, on {$deletion_date}']);

        return $this->terminated($days, [], [self::NOTICE => self::TEMPLATE_NAME] + $settings);
    }

    /** What is recorded happened that many days earlier. */
    protected function daysPass(int $days = 1): void
    {
        Capsule::table(self::ACCOUNTS)->update(['delete_asked_at' => Capsule::raw("delete_asked_at - INTERVAL $days DAY")]);
        // From the far end, so that no day meets another on its way.
        $order = $days > 0 ? '' : ' DESC';
        $shift = fn (string $table, string $set, string $order = '') => Capsule::schema()->hasTable($table)
            && Capsule::connection()->statement("UPDATE $table SET $set$order");
        $shift(self::DAYS, "day=day - INTERVAL $days DAY", " ORDER BY account_id, day$order");
        $shift(self::NOTICES, "tried_on=tried_on - INTERVAL $days DAY, sent_at=sent_at - INTERVAL $days DAY");
    }

    /** A daily run on each of so many days. */
    protected function dailyRuns(int $count): void
    {
        for ($day = 1; $day <= $count; $day++) {
            $this->daysPass();
            $this->reconcile();
        }
    }

    /** @return list<string> texts of the mails */
    protected function mails(): array
    {
        return array_column(Mail::sent(), 1);
    }

    protected function today(int $days = 0): string
    {
        return Capsule::connection()->selectOne("SELECT DATE_FORMAT(UTC_DATE() + INTERVAL $days DAY, '%Y-%m-%d') AS day")->day;
    }

    protected function assertLives(string $name = self::NAME): void
    {
        $this->assertContains($name, $this->comet->accountNames());
    }

    protected function assertDeleted(string $name = self::NAME, int $service = 200): void
    {
        $this->assertNotContains($name, $this->comet->accountNames());
        $this->assertSame('ended', $this->record($service)['state']);
    }
}
