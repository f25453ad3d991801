<?php

declare(strict_types=1);

// The module settings of a product, through all loaders: choices of the server, and never an error among them.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class ConfigOptionsTest extends ConfigOptionsTestCase
{
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
        $told = fn (string $what): string => "The Comet Server lists $what with an id that is none of Comet's; the module settings "
            . "leave that out. Look at the server, http://127.0.0.1:{$this->comet->port()}.";
        $this->assertSame([$told('2 choices'), $told('1 choice')], Host::activityLog());
    }

    /** Go writes a map that was never made as null. */
    public function test_null_is_an_empty_list(): void
    {
        $this->comet->reset(['version' => self::OLD, 'null_for_empty' => true]);

        $policies = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));
        $templates = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame('', array_key_first($policies));
        $this->assertCount(2, $policies);
        $this->assertSame(['' => 'None'], $templates);
    }

    /** The PHP module offered the error's own fields as choices. @dataProvider failures */
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

    public function test_a_stored_value_the_server_no_longer_has_stays_selected(): void
    {
        $this->settings([self::POLICY => 'pol-gone', self::VAULT => 'tmpl-gone']);

        $fields = $this->module->configOptions(20);

        $this->assertSame('pol-gone', $fields['PolicyGroupGUID']['submits']);
        $this->assertSame('tmpl-gone', $fields['StorageProviderID']['submits']);
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
}
