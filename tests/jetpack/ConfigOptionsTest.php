<?php

declare(strict_types=1);

// jetpack_ConfigOptions: the settings of a product. Position is identity.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class ConfigOptionsTest extends JetpackTestCase
{
    private const NAMES = ['API Token', 'Jetpack Product', 'Licensing Table', 'On suspension', "Attach to the service's domain"];

    /** The token is a password field. */
    public function test_the_settings_stand_in_their_places(): void
    {
        $fields = $this->module->configOptions(1);

        $this->assertSame(self::NAMES, array_keys($fields));
        $this->assertSame([1, 2, 3, 4, 5], array_column($fields, 'position'));
        $this->assertSame(['password', 'dropdown', 'dropdown', 'dropdown', 'dropdown'], array_column($fields, 'type'));
        $this->assertSame([null, null, null, null, null], array_column($fields, 'error'));
        $this->assertSame(['GET /partner/product-families'], $this->sandbox->requestLines());
    }

    /** Settings 3 to 5 are new: a product of the PHP module has nothing stored there. */
    public function test_saving_the_untouched_page_of_a_product_of_the_php_module_changes_nothing_it_had(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => '']);
        $fields = $this->module->configOptions(1);

        $this->module->saveConfigOptions(1, array_filter(array_column($fields, 'submits', 'position'), 'is_string'));

        $product = (array) Capsule::table('tblproducts')->find(1);
        $this->assertSame([JetpackSandbox::TOKEN, 'jetpack-complete'], [$product['configoption1'], $product['configoption2']]);
        $this->assertSame(['keep', ''], [$product[self::ON_SUSPENSION], $product[self::ATTACH]]);
    }

    /**
     * Setting 5 was a tick box, which stored `on` or nothing.
     *
     * @dataProvider activations
     */
    public function test_saving_the_untouched_page_keeps_what_setting_5_means(string $stored, string $label): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => $stored]);
        $field = $this->module->configOptions(1)["Attach to the service's domain"];

        $this->assertSame([$stored, $label], [$field['value'], $field['choices'][$field['value']]]);
        $this->assertSame($stored, $field['submits']);
        $this->module->saveConfigOptions(1, [5 => $field['submits']]);
        $this->assertSame($stored, Capsule::table('tblproducts')->where('id', 1)->value(self::ATTACH));
    }

    /** @return array<string, array{string, string}> */
    public static function activations(): array
    {
        return [
            'a tick box that was off' => ['', 'Leave it to the customer'],
            'a tick box that was on' => ['on', "Attach to the service's domain"],
            'connect' => ['connect', 'Connect the site and attach'],
        ];
    }

    public function test_a_new_product_leaves_it_to_the_customer(): void
    {
        $product = Host::addProduct(['name' => 'New']);

        $this->assertSame('', $this->module->configOptions($product)["Attach to the service's domain"]['submits']);
    }

    /** All five, each time. */
    public function test_a_second_opening_shows_the_same(): void
    {
        $first = $this->module->configOptions(1);

        $this->assertSame($first, $this->module->configOptions(1));
    }

    /** The addon definition has no list of its own yet: its settings page works like a product's. */
    public function test_the_page_of_an_addon_definition_shows_the_same_settings(): void
    {
        $addon = Host::addAddonDefinition(['name' => 'Jetpack', 'module' => 'jetpack']);

        $fields = $this->module->configOptions($addon, true);

        $this->assertSame(self::NAMES, array_keys($fields));
        $this->assertSame(JetpackSandbox::TOKEN, $fields['API Token']['value']);
        $this->assertNull($fields['Jetpack Product']['error']);
    }

    public function test_without_token_and_api_the_page_still_opens(): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => '']);
        $this->sandbox->fault(['fault' => 'html', 'status' => 503, 'times' => 0]);

        $fields = $this->module->configOptions(1);

        $this->assertSame(self::NAMES, array_keys($fields));
        $this->assertSentence((string) $fields['Jetpack Product']['error'], 'HTTP 503');
        $this->assertNull($fields['Licensing Table']['error']);
        $this->assertSame(['GET /product-families'], $this->sandbox->requestLines());
    }

    public function test_while_the_database_is_away_the_page_opens_and_says_so(): void
    {
        $ini = ['whmcs_provisioning.database_url' => 'mysql://whmcs:secret@127.0.0.1:1/whmcs'];

        $fields = json_decode($this->answerOf($this->apart('$module->configOptions(1)', $ini)), true);

        $this->assertSame(self::NAMES, array_keys($fields));
        $this->assertSame('', $fields['API Token']['default']);
        foreach (['Jetpack Product', 'Licensing Table'] as $name) {
            $this->assertSentence((string) $fields[$name]['error'], 'in the WHMCS database');
            $this->assertStringNotContainsString('secret', $fields[$name]['error']);
        }
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'in the WHMCS database');
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** Names other modules may have. */
    public function test_no_global_names_of_the_php_module_are_taken(): void
    {
        $this->module->metaData();

        $this->assertFalse(function_exists('get_api_token') || function_exists('parse_response_errors') || defined('ERROR_PREFIX'));
    }

    public function test_the_module_needs_no_server(): void
    {
        $this->assertSame(
            ['DisplayName' => 'Jetpack by Automattic', 'APIVersion' => '1.1', 'RequiresServer' => false],
            $this->module->metaData()
        );
    }
}
