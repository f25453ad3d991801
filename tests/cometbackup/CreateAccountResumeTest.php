<?php

declare(strict_types=1);

// Create broken after each single request, and run again: one account, one vault, right quotas.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class CreateAccountResumeTest extends CometTestCase
{
    private const STEPS = [
        self::NEW => ['policies/list', 'policies/set', self::ADD, self::REQUEST_VAULT, self::WRITE],
        self::OLD => ['policies/list', 'policies/set', self::ADD, self::REQUEST_VAULT, self::READ, self::WRITE],
    ];

    /** @dataProvider breaks */
    public function test_create_goes_on_where_it_broke(string $version, string $endpoint, array $fault): void
    {
        $this->world(['version' => $version]);
        $service = $this->plan();
        $rows = $this->whmcsNow();
        $this->comet->faultOn($endpoint, $fault);
        ini_set('whmcs_provisioning.request_timeout', '0.4');
        $first = $this->module->create($service);
        if ($first !== 'success') {
            $this->assertSentence($first);
            $this->assertSame($rows, $this->whmcsNow());
        }
        ini_set('whmcs_provisioning.request_timeout', '3');

        $this->assertSame('success', $this->module->create($service));

        $this->assertEndsRight($service);
        $this->assertNull(Capsule::table(self::JOURNAL)->whereNotNull('open_key')->value('id'));
    }

    /** @return iterable<string, array{string, string, array<string, mixed>}> */
    public static function breaks(): iterable
    {
        $faults = [
            'lost on the way' => ['fault' => 'drop'],
            'done, answer lost' => ['fault' => 'act_and_drop'],
            'HTTP 500' => ['fault' => 'status', 'status' => 500],
            'done, HTTP 502' => ['fault' => 'status', 'status' => 502, 'act' => true],
            'done, HTML in between' => ['fault' => 'html'],
            'done, answer cut' => ['fault' => 'truncate'],
            'done, too late' => ['fault' => 'delay', 'ms' => 400, 'when' => 'after'],
            'refused' => ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised']],
        ];
        foreach (self::STEPS as $version => $endpoints) {
            foreach ($endpoints as $endpoint) {
                $some = array_slice($faults, 0, $version === self::OLD ? 2 : null);
                foreach ($some as $what => $fault) {
                    yield "$version, $endpoint: $what" => [$version, $endpoint, $fault];
                }
            }
        }
    }

    /** @dataProvider endpointsToKeepBroken */
    public function test_a_request_that_is_broken_for_ever_ends_create_and_three_more_tries_make_no_second_account(
        string $endpoint,
        string $fault,
        bool $heals
    ): void {
        $service = $this->plan();
        $this->comet->faultOn($endpoint, ['fault' => $fault, 'status' => 500, 'times' => 0]);
        for ($try = 1; $try <= 3; $try++) {
            $asked = $this->during(function () use ($service, &$answer): void {
                $answer = $this->module->create($service);
            });
            $this->assertLessThanOrEqual(12, count($asked), implode(', ', $asked));
        }
        if ($heals) {
            $this->assertSame('success', $answer);
            $this->assertEndsRight($service);
            return;
        }
        $this->assertSentence($answer);
        $this->assertContains($this->comet->accountNames(), [[], [self::NAME]]);
        foreach ($this->comet->state()['accounts'] as $account) {
            $this->assertLessThanOrEqual(1, count($account['profile']['Destinations']));
        }
    }

    /** @return iterable<string, array{string, string, bool}> whether it was done all the same, and a read shows that */
    public static function endpointsToKeepBroken(): iterable
    {
        foreach (self::STEPS[self::NEW] as $endpoint) {
            yield "$endpoint: HTTP 500" => [$endpoint, 'status', false];
            yield "$endpoint: done, answer lost" => [$endpoint, 'act_and_drop', $endpoint !== 'policies/list'];
        }
    }

    /** The request was carried out after the client had given up on it and had asked: the next try knows it again. */
    public function test_an_account_that_comes_late_is_recognized_by_the_next_try(): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.4');
        $service = $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'delay', 'ms' => 700, 'when' => 'before']);
        $this->assertSentence($this->module->create($service), self::NAME);
        ini_set('whmcs_provisioning.request_timeout', '3');
        for ($tries = 0; $this->comet->accountNames() === [] && $tries < 500; $tries++) {
            usleep(10_000);
        }

        $this->assertSame('success', $this->module->create($service));

        $this->assertEndsRight($service);
        $this->assertNull(Capsule::table(self::JOURNAL)->where('state', 'unknown')->value('id'));
    }

    /** While the server cannot be reached nothing is decided. */
    public function test_a_lost_answer_is_settled_once_the_list_can_be_read(): void
    {
        $service = $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'act_and_drop']);
        $this->comet->faultOn('list-users', ['fault' => 'drop', 'times' => 4]);
        $this->assertSentence($this->module->create($service));
        $this->assertSame(['planned'], Capsule::table(self::ACCOUNTS)->pluck('state')->all());
        for ($try = 0; $try < 4; $try++) {
            $answer = $this->module->create($service);
        }

        $this->assertSame('success', $answer);
        $this->assertEndsRight($service);
        $this->assertCount(1, $this->comet->formsOf(self::ADD));
    }

    /** The request never arrived, and the name is another customer's. */
    public function test_a_lost_request_for_a_name_that_somebody_else_has_takes_nothing_over(): void
    {
        $other = ['Username' => self::NAME, 'CreateTime' => time() - 90 * 86400, 'Password' => 'Somebody-Else1'];
        $this->world(['accounts' => [$other]]);
        $before = $this->comet->account(self::NAME);
        $service = $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertCount(2, $this->comet->accountNames());
        $this->assertMatchesRegularExpression('/_\d{4}$/', $this->record()['username']);
    }

    public function test_a_lost_request_for_the_name_of_an_account_in_use_takes_nothing_over(): void
    {
        $other = ['Username' => self::NAME, 'Devices' => ['dev' => ['FriendlyName' => 'Laptop']]];
        $this->world(['accounts' => [$other]]);
        $before = $this->comet->account(self::NAME);
        $service = $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertNotSame(self::NAME, $this->record()['username']);
    }

    public function test_a_lost_request_for_the_name_of_a_fresh_account_of_somebody_else_takes_nothing_over(): void
    {
        $this->world(['accounts' => [['Username' => self::NAME, 'CreateTime' => time() - 900, 'Password' => 'Somebody-Else1']]]);
        $before = $this->comet->account(self::NAME);
        $service = $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'drop']);
        $this->module->create($service);
        $this->module->create($service);

        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertNotSame(self::NAME, $this->record()['username']);
    }

    /** PHP is killed while the answer is on its way: the row says `sent`. */
    public function test_a_process_that_died_behind_add_user_makes_no_second_account(): void
    {
        $service = $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'delay', 'ms' => 5000, 'when' => 'after']);
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . 'echo $module->create(Tests\Host\Host::service(200));';
        $child = ChildProcess::start($code, ['whmcs_provisioning.request_timeout' => '30']);
        for ($waited = 0; $this->comet->accountNames() === [] && $waited < 500; $waited++) {
            usleep(10_000);
        }
        $child->kill();
        $child->wait();

        $this->assertSame('success', $this->module->create($service));

        $this->assertEndsRight($service);
        $this->assertCount(1, $this->comet->formsOf(self::ADD));
    }

    public function test_two_creates_at_once_make_one_account(): void
    {
        $this->plan();
        $this->comet->faultOn(self::ADD, ['fault' => 'delay', 'ms' => 300]);
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . 'echo $module->create(Tests\Host\Host::service(200));';
        $children = [ChildProcess::start($code), ChildProcess::start($code)];
        $answers = array_map(fn (ChildProcess $child) => $child->wait()['output'], $children);

        $this->assertContains('success', $answers);
        $this->assertCount(1, $this->comet->accountNames(), implode(' | ', $answers));
        $this->assertSame('success', $this->module->create(Host::service(200)));
        $this->assertEndsRight(Host::service(200));
    }

    private function plan(): \WHMCS\Service\Service
    {
        $this->settings([self::POLICY => 'WHMCS_plan', self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, ['number_of_devices' => 3, 'protected_item_quota_gb' => 20, 'storage_vault_quota_tb' => 1]);

        return $service;
    }

    private function assertEndsRight(\WHMCS\Service\Service $service): void
    {
        $this->assertOnlyAccount(self::NAME);
        $profile = $this->comet->profile(self::NAME);
        $this->assertCount(1, $profile['Destinations']);
        $vault = current($profile['Destinations']);
        $this->assertSame(
            [3, true, 20 * self::GB, true, self::TB, 'WHMCS_plan', 'Ada Lovelace'],
            [
                $profile['MaximumDevices'], $profile['AllProtectedItemsQuotaEnabled'], $profile['AllProtectedItemsQuotaBytes'],
                $vault['StorageLimitEnabled'], $vault['StorageLimitBytes'], $profile['PolicyID'], $profile['AccountName'] ?? 'Ada Lovelace',
            ]
        );
        $this->assertSame(['WHMCS_plan'], array_keys($this->comet->policies()));
        $this->assertSame([self::NAME, self::PASSWORD], $this->login($service));
        $this->assertSame([self::NAME, 'created'], [$this->record()['username'], $this->record()['state']]);
        $this->assertSame($profile['CreationGUID'], $this->record()['creation_guid']);
        $this->assertSame(self::PASSWORD, $this->comet->account(self::NAME)['password']);
    }
}
