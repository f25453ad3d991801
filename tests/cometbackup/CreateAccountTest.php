<?php

declare(strict_types=1);

// cometbackup_CreateAccount: one account, with what the product sells.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class CreateAccountTest extends CometTestCase
{
    /** @dataProvider versions */
    public function test_an_account_is_made_with_three_requests(string $version): void
    {
        $this->world(['version' => $version]);
        $service = $this->service(['username' => 'typed-by-whmcs']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ADD, self::READ, self::WRITE], $this->comet->endpoints());
        $this->assertOnlyAccount(self::NAME);
        $this->assertSame(self::PASSWORD, $this->comet->account(self::NAME)['password']);
        $this->assertSame([self::NAME, self::PASSWORD], $this->login($service));
        $this->assertSame('created', $this->record()['state']);
        $this->assertSame($this->comet->profile(self::NAME)['CreationGUID'], $this->record()['creation_guid']);
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['a server of today' => [self::NEW], 'the oldest server' => [self::OLD]];
    }

    public function test_the_account_can_be_given_another_password_later(): void
    {
        $this->module->create($this->service());

        $form = $this->comet->formsOf(self::ADD)[0];
        $this->assertSame('1', $form['StoreRecoveryCode']);
        $this->assertArrayNotHasKey('RequirePasswordChange', $form);
        $this->assertNotEmpty($this->comet->profile(self::NAME)['PasswordRecovery']);
    }

    /** @dataProvider yesAndNo */
    public function test_a_password_change_at_first_login_is_asked_for_where_the_product_says_so(string $set, bool $asked): void
    {
        $this->settings([self::FIRST_LOGIN => $set]);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame($asked, isset($this->comet->formsOf(self::ADD)[0]['RequirePasswordChange']));
        $this->assertSame($asked, $this->comet->profile(self::NAME)['RequirePasswordChange']);
    }

    /** @return array<string, array{string, bool}> */
    public static function yesAndNo(): array
    {
        return ['yes' => ['yes', true], 'no' => ['no', false], 'never saved' => ['', false]];
    }

    public function test_reports_go_to_the_clients_address_in_the_clients_language(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['language' => 'german']);

        $this->assertSame('success', $this->module->create($this->service()));

        $profile = $this->comet->profile(self::NAME);
        $this->assertSame([[self::NAME], 'de_DE', 'Ada Lovelace'], [
            $profile['Emails'], $profile['LanguageCode'], $profile['AccountName'],
        ]);
    }

    public function test_a_company_gives_the_account_its_name(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['companyname' => 'Engines & <Sons>']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame('Engines & <Sons>', $this->comet->profile(self::NAME)['AccountName']);
    }

    public function test_a_language_comet_does_not_have_leaves_the_servers_own(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['language' => 'klingon']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame('en_US', $this->comet->profile(self::NAME)['LanguageCode']);
    }

    /** Everything in one write, and what a newer server has beside it stays as it is. */
    public function test_fields_nobody_knows_come_back_as_they_came(): void
    {
        $this->world(['new_profile' => [
            'FutureObject' => (object) [], 'FutureList' => [], 'FutureNumber' => 1.0, 'FutureBig' => 9007199254740993,
            'FutureMap' => ['0' => ['b' => 1, 'a' => null]],
        ]]);
        $service = $this->service();
        $this->choose(200, ['number_of_devices' => 3]);

        $this->assertSame('success', $this->module->create($service));

        $sent = end($this->comet->requests()[2]['texts']);
        $this->assertStringContainsString('"FutureBig":9007199254740993', $sent);
        $this->assertStringContainsString('"FutureObject":{}', $sent);
        $this->assertStringContainsString('"FutureList":[]', $sent);
        $this->assertStringContainsString('"SupportsDeviceAssociations":true', $sent);
        $this->assertStringContainsString('"MaximumDevices":3', $sent);
        $this->assertSame(1, substr_count($sent, '"Destinations":{}'));
    }

    public function test_a_second_create_changes_nothing_and_makes_nothing(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE], ['storage_vault_quota_gb' => 5]);
        $before = $this->comet->account(self::NAME)['text'];

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->create($service)));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, $this->comet->account(self::NAME)['text']);
        $this->assertSame([self::NAME, self::PASSWORD], $this->login($service));
    }

    public function test_what_staff_changed_by_hand_is_put_right_by_a_second_create(): void
    {
        $service = $this->created([], [], ['number_of_devices' => 3]);
        $this->comet->changeAccount(self::NAME, ['MaximumDevices' => 99]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(3, $this->comet->profile(self::NAME)['MaximumDevices']);
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_create_after_terminate_makes_a_new_account(): void
    {
        $service = $this->created();
        $guid = $this->record()['creation_guid'];
        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame('success', $this->module->create($service));

        $this->assertOnlyAccount(self::NAME);
        $this->assertNotSame($guid, $this->record()['creation_guid']);
        $this->assertSame([self::NAME, self::PASSWORD], $this->login($service));
    }

    public function test_both_custom_fields_win_over_the_services_columns(): void
    {
        $service = $this->service(['username' => 'typed']);
        $this->customFields(['Username' => 'gracehopper', 'Password' => 'Cust0m&Pass']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertOnlyAccount('gracehopper');
        $this->assertSame('Cust0m&Pass', $this->comet->account('gracehopper')['password']);
        $this->assertSame([self::MARKER, ''], $this->login($service));
        $this->assertSame(['gracehopper', 'Cust0m&Pass'], Capsule::table('tblcustomfieldsvalues')->pluck('value')->all());
    }

    /** The recorded cases create-custom-password keeps the password column where only the password is a field. */
    public function test_a_custom_password_alone_is_used_and_the_user_name_column_holds_the_real_name(): void
    {
        $service = $this->service();
        $this->customFields(['Username' => '', 'Password' => 'Cust0m&Pass']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame('Cust0m&Pass', $this->comet->account(self::NAME)['password']);
        $this->assertSame(self::NAME, $this->login($service)[0]);
    }

    /** WHMCS stores what forms send with entities. */
    public function test_an_encoded_password_arrives_as_the_customer_typed_it(): void
    {
        Host::$encodeEntities = true;

        $this->assertSame('success', $this->module->create($this->service(['password' => 'a<b>&"c\'d&amp;'])));

        $this->assertSame('a<b>&"c\'d&amp;', $this->comet->account(self::NAME)['password']);
    }

    public function test_numbers_as_text_make_no_difference(): void
    {
        Host::$looseTypes = true;
        $service = $this->service();
        $this->choose(200, ['number_of_devices' => 7]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(7, $this->comet->profile(self::NAME)['MaximumDevices']);
    }

    /** @dataProvider badPasswords */
    public function test_a_password_comet_does_not_take_is_told_and_nothing_is_made(string $password, string $says): void
    {
        $service = $this->service(['password' => $password]);
        $before = $this->whmcsNow();

        $this->assertSentence($this->module->create($service), $says);

        $this->assertSame([], $this->comet->accountNames());
        $this->assertSame([], $this->comet->formsOf(self::ADD));
        $this->assertSame($before, $this->whmcsNow());
    }

    /** @return array<string, array{string, string}> */
    public static function badPasswords(): array
    {
        return [
            'none' => ['', '8 characters'],
            'seven characters' => ['1234567', '8 characters'],
            'seven characters of two bytes each' => ['üüüüüüü', '8 characters'],
            'a line break inside' => ["12345678\n9", 'line break'],
            'a carriage return at the end' => ["12345678\r", 'line break'],
        ];
    }

    public function test_eight_characters_are_enough_whatever_their_bytes(): void
    {
        $this->assertSame('success', $this->module->create($this->service(['password' => 'üüüüüüüü'])));

        $this->assertSame('üüüüüüüü', $this->comet->account(self::NAME)['password']);
    }

    public function test_a_short_custom_password_is_not_replaced_by_the_services_own(): void
    {
        $service = $this->service();
        $this->customFields(['Password' => 'short']);
        $before = $this->whmcsNow();

        $this->assertSentence($this->module->create($service), '8 characters');

        $this->assertSame([], $this->comet->accountNames());
        $this->assertSame($before, $this->whmcsNow());
    }

    public function test_a_product_addon_gets_its_own_account_and_keeps_its_name_on_a_second_create(): void
    {
        $this->created();
        $definition = Host::addAddonDefinition(['name' => 'More', 'module' => 'cometbackup']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Username']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'], [300 => 'Add0nPassw0rd']);
        Host::addServiceAddon(['id' => 300, 'hostingid' => 200, 'addonid' => $definition, 'server' => 1, 'status' => 'Pending']);
        $addon = Host::serviceAddon(300);
        $this->assertSame('success', $this->module->create($addon));
        $name = array_values(array_diff($this->comet->accountNames(), [self::NAME]))[0];

        $this->assertSame('success', $this->module->create($addon));

        $this->assertCount(2, $this->comet->accountNames());
        $this->assertSame($name, $addon->serviceProperties->get('Username'));
        $this->assertSame('Add0nPassw0rd', $addon->serviceProperties->get('Password'));
        $this->assertSame('success', $this->module->suspend($addon));
        $this->assertTrue($this->comet->profile($name)['IsSuspended']);
        $this->assertFalse($this->comet->profile(self::NAME)['IsSuspended']);
    }

    public function test_no_server_is_a_sentence(): void
    {
        $this->assertSentence($this->module->create($this->service(['server' => 0])), 'server');

        $this->assertSame([], $this->comet->endpoints());
    }
}
