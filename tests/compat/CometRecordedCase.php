<?php

declare(strict_types=1);

// One recorded case of cometbackup: the world it begins with, made here, and the calls of WHMCS.

namespace Tests\Compat;

use Tests\Host\Host;
use Tests\Support\CometSandbox;
use WHMCS\Database\Capsule;

final class CometRecordedCase
{
    /** Where the recordings say `<server …>`; the wrong server has this password. */
    private const WRONG = 'wrong';
    /** What a browser asks for. */
    private const PAGES = '/^(clientarea|download|sso)-/';

    private static ?int $midnight = null;

    /** @param array<string, mixed> $record @param array<string, mixed> $standard */
    private function __construct(private readonly array $record, private readonly array $standard)
    {
    }

    /** @return array<string, self> cases of functions that WHMCS calls by itself, by name */
    public static function functions(): array
    {
        return array_filter(self::all(), static fn (self $case): bool => !preg_match(self::PAGES, $case->name()));
    }

    /** @return array<string, self> cases of pages whose name begins so, by name */
    public static function pages(string $group): array
    {
        return array_filter(self::all(), static fn (self $case): bool => str_starts_with($case->name(), "$group-"));
    }

    /** @return array<string, self> by name */
    public static function all(): array
    {
        $file = json_decode((string) file_get_contents(__DIR__ . '/cometbackup-cases.json'), true, 64, JSON_THROW_ON_ERROR);
        $records = array_column($file['cases'], null, 'name');
        $cases = [];
        foreach ($records as $name => $record) {
            foreach ($record['calls'] as &$call) {
                if (is_string($call['params'])) {
                    $call['params'] = $records[substr($call['params'], strlen('as in '))]['calls'][0]['params'];
                }
            }
            unset($call);
            $cases[$name] = new self($record, $file['standard profile']);
        }

        return $cases;
    }

    public function name(): string
    {
        return $this->record['name'];
    }

    /** @return list<array<string, mixed>> */
    public function calls(): array
    {
        return $this->record['calls'];
    }

    public function isByHttps(): bool
    {
        return ($this->record['given']['server'] ?? null) === 2;
    }

    /** @return array<string, array<string, mixed>> accounts before */
    public function accountsGiven(): array
    {
        return $this->record['given']['accounts'] ?? [];
    }

    /** @return array<string, array<string, mixed>> accounts new or changed, with their password */
    public function accountsAtTheEnd(): array
    {
        return $this->record['accounts new or changed at the end'] ?? [];
    }

    /** @return list<string> */
    public function accountsGone(): array
    {
        return $this->record['accounts gone at the end'] ?? [];
    }

    /** @return array<string, mixed> */
    public function policiesAtTheEnd(): array
    {
        return ($this->record['policies at the end'] ?? []) + ($this->record['given']['policies'] ?? []);
    }

    /** @return list<array<string, mixed>> with times of today */
    public function jobsGiven(): array
    {
        return self::today($this->record['given']['jobs'] ?? []);
    }

    /** Recorded times count hours from midnight. */
    public static function today(mixed $recorded): mixed
    {
        if (is_array($recorded)) {
            return array_map(self::today(...), $recorded);
        }
        $isTime = is_string($recorded) && preg_match('/^<midnight UTC - (\d+) h>$/', $recorded, $hours);

        self::$midnight ??= intdiv(time(), 86400) * 86400;

        return $isTime ? self::$midnight - $hours[1] * 3600 : $recorded;
    }

    public function server(): int
    {
        return (int) $this->record['given']['server'];
    }

    /** @param array<string, mixed> $settings besides those of the case */
    public function prepareSandbox(CometSandbox $comet, array $settings = []): void
    {
        $ownEach = array_flip(['Username', 'CreateTime', 'CreationGUID', 'PasswordHash', 'PasswordRecovery']);
        $accounts = [];
        foreach ($this->accountsGiven() as $name => $values) {
            $own = ['Username' => $name, 'Password' => $this->passwordBefore($name), 'CreateTime' => $this->standard['CreateTime']];
            $accounts[] = $own + $values;
        }
        $comet->reset($settings + [
            'version' => '26.1.0',
            'as_written' => true,
            'new_profile' => self::maps(array_diff_key($this->standard, $ownEach)),
            'accounts' => $accounts,
            'policies' => array_map(self::group(...), $this->record['given']['policies'] ?? []),
            'templates' => $this->record['given']['storage templates'] ?? [],
            'jobs' => $this->jobsGiven(),
            'download_bytes' => 5000,
            'download_disposition' => '',
            'guids' => ['11111111-2222-3333-4444-555555555555', '39a419b0-d0af-7570-6483-07a7bf9aa7f0'],
            'errors' => [
                'unknown_user' => ['Status' => 500, 'Message' => 'User not found'],
                'unauthorised' => ['Status' => 403, 'Message' => 'Access denied: incorrect username or password'],
            ],
        ]);
    }

