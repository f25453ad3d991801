<?php

declare(strict_types=1);

// cometbackup_SuspendAccount and _UnsuspendAccount: one read, and one write where it is needed.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class SuspendAccountTest extends CometTestCase
{
    /** @dataProvider directions */
    public function test_one_read_and_one_write_change_that_field_only(string $version, string $action, bool $suspended): void
    {
        $this->world(['version' => $version, 'as_written' => true, 'new_profile' => ['IsSuspended' => !$suspended]]);
        $service = $this->created();
        $before = $this->comet->account(self::NAME)['text'];

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->$action($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertProfileChanged($before, $this->comet->account(self::NAME)['text'], ['IsSuspended' => $suspended]);
        $flip = fn (string $text): string => preg_replace('/"IsSuspended":(true|false)/', '', $text);
        $this->assertSame($flip($before), $flip($this->comet->account(self::NAME)['text']));
    }

    /** @dataProvider directions */
    public function test_what_is_so_already_is_success_without_a_write(string $version, string $action, bool $suspended): void
    {
        $this->world(['version' => $version, 'new_profile' => ['IsSuspended' => $suspended]]);
        $service = $this->created();
        $before = $this->comet->account(self::NAME);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->$action($service)));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    /** @return iterable<string, array{string, string, bool}> */
    public static function directions(): iterable
    {
        foreach ([self::NEW, self::OLD] as $version) {
            yield "suspend, $version" => [$version, 'suspend', true];
            yield "unsuspend, $version" => [$version, 'unsuspend', false];
        }
    }

    public function test_a_profile_that_changed_in_between_is_read_again_and_keeps_the_other_change(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'stale_hash', 'times' => 2]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->suspend($service)));

        $this->assertSame([self::READ, self::WRITE, self::READ, self::WRITE, self::READ, self::WRITE], $asked);
        $profile = $this->comet->profile(self::NAME);
        $this->assertTrue($profile['IsSuspended']);
        $this->assertCount(2, $profile['Devices']);
    }

    public function test_a_profile_that_changes_all_the_time_ends_with_a_sentence(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'stale_hash', 'times' => 0]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->suspend($service), self::NAME));

        $this->assertLessThanOrEqual(8, count($asked));
        $this->assertFalse($this->comet->profile(self::NAME)['IsSuspended']);
    }

    public function test_a_refused_write_is_told_and_not_repeated(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, [
            'fault' => 'json', 'times' => 0, 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Permission denied'],
        ]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->suspend($service), 'Permission denied'));

        $this->assertSame(1, count(array_keys($asked, self::WRITE)));
    }

    /** The write was done, its answer lost: the read behind it shows that. */
    public function test_a_lost_answer_to_the_write_is_found_out(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'act_and_drop']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->suspend($service)));

        $this->assertSame([self::READ, self::WRITE, self::READ], $asked);
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
    }

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

    /** @dataProvider unknownUsers */
    public function test_an_account_that_is_gone_is_a_sentence_with_the_servers_words(string $version, string $words): void
    {
        $service = $this->created();
        $this->world(['version' => $version]);

        $this->assertSentence($this->module->suspend($service), self::NAME, $words);

        $this->assertSame([], $this->comet->accountNames());
    }

    /** @return array<string, array{string, string}> */
    public static function unknownUsers(): array
    {
        return ['today' => [self::NEW, 'User not found'], 'old: like wrong credentials' => [self::OLD, 'Unauthorised']];
    }

    /** C2: a failed Create leaves a plan, not an account. @dataProvider allFunctions */
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
