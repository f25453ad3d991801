<?php

declare(strict_types=1);

// The loaders of the module settings: choices of the server, and never an error among them.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class ConfigOptionsTest extends CometTestCase
{
    private const POLICIES = ['pol-b' => ['Description' => 'Standard', 'Policy' => []], 'pol-a' => ['Description' => 'Gold', 'Policy' => []]];

    protected function setUp(): void
    {
        parent::setUp();
        $this->settings(['servergroup' => (string) Host::addServerGroup([1])]);
    }

    public function test_policies_are_none_those_of_the_server_and_a_fresh_one(): void
    {
        $this->comet->reset(['policies' => array_map(fn (array $p) => ['Policy' => (object) []] + $p, self::POLICIES)]);

        $choices = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));

        $keys = array_keys($choices);
        $this->assertSame('', $keys[0]);
        $this->assertSame('None', $choices['']);
        $this->assertSame(['Gold', 'Standard'], [$choices['pol-a'], $choices['pol-b']]);
        $this->assertCount(4, $choices);
        $this->assertMatchesRegularExpression('/^WHMCS_[0-9a-z-]{8,}$/i', $keys[3]);
        $this->assertSame("[Create New Policy Group] ($keys[3])", $choices[$keys[3]]);
        $this->assertSame(['policies/list'], $this->comet->endpoints());
    }

    public function test_templates_are_none_and_those_of_the_server_numbers_among_their_ids(): void
    {
        $this->comet->reset(['templates' => ['1' => 'Local Comet storage', 's3tmpl' => 'Wasabi eu-central']]);

        $choices = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame(['' => 'None', 1 => 'Local Comet storage', 's3tmpl' => 'Wasabi eu-central'], $choices);
        $this->assertSame(['request-storage-vault-providers'], $this->comet->endpoints());
    }

    public function test_ids_with_markup_are_left_out_and_told_once(): void
    {
        $markup = '"><script>alert(1)</script>';
        $this->comet->reset([
            'policies' => [$markup => self::POLICIES['pol-a'], 'two words' => self::POLICIES['pol-b'], 'pol-a' => self::POLICIES['pol-a']],
            'templates' => [$markup => 'Odd', 's3tmpl' => 'Wasabi'],
        ]);
        $this->settings([self::POLICY => $markup]);

        $policies = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));
        $templates = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame(['', 'pol-a'], array_slice(array_keys($policies), 0, -1));
        $this->assertSame(['', 's3tmpl'], array_keys($templates));
        $told = fn (string $what): string => "The Comet Server lists $what with an id that Comet does not make: this was left out of "
            . "the module settings. Look at the server, http://127.0.0.1:{$this->comet->port()}.";
        $this->assertSame([$told('2 choices'), $told('1 choice')], Host::activityLog());
    }

    public function test_password_change_is_no_or_yes_without_a_request(): void
    {
        $this->assertSame(['no' => 'No', 'yes' => 'Yes'], $this->module->call('ConfigOptionsRequirePasswordChange', []));
        $this->assertSame([], $this->comet->endpoints());
    }

    /** C23. */
    public function test_null_is_an_empty_list(): void
    {
        $this->comet->reset(['version' => self::OLD, 'null_for_empty' => true]);

        $policies = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));
        $templates = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame('', array_key_first($policies));
        $this->assertCount(2, $policies);
        $this->assertSame(['' => 'None'], $templates);
    }

    /** C31. @dataProvider failures */
    public function test_an_error_is_told_in_place_of_the_field_and_saving_keeps_what_is_stored(array $fault, string ...$mentions): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.4');
        $this->settings([self::POLICY => 'pol-a', self::VAULT => '1']);
        foreach (['policies/list', 'request-storage-vault-providers'] as $endpoint) {
            $this->comet->faultOn($endpoint, $fault + ['times' => 0]);
        }

        $fields = $this->module->configOptions(20);

        foreach (['PolicyGroupGUID', 'StorageProviderID'] as $name) {
            $this->assertSame([], $fields[$name]['choices'], $name);
            $this->assertNull($fields[$name]['submits'], $name);
            $this->assertSentence($fields[$name]['error'], ...$mentions);
        }
    }

    /** @return array<string, list<mixed>> */
    public static function failures(): array
    {
        return [
            'wrong credentials' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised']], 'Unauthorised'],
            'with another field' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'No', 'X' => 1]], 'No'],
            'HTTP 500' => [['fault' => 'status', 'status' => 500], '500'],
            'HTML' => [['fault' => 'html'], 'Comet'],
            'empty' => [['fault' => 'status', 'status' => 200], 'Comet'],
            'a list' => [['fault' => 'json', 'body' => ['a']], 'Comet'],
            'a text' => [['fault' => 'json', 'body' => 'a'], 'Comet'],
            'cut' => [['fault' => 'truncate', 'at' => 1], 'Comet'],
            'lost' => [['fault' => 'drop'], 'Comet'],
            'silence' => [['fault' => 'delay', 'ms' => 700], 'Comet'],
        ];
    }

    /** A policy may be called like that. */
    public function test_entries_called_status_and_message_are_choices_where_they_are_texts(): void
    {
        $this->comet->faultOn('policies/list', ['fault' => 'json', 'body' => ['Status' => 'Gold', 'Message' => 'Silver']]);

        $choices = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));

        $this->assertSame('Gold', $choices['Status']);
    }

    public function test_a_stored_value_the_server_no_longer_has_stays_selected(): void
    {
        $this->settings([self::POLICY => 'pol-gone', self::VAULT => 'tmpl-gone']);

        $fields = $this->module->configOptions(20);

        $this->assertSame('pol-gone', $fields['PolicyGroupGUID']['submits']);
        $this->assertSame('tmpl-gone', $fields['StorageProviderID']['submits']);
    }

    public function test_a_fresh_id_that_was_saved_stays_selected_until_the_first_account_makes_the_policy(): void
    {
        $this->settings([self::POLICY => 'WHMCS_69210a']);

        $field = $this->module->configOptions(20)['PolicyGroupGUID'];

        $this->assertSame('WHMCS_69210a', $field['submits']);
        $this->assertCount(1, array_filter(array_keys($field['choices']), fn ($id) => $id === 'WHMCS_69210a'));
    }

    public function test_a_value_stored_for_a_product_addon_stays_selected(): void
    {
        $group = (int) Capsule::table('tblproducts')->value('servergroup');
        $addon = Host::addAddonDefinition(
            ['name' => 'More', 'module' => 'cometbackup', 'server_group_id' => $group],
            ['configoption1' => 'pol-of-addon', 'configoption2' => 'tmpl-of-addon']
        );

        $fields = $this->module->configOptions($addon, true);

        $this->assertSame('pol-of-addon', $fields['PolicyGroupGUID']['submits']);
        $this->assertSame('tmpl-of-addon', $fields['StorageProviderID']['submits']);
    }

    public function test_a_product_that_was_never_saved_starts_with_none(): void
    {
        $fields = $this->module->configOptions(20);

        $this->assertSame(['', '', 'leave', 'provided', 'delete'], array_map(
            fn (string $name) => $fields[$name]['submits'] ?: $fields[$name]['default'],
            ['PolicyGroupGUID', 'StorageProviderID', 'LimitsNotSet', 'VaultQuota', 'Termination']
        ));
    }

    public function test_names_of_policies_are_text(): void
    {
        $policy = static fn (string $description): array => ['Description' => $description, 'Policy' => (object) []];
        $this->comet->reset(['policies' => ['p' => $policy("<b>Gold</b>\n"), 'q' => $policy('')]]);

        $choices = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));

        $this->assertDoesNotMatchRegularExpression('/[<>\n]/', $choices['p']);
        $this->assertSame('q', $choices['q']);
    }

    public function test_two_fresh_ids_are_never_the_same(): void
    {
        $ids = [];
        for ($i = 0; $i < 20; $i++) {
            $ids[] = array_key_last($this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1)));
        }

        $this->assertCount(20, array_unique($ids));
    }

    public function test_without_a_server_the_reason_is_told(): void
    {
        $this->expectExceptionMessageMatches('/server/');

        $this->module->call('ConfigOptionsPolicyGroupLoader', []);
    }
}
