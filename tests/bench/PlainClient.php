<?php

declare(strict_types=1);

// A provisioning module as such PHP modules are written: a new cURL handle for each call, one call after the other,
// json_decode, every job made ready for the page. Where the PHP modules have no such function: our calls in that manner.

namespace Tests\Bench;

use RuntimeException;

final class PlainClient
{
    private const COMET = '/api/v1/admin/';
    private const STATUSES = [5000 => 'Success', 6001 => 'Running', 7000 => 'Timeout', 7001 => 'Warning', 7002 => 'Error',
        7003 => 'Quota Exceeded', 7004 => 'Missed', 7005 => 'Cancelled'];
    private const KINDS = [4001 => 'Backup', 4002 => 'Restore', 4003 => 'Retention', 4006 => 'Re-measure'];

    /** @param array<string, string> $login fields of each request to Comet */
    public function __construct(
        private readonly string $comet,
        private readonly array $login,
        private readonly string $jetpack,
        private readonly string $token,
        private readonly string $caFile
    ) {
    }

    /** @param array<string, string> $fields */
    public function comet(string $endpoint, array $fields = []): array
    {
        return $this->send('POST', $this->comet . self::COMET . $endpoint, http_build_query($fields + $this->login));
    }

    /** @param array<string, mixed> $body */
    public function jetpack(string $method, string $path, array $body = []): array
    {
        return $this->send(
            $method,
            $this->jetpack . $path,
            $body === [] ? null : json_encode($body),
            ['Content-Type: application/json', "Authorization: Bearer $this->token"]
        );
    }

    /** An account with a policy of its own and a vault: seven calls. */
    public function create(string $name, string $password, string $policy, string $template): void
    {
        $this->comet('get-user-profile', ['TargetUser' => $name]);
        if (!isset($this->comet('policies/get', ['PolicyID' => $policy])['PolicyHash'])) {
            $group = ['Description' => $policy, 'Policy' => ['PreventDeleteStorageVault' => true]];
            $this->comet('policies/set', ['PolicyID' => $policy, 'Policy' => json_encode($group)]);
        }
        $this->comet('add-user', ['TargetUser' => $name, 'TargetPassword' => $password, 'StoreRecoveryCode' => '1']);
        $vault = ['TargetUser' => $name, 'StorageProvider' => $template, 'SelfAddress' => "$this->comet/"];
        $this->comet('request-storage-vault', $vault);
        $this->edit($name, ['PolicyID' => $policy, 'MaximumDevices' => 3]);
    }

    /** @param array<string, mixed> $change */
    public function edit(string $name, array $change): void
    {
        $read = $this->comet('get-user-profile-and-hash', ['TargetUser' => $name]);
        $this->comet('set-user-profile-hash', ['TargetUser' => $name, 'RequireHash' => $read['ProfileHash'],
            'ProfileData' => json_encode($change + $read['Profile'])]);
    }

    /** @return array<string, mixed> variables of the page */
    public function clientArea(string $name): array
    {
        $profile = $this->comet('get-user-profile-and-hash', ['TargetUser' => $name])['Profile'];
        $clauses = [
            ['ClauseType' => '', 'RuleField' => 'BackupJobDetail.Username', 'RuleOperator' => 'str_eq', 'RuleValue' => $name],
            ['ClauseType' => '', 'RuleField' => 'BackupJobDetail.StartTime', 'RuleOperator' => 'int_gt',
                'RuleValue' => (string) (time() - 14 * 86400)],
        ];
        $query = json_encode(['ClauseType' => 'and', 'ClauseChildren' => $clauses]);
        $jobs = $this->comet('get-jobs-for-custom-search', ['Query' => $query]);
        foreach ($jobs as &$job) {
            $job = ['Classification' => self::KINDS[$job['Classification']] ?? 'Unknown',
                'Status' => self::STATUSES[$job['Status']] ?? 'Unknown',
                'StartTime' => date('Y-m-d h:i:s', $job['StartTime']), 'EndTime' => date('Y-m-d h:i:s', $job['EndTime']),
                'TotalSize' => self::size($job['TotalSize']), 'UploadSize' => self::size($job['UploadSize']),
                'DownloadSize' => self::size($job['DownloadSize']),
                'DeviceName' => $profile['Devices'][$job['DeviceID']]['FriendlyName'] ?? 'Unknown',
                'SourceDescription' => $profile['Sources'][$job['SourceGUID']]['Description'] ?? ''] + $job;
        }

        return ['userProfile' => $profile, 'getJobsForUser' => $jobs, 'MaximumDevices' => $profile['MaximumDevices']];
    }

    /** One UPDATE for each account, as the sample module of WHMCS has it. @param callable $store gets name, used and limit in MB */
    public function usage(callable $store): void
    {
        foreach ($this->comet('list-users-full') as $name => $profile) {
            $used = $limit = 0;
            foreach ($profile['Destinations'] as $vault) {
                $used += $vault['Statistics']['ClientProvidedSize']['Size'] ?? 0;
                $limit += $vault['StorageLimitEnabled'] ? $vault['StorageLimitBytes'] : 0;
            }
            $store((string) $name, intdiv($used, 1 << 20), intdiv($limit, 1 << 20));
        }
    }

    /** @param list<string> $headers */
    private function send(string $method, string $url, ?string $body, array $headers = []): array
    {
        $handle = curl_init($url);
        curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_CUSTOMREQUEST => $method, CURLOPT_TIMEOUT => 60,
            CURLOPT_HTTPHEADER => $headers, CURLOPT_CAINFO => $this->caFile] + ($body === null ? [] : [CURLOPT_POSTFIELDS => $body]));
        $answer = curl_exec($handle);
        if ($answer === false) {
            throw new RuntimeException("$method $url: " . curl_error($handle));
        }

        return (array) json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
    }

    private static function size(int $bytes): string
    {
        $power = $bytes > 0 ? min(4, (int) floor(log($bytes, 1024))) : 0;

        return $power === 0 ? "$bytes bytes" : number_format($bytes / 1024 ** $power, 2) . ' ' . ['', 'KB', 'MB', 'GB', 'TB'][$power];
    }
}
