<?php

declare(strict_types=1);

// The backups of a year: one a day for each protected item, and how each ended.

namespace Tests\Workbench;

final class Jobs
{
    private const GOOD = 5000;
    private const WARNING = 7001;
    private const ERROR = 7002;
    private const QUOTA = 7003;
    private const MISSED = 7004;

    private const DAYS = 365;

    /** @return list<array<string, mixed>> */
    public static function ofAYear(): array
    {
        $jobs = [];
        foreach (Accounts::BACKUPS as $name => $items) {
            foreach ($items as [$id, , $device, $course]) {
                // A year for the first client; for the others what a page shows, so that the sandbox stays quick.
                for ($ago = $name === 'ada-office' ? self::DAYS : 20; $ago >= 0; $ago--) {
                    $status = self::status($course, $ago);
                    if ($status !== null) {
                        $jobs[] = self::job($name, $id, $device, $ago, $status);
                    }
                }
            }
        }

        return $jobs;
    }

    /** The last jobs as the profile keeps them. @return array<string, mixed> */
    public static function statistics(string $name, string $item, string $device, string $course): array
    {
        $find = static function (callable $fits) use ($name, $item, $device, $course): ?array {
            for ($ago = 0; $ago <= self::DAYS; $ago++) {
                $status = self::status($course, $ago);
                if ($status !== null && $fits($status)) {
                    return self::job($name, $item, $device, $ago, $status);
                }
            }

            return null;
        };

        return array_filter([
            'LastBackupJob' => $find(static fn (int $status): bool => true),
            'LastSuccessfulBackupJob' => $find(static fn (int $status): bool => $status === self::GOOD),
        ]);
    }

    /** How the job so many days ago ended; null where there was none. */
    private static function status(string $course, int $ago): ?int
    {
        return match ($course) {
            'warnings' => $ago % 5 === 1 ? self::WARNING : self::GOOD,
            // The device is switched off.
            'unseen' => $ago < 4 ? null : self::GOOD,
            'failing' => $ago < 6 ? self::ERROR : self::GOOD,
            'quota' => $ago < 2 ? self::QUOTA : self::GOOD,
            'missed' => $ago % 3 === 0 ? self::MISSED : self::GOOD,
            default => $ago % 90 === 40 ? self::ERROR : self::GOOD,
        };
    }

    /** @return array<string, mixed> */
    private static function job(string $name, string $item, string $device, int $ago, int $status): array
    {
        // Last night at half past one.
        $begun = intdiv(time() - 2 * 3600, Accounts::DAY) * Accounts::DAY - $ago * Accounts::DAY + 5400;
        $isGood = $status === self::GOOD || $status === self::WARNING;

        return [
            'GUID' => "job-$item-$ago", 'Username' => $name, 'Classification' => 4001, 'Status' => $status,
            'StartTime' => $begun, 'EndTime' => $begun + ($status === self::MISSED ? 0 : 600 + 37 * ($ago % 11)),
            'SourceGUID' => $item, 'DestinationGUID' => "vault-$name", 'DeviceID' => $device, 'ClientVersion' => '25.9.6',
            'TotalFiles' => $isGood ? 48_000 + $ago : 0, 'TotalSize' => $isGood ? 12_000_000_000 + $ago * 1_000_000 : 0,
            'UploadSize' => $isGood ? 90_000_000 + $ago * 1000 : 0, 'DownloadSize' => $isGood ? 4096 : 0,
        ];
    }
}
