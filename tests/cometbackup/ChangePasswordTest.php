<?php

declare(strict_types=1);

// cometbackup_ChangePassword: Comet first, then WHMCS's fields, and only the right ones.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class ChangePasswordTest extends CometTestCase
{
    private const NEW_PASSWORD = 'Brand&new="1ü';
    private const RESET = 'reset-user-password';

    /** @dataProvider versions */
    public function test_one_look_and_one_request_set_the_password_and_nothing_else_changes(string $version): void
    {
        $this->world(['version' => $version]);
        $service = $this->created();
        $before = $this->comet->profile(self::NAME);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePassword($service, self::NEW_PASSWORD)));

        $this->assertSame([self::READ, self::RESET], array_slice($asked, 0, 2));
        $this->assertNotContains(self::WRITE, $asked);
        $this->assertSame(self::NEW_PASSWORD, $this->comet->account(self::NAME)['password']);
        $this->assertSame([self::NAME, self::NEW_PASSWORD], $this->login($service));
        $free = array_flip(['PasswordHash', 'PasswordRecovery']);
        $this->assertSame(array_diff_key($before, $free), array_diff_key($this->comet->profile(self::NAME), $free));
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['a server of today' => [self::NEW], 'a middle one' => ['24.9.1'], 'the oldest server' => [self::OLD]];
    }

    public function test_an_encoded_password_arrives_as_typed(): void
    {
        $service = $this->created();
        Host::$encodeEntities = true;

        $this->assertSame('success', $this->module->changePassword($service, 'a<b>&"c\'d&amp;'));

        $this->assertSame('a<b>&"c\'d&amp;', $this->comet->account(self::NAME)['password']);
    }

    /** The PHP module stored a password before it was accepted, and lost the working one. @dataProvider badPasswords */
    public function test_a_password_comet_does_not_take_is_told_and_nothing_is_sent(string $password, string $says): void
    {
        $service = $this->created();
        $this->customFields(['Password' => self::PASSWORD]);
        $rows = $this->whmcsNow();

        $asked = $this->during(fn () => $this->assertSentence($this->module->changePassword($service, $password), $says));

        $this->assertSame([], $asked);
        $this->assertSame(self::PASSWORD, $this->comet->account(self::NAME)['password']);
        $this->assertSame($rows, $this->whmcsNow());
    }

    /** @return array<string, array{string, string}> */
    public static function badPasswords(): array
    {
        return [
            'seven characters' => ['1234567', '8 characters'],
            'seven characters of two bytes' => ['äöüäöüä', '8 characters'],
            'a line break' => ["12345678\n", 'line break'],
            'a carriage return' => ["1234\r56789", 'line break'],
        ];
    }

    public function test_no_password_at_all_is_told(): void
    {
        $service = $this->created();

        $asked = $this->during(fn () => $this->assertSentence($this->module->changePassword($service, ''), '8 characters'));

        $this->assertSame([], $asked);
    }

    /** Comet first. @dataProvider failures */
    public function test_a_failure_leaves_whmcs_as_it_was(array $fault): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.4');
        $service = $this->withFields();
        $rows = $this->whmcsNow();
        $this->comet->faultOn(self::RESET, $fault);

        $this->assertSentence($this->module->changePassword($service, self::NEW_PASSWORD), 'gracehopper');

        $this->assertSame($rows, $this->whmcsNow());
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function failures(): array
    {
        return [
            'refused' => [['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]],
            'refused otherwise' => [['fault' => 'json', 'act' => false, 'body' => ['Status' => 500, 'Message' => 'No']]],
            'HTTP 500' => [['fault' => 'status', 'status' => 500]],
            'lost' => [['fault' => 'drop']],
            'HTML' => [['fault' => 'html', 'act' => false]],
            'silence' => [['fault' => 'delay', 'ms' => 600]],
        ];
    }

    /** The PHP module took the field of another product addon, client or department with the same id and name. */
    public function test_the_custom_field_gets_the_new_password_and_no_other_field_of_that_name_does(): void
    {
        Host::addCustomField(['id' => 5, 'type' => 'addon', 'relid' => 20, 'fieldname' => 'Password'], [200 => 'of an addon']);
        Host::addCustomField(['id' => 6, 'type' => 'client', 'relid' => 0, 'fieldname' => 'Password'], [200 => 'of a client']);
        Host::addCustomField(['id' => 7, 'type' => 'support', 'relid' => 20, 'fieldname' => 'Password'], [200 => 'of support']);
        Host::addCustomField(['id' => 8, 'relid' => 21, 'fieldname' => 'Password'], [200 => 'of another product']);
        $service = $this->withFields();
        Capsule::table('tblcustomfieldsvalues')->insert(
            ['fieldid' => Capsule::table('tblcustomfields')->where(['relid' => 20, 'type' => 'product', 'fieldname' => 'Password'])->value('id'),
             'relid' => 201, 'value' => 'of another service']
        );

        $this->assertSame('success', $this->changeAsWhmcs($service));

        $values = Capsule::table('tblcustomfieldsvalues')->pluck('value')->all();
        sort($values);
        $expected = ['gracehopper', 'of a client', 'of an addon', 'of another product', 'of another service', 'of support', self::NEW_PASSWORD];
        sort($expected);
        $this->assertSame($expected, $values);
        $this->assertSame(self::NEW_PASSWORD, $this->comet->account('gracehopper')['password']);
        $this->assertSame([self::MARKER, ''], $this->login($service));
    }

    public function test_a_field_with_a_label_behind_a_bar_is_the_same_field(): void
    {
        $service = $this->service();
        $this->customFields(['Password|Your backup password' => 'Cust0m&Pass']);
        $this->module->create($service);

        $this->assertSame('success', $this->changeAsWhmcs($service));

        $this->assertSame([self::NEW_PASSWORD], Capsule::table('tblcustomfieldsvalues')->pluck('value')->all());
    }

    public function test_an_empty_password_field_stays_empty(): void
    {
        $service = $this->service();
        $this->customFields(['Username' => '', 'Password' => '']);
        $this->module->create($service);

        $this->assertSame('success', $this->module->changePassword($service, self::NEW_PASSWORD));

        $this->assertSame([self::NAME, self::NEW_PASSWORD], $this->login($service));
        $this->assertSame(['', ''], Capsule::table('tblcustomfieldsvalues')->pluck('value')->all());
    }

    /** The service's own password is empty where the field is used: an admin presses the button. */
    public function test_without_a_new_password_the_custom_field_is_set_at_comet(): void
    {
        $service = $this->withFields();
        Capsule::table('tblcustomfieldsvalues')->where('value', 'Cust0m&Pass')->update(['value' => 'Edited&by4dmin']);

        $this->assertSame('success', $this->module->call('ChangePassword', $this->module->paramsFor($service)));

        $this->assertSame('Edited&by4dmin', $this->comet->account('gracehopper')['password']);
        $this->assertSame([self::MARKER, ''], $this->login($service));
    }

    public function test_a_missing_recovery_code_is_told_as_what_it_is(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['PasswordRecovery' => '']);
        $rows = $this->whmcsNow();

        $this->assertSentence($this->module->changePassword($service, self::NEW_PASSWORD), 'recovery code', 'in the backup software');

        $this->assertSame(self::PASSWORD, $this->comet->account(self::NAME)['password']);
        $this->assertSame($rows, $this->whmcsNow());
    }

    public function test_a_refusal_of_an_account_with_a_recovery_code_is_told_in_the_servers_words(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::RESET, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 400, 'Message' => 'Used before']]);

        $answer = $this->module->changePassword($service, self::NEW_PASSWORD);

        $this->assertSentence($answer, 'Used before');
        $this->assertStringNotContainsString('recovery', $answer);
    }

    public function test_a_client_reads_what_is_meant_for_him_and_staff_find_the_rest_in_the_activity_log(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::RESET, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]);
        $_SESSION = ['uid' => 10];

        $this->assertSame(
            'This could not be completed just now. Try again in a few minutes, and ask our support if it stays so.',
            $this->module->changePassword($service, self::NEW_PASSWORD)
        );
        $this->assertStringContainsString('Unauthorised', implode("\n", Host::activityLog()));
        $this->assertSame(
            'The password has fewer than 8 characters, which is too short. Enter a longer one and run this again; nothing was changed.',
            $this->module->changePassword($service, 'short')
        );
    }

    /** The customer's other accounts keep theirs. */
    public function test_a_connected_device_gets_the_new_password_where_the_server_can(): void
    {
        $this->world(['accounts' => [['Username' => 'bobservice']]]);
        $service = $this->created();
        $live = fn (string $user): array => ['Username' => $user, 'DeviceID' => "device of $user"];
        $this->world([
            'accounts' => [['Username' => 'bobservice'], ['Username' => self::NAME, 'CreationGUID' => $this->record()['creation_guid']]],
            'live' => ['con-1' => $live(self::NAME), 'con-2' => $live('bobservice')],
        ]);

        $this->assertSame('success', $this->module->changePassword($service, self::NEW_PASSWORD));

        $this->assertSame(
            [['update-login-password', 'con-1', self::NEW_PASSWORD]],
            array_map(fn (array $call) => [$call['call'], $call['TargetID'], $call['NewPassword']], $this->comet->deviceCalls())
        );
    }

    private function withFields(): Service
    {
        $service = $this->service();
        $this->customFields(['Username' => 'gracehopper', 'Password' => 'Cust0m&Pass']);
        $this->assertSame('success', $this->module->create($service));

        return $service;
    }

    /** An admin types a password into the service's form: WHMCS hands it over, and the module's marks decide. */
    private function changeAsWhmcs(Service $service): mixed
    {
        return $this->module->call('ChangePassword', $this->module->paramsFor($service, ['password' => self::NEW_PASSWORD]));
    }
}
