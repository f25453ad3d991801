<?php

declare(strict_types=1);

// The client area with ever more jobs, the daily import of usage with ever more accounts: time and memory.

namespace Tests\Bench;

use RuntimeException;
use Tests\Host\Module;
use Tests\Support\Numbers;
use Tests\Support\PhpFpm;
use WHMCS\Database\Capsule;

final class Growth
{
    private const JOBS = [10 => 9, 1000 => 9, 2000 => 9, 20_000 => 3];
    /** A call of a few milliseconds scatters more than one of seconds. */
    private const ACCOUNTS = [10 => 5, 1000 => 15, 100_000 => 5];
    /** One UPDATE for each account takes that long that the plain client does without the last. */
    private const MOST_PLAIN_ACCOUNTS = 1000;
    private const PLAIN_ROUNDS = 5;
    private const GB = 1 << 30;

    /** @return array<int, array<string, list<array<string, mixed>>>|string> by number of jobs and who; why there is no figure */
    public static function ofJobs(): array
    {
        return self::each(self::JOBS, self::withJobs(...));
    }

    /** @return array<int, array<string, list<array<string, mixed>>>|string> by number of accounts and who; why there is no figure */
    public static function ofAccounts(): array
    {
        return self::each(self::ACCOUNTS, self::withAccounts(...));
    }

    /** @param array<int, int> $sizes with the rounds of each @return array<int, array<string, list<array<string, mixed>>>|string> */
    private static function each(array $sizes, callable $measure): array
    {
        $measured = [];
        foreach ($sizes as $size => $rounds) {
            try {
                $measured[$size] = $measure($size, $rounds);
            } catch (RuntimeException $failure) {
                $measured[$size] = strtok($failure->getMessage(), "\n");
            }
        }

        return $measured;
    }

    /** @return array<string, list<array<string, mixed>>> by who */
    private static function withJobs(int $jobs, int $rounds): array
    {
        [$world, $fpm, $service, $name] = self::account();
        // The table of kept pages is made.
        $world->call($fpm, 'cometbackup', 'ClientArea', $service, 'ours');
        // Jobs from before the account would be another's.
        $world->comet->changeAccount($name, ['CreateTime' => time() - 60 * 86400]);
        $world->comet->faultOn('get-jobs-for-custom-search', self::jobs(10, $name) + ['times' => 6]);
        $world->comet->faultOn('get-jobs-for-custom-search', self::jobs($jobs, $name) + ['times' => 0]);
        $call = static function (string $who) use ($world, $fpm, $service): array {
            Capsule::table('mod_cometbackup_pages')->delete();

            return $world->call($fpm, 'cometbackup', 'ClientArea', $service, $who, ['page' => '1']);
        };
        array_map($call, ['ours', 'ours', 'ours', 'plain', 'plain', 'plain']);
        $floor = $world->cometFloor();
        $floor->fetch('get-jobs-for-custom-search');
        $measured = [];
        for ($round = 0; $round < $rounds; $round++) {
            $measured['ours'][] = $call('ours');
            $measured['plain'][] = $call('plain');
            $measured['floor'][] = ['ms' => $floor->fetch('get-jobs-for-custom-search')];
        }

        return $measured;
    }

    /** @return array<string, list<array<string, mixed>>> by who */
    private static function withAccounts(int $accounts, int $rounds): array
    {
        [$world, $fpm, $service, $name] = self::account();
        self::addServices($accounts, $service);
        $world->comet->faultOn('list-users-full', self::users(10, $world->comet->profile($name)) + ['times' => 1]);
        $world->comet->faultOn('list-users-full', self::users($accounts, $world->comet->profile($name)) + ['times' => 0]);
        $call = static fn (string $who): array => $world->call($fpm, 'cometbackup', 'UsageUpdate', $service, $who);
        $call('ours');
        $floor = $world->cometFloor();
        $measured = [];
        for ($round = 0; $round < $rounds; $round++) {
            $measured['ours'][] = self::checked($call('ours'), $accounts);
            $measured['floor'][] = ['ms' => $floor->fetch('list-users-full')];
            if ($accounts <= self::MOST_PLAIN_ACCOUNTS && $round < self::PLAIN_ROUNDS) {
                $measured['plain'][] = self::checked($call('plain'), $accounts);
            }
        }

        return $measured;
    }

    /** An active service with its account. @return array{World, PhpFpm, int, string} */
    public static function account(): array
    {
        $world = World::fresh();
        $fpm = $world->fpm();
        $service = Lives::begin('cometbackup');
        $world->call($fpm, 'cometbackup', 'CreateAccount', $service, 'ours');

        return [$world, $fpm, $service, (string) Capsule::table('tblhosting')->where('id', $service)->value('username')];
    }