    public function passwordBefore(string $name): string
    {
        $calls = array_column($this->calls(), 'function');
        $end = $this->accountsAtTheEnd()[$name]['password'] ?? "initial-pass-$name";

        return in_array('cometbackup_ChangePassword', $calls, true) ? "initial-pass-$name" : $end;
    }

    /** Rows besides client 10, product 20 and server 1, which the test case has made. */
    public function prepareRows(?string $status): void
    {
        $service = $this->record['given']['service (tblhosting)'] ?? null;
        if ($service === null) {
            return;
        }
        Capsule::table('tblservers')->where('id', 1)->update(['id' => $service['server']]);
        Capsule::table('tblproducts')->where('id', 20)->update(['id' => $service['packageid']]);
        if ($service['userid'] !== '10') {
            Host::addClient(['id' => $service['userid']]);
        }
        // The PHP module's Create was recorded without WHMCS's part, which sets the status.
        // Its account was made on the day of the order.
        $registered = ['regdate' => gmdate('Y-m-d', $this->standard['CreateTime'])];
        Host::addService(array_filter(['domainstatus' => $status]) + $service + $registered);
        foreach (['Username' => 31, 'Password' => 32] as $field => $id) {
            $value = $this->record['given']['custom fields of the service'][$field] ?? null;
            if ($value !== null) {
                $values = [$service['id'] => $value];
                Host::addCustomField(['id' => $id, 'relid' => $service['packageid'], 'fieldname' => $field], $values);
            }
        }
    }

    /** @param array<string, mixed> $call @return array<string, mixed> as here, with our server */
    public function params(array $call, CometSandbox $comet): array
    {
        $params = array_diff_key($call['params'], ['model' => 1]);
        $params = self::here($params, $comet);
        if (isset($params['serverport'])) {
            $params['serverport'] = (int) $params['serverport'] === 33443 ? $comet->httpsPort() : $comet->port();
        }
        if (str_contains($params['serverhostname'] ?? '', '://')) {
            unset($params['serverport']);
        }

        return $params;
    }

    /** @return array<string, array<int, array<string, mixed>>> rows of WHMCS as the recordings show them */
    public static function rows(): array
    {
        $free = array_flip(['created_at', 'updated_at', 'regdate', 'nextduedate', 'billingcycle', 'paymentmethod', 'lastupdate', 'qty']);
        $tables = [];
        foreach (['tblhosting', 'tblcustomfields', 'tblcustomfieldsvalues', 'tblproducts'] as $table) {
            foreach (Capsule::table($table)->get()->all() as $row) {
                $row = array_diff_key((array) $row, $free);
                if ($table === 'tblhosting') {
                    $row['password'] = decrypt($row['password']);
                }
                $row = array_map('strval', array_filter($row, fn (mixed $v) => !in_array($v, [null, '', '0', 0, '0.00', '0000-00-00'], true)));
                ksort($row);
                $tables[$table][$row['id']] = $row;
            }
        }

        return $tables;
    }

    /** What Comet has as a map is `[]` in PHP where it is empty. @param array<string, mixed> $profile */
    public static function maps(array $profile): array
    {
        foreach (['BackupRules', 'Destinations', 'Devices', 'OverrideEmailSettings', 'Sources'] as $map) {
            $profile[$map] = (object) ($profile[$map] ?? []);
        }

        return $profile;
    }

    /** @param array<string, mixed> $recorded @return array<string, mixed> with what our server has in place of marks */
    public static function here(array $recorded, CometSandbox $comet): array
    {
        array_walk_recursive($recorded, static function (mixed &$value) use ($comet): void {
            $value = is_string($value) ? strtr($value, [
                '<server password>' => CometSandbox::PASSWORD,
                '<server username>' => CometSandbox::ADMIN,
                '<server address>' => $comet->address(),
                ':33060' => ':' . $comet->port(),
                'comet.test' => '127.0.0.1',
            ]) : $value;
        });

        return $recorded;
    }

    /** @param array<string, mixed> $policy @return array<string, mixed> */
    private static function group(array $policy): array
    {
        return ['Policy' => (object) $policy['Policy']] + $policy;
    }
}
