<?php

declare(strict_types=1);

// cometbackup_ConfigOptionsPolicyGroupLoader: the server's policy groups, and one that does not exist yet.

namespace Tests\Cometbackup;

final class ConfigOptionsPolicyGroupLoaderTest extends ConfigOptionsTestCase
{
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

    /** A policy may be called like that. */
    public function test_entries_called_status_and_message_are_choices_where_they_are_texts(): void
    {
        $this->comet->faultOn('policies/list', ['fault' => 'json', 'body' => ['Status' => 'Gold', 'Message' => 'Silver']]);

        $choices = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));

        $this->assertSame('Gold', $choices['Status']);
    }

    public function test_a_fresh_id_that_was_saved_stays_selected_until_the_first_account_makes_the_policy(): void
    {
        $this->settings([self::POLICY => 'WHMCS_69210a']);

        $field = $this->module->configOptions(20)['PolicyGroupGUID'];

        $this->assertSame('WHMCS_69210a', $field['submits']);
        $this->assertCount(1, array_filter(array_keys($field['choices']), fn ($id) => $id === 'WHMCS_69210a'));
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
