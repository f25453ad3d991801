<?php

declare(strict_types=1);

// Two customers who ask for the same user name: neither ever touches the other's account, through all functions.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/** @group slow */
final class TwoCustomersTest extends CometTestCase
{
    private const FUNCTIONS = [
        'CreateAccount', 'SuspendAccount', 'CheckAccount', 'UnsuspendAccount', 'ChangePackage', 'ChangePassword', 'TerminateAccount',
    ];

    /** @dataProvider ways */
    public function test_each_has_an_account_of_its_own(string $version, array $first, array $second): void
    {
        $this->world(['version' => $version]);
        [$a, $b] = [$this->customer(200, 10, $first), $this->customer(201, 11, $second)];
        $this->assertSame('success', $this->module->create($a));
        $this->assertSame('success', $this->module->create($b));
        $names = [$this->record(200)['username'], $this->record(201)['username']];
        $this->assertCount(2, array_unique($names));

        foreach ([[$a, $names[0], $names[1]], [$b, $names[1], $names[0]]] as [$service, $own, $other]) {
            $this->workOn($service, $own, $other);
        }

        $this->assertSame([], $this->comet->accountNames());
    }

    /** @return iterable<string, array{string, array<string, string>, array<string, string>}> */
    public static function ways(): iterable
    {
        foreach ([self::NEW, self::OLD] as $version) {
            yield "$version: same address" => [$version, [], []];
            if ($version === self::OLD) {
                continue;
            }
            yield "$version: same custom field" => [$version, ['Username' => 'gracehopper'], ['Username' => 'gracehopper']];
            yield "$version: one's custom field is the other's address" => [$version, [], ['Username' => self::NAME]];
            yield "$version: names that become the same" => [$version, ['Username' => 'zoé-marie'], ['Username' => ' zoe-marie ']];
            yield "$version: both fields" => [
                $version, ['Username' => 'gracehopper', 'Password' => 'Cust0m&One'], ['Username' => 'gracehopper', 'Password' => 'Cust0m&Two'],
            ];
        }
    }

    /** @dataProvider faults */
    public function test_the_second_one_has_trouble_and_still_touches_nothing_of_the_first(string $endpoint, array $fault): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $this->settings([self::VAULT => self::TEMPLATE]);
        [$a, $b] = [$this->customer(200, 10, []), $this->customer(201, 11, [])];
        $this->assertSame('success', $this->module->create($a));
        $before = $this->comet->account(self::NAME);
        $this->comet->faultOn($endpoint, $fault);
        foreach (self::FUNCTIONS as $function) {
            $this->module->call($function, $this->module->paramsFor($b));
            $this->assertSame($before, $this->comet->account(self::NAME), $function);
        }
        $this->module->create($b);
        $this->module->terminate($b);

        $this->assertOnlyAccount(self::NAME);
        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    /** @return iterable<string, array{string, array<string, mixed>}> */
    public static function faults(): iterable
    {
        foreach ([self::ADD, self::REQUEST_VAULT, self::WRITE, 'list-users'] as $endpoint) {
            yield "$endpoint lost" => [$endpoint, ['fault' => 'drop']];
            yield "$endpoint done, answer lost" => [$endpoint, ['fault' => 'act_and_drop']];
            yield "$endpoint HTTP 500" => [$endpoint, ['fault' => 'status', 'status' => 500]];
            yield "$endpoint refused" => [$endpoint, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'No']]];
        }
    }

    /** The first customer's service is one of the PHP module, without a record. @dataProvider legacyNames */
    public function test_a_service_of_the_php_module_keeps_its_account(array $fields): void
    {
        $owner = $this->legacy(['id' => 200]);
        $before = $this->comet->account('adaservice');
        $other = $this->customer(201, 11, $fields + ['Username' => 'adaservice']);
        foreach (self::FUNCTIONS as $function) {
            $this->module->call($function, $this->module->paramsFor($other));
            $this->assertSame($before, $this->comet->account('adaservice'), $function);
        }

        $this->assertSame('success', $this->module->suspend($owner));
        $this->assertTrue($this->comet->profile('adaservice')['IsSuspended']);
    }

    /** @return array<string, array{array<string, string>}> */
    public static function legacyNames(): array
    {
        return ['the name' => [[]], 'with blanks' => [['Username' => ' adaservice ']]];
    }

    /** Without a Create before: the customer's service is pending, and somebody presses each button. @dataProvider buttons */
    public function test_a_button_on_a_service_that_was_never_created_takes_no_account_of_another_service(string $function): void
    {
        $this->legacy(['id' => 200]);
        $before = $this->comet->account('adaservice');
        $other = $this->customer(201, 11, ['Username' => 'adaservice']);

        $this->assertSentence($this->module->call($function, $this->module->paramsFor($other)));

        $this->assertSame($before, $this->comet->account('adaservice'));
    }

    /** @return iterable<string, array{string}> */
    public static function buttons(): iterable
    {
        foreach (array_diff(self::FUNCTIONS, ['CreateAccount']) as $function) {
            yield $function => [$function];
        }
    }

    private function customer(int $service, int $client, array $fields): Service
    {
        if ($client !== 10) {
            Host::addClient(['id' => $client, 'firstname' => 'Bob', 'email' => self::NAME]);
        }
        $model = $this->service(['id' => $service, 'userid' => $client, 'password' => "Pass&word of $client"]);
        foreach ($fields as $name => $value) {
            $field = Capsule::table('tblcustomfields')->where(['relid' => 20, 'fieldname' => $name])->value('id')
                ?? Host::addCustomField(['relid' => 20, 'fieldname' => $name]);
            Capsule::table('tblcustomfieldsvalues')->insert(['fieldid' => $field, 'relid' => $service, 'value' => $value]);
        }
        $this->choose($service, ['number_of_devices' => $service - 195]);

        return $model;
    }

    private function workOn(Service $service, string $own, string $other): void
    {
        $exists = in_array($other, $this->comet->accountNames(), true);
        $before = $exists ? $this->comet->account($other) : null;
        foreach (self::FUNCTIONS as $function) {
            $params = $this->module->paramsFor($service, ['password' => "N3w&Passw0rd of $own"]);
            $this->assertContains($this->module->call($function, $params), [
                'success', "The Comet account $own is suspended, and the service is active. Run Unsuspend or Suspend.",
            ], $function);
            $this->assertSame($before, $exists ? $this->comet->account($other) : null, $function);
            if ($function === 'ChangePassword') {
                $this->assertSame("N3w&Passw0rd of $own", $this->comet->account($own)['password']);
            }
        }
        $this->assertNotContains($own, $this->comet->accountNames());
    }
}
