<?php

declare(strict_types=1);

// jetpack_FetchProducts, the loader of setting 2: the list the partner may sell, or a reason why there is none.

namespace Tests\Jetpack;

use Exception;
use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class FetchProductsTest extends JetpackTestCase
{
    private const OPTION = ['configoption1' => JetpackSandbox::TOKEN];
    private const PARTNERS = ['GET /partner/product-families'];

    /** The PHP module offered the public list. */
    public function test_with_a_token_it_is_the_partners_own_list_with_prices(): void
    {
        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $this->sandbox->requests()[0]['headers']['authorization']);
        $this->assertSame('Jetpack Complete (USD 1.64 per day)', $choices['jetpack-complete']);
        $this->assertSame('Jetpack Scan (USD 3.95 per month)', $choices['jetpack-scan']);
        $this->assertCount(7, $choices);
    }

    /** The token is not known yet, and no empty one is sent. */
    public function test_without_a_token_it_is_the_public_list(): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => '']);

        $choices = $this->module->call('FetchProducts', []);

        $this->assertSame(['GET /product-families'], $this->sandbox->requestLines());
        $this->assertArrayNotHasKey('authorization', $this->sandbox->requests()[0]['headers']);
        $this->assertSame('Jetpack Complete', $choices['jetpack-complete']);
        $this->assertCount(7, $choices);
    }

    public function test_families_and_their_products_keep_the_order_of_jetpack(): void
    {
        $this->sandbox->reset(['families' => [
            self::family('Second', ['jetpack-scan', 'jetpack-backup-daily']),
            self::family('First', ['jetpack-complete', 'jetpack-anti-spam']),
        ]]);

        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertSame(['jetpack-scan', 'jetpack-backup-daily', 'jetpack-complete', 'jetpack-anti-spam'], array_keys($choices));
        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** WHMCS passes no settings to the loader of a product that has none stored. */
    public function test_the_token_of_a_stored_product_is_used_where_the_parameters_have_none(): void
    {
        $this->module->call('FetchProducts', ['whmcsVersion' => Host::VERSION]);

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $this->sandbox->requests()[0]['headers']['authorization']);
    }

    public function test_the_token_of_the_addon_module_is_used_where_no_product_has_one(): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => '']);
        Host::setAddonModule('jetpack', ['api_token' => JetpackSandbox::SECOND_TOKEN]);

        $this->module->call('FetchProducts', []);

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
        $this->assertSame('Bearer ' . JetpackSandbox::SECOND_TOKEN, $this->sandbox->requests()[0]['headers']['authorization']);
    }

    public function test_the_products_own_token_comes_before_that_of_another(): void
    {
        $this->module->call('FetchProducts', ['configoption1' => ' ' . JetpackSandbox::SECOND_TOKEN . "\n"]);

        $this->assertSame('Bearer ' . JetpackSandbox::SECOND_TOKEN, $this->sandbox->requests()[0]['headers']['authorization']);
        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** Else the next save would change what the product sells. */
    public function test_slugs_in_use_that_jetpack_no_longer_lists_stay_selectable(): void
    {
        Host::addProduct($this->product(2, 'jetpack-retired'));
        Host::addProduct(['id' => 3, 'servertype' => 'other', 'configoption2' => 'not-ours']);
        $this->service();
        $this->addon([], 'jetpack-addon-retired');

        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertStringContainsString('not on the list', $choices['jetpack-retired']);
        $this->assertStringContainsString('not on the list', $choices['jetpack-addon-retired']);
        $this->assertArrayNotHasKey('not-ours', $choices);
        $this->assertSame('jetpack-complete', array_key_first($choices));
        $this->assertSame('Jetpack Complete (USD 1.64 per day)', $choices['jetpack-complete']);
        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** As the partner portal does: plans that no partner may issue, listed as products and as families. */
    public function test_what_a_partner_may_not_issue_stays_only_where_it_is_stored(): void
    {
        Host::addProduct($this->product(2, 'personal'));
        $this->sandbox->reset(['families' => [
            self::family('free', ['jetpack-free-plus']),
            self::family('Plans', ['personal', 'premium', 'jetpack-complete']),
        ]]);

        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertSame(['jetpack-complete' => 'Name of jetpack-complete', 'personal' => 'Name of personal'], $choices);
        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** Prices of bundles are for partners who buy in bulk: the label has that of one license. */
    public function test_bundles_change_no_label(): void
    {
        $family = self::family('Packs', ['jetpack-complete']);
        $price = ['currency' => 'usd', 'amount' => 1.64, 'price_interval' => 'day'];
        $family['products'][0] += $price + ['supported_bundles' => [['quantity' => 5, 'amount' => '7.5', 'price_interval' => 'day']]];
        $this->sandbox->reset(['families' => [$family]]);

        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertSame(['jetpack-complete' => 'Name of jetpack-complete (USD 1.64 per day)'], $choices);
    }

    /** The PHP module offered an empty list, and saving the page cleared the setting. */
    public function test_families_without_products_are_left_out(): void
    {
        $this->sandbox->reset(['families' => [
            ['name' => 'Missing', 'slug' => 'missing'],
            ['name' => 'Empty', 'slug' => 'empty', 'products' => []],
            self::family('Good', ['jetpack-complete']),
        ]]);

        $this->assertSame(['jetpack-complete'], array_keys($this->module->call('FetchProducts', self::OPTION)));

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /**
     * One odd product must not take the list away, nor break the page it stands on.
     *
     * @dataProvider oddFamilies
     * @param array<string, mixed> $odd
     */
    public function test_what_cannot_be_read_or_issued_is_left_out_and_the_rest_stays(array $odd): void
    {
        $this->sandbox->reset();
        $this->faultOn('GET', '/partner', ['fault' => 'json', 'body' => [$odd, self::family('Good', ['jetpack-complete'])]]);

        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertSame(['jetpack-complete' => 'Name of jetpack-complete'], $choices);
        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** @return array<string, array<int, array<string, mixed>>> */
    public static function oddFamilies(): array
    {
        $family = fn (mixed ...$products) => [['name' => 'Odd', 'slug' => 'odd', 'products' => $products]];
        return [
            'a slug with markup' => $family(['product_id' => 1, 'name' => 'N', 'slug' => '"><script>alert(1)</script>']),
            'a slug with blanks' => $family(['product_id' => 1, 'name' => 'N', 'slug' => 'jetpack scan']),
            'an empty slug' => $family(['product_id' => 1, 'name' => 'N', 'slug' => '']),
            'a name that is null' => $family(['product_id' => 1, 'name' => null, 'slug' => 'jetpack-scan']),
            'products that are texts' => $family('jetpack-scan', null),
            'no products, but null' => [['name' => 'Odd', 'slug' => 'odd', 'products' => null]],
        ];
    }

    public function test_names_with_markup_become_plain_text(): void
    {
        $family = self::family('Good', ['jetpack-complete']);
        $family['products'][0]['name'] = '<b>Jetpack</b> "Complete" <script>';
        $this->sandbox->reset(['families' => [$family]]);

        $choices = $this->module->call('FetchProducts', self::OPTION);

        $this->assertDoesNotMatchRegularExpression('/[<>"]/', $choices['jetpack-complete']);
        $this->assertStringContainsString('Jetpack Complete', $choices['jetpack-complete']);
    }

    /**
     * An exception, which WHMCS shows in place of the field, so that saving keeps the setting.
     *
     * @dataProvider failures
     * @param array<string, mixed> $fault
     * @group slow
     */
    public function test_a_failure_is_an_exception_with_the_reason(array $fault, string ...$mentions): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $this->faultOn('GET', '/partner', $fault);

        $sentence = $this->thrown();

        $this->assertSentence($sentence, 'list of Jetpack products', ...$mentions);
        $this->assertSame(self::PARTNERS, array_values(array_unique($this->sandbox->requestLines())));
    }

    /** @return array<string, array<int, mixed>> */
    public static function failures(): array
    {
        $body = ['code' => 'some_code', 'message' => 'Some reason.'];
        $unread = 'not what the licensing API sends';
        return [
            '403' => [['fault' => 'json', 'status' => 403, 'body' => $body], 'Some reason.', 'HTTP 403', 'API Token', 'request id'],
            '500' => [['fault' => 'json', 'status' => 500, 'body' => $body], 'HTTP 500'],
            '503 in HTML' => [['fault' => 'html', 'status' => 503], 'HTTP 503'],
            '429' => [['fault' => 'rate_limit', 'retry_after' => 8], 'in 8 seconds'],
            '302' => [['fault' => 'redirect', 'location' => 'http://127.0.0.1:9/'], 'HTTP 302'],
            'HTML with 200' => [['fault' => 'html'], $unread],
            'wrong types' => [['fault' => 'wrong_types'], $unread],
            'null' => [['fault' => 'json', 'body' => null], $unread],
            'a text' => [['fault' => 'json', 'body' => 'products'], $unread],
            'a list of texts' => [['fault' => 'json', 'body' => ['products']], $unread],
            'a list of numbers' => [['fault' => 'json', 'body' => [1, 2]], $unread],
            'an empty body' => [['fault' => 'status', 'status' => 200], $unread],
            'broken off' => [['fault' => 'truncate'], 'broke off'],
            'too long' => [['fault' => 'huge', 'bytes' => 4_200_000], 'longer than 4194304 bytes, which no real one is'],
            'no answer in time' => [['fault' => 'delay', 'ms' => 900], 'no answer came in time'],
            'always dropped' => [['fault' => 'drop', 'times' => 0], 'the connection was closed'],
        ];
    }

    /**
     * @dataProvider emptyLists
     * @param array<int, mixed> $families
     */
    public function test_an_empty_list_is_an_exception(array $families): void
    {
        $this->sandbox->reset(['families' => $families]);

        $this->assertSentence($this->thrown(), 'lists no product');

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** @return array<string, array<int, mixed>> */
    public static function emptyLists(): array
    {
        return ['no family' => [[]], 'families without products' => [[['name' => 'Empty', 'slug' => 'empty', 'products' => []]]]];
    }

    public function test_an_unknown_token_is_told_with_what_to_do(): void
    {
        $this->assertSentence($this->thrown(['configoption1' => 'tok_wrong']), 'HTTP 403', 'Check the option API Token');

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    public function test_a_token_that_cannot_be_one_is_not_sent(): void
    {
        $this->assertSentence($this->thrown(['configoption1' => "hidden\ntoken"]), 'API Token');

        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** Nothing is submitted for the field, so the stored product stays. */
    public function test_on_the_settings_page_a_failure_stands_in_place_of_the_field(): void
    {
        $this->faultOn('GET', '/partner', ['fault' => 'html', 'status' => 502]);

        $field = $this->module->configOptions(1)['Jetpack Product'];

        $this->assertSentence((string) $field['error'], 'HTTP 502');
        $this->assertNull($field['submits']);
        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    public function test_saving_the_untouched_settings_page_keeps_a_retired_product(): void
    {
        Capsule::table('tblproducts')->update(['configoption2' => 'jetpack-retired']);

        $this->assertSame('jetpack-retired', $this->module->configOptions(1)['Jetpack Product']['submits']);

        $this->assertSame(self::PARTNERS, $this->sandbox->requestLines());
    }

    /** @param array<string, mixed> $params */
    private function thrown(array $params = self::OPTION): string
    {
        try {
            $this->module->call('FetchProducts', $params);
        } catch (Exception $exception) {
            return $exception->getMessage();
        }
        $this->fail('No exception.');
    }

    /** @param array<int, string> $slugs @return array<string, mixed> */
    private static function family(string $name, array $slugs): array
    {
        $product = fn (string $slug) => ['product_id' => 1, 'name' => "Name of $slug", 'slug' => $slug];
        return ['name' => $name, 'slug' => strtolower($name), 'products' => array_map($product, $slugs)];
    }
}