    public static function usageUpdate(): Step
    {
        $store = static fn (string $name, int $used, int $limit): int => Capsule::table('tblhosting')
            ->where(['server' => Lives::SERVER, 'username' => $name])
            ->update(['diskusage' => $used, 'disklimit' => $limit, 'lastupdate' => date('Y-m-d H:i:s')]);

        return new Step(
            'UsageUpdate',
            static fn (PlainClient $plain) => $plain->usage($store),
            static fn (Module $module): array => [$module->serverParams(Lives::SERVER)]
        );
    }

    /** A figure of an import that imported nothing would be worth nothing. @param array<string, mixed> $measured @return array<string, mixed> */
    private static function checked(array $measured, int $accounts): array
    {
        $imported = Capsule::table('tblhosting')->where('diskusage', 2048)->where('disklimit', 51_200)->count();
        if ($imported !== $accounts) {
            throw new RuntimeException("UsageUpdate stored $imported of $accounts accounts.");
        }
        Capsule::table('tblhosting')->update(['diskusage' => 0, 'disklimit' => 0]);

        return $measured;
    }

    /** So many jobs of the last days, the oldest first. @return array<string, mixed> a fault; see tests/sandbox/repeat.rs */
    public static function jobs(int $count, string $name): array
    {
        // Six digits of number behind these make a time within the last 14 days.
        $million = intdiv(time() - 100_000, 1_000_000);
        $job = '{"GUID":"5f1c9e0a-77b2-4c53-9d0e-000000%n","Username":' . json_encode($name) . ',"Classification":4001,"Status":5000,'
            . "\"StartTime\":$million%n,\"EndTime\":$million%n,\"SourceGUID\":\"8f36a2d4-1c7e-4a55-b1d8-60f1f9a3c2e1\","
            . '"DestinationGUID":"c0ffee00-2b1d-4e8f-9a6c-7d5e4f3a2b1c","DeviceID":"4be3a2f19c0d8e7f6a5b4c3d2e1f0a9b","ClientVersion":"25.9.6",'
            . '"TotalDirectories":312,"TotalFiles":48211,"TotalSize":5368709120,"TotalChunks":9150,"UploadSize":31457280,"DownloadSize":90000,'
            . '"RetryCount":0,"TotalVmCount":0,"TotalMailsCount":0,"TotalSitesCount":0,"TotalAccountsCount":0,"CancellationID":""}';

        return ['fault' => 'repeat', 'count' => $count, 'start' => '[', 'item' => $job, 'end' => ']'];
    }

    /** @param array<string, mixed> $profile @return array<string, mixed> a fault; see tests/sandbox/repeat.rs */
    private static function users(int $count, array $profile): array
    {
        $vault = ['StorageLimitEnabled' => true, 'StorageLimitBytes' => 50 * self::GB,
            'Statistics' => ['ClientProvidedSize' => ['Size' => 2 * self::GB, 'MeasureStarted' => time() - 60, 'MeasureCompleted' => time()]]];
        $profile['Destinations'] = array_map(static fn (array $one): array => $vault + $one, $profile['Destinations']);
        $profile = ['Username' => 'user%n', 'CreationGUID' => 'guid-%n'] + $profile;

        return ['fault' => 'repeat', 'count' => $count, 'start' => '{', 'item' => '"user%n":' . json_encode($profile), 'end' => '}'];
    }

    /** Active services with recorded accounts, in two statements. */
    private static function addServices(int $count, int $like): void
    {
        $last = $count - 1;
        Capsule::table('tblhosting')->where('id', $like)->update(['domainstatus' => 'Terminated']);
        $columns = array_diff(Capsule::schema()->getColumnListing('tblhosting'), ['id', 'username', 'domainstatus']);
        $columns = implode(',', array_map(static fn (string $column): string => "`$column`", $columns));
        Capsule::connection()->statement("INSERT INTO tblhosting (id, username, domainstatus, $columns)
            SELECT 1000 + seq, CONCAT('user', LPAD(seq, 6, '0')), 'Active', $columns FROM tblhosting JOIN " . Numbers::table(0, $last) . " WHERE id=$like");
        $server = Lives::SERVER;
        Capsule::connection()->statement("INSERT INTO mod_cometbackup_accounts (service_id, addon_id, server_id, username, creation_guid,
              state, owner_key, name_key, planned_at, created_at)
            SELECT 1000 + seq, 0, $server, CONCAT('user', LPAD(seq, 6, '0')), CONCAT('guid-', LPAD(seq, 6, '0')), 'created',
              CONCAT('service:', 1000 + seq), CONCAT('$server:user', LPAD(seq, 6, '0')), UTC_TIMESTAMP(), UTC_TIMESTAMP()
            FROM " . Numbers::table(0, $last));
    }
}
