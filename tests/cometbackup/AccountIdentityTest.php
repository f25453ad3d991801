<?php

declare(strict_types=1);

// Whose account it is, through all functions: one that is not the service's is not touched.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class AccountIdentityTest extends CometTestCase
{
    /** @dataProvider functions */
    public function test_an_account_that_was_made_anew_in_comet_is_not_touched(string $function): void
    {
        $service = $this->created([], [], ['number_of_devices' => 3]);
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another', 'MaximumDevices' => 8]);
        $before = $this->comet->account(self::NAME);

        $this->assertSentence($this->module->call($function, $this->module->paramsFor($service)), self::NAME, 'not the one');

        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    /** Of an account that this server does not list Terminate would say that it is gone, and it would be billed on. @dataProvider functionsOfTheModule */
    public function test_an_account_of_what_may_be_another_server_is_not_touched_on_this_one(string $function): void
    {
        $service = $this->created();
        Host::addServer($this->server(2, ['hostname' => 'localhost']));
        Capsule::table('tblhosting')->update(['server' => 2]);
        $record = $this->record();

        $asked = $this->during(function () use ($service, $function): void {
            $params = $this->module->paramsFor(Host::service((int) $service->id));
            $this->assertSentence(
                $this->module->call($function, $params),
                self::NAME,
                'recorded for the server entry 1',
                'may be another Comet Server',
                'Same Comet Server: confirm'
            );
        });

        $this->assertSame([], array_diff($asked, ['meta/version', self::READ]), 'nothing but who the server is, and whose the account');
        $this->assertSame($record, $this->record());
    }

    /** @return array<string, array{string}> */
    public static function functionsOfTheModule(): array
    {
        return self::functions() + ['terminate' => ['TerminateAccount']];
    }

    /** @return array<string, array{string}> */
    public static function functions(): array
    {
        return [
            'suspend' => ['SuspendAccount'],
            'unsuspend' => ['UnsuspendAccount'],
            'create' => ['CreateAccount'],
            'package' => ['ChangePackage'],
            'check' => ['CheckAccount'],
            'password' => ['ChangePassword'],
        ];
    }

    /** A failed Create leaves a plan, not an account. @dataProvider allFunctions */
    public function test_a_name_that_was_only_planned_is_nobodys_account(string $function): void
    {
        $this->world(['accounts' => [['Username' => self::NAME, 'CreateTime' => 1577836800, 'IsSuspended' => true]]]);
        $before = $this->comet->account(self::NAME);
        $service = $this->service();
        $this->choose(200, ['number_of_devices' => 3]);
        $this->comet->faultOn('add-user', [
            'fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised'],
        ]);
        $this->assertSentence($this->module->create($service), 'Unauthorised');

        $answer = $this->module->call($function, $this->module->paramsFor($service));

        $this->assertSame($before, $this->comet->account(self::NAME));
        if ($function !== 'TerminateAccount') {
            $this->assertSentence($answer, 'Create');
        }
    }

    /** @return array<string, array{string}> */
    public static function allFunctions(): array
    {
        return array_diff_key(self::functions(), ['create' => 1])
            + ['password' => ['ChangePassword'], 'terminate' => ['TerminateAccount']];
    }

    /** Create failed before anything was asked for. @dataProvider allFunctions */
    public function test_after_a_create_that_asked_for_nothing_no_account_is_adopted(string $function): void
    {
        $this->world(['accounts' => [['Username' => 'bobservice', 'IsSuspended' => true]]]);
        $before = $this->comet->account('bobservice');
        $service = $this->service(['password' => 'short']);
        $this->customFields(['Username' => 'bobservice']);
        $this->choose(200, ['number_of_devices' => 3]);
        $this->assertSentence($this->module->create($service), '8 characters');

        $this->module->call($function, ['password' => 'L0ng&enough'] + $this->module->paramsFor($service));

        $this->assertSame($before, $this->comet->account('bobservice'));
    }
}
