<?php

declare(strict_types=1);

// cometbackup_ListAccounts: Server Sync's list. Whole and matched with every service, or an error: WHMCS offers to terminate what it misses.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ManyAccounts;
use WHMCS\Database\Capsule;

final class ListAccountsTest extends UserNamesTestCase
{
    use ManyAccounts;

    private const LIST = 'list-users-full';

    private function accounts(): array
    {
        $answer = $this->module->call('ListAccounts', $this->module->serverParams(1));
        $this->assertTrue($answer['success'], json_encode($answer));

        return array_column($answer['accounts'], null, 'uniqueIdentifier');
    }

    public function test_an_account_is_listed_with_everything_that_whmcs_wants(): void
    {
        $this->world(['accounts' => [
            [
                'Username' => 'adaservice', 'Emails' => ['ada@example.com', 'b@example.com'], 'PolicyID' => 'p-1', 'CreateTime' => 1700000000,
                'IsSuspended' => true,
            ],
            ['Username' => 'gracehopper'],
        ]]);

        $asked = $this->during(fn () => $this->assertSame(['adaservice', 'gracehopper'], array_keys($this->accounts())));

        $this->assertSame(['meta/version', self::LIST], $asked);
        $this->assertSame([
            'email' => 'ada@example.com', 'username' => 'adaservice', 'domain' => '', 'uniqueIdentifier' => 'adaservice',
            'product' => 'p-1', 'primaryip' => '', 'created' => '2023-11-14 22:13:20', 'status' => \WHMCS\Service\Status::SUSPENDED,
        ], $this->accounts()['adaservice']);
        $this->assertSame('', $this->accounts()['gracehopper']['product']);
        $this->assertSame([self::LIST], $this->during(fn () => $this->accounts()), 'which server it is was said in the last hour');
    }

    public function test_whmcs_matches_what_it_has_offers_what_it_lacks_and_misses_nothing_that_lives(): void
    {
        $this->world(['accounts' => [['Username' => 'unknown-one']]]);
        $this->created(['id' => 201]);
        Capsule::table('tblclients')->update(['email' => 'grace@example.com']);
        $this->created(['id' => 202]);
        $this->service(['id' => 203, 'username' => 'never-made', 'domainstatus' => 'Active']);

        $this->assertSame([
            'matched' => [201 => self::NAME, 202 => 'grace@example.com'],
            'unknown' => ['unknown-one'],
            'missing' => [203],
        ], $this->module->serverSync(1));
    }

    public function test_a_server_without_accounts_has_an_empty_list(): void
    {
        $this->assertSame(['matched' => [], 'unknown' => [], 'missing' => []], $this->module->serverSync(1));
    }

    public function test_services_with_the_marker_stop_the_list_until_their_names_are_written(): void
    {
        $services = $this->marked(200, 201);

        $asked = $this->during(fn () => $this->assertSentence(
            $this->module->serverSync(1),
            '2 services (Service ID: 200) (Service ID: 201)',
            self::MARKER,
            'Press Write User Names'
        ));

        $this->assertNotContains(self::LIST, $asked);
        $this->press($services[200], 'WriteUserNames');
        $this->assertSame([200 => 'name-200', 201 => 'name-201'], $this->module->serverSync(1)['matched']);
        $this->press($services[200], 'PutMarkersBack');
        $this->assertIsString($this->module->serverSync(1));
    }

    public function test_a_service_of_the_php_module_with_the_marker_is_to_be_recorded_first(): void
    {
        $this->legacy(['username' => self::MARKER]);
        $this->customFields(['Username' => 'adaservice']);

        $this->assertSentence($this->module->serverSync(1), 'Of 1 of them no account is recorded yet', 'Check at Comet');
    }

    public function test_another_user_name_than_the_account_s_stops_the_list(): void
    {
        $this->created();
        foreach (['by-hand', '', strtoupper(self::NAME)] as $column) {
            Capsule::table('tblhosting')->update(['username' => $column]);
            $this->assertSentence($this->module->serverSync(1), '1 service (Service ID: 200)', 'another user name in WHMCS', 'Correct the user names');
        }
        Capsule::table('tblhosting')->update(['domainstatus' => 'Terminated']);
        $this->assertIsArray($this->module->serverSync(1), 'what is over is not missed');
    }

