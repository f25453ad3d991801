<?php

declare(strict_types=1);

// Every recorded case of a function of the PHP module cometbackup, run here: the same end at Comet and in WHMCS's rows.

namespace Tests\Compat;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;

final class CometRecordedCasesTest extends CometTestCase
{
    /** Written at every Create; the PHP module left them as the server created them. */
    private const GREETING = ['AccountName', 'Emails', 'LanguageCode'];
    /** Of a vault, what the module and the template decide; the rest is the sandbox's own. */
    private const OF_VAULT = ['CometServer', 'Description', 'DestinationType', 'StorageLimitBytes', 'StorageLimitEnabled'];

    /**
     * Where we end otherwise on purpose. `rows`: what WHMCS holds instead; `settings`: the module settings with which
     * the end is the recorded one; `status`: of the service; `further`: keys that come on top; `by`: who records the
     * account before, because a customer's change of the password never does.
     */
    private const DEVIATIONS = [
        'create-short-password' => ['rows' => [], 'reason' => 'a failed Create leaves WHMCS as it was'],
        'create-403' => ['rows' => [], 'reason' => 'a failed Create leaves WHMCS as it was'],
        'package-up' => self::PACKAGE,
        'package-tb' => self::PACKAGE,
        'suspend-ok' => self::ADOPTED,
        'suspend-twice' => self::ADOPTED,
        'unsuspend-ok' => self::ADOPTED,
        'terminate-ok' => self::ADOPTED,
        'password-ok' => ['by' => 'the daily run'] + self::ADOPTED,
        'password-custom-field' => ['by' => 'staff'] + self::ADOPTED,
        'password-custom-new' => ['by' => 'staff'] + self::ADOPTED,
        'metadata' => ['further' => true, 'reason' => 'single sign-on labels and the fields of Server Sync'],
        'configoptions' => ['further' => true, 'reason' => 'settings 5 and up are new; 1 to 4 are the recorded ones'],
    ];
    private const ADOPTED = [
        'status' => 'Active',
        'reason' => 'a pending service has no account yet; WHMCS itself sets Active once Create has succeeded',
    ];
    private const PACKAGE = [
        'status' => 'Active',
        'settings' => [self::UNSET_LIMITS => 'reset', self::VAULT_QUOTA => 'all'],
        'reason' => 'what is not set is left, and the vault of the plan is meant, unless settings 5 and 6 say otherwise',
    ];

    /** @return iterable<string, array{CometRecordedCase}> */
    public static function cases(): iterable
    {
        foreach (CometRecordedCase::functions() as $name => $case) {
            yield $name => [$case];
        }
    }

    /** @dataProvider cases */
    public function test_a_recorded_case_ends_as_recorded(CometRecordedCase $case): void
    {
        $deviation = self::DEVIATIONS[$case->name()] ?? [];
        $this->settings($deviation['settings'] ?? []);
        $case->prepareSandbox($this->comet);
        $case->prepareRows($deviation['status'] ?? null);
        $policies = $this->comet->policies();
        $this->recordBy($deviation['by'] ?? '', $case);
        foreach ($case->calls() as $number => $call) {
            $where = "{$case->name()}, call $number";
            $before = CometRecordedCase::rows();
            $params = $case->params($call, $this->comet);
            $service = isset($params['serviceid']) ? Host::service((int) $params['serviceid']) : null;
            if (preg_match('/_\d{4}$/', (string) $service?->username)) {
                $params['username'] = $service->username;
            }

            $answer = $this->answer($case, substr($call['function'], strlen('cometbackup_')), $params);

            $this->assertAnswer($call['returns'], $answer, $deviation, $where);
            $rows = $deviation['rows'] ?? $call['rows new or changed'] ?? [];
            if (isset($deviation['status'], $rows['tblhosting'])) {
                $rows['tblhosting'][0]['domainstatus'] = $deviation['status'];
            }
            $this->assertRows($rows, $before, $where);
        }
        $this->assertAccounts($case);
        $this->assertEquals($case->policiesAtTheEnd(), $this->comet->policies(), $case->name());
        $this->assertSame($policies, array_intersect_key($this->comet->policies(), $policies));
    }

    public function test_the_table_of_deviations_names_recorded_cases_only(): void
    {
        $names = array_keys(CometRecordedCase::functions());
        $this->assertCount(40, $names);
        $this->assertSame([], array_diff(array_keys(self::DEVIATIONS), $names));
    }

    private function recordBy(string $who, CometRecordedCase $case): void
    {
        if ($who === 'the daily run') {
            $this->module->call('Reconcile', []);
        } elseif ($who === 'staff') {
            $service = Host::service((int) $case->calls()[0]['params']['serviceid']);
            $this->assertSentence($this->module->custom($service, 'CheckAccount'), 'press Check at Comet to record it');
            $this->assertSame('success', $this->module->custom($service, 'CheckAccount'));
        }
    }

    /** @param array<string, mixed> $params */
    private function answer(CometRecordedCase $case, string $function, array $params): mixed
    {
        if ($case->isByHttps()) {
            return $this->answerOfChild($function, $params);
        }
        if (isset($params['serviceid'])) {
            $params = $this->module->paramsFor(Host::service((int) $params['serviceid']), $params);
        }

        return $this->module->call($function, $params);
    }

