<?php

declare(strict_types=1);

// Every function against every kind of bad answer: one sentence each, no warning, no exception, nothing lost.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use Tests\Support\Front;
use WHMCS\Database\Capsule;

/** @group slow */
final class BadAnswersTest extends CometTestCase
{
    private const FUNCTIONS = [
        'CreateAccount' => 'add-user',
        'SuspendAccount' => self::READ,
        'UnsuspendAccount' => self::READ,
        'TerminateAccount' => 'delete-user',
        'ChangePackage' => self::READ,
        'ChangePassword' => 'reset-user-password',
        'CheckAccount' => self::READ,
    ];

    private const ERROR = ['Status' => 500, 'Message' => ''];
    private const ANSWERS = [
        'HTML' => ['fault' => 'html'],
        'HTML with 502' => ['fault' => 'html', 'status' => 502],
        'nothing' => ['fault' => 'status', 'status' => 200],
        'HTTP 500 without body' => ['fault' => 'status', 'status' => 500],
        'HTTP 404 from a router' => ['fault' => 'status', 'status' => 404, 'body' => "404 page not found\n"],
        'an error object' => ['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised']],
        'an error without words' => ['fault' => 'json', 'body' => self::ERROR],
        'an error with null for words' => ['fault' => 'json', 'body' => ['Message' => null] + self::ERROR],
        'an error with a status of HTTP' => ['fault' => 'json', 'status' => 403, 'body' => ['Status' => 403, 'Message' => 'No']],
        'a text that breaks off' => ['fault' => 'status', 'status' => 200, 'body' => '"hello'],
        'words' => ['fault' => 'status', 'status' => 500, 'body' => 'Internal Server Error'],
        'a redirect' => ['fault' => 'redirect', 'status' => 307, 'location' => 'https://elsewhere.example/'],
        'lost' => ['fault' => 'drop'],
    ];

    /** The PHP module ended with a TypeError where an answer was no JSON object. @dataProvider versionsAndFunctions */
    public function test_each_bad_answer_is_one_plain_sentence(string $version, string $function): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $this->world(['version' => $version]);
        $service = $this->created();
        $this->choose(200, ['number_of_devices' => 3]);
        $rows = $this->whmcsNow();
        $account = ['Username' => self::NAME, 'CreationGUID' => $this->record()['creation_guid']];
        foreach (self::ANSWERS as $what => $fault) {
            $this->world(['version' => $version, 'accounts' => [$account]]);
            $before = $this->comet->state()['accounts'];
            foreach ([self::FUNCTIONS[$function], 'list-users'] as $endpoint) {
                $this->comet->faultOn($endpoint, $fault + ['times' => 0, 'act' => false]);
            }

            $answer = $this->module->call($function, $this->module->paramsFor($service));

            $this->assertSentence($answer, self::NAME);
            $this->assertStringNotContainsString(':  (', $answer, $what);
            $this->assertSame($rows, $this->whmcsNow(), $what);
            $this->assertSame($before, $this->comet->state()['accounts'], $what);
        }
    }

    /** @return iterable<string, array{string, string}> */
    public static function versionsAndFunctions(): iterable
    {
        foreach ([self::NEW, self::OLD] as $version) {
            foreach (array_diff(array_keys(self::FUNCTIONS), ['CreateAccount']) as $function) {
                yield "$version, $function" => [$version, $function];
            }
        }
    }

    /** @dataProvider answers */
    public function test_a_bad_answer_to_create_is_one_plain_sentence_and_makes_nothing(array $fault): void
    {
        $service = $this->service();
        $rows = $this->whmcsNow();
        foreach ([self::ADD, 'list-users'] as $endpoint) {
            $this->comet->faultOn($endpoint, $fault + ['times' => 0, 'act' => false]);
        }

        $answer = $this->module->create($service);

        $this->assertSentence($answer, 'Comet account');
        $this->assertStringNotContainsString(':  (', $answer);
        $this->assertSame($rows, $this->whmcsNow());
        $this->assertSame([], $this->comet->accountNames());
        $this->assertCount(1, $this->comet->formsOf(self::ADD));
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function answers(): iterable
    {
        foreach (self::ANSWERS as $what => $fault) {
            yield $what => [$fault];
        }
    }

    /** The account may be there: nobody knows. */
    public function test_a_create_whose_end_is_unknown_does_not_say_that_nothing_has_changed(): void
    {
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'act_and_drop']);
        $this->comet->faultOn('list-users', ['fault' => 'drop', 'times' => 0]);

        $answer = $this->module->create($service);

        $this->assertSentence($answer);
        $this->assertStringNotContainsString('Nothing has changed', $answer);
        $this->assertOnlyAccount(self::NAME);
    }

    /** Null where a map is expected, and a profile of another shape. @dataProvider readers */
    public function test_a_profile_of_another_shape_is_a_sentence_and_nothing_is_written(string $function): void
    {
        $service = $this->created();
        $this->choose(200, ['number_of_devices' => 3, 'storage_vault_quota_gb' => 1]);
        $ok = ['Status' => 200, 'Message' => 'OK', 'ProfileHash' => 'h'];
        $bodies = [
            null, [], 5, true, 'Profile', $ok, ['Status' => 200, 'Profile' => ['Username' => self::NAME]],
            $ok + ['Profile' => ['a']], $ok + ['Profile' => null], $ok + ['Profile' => 'a'],
            ['ProfileHash' => 7, 'Profile' => ['Username' => self::NAME]] + $ok,
            ['ProfileHash' => null, 'Profile' => ['Username' => self::NAME]] + $ok,
        ];
        foreach ($bodies as $body) {
            $this->world();
            $this->comet->faultOn(self::READ, ['fault' => 'json', 'body' => $body, 'times' => 0]);

            $answer = $this->module->call($function, $this->module->paramsFor($service));

            $this->assertSentence($answer, self::NAME);
            $this->assertSame([self::READ], array_values(array_unique($this->comet->endpoints())), json_encode($body));
        }
    }

    /** @return array<string, array{string}> */
    public static function readers(): array
    {
        return [
            'suspend' => ['SuspendAccount'], 'package' => ['ChangePackage'], 'check' => ['CheckAccount'], 'create' => ['CreateAccount'],
        ];
    }

    /** Go writes a map that was never made as null. */
    public function test_null_in_every_map_of_a_profile_is_an_empty_map(): void
    {
        $this->settings([self::UNSET_LIMITS => 'reset', self::VAULT_QUOTA => 'all']);
        $service = $this->legacy();
        $nulls = array_fill_keys(['Destinations', 'Sources', 'BackupRules', 'Devices', 'Emails'], null);
        $this->comet->changeAccount('adaservice', ['set' => $nulls]);
        $this->choose(200, ['number_of_devices' => 3, 'storage_vault_quota_gb' => 1]);

        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertSame('success', $this->module->suspend($service));

        $profile = $this->comet->profile('adaservice');
        $this->assertSame([3, true, null, null], [
            $profile['MaximumDevices'], $profile['IsSuspended'], $profile['Destinations'], $profile['Emails'],
        ]);
    }

    /** @dataProvider functions */
    public function test_junk_without_end_is_cut_off(string $function, string $endpoint): void
    {
        $service = $function === 'CreateAccount' ? $this->service() : $this->created();
        // More than a profile may have.
        $this->comet->faultOn($endpoint, ['fault' => 'huge', 'bytes' => 68_000_000, 'times' => 0]);
        $this->comet->faultOn('list-users', ['fault' => 'html', 'times' => 0]);
        $before = memory_get_peak_usage();

        $this->assertSentence($this->module->call($function, $this->module->paramsFor($service)), 'Comet account');

        $this->assertLessThan(8_000_000, memory_get_peak_usage() - $before);
    }

    /** @return iterable<string, array{string, string}> */
    public static function functions(): iterable
    {
        foreach (self::FUNCTIONS as $function => $endpoint) {
            yield $function => [$function, $endpoint];
        }
    }

    /** @dataProvider functions */
    public function test_a_server_nobody_listens_at_is_a_sentence(string $function): void
    {
        $service = $function === 'CreateAccount' ? $this->service() : $this->created();
        $rows = $this->whmcsNow();
        Capsule::table('tblservers')->update(['port' => 1]);

        $this->assertSentence($this->module->call($function, $this->module->paramsFor(Host::service(200))), self::NAME);

        $this->assertSame($rows, $this->whmcsNow());
    }

    /** @dataProvider functions */
    public function test_a_wrong_password_of_the_server_is_told_and_nothing_changes(string $function): void
    {
        $service = $function === 'CreateAccount' ? $this->service() : $this->created();
        $accounts = $this->comet->state()['accounts'];

        $asked = $this->during(fn () => $this->assertSentence(
            $this->module->call($function, $this->module->paramsFor($service, ['serverpassword' => 'wrong'])),
            'Unauthorised'
        ));

        $this->assertSame($accounts, $this->comet->state()['accounts']);
        $this->assertLessThanOrEqual(2, count($asked), implode(', ', $asked));
    }

    /** @dataProvider functions */
    public function test_an_administrator_with_a_second_factor_is_told_what_to_do(string $function): void
    {
        $service = $function === 'CreateAccount' ? $this->service() : $this->created();

        $answer = $this->module->call($function, $this->module->paramsFor($service, ['serverusername' => 'totp']));

        $this->assertSentence($answer, 'second factor');
    }

    /** @dataProvider junkParams */
    public function test_junk_in_the_parameters_is_a_sentence_or_success_and_never_more(string $key): void
    {
        $junk = [null, [[1], null], new \stdClass(), "\xff\xfe\x80\0", str_repeat('x', 100_000), -1.5];
        $this->created(['id' => 201]);
        $before = $this->comet->account(self::NAME);
        $service = $this->service();
        foreach (array_keys(self::FUNCTIONS) as $function) {
            foreach ($junk as $value) {
                $answer = $this->module->call($function, [$key => $value] + $this->module->paramsFor($service));
                if ($answer !== 'success') {
                    $this->assertSentence($answer);
                }
            }
        }
        $this->assertSame($before['text'], $this->comet->account(self::NAME)['text']);
        $this->assertSame($before['password'], $this->comet->account(self::NAME)['password']);
    }

    /** @return iterable<string, array{string}> */
    public static function junkParams(): iterable
    {
        $keys = ['username', 'password', 'customfields', 'configoptions', 'clientsdetails', 'serverhostname', 'serverport',
            'serverusername', 'serverpassword', 'status', 'configoption1', 'configoption2', 'configoption7', 'model', 'serviceid'];
        foreach ($keys as $key) {
            yield $key => [$key];
        }
    }

    /** @return iterable<string, array{string}> */
    public static function waysOfAnAnswer(): iterable
    {
        yield 'after a head that says to go on, with fields' => ['continue'];
        yield 'with a byte order mark' => ['mark'];
        yield 'compressed, which nobody asked for' => ['gzip'];
    }

    /** Whole answers, and those that are read as they come. @dataProvider waysOfAnAnswer */
    public function test_an_answer_is_read_as_what_it_is(string $way): void
    {
        $front = Front::start('127.0.0.1:' . $this->comet->port(), $way);
        Capsule::table('tblservers')->update(['port' => $front->port]);

        $service = $this->created(['domainstatus' => 'Active']);
        $this->assertSame('success', $this->module->call('ChangePackage', $this->module->paramsFor($service)));
        $page = $this->module->clientArea($service);
        $this->assertArrayNotHasKey('errors', array_filter($page['vars'] ?? []), json_encode($page));
        $this->assertNull($this->module->call('UsageUpdate', $this->module->serverParams(1)));
    }
}
