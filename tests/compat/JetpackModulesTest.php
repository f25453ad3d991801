<?php

declare(strict_types=1);

// Every row of the two tables of docs/compatibility.md, section jetpack: what differs from the PHP modules of 2021 and 2022.

namespace Tests\Compat;

use Tests\Host\Host;
use Tests\Host\Template;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class JetpackModulesTest extends JetpackTestCase
{
    private const DOCUMENT = __DIR__ . '/../../docs/compatibility.md';

    /** Table and row ⇒ the test of it; `case` and a name is a recorded case, which JetpackRecordedCasesTest runs. */
    private const ROWS = [
        '2021' => [
            'second Create' => 'case create-twice',
            'second Terminate' => 'case terminate-twice',
            'Terminate of a service that never had a license' => 'case terminate-none',
            'display name' => 'case metadata',
            'setting 1' => 'case configoptions-table-present',
            'setting 3' => 'test_saving_keeps_what_setting_3_holds',
            'settings 4 and 5' => 'case configoptions-table-present',
            "customer's page" => 'test_a_product_of_the_module_of_2021_shows_its_customers_nothing_until_it_is_saved_here',
            'custom field' => 'test_the_key_is_in_a_custom_field',
            'product labels' => 'case loader-ok',
            'products' => 'case loader-ok',
            'exceptions' => 'test_an_odd_answer_of_jetpack_is_one_sentence',
            'request' => 'test_the_product_is_sent_as_json',
            'license table: times' => 'case createtable',
            'license table' => 'case createtable',
            '`hooks.php`' => 'test_a_file_of_hooks_is_new',
        ],
        '2022' => [
            'setting 3' => 'test_saving_keeps_what_setting_3_holds',
            'setting 4' => 'test_what_setting_4_held_while_the_table_was_missing_means_nothing_here',
            "customer's page" => 'test_a_product_of_the_module_of_2022_shows_the_key_where_setting_3_is_on_until_it_is_saved_here',
            '`jetpack_license.tpl`' => 'test_a_themes_copy_of_the_template_goes_on_working',
            '`license_key`' => 'test_the_variable_license_key_holds_the_first_key_while_it_is_paid_for',
            '`domain`' => 'test_the_variable_domain_holds_a_host_name_or_nothing',
            'button *Attach License*' => 'test_the_button_is_called_otherwise_and_its_function_stays',
            'address it attaches to' => 'test_the_license_is_attached_to_an_absolute_address',
            '`jetpack_FetchProductDescriptions`' => 'test_descriptions_are_plain_text',
            'companion addon module' => 'test_the_companion_addon_module_finds_what_it_includes',
            'products of the companion addon module' => 'test_a_product_of_the_companion_addon_module_shows_nothing_until_it_is_saved_here',
        ],
    ];

    public function test_every_row_of_both_tables_is_named_here_and_has_a_test(): void
    {
        $rows = array_map(array_keys(...), self::ROWS);
        $this->assertSame($rows, ['2021' => $this->documented('2021'), '2022' => $this->documented('2022')]);
        foreach (array_merge(...array_map(array_values(...), array_values(self::ROWS))) as $test) {
            $case = str_starts_with($test, 'case ') ? substr($test, 5) : null;
            $this->assertTrue($case === null ? method_exists($this, $test) : isset(JetpackRecordedCase::all()[$case]), $test);
        }
    }

    /** @return list<string> the first cells of a table's rows */
    private function documented(string $year): array
    {
        $section = explode("\n### ", (string) file_get_contents(self::DOCUMENT));
        $table = array_values(array_filter($section, fn (string $text) => str_starts_with($text, "The module of $year\n")))[0] ?? '';
        $table = explode("\n## ", $table)[0];
        preg_match_all('/^\| ([^|]+?) \|/m', $table, $cells);

        return array_values(array_filter($cells[1], fn (string $cell) => trim($cell, '- ') !== ''));
    }

    /** @param array<string, string> $settings of the product */
    private function sold(array $settings): Service
    {
        Capsule::table('tblproducts')->update($settings + ['configoption3' => '', 'configoption4' => '', 'configoption5' => '']);
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_THEIRS');

        return $this->service();
    }

    private function saveUntouched(): void
    {
        $fields = $this->module->configOptions(1);
        $this->module->saveConfigOptions(1, array_filter(array_column($fields, 'submits', 'position'), 'is_string'));
    }

    private function setting(int $number): string
    {
        return Capsule::table('tblproducts')->where('id', 1)->value("configoption$number");
    }

    /** @return iterable<string, array{string}> */
    public static function stored(): iterable
    {
        yield 'nothing: 2021, or 2022 and not shown' => [''];
        yield 'on: 2022, shown' => ['on'];
        yield 'false, as the companion addon module writes it' => ['0'];
        yield 'of an earlier version of ours' => ['ready'];
    }

    /** @dataProvider stored */
    public function test_saving_keeps_what_setting_3_holds(string $stored): void
    {
        $this->sold(['configoption3' => $stored]);

        $this->saveUntouched();

        $this->assertSame([$stored, 'keep', ''], [$this->setting(3), $this->setting(4), $this->setting(5)]);
    }

    public function test_a_product_of_the_module_of_2021_shows_its_customers_nothing_until_it_is_saved_here(): void
    {
        $service = $this->sold([]);

        $this->assertSame('', $this->module->clientArea($service));
        $this->assertSame([], $this->module->call('ClientArea', $this->module->paramsFor($service)));

        $this->saveUntouched();

        $this->assertStringContainsString('jetpack-complete_THEIRS', $this->module->clientArea(Host::service(100)));
        $this->assertSame(['GET /partner/product-families'], $this->sandbox->requestLines());
    }

    public function test_a_product_of_the_module_of_2022_shows_the_key_where_setting_3_is_on_until_it_is_saved_here(): void
    {
        $service = $this->sold(['configoption3' => 'on']);
        $this->assertStringContainsString('jetpack-complete_THEIRS', $this->module->clientArea($service));

        Capsule::table('tblproducts')->update(['configoption3' => '']);
        $this->assertSame('', $this->module->clientArea(Host::service(100)));

        $this->saveUntouched();
        $this->assertStringContainsString('jetpack-complete_THEIRS', $this->module->clientArea(Host::service(100)));
        $this->assertSame('', $this->setting(3));
    }

    /** @dataProvider values */
    public function test_each_pair_of_settings_shows_what_it_says(string $third, string $fourth, bool $isShown): void
    {
        $service = $this->sold(['configoption3' => $third, 'configoption4' => $fourth]);

        $this->assertSame($isShown, str_contains($this->module->clientArea($service), 'jetpack-complete_THEIRS'));
    }

    /** @return iterable<string, array{string, string, bool}> */
    public static function values(): iterable
    {
        foreach (['keep', 'revoke'] as $saved) {
            yield "saved here: $saved" => ['', $saved, true];
            yield "saved here, and on: $saved" => ['on', $saved, true];
        }
        yield 'on' => ['on', '', true];
        yield 'nothing' => ['', '', false];
        yield 'false' => ['0', '', false];
        yield 'a leftover of the table' => ['Array', '', false];
    }

    /** The companion addon module stores three rows for a product addon; those of 2021 two. */
    public function test_a_product_addon_is_shown_as_a_product_is(): void
    {
        $this->service();
        $addon = $this->addon();
        $key = $this->issued($addon);
        $shown = function (array $settings) use ($addon, $key): bool {
            Capsule::table('tblmodule_configuration')->whereIn('setting_name', ['configoption3', 'configoption4'])->delete();
            foreach ($settings as $name => $value) {
                Capsule::table('tblmodule_configuration')->insert(['entity_type' => 'addon', 'entity_id' => $addon->addonid,
                    'setting_name' => $name, 'friendly_name' => 'Show User License', 'value' => $value]);
            }

            return str_contains($this->module->clientArea($addon), $key);
        };

        $this->assertFalse($shown([]));
        $this->assertFalse($shown(['configoption3' => false]));
        $this->assertTrue($shown(['configoption3' => 'on']));
        $this->assertTrue($shown(['configoption3' => false, 'configoption4' => 'keep']));
    }

    /** Nobody who sees a key loses it: an earlier version of ours showed every one. */
    public function test_a_key_that_an_earlier_version_of_ours_has_shown_stays_on_the_page(): void
    {
        $this->module->call('CreateLicensesTable');
        Capsule::connection()->statement('ALTER TABLE ' . self::TABLE . ' DROP COLUMN always_shown');
        $service = $this->sold([]);

        $this->assertStringContainsString('jetpack-complete_THEIRS', $this->module->clientArea($service));

        // Its next license is shown as that one was.
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_THEIRS', 'issued_at' => '2020-09-08 16:14:58']]]);
        $this->module->terminate($service);
        $key = $this->issued($service);
        $this->assertStringContainsString($key, $this->module->clientArea($service));
    }

    public function test_while_the_database_is_away_a_page_that_shows_nothing_goes_on_showing_nothing(): void
    {
        $this->sold([]);
        $ini = ['whmcs_provisioning.database_url' => 'mysql://whmcs:x@127.0.0.1:1/whmcs'];

        $this->assertSame('', $this->answerOf($this->apart('$module->clientArea($service)', $ini)));

        $log = Host::activityLog();
        $this->assertSentence(end($log), 'in the WHMCS database', 'Service ID: 100');
    }

    public function test_the_key_is_in_a_custom_field(): void
    {
        $service = $this->sold([]);
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_THEIRS', 'issued_at' => '2020-09-08 16:14:58']]]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame('jetpack-complete_THEIRS', $this->keptKey($service));
    }

    public function test_an_odd_answer_of_jetpack_is_one_sentence(): void
    {
        $this->faultOn('POST', '/license', ['fault' => 'json', 'status' => 418, 'body' => ['message' => ['odd']]]);

        $this->assertSentence($this->module->create($this->service()), 'HTTP 418');
    }

    public function test_the_product_is_sent_as_json(): void
    {
        $this->issued($this->service());

        $sent = $this->sandbox->requests()[0];
        $this->assertSame(['product' => 'jetpack-complete'], json_decode($sent['body'], true));
        $this->assertSame([], $sent['query']);
    }

    public function test_a_file_of_hooks_is_new(): void
    {
        $this->assertFileExists($this->module->folder . '/hooks.php');
    }

    public function test_what_setting_4_held_while_the_table_was_missing_means_nothing_here(): void
    {
        $service = $this->sold(['configoption3' => 'on', 'configoption4' => 'Array']);
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_THEIRS', 'issued_at' => '2020-09-08 16:14:58']]]);

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame([], $this->sandbox->requestLines(), 'the license is kept');
        $this->saveUntouched();
        $this->assertSame(['on', 'keep'], [$this->setting(3), $this->setting(4)]);
    }

    public function test_a_themes_copy_of_the_template_goes_on_working(): void
    {
        $service = $this->sold(['configoption3' => 'on']);
        $theme = (string) getenv('TEST_DIR') . '/theme-' . bin2hex(random_bytes(4));
        mkdir("$theme/modules/servers/jetpack", 0700, true);
        file_put_contents("$theme/modules/servers/jetpack/jetpack_license.tpl", 'Key {$license_key}{if $domain} for {$domain}{/if}.');
        Template::$theme = $theme;
        try {
            $page = $this->module->clientArea($service);
        } finally {
            Template::$theme = null;
        }

        $this->assertSame('Key jetpack-complete_THEIRS for customer.example.', $page);
        $answer = $this->module->call('ClientArea', $this->module->paramsFor($service));
        $this->assertSame(['templatefile', 'vars'], array_keys($answer));
        $this->assertSame('jetpack_license', $answer['templatefile']);
        $this->assertFileExists($this->module->folder . '/templates/jetpack_license.tpl');
    }

    public function test_the_variable_license_key_holds_the_first_key_while_it_is_paid_for(): void
    {
        $service = $this->sold(['configoption3' => 'on']);
        Capsule::table(self::TABLE)->insert(['order_id' => 500, 'product_id' => 1, 'license_key' => 'jetpack-complete_SECOND',
            'issued_at' => '2020-09-08 16:14:59']);
        $key = fn (): string => $this->module->call('ClientArea', $this->module->paramsFor(Host::service(100)))['vars']['license_key'];

        $this->assertSame('jetpack-complete_THEIRS', $key());

        Capsule::table('tblhosting')->update(['domainstatus' => 'Suspended']);
        $this->assertSame('No License Key Found', $key());

        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);
        Capsule::table(self::TABLE)->update(['revoked_at' => '2026-01-01 00:00:00']);
        $this->assertSame('No License Key Found', $key());
        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_the_variable_domain_holds_a_host_name_or_nothing(): void
    {
        $service = $this->sold(['configoption3' => 'on']);
        $domain = function (string $typed) use ($service): ?string {
            $service->domain = $typed;

            return $this->module->call('ClientArea', $this->module->paramsFor($service))['vars']['domain'];
        };

        $this->assertSame('customer.example', $domain('customer.example'));
        $this->assertSame('customer.example', $domain('Customer.example/blog/'));
        foreach (['', 'localhost', '"><script>alert(1)</script>', 'a"onclick="b.example', 'javascript:alert(1)'] as $none) {
            $this->assertNull($domain($none), $none);
        }
    }

    public function test_the_button_is_called_otherwise_and_its_function_stays(): void
    {
        $service = $this->sold(['configoption3' => 'on']);

        $buttons = $this->module->adminButtons($service);

        $this->assertSame('AttachToSite', $buttons['Attach to site']);
        $this->assertArrayNotHasKey('Attach License', $buttons);
        $this->assertTrue($this->module->has('AttachLicense'));
    }

    public function test_the_license_is_attached_to_an_absolute_address(): void
    {
        $service = $this->sold(['configoption3' => 'on']);
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_THEIRS', 'issued_at' => '2020-09-08 16:14:58']]]);

        $this->assertSame('success', $this->module->custom($service, 'AttachLicense'));

        $this->assertSame(['site' => 'https://customer.example'], json_decode($this->sandbox->requests()[0]['body'], true));
    }

    public function test_descriptions_are_plain_text(): void
    {
        $product = ['product_id' => 1, 'name' => 'Scan', 'slug' => 'jetpack-scan'];
        $this->sandbox->reset(['families' => [['name' => 'Scan', 'slug' => 'scan', 'description' => "<b>Safe</b>\n sites", 'products' => [$product]]]]);

        $this->assertSame(['jetpack-scan' => 'Safe sites'], $this->module->call('FetchProductDescriptions'));
        $this->assertSame(['GET /product-families'], $this->sandbox->requestLines());
    }

    public function test_the_companion_addon_module_finds_what_it_includes(): void
    {
        $folder = var_export($this->module->folder, true);
        // In its order, and in a process in which WHMCS has or has not loaded the module before.
        foreach (['', '$module->metaData();'] as $before) {
            $code = "$before return [include_once $folder . '/vendor/autoload.php', include_once $folder . '/jetpack.php',"
                . ' array_key_first(jetpack_FetchProducts()), jetpack_FetchProductDescriptions()["jetpack-scan"]];';

            [$autoload, $module, $product, $description] = $this->inChild($code);

            $this->assertTrue($autoload && $module);
            $this->assertSame('jetpack-complete', $product);
            $this->assertNotSame('', $description);
        }
    }

    public function test_a_product_of_the_companion_addon_module_shows_nothing_until_it_is_saved_here(): void
    {
        Capsule::table('tblproducts')->where('id', 1)->delete();
        Capsule::table('tblproducts')->insert(['id' => 1, 'type' => 'other', 'name' => 'Jetpack Complete', 'servertype' => 'jetpack', 'hidden' => 1,
            'configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-complete', 'configoption3' => false]);
        $service = $this->service();
        $key = $this->issued($service);

        $this->assertSame('', $this->module->clientArea($service));

        $this->saveUntouched();
        $this->assertStringContainsString($key, $this->module->clientArea(Host::service(100)));
    }
}