    public function test_a_list_that_lacks_what_is_recorded_is_rather_another_administrator_s(): void
    {
        $this->created();
        $this->comet->faultOn(self::LIST, ['fault' => 'json', 'body' => ['somebody' => ['CreationGUID' => 'x']]]);

        $this->assertSentence($this->module->serverSync(1), 'lists 0 of the 1 accounts', 'one of a tenant');
    }

    /** That the list of the top level has the accounts of tenants is documented nowhere. */
    public function test_a_list_that_has_no_account_of_any_tenant_is_not_that_of_a_product_for_one(): void
    {
        $this->created();
        $product = Host::addProduct(['servertype' => 'cometbackup', 'configoption10' => 'cb116e59-be77-406b-afe8-7375fce34bbd']);
        $this->created(['id' => 201, 'packageid' => $product]);
        $this->assertSame([200, 201], array_keys($this->module->serverSync(1)['matched']));
        $this->comet->faultOn(self::LIST, ['fault' => 'json', 'body' => [self::NAME => $this->comet->profile(self::NAME)]]);

        $this->assertSentence($this->module->serverSync(1), '1 service (Service ID: 201)', 'tenant');
    }

    public function test_services_that_no_account_is_recorded_for_yet_are_missed_as_well(): void
    {
        $this->legacy();
        $this->assertSame([200 => 'adaservice'], $this->module->serverSync(1)['matched']);
        $this->comet->faultOn(self::LIST, ['fault' => 'json', 'body' => ['somebody' => ['CreationGUID' => 'x']]]);

        $this->assertSentence($this->module->serverSync(1), 'lists 0 of the 1 accounts', 'one of a tenant');
    }

    public function test_an_account_that_only_the_custom_field_of_an_unrecorded_service_names_stops_the_list(): void
    {
        $this->legacy(['username' => '']);
        $this->customFields(['Username' => 'adaservice']);

        $this->assertSentence($this->module->serverSync(1), '1 service (Service ID: 200)', 'custom field', 'Check at Comet');
        // A wish that no account has, and one that is another service's account.
        Capsule::table('tblcustomfieldsvalues')->update(['value' => 'nobody']);
        $this->assertIsArray($this->module->serverSync(1));
        Capsule::table('tblcustomfieldsvalues')->delete();
        $this->created(['id' => 201]);
        Capsule::table('tblcustomfieldsvalues')->insert(['fieldid' => Capsule::table('tblcustomfields')->value('id'), 'relid' => 200, 'value' => self::NAME]);
        $this->assertSame([201 => self::NAME], $this->module->serverSync(1)['matched']);
    }

    public function test_an_address_that_a_customer_entered_brings_no_markup_into_the_list(): void
    {
        $this->world(['accounts' => [
            ['Username' => 'adaservice', 'Emails' => ['<script>alert(1)</script>@example.com']],
            ['Username' => 'gracehopper', 'Emails' => ['"><b>', 'grace@example.com']],
        ]]);

        $this->assertSame(['', 'grace@example.com'], array_column($this->accounts(), 'email'));
    }

    public function test_an_entry_that_is_another_server_now_has_no_list(): void
    {
        $this->created();
        $this->created(['id' => 201]);
        Capsule::table(self::ACCOUNTS)->where('service_id', 200)
            ->update(['server_hash' => 'another-license', 'creation_guid' => 'elsewhere', 'guid_key' => 'elsewhere']);

        $this->assertSentence($this->module->serverSync(1), 'of 1 service (Service ID: 200)', 'recorded for another Comet Server');
    }

    public function test_names_that_differ_only_in_case_are_said_and_of_two_services_an_error(): void
    {
        $this->world(['accounts' => [['Username' => strtoupper(self::NAME)]]]);
        $this->created();

        $this->assertSame([200 => self::NAME], $this->module->serverSync(1)['matched']);
        $this->assertStringContainsString('differ only in case', implode(Host::activityLog()));

        $guid = $this->comet->profile(strtoupper(self::NAME))['CreationGUID'];
        $this->service(['id' => 201, 'username' => strtoupper(self::NAME), 'domainstatus' => 'Active']);
        $row = ['service_id' => 201, 'username' => strtoupper(self::NAME), 'creation_guid' => $guid, 'guid_key' => $guid, 'owner_key' => 'service:201',
            'name_key' => '1:' . strtoupper(self::NAME), 'place_key' => null];
        Capsule::table(self::ACCOUNTS)->insert($row + array_diff_key($this->record(), ['id' => 0]));
        $this->assertSentence($this->module->serverSync(1), 'differ only in case', 'belong to different services');
    }