    /** The file with the certificate authority is a setting of the process. @param array<string, mixed> $params */
    private function answerOfChild(string $function, array $params): mixed
    {
        $given = var_export($params, true);
        $params = isset($params['serviceid'])
            ? "\$module->paramsFor(Tests\\Host\\Host::service({$params['serviceid']}), $given)" : $given;
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true)
            . "); echo json_encode(\$module->call('$function', $params));";
        $end = ChildProcess::start($code, ['whmcs_provisioning.ca_file' => $this->comet->caFile()])->wait();
        $this->assertSame(['', 0], [$end['errors'], $end['exit']]);
        $this->assertTrue($this->comet->requests()[0]['tls']);

        return json_decode($end['output'], true);
    }

    private function assertAnswer(mixed $recorded, mixed $answer, array $deviation, string $where): void
    {
        if (isset($recorded['message'])) {
            $this->assertSentence($answer);
        } elseif (isset($recorded['success'])) {
            $this->assertSame($recorded['success'], $answer['success'], $where);
            $this->assertSame(isset($recorded['error']), ($answer['error'] ?? '') !== '', $where);
        } elseif (isset($deviation['further'])) {
            $ours = array_slice($answer, 0, count($recorded));
            foreach ($recorded as $name => $value) {
                // The texts of notes are free.
                $free = is_array($value) ? array_flip(['Description', 'FriendlyName']) : [];
                $this->assertEquals(
                    is_array($value) ? array_diff_key($value, $free) : $value,
                    is_array($value) ? array_diff_key($ours[$name], $free) : $ours[$name],
                    "$where: $name"
                );
            }
        } elseif (is_array($recorded)) {
            $this->assertSame(self::withUnique($recorded), self::withUnique($answer), $where);
        } else {
            $this->assertSame($recorded, $answer, $where);
        }
    }

    /** @param array<string, array<int, array<string, mixed>>> $before */
    private function assertRows(array $recorded, array $before, string $where): void
    {
        $changes = [];
        foreach (CometRecordedCase::rows() as $table => $rows) {
            foreach ($rows as $id => $row) {
                if ($row !== ($before[$table][$id] ?? null)) {
                    $changes[$table][] = self::comparable($row);
                }
            }
        }
        $expected = array_map(fn (array $rows) => array_map(self::comparable(...), $rows), $recorded);
        ksort($expected);
        ksort($changes);
        $this->assertEquals($expected, $changes, $where);
    }

    private function assertAccounts(CometRecordedCase $case): void
    {
        $expected = array_diff_key($case->accountsGiven(), array_flip($case->accountsGone()));
        $names = array_map(self::withoutSuffix(...), array_keys($case->accountsAtTheEnd() + $expected));
        $ours = array_map(self::withoutSuffix(...), $this->comet->accountNames());
        sort($names);
        sort($ours);
        $this->assertSame($names, $ours, $case->name());
        foreach ($this->comet->state()['accounts'] as $real => $account) {
            $recorded = [];
            foreach ($case->accountsAtTheEnd() as $name => $values) {
                $recorded = self::withoutSuffix($name) === self::withoutSuffix($real) ? $values : $recorded;
            }
            $this->assertSame($recorded['password'] ?? $case->passwordBefore($real), $account['password'], $real);
            $changed = array_diff_key($recorded, ['password' => 1, 'Destinations' => 1]) + ($case->accountsGiven()[$real] ?? []);
            foreach ($changed as $field => $value) {
                if ($field !== 'Destinations') {
                    $this->assertEquals($value, $account['profile'][$field], "$real: $field");
                }
            }
            foreach (['MaximumDevices' => 0, 'AllProtectedItemsQuotaBytes' => 0, 'PolicyID' => '', 'IsSuspended' => false] as $field => $value) {
                $this->assertSame($changed[$field] ?? $value, $account['profile'][$field], "$real: $field");
            }
            $this->assertVaults($recorded['Destinations'] ?? [], $account['profile']['Destinations'], $real);
            $fresh = !isset($case->accountsGiven()[$real]);
            $this->assertSame($fresh ? ['Europe/Berlin', false] : [], $fresh
                ? [$account['profile']['LocalTimezone'], $account['profile']['SendEmailReports']] : []);
            $this->assertSame([], array_diff(self::GREETING, array_keys($account['profile'])));
        }
    }

    private function assertVaults(array $recorded, array $ours, string $where): void
    {
        $this->assertSame(array_keys($recorded), array_keys($ours), $where);
        foreach ($recorded as $id => $vault) {
            foreach (array_intersect_key($vault, array_flip(self::OF_VAULT)) as $field => $value) {
                $value = is_string($value) ? str_replace('<server address>', $this->comet->address(), $value) : $value;
                $this->assertSame($value, $ours[$id][$field], "$where: $field of $id");
            }
        }
    }

    /** @return list<array{string, string}> */
    private static function withUnique(array $choices): array
    {
        $plain = fn (int|string $text): string => preg_replace('/WHMCS_[\w<>-]+/', 'WHMCS_', (string) $text);
        $pairs = array_map(fn (int|string $id, string $label) => [$plain($id), $plain($label)], array_keys($choices), $choices);
        sort($pairs);

        return $pairs;
    }

    /** @return array<string, string> with the names of rows made comparable */
    private static function comparable(array $row): array
    {
        $row = array_map('strval', $row);
        if (isset($row['username'])) {
            $row['username'] = self::withoutSuffix($row['username']);
        }

        return $row;
    }

    /** A suffix, and the number behind a first name, differ. */
    private static function withoutSuffix(string $name): string
    {
        return preg_replace(['/_(\d{4}|NNNN)$/', '/^eve(\d+|NNN)$/'], ['_NNNN', 'eveNNN'], $name);
    }
}
