<?php

declare(strict_types=1);

// User names: which one a service gets, and what happens where it is taken.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class CreateAccountNamesTest extends CometTestCase
{
    /**
     * @dataProvider names
     * @group slow
     */
    public function test_the_name_is_legal_and_is_the_one_whmcs_holds(
        string $field,
        string $email,
        string $first,
        string $name
    ): void {
        $this->world(['version' => self::OLD]);
        Capsule::table('tblclients')->where('id', 10)->update(['email' => $email, 'firstname' => $first]);
        $service = $this->service();
        $this->customFields(['Username' => $field]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertOnlyAccount($name);
        $this->assertSame($name, $this->record()['username']);
        $expected = trim($field) === '' ? $name : self::MARKER;
        $this->assertSame($expected, $this->login($service)[0]);
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertTrue($this->comet->profile($name)['IsSuspended']);
    }

    /** @return array<string, array{string, string, string, string}> custom field, address, first name, name */
    public static function names(): array
    {
        return [
            'the custom field' => ['gracehopper', self::NAME, 'Ada', 'gracehopper'],
            'with blanks around it' => ["  gracehopper\t", self::NAME, 'Ada', 'gracehopper'],
            'with fewer than six characters' => ['ab', self::NAME, 'Ada', 'ab2000'],
            'with accents' => ['Zoë.Müßig', self::NAME, 'Ada', 'Zoe.Muessig'],
            'with markup and slashes' => ['<b>../grace', self::NAME, 'Ada', 'b..grace'],
            'the address' => ['', self::NAME, 'Ada', self::NAME],
            'an address with a plus' => ['', 'ada+backup@example.com', 'Ada', 'adabackup@example.com'],
            'an address with an apostrophe' => ['', "o'hara@example.com", 'Ada', 'ohara@example.com'],
            'no address' => ['', '', 'Eve', 'eve200'],
            'no address, an accent' => ['', '', 'Zoë', 'zoe200'],
            'no address, a name in another script' => ['', '', '李', 'li2000'],
            'an address in another script' => ['', 'иван@почта.рф', 'Ivan', 'ivan@pochta.rf'],
            'an address in ideographs' => ['', '用户@例子.公司', 'Li', 'YongHu@LiZi.GongSi'],
            'an address of which nothing is left' => ['', '.', 'Bo', 'bo2000'],
        ];
    }

    /** Anything legal and six long will do. */
    public function test_a_client_without_any_name_gets_an_account_too(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['email' => '', 'firstname' => '']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertMatchesRegularExpression('/^[A-Za-z0-9_.@-]{6,}$/', $this->comet->accountNames()[0]);
    }

    public function test_an_absurdly_long_name_is_cut_to_what_comet_takes(): void
    {
        $service = $this->service();
        $this->customFields(['Username' => str_repeat('x', 9000)]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertLessThanOrEqual(255, strlen($this->comet->accountNames()[0]));
        $this->assertSame($this->comet->accountNames()[0], $this->record()['username']);
    }

    public function test_the_real_name_is_used_later_even_when_the_field_is_emptied(): void
    {
        $service = $this->service();
        $this->customFields(['Username' => 'gracehopper']);
        $this->module->create($service);
        Capsule::table('tblcustomfieldsvalues')->update(['value' => '']);

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertTrue($this->comet->profile('gracehopper')['IsSuspended']);
        $this->assertSame(['gracehopper'], $this->comet->namesAskedFor());
    }

    /** A customer may type another customer's name into the field later. */
    public function test_a_name_typed_later_does_not_lead_to_another_account(): void
    {
        $this->world(['accounts' => [['Username' => 'bobservice']]]);
        $service = $this->service();
        $this->customFields(['Username' => 'gracehopper']);
        $this->module->create($service);
        $before = $this->comet->account('bobservice');
        Capsule::table('tblcustomfieldsvalues')->update(['value' => 'bobservice']);

        foreach (['suspend', 'unsuspend', 'changePackage', 'terminate'] as $action) {
            $this->assertSame('success', $this->module->$action($service), $action);
        }

        $this->assertSame($before, $this->comet->account('bobservice'));
        $this->assertSame(['bobservice'], $this->comet->accountNames());
    }

    /** @dataProvider takenSettings */
    public function test_a_taken_name_gets_a_suffix_and_the_other_account_is_left_alone(array $world): void
    {
        $other = ['Username' => self::NAME, 'CreateTime' => time() - 3600, 'Password' => 'Somebody-Else1'];
        $this->world($world + ['accounts' => [$other]]);
        $before = $this->comet->account(self::NAME);
        $service = $this->service();
        $this->choose(200, ['number_of_devices' => 4]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame($before, $this->comet->account(self::NAME));
        $mine = array_values(array_diff($this->comet->accountNames(), [self::NAME]));
        $this->assertCount(1, $mine);
        $this->assertMatchesRegularExpression('/^ada@example\.com_\d{4}$/', $mine[0]);
        $this->assertSame(4, $this->comet->profile($mine[0])['MaximumDevices']);
        $this->assertSame([$mine[0], self::PASSWORD], $this->login($service));
        foreach (['suspend', 'unsuspend', 'changePackage', 'terminate'] as $action) {
            $this->assertSame('success', $this->module->$action($service), $action);
        }
        $this->assertSame(['text' => $before['text']], ['text' => $this->comet->account(self::NAME)['text']]);
        $this->assertOnlyAccount(self::NAME);
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function takenSettings(): array
    {
        return [
            'a server of today' => [[]],
            'the oldest server' => [['version' => self::OLD]],
            'errors with a status of HTTP' => [['error_http_status' => true]],
            'a message without words' => [['errors' => ['name_taken' => ['Status' => 400, 'Message' => 'No']]]],
            'a message in Spanish' => [['errors' => ['name_taken' => ['Status' => 500, 'Message' => 'Ya hay uno']]]],
        ];
    }

    public function test_a_custom_name_that_is_taken_gets_a_suffix_too(): void
    {
        $this->world(['accounts' => [['Username' => 'bobservice']]]);
        $before = $this->comet->account('bobservice');
        $service = $this->service();
        $this->customFields(['Username' => 'bobservice']);

        $this->assertSame('success', $this->module->create($service));

        $mine = array_values(array_diff($this->comet->accountNames(), ['bobservice']))[0];
        $this->assertMatchesRegularExpression('/^bobservice_\d{4}$/', $mine);
        $this->assertSame('success', $this->module->changePassword($service, 'An0ther&Password'));
        $this->assertSame('An0ther&Password', $this->comet->account($mine)['password']);
        $this->assertSame($before, $this->comet->account('bobservice'));
    }

    /** The list shows a tenant's admin only the tenant's accounts; the name is taken all the same. */
    public function test_a_name_of_another_tenant_gets_a_suffix(): void
    {
        $this->world(['accounts' => [['Username' => self::NAME]]]);
        Capsule::table('tblservers')->update(['username' => 'tenant']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertCount(2, $this->comet->accountNames());
        $this->assertMatchesRegularExpression('/^ada@example\.com_\d{4}$/', $this->record()['username']);
    }

    /** The search of the PHP module had no end. */
    public function test_a_server_that_calls_every_name_taken_is_asked_a_bounded_number_of_times(): void
    {
        $this->comet->faultOn(self::ADD, [
            'fault' => 'json', 'times' => 0, 'act' => false, 'body' => ['Status' => 400, 'Message' => 'Username already exists'],
        ]);
        $service = $this->service();
        $before = $this->whmcsNow();

        $this->assertSentence($this->module->create($service), 'taken');

        $this->assertLessThanOrEqual(25, count($this->comet->endpoints()));
        $names = array_column($this->comet->formsOf(self::ADD), 'TargetUser');
        $this->assertSame($names, array_unique($names));
        $this->assertSame($before, $this->whmcsNow());
    }

    /** A refusal that is about something else is no reason to try other names. */
    public function test_a_refusal_for_another_reason_is_told_and_makes_no_second_try(): void
    {
        $this->comet->faultOn(self::ADD, [
            'fault' => 'json', 'times' => 0, 'act' => false, 'body' => ['Status' => 402, 'Message' => 'License limit reached'],
        ]);

        $this->assertSentence($this->module->create($this->service()), 'License limit reached');

        $this->assertCount(1, $this->comet->formsOf(self::ADD));
        $this->assertSame([], $this->comet->accountNames());
    }

    public function test_names_that_differ_in_case_are_two_names(): void
    {
        $this->world(['accounts' => [['Username' => 'Ada@example.com']]]);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame(['Ada@example.com', self::NAME], $this->comet->accountNames());
    }

    public function test_a_second_service_of_the_same_client_gets_a_suffix_without_asking_for_the_first_ones_name(): void
    {
        $this->created();
        $second = $this->service(['id' => 201]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->create($second)));

        $this->assertSame([self::ADD, self::READ, self::WRITE], $asked);
        $this->assertMatchesRegularExpression('/^ada@example\.com_\d{4}$/', $this->record(201)['username']);
        $this->assertCount(2, $this->comet->accountNames());
    }

    public function test_the_same_name_is_free_on_another_server(): void
    {
        Host::addServer($this->server(2, ['hostname' => 'localhost']));
        $this->created();
        $this->comet->reset(['version' => self::NEW]);
        $second = $this->service(['id' => 201, 'server' => 2]);

        $this->assertSame('success', $this->module->create($second));

        $this->assertSame(self::NAME, $this->record(201)['username']);
    }
}