    public function test_two_entries_for_one_server_offer_each_other_s_accounts_with_a_warning(): void
    {
        Host::addServer($this->server(2));
        $this->created();
        $this->created(['id' => 201, 'server' => 2]);
        Capsule::table('tblactivitylog')->delete();

        $seen = $this->module->serverSync(2);

        $this->assertSame([[201], []], [array_keys($seen['matched']), $seen['missing']]);
        $this->assertStringContainsString('1 accounts', implode(Host::activityLog()));
        $this->assertStringContainsString('do not import them', implode(Host::activityLog()));
    }

    public function test_accounts_of_product_addons_are_not_to_be_imported(): void
    {
        $this->service(['domainstatus' => 'Active', 'packageid' => Host::addProduct(['servertype' => 'other'])]);
        $definition = Host::addAddonDefinition(['module' => 'cometbackup']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'], [300 => self::PASSWORD]);
        $addon = Host::serviceAddon(Host::addServiceAddon(['id' => 300, 'hostingid' => 200, 'addonid' => $definition, 'server' => 1]));
        $this->assertSame('success', $this->module->create($addon));

        $this->assertCount(1, $this->module->serverSync(1)['unknown']);
        $this->assertStringContainsString('belong to product addons', implode(Host::activityLog()));
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function broken(): array
    {
        return [
            'refused' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised <b>']], 'Unauthorised'],
            'no answer' => [['fault' => 'drop', 'times' => 2], 'closed before an answer'],
            'breaks off' => [['fault' => 'truncate'], 'broke off'],
            'a page' => [['fault' => 'html'], 'not what a Comet Server sends'],
            'an account and then an error' => [
                [
                    'fault' => 'status', 'status' => 200, 'body' => '{"ada@example.com":{},"Status":500,"Message":"died"}',
                    'content_type' => 'application/json',
                ],
                'died',
            ],
        ];
    }

    /**
     * @dataProvider broken
     * @param array<string, mixed> $fault
     */
    public function test_what_is_not_whole_is_an_error(array $fault, string $reason): void
    {
        $this->created();
        $this->comet->faultOn(self::LIST, $fault);

        $this->assertSentence($this->module->serverSync(1), $reason);
    }

    public function test_a_list_that_breaks_off_at_any_place_is_an_error(): void
    {
        $this->created();
        $length = strlen((string) json_encode($this->comet->profile(self::NAME)));
        for ($at = 0; $at < $length; $at += 397) {
            $this->comet->faultOn(self::LIST, ['fault' => 'truncate', 'at' => $at]);
            $this->assertIsString($this->module->serverSync(1), "after $at bytes");
        }
    }

    public function test_customers_and_commands_get_no_list(): void
    {
        $service = $this->created();
        $params = $this->module->serverParams(1);
        $asked = $this->during(function () use ($service, $params): void {
            $this->assertFalse($this->module->custom($service, 'ListAccounts')['success']);
            $_SESSION = ['uid' => 10];
            $this->assertFalse($this->module->call('ListAccounts', $params)['success']);
        });

        $this->assertSame([], $asked);
    }

    /** @return array{answer: int, grown: int, php: int, statements: list<string>} */
    private function cost(int $accounts): array
    {
        $this->manyAccounts($accounts, ['username' => "CONCAT('many-', LPAD(seq, 6, 0))"]);

        return $this->costOf('$module->call("ListAccounts", $params)');
    }

    /** @group slow */
    public function test_10_000_accounts_cost_one_list_few_statements_and_little_memory_beside_whmcs_s_array(): void
    {
        $this->created();
        $this->module->serverSync(1);

        $few = $this->cost(100);
        $many = $this->cost(10_000);

        $this->assertSame([100, 10_000], [$few['answer'], $many['answer']]);
        $this->assertSame([self::LIST], $this->comet->endpoints());
        $this->assertSame(count($few['statements']), count($many['statements']), implode("\n", $many['statements']));
        $this->assertLessThanOrEqual(7, count($many['statements']), implode("\n", $many['statements']));
        $this->assertLessThan(8_000, $many['grown'] - $many['php'], 'kB');
    }
}
