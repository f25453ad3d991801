<?php

declare(strict_types=1);

// A service whose product sends notices of failing backups and full quotas.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Service\Service;

abstract class BackupNoticeTestCase extends CometDeletionTestCase
{
    protected const OVERDUE = 'configoption15';
    protected const BACKUP_NOTICE = 'configoption16';
    protected const FAILS = 'Backup fails';
    protected const DAY = 86_400;

    /** A service in use whose product tells of failing backups. @param array<string, string> $settings */
    protected function sold(int $days, string $way = self::FAILS, array $settings = []): Service
    {
        Host::addMailTemplate([
            'name' => self::FAILS,
            'message' => '{$backup_username}: {$backup_problem}|{$backup_since}|{$backup_item}|{$backup_device}|{$backup_percent}',
        ]);
        $service = $this->created([], [self::OVERDUE => (string) $days, self::BACKUP_NOTICE => $way] + $settings);
        $this->setStatus('Active');
        // Its tables, and which server it is.
        $this->reconcile();

        return $service;
    }

    /** What the server keeps of the jobs of one item; a server of today the last good one as well. */
    protected function backups(?int $good = null, ?int $failed = null): void
    {
        $job = static fn (int $status, int $at): array => ['Status' => $status, 'StartTime' => $at, 'EndTime' => $at];
        $statistics = $good === null ? [] : ['LastSuccessfulBackupJob' => $job(5000, $good), 'LastBackupJob' => $job(5000, $good)];
        if ($failed !== null) {
            $statistics['LastBackupJob'] = $job(7002, $failed);
        }
        $this->comet->changeAccount(self::NAME, [
            'Devices' => ['d1' => ['FriendlyName' => 'LAPTOP']],
            'Sources' => ['s1' => [
                'Engine' => 'engine1/file', 'Description' => 'Documents <b>b', 'OwnerDevice' => 'd1', 'Statistics' => null,
            ]],
        ]);
        $this->comet->changeAccount(self::NAME, ['Sources' => ['s1' => ['Statistics' => $statistics]]]);
    }
}
