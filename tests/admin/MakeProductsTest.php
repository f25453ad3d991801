<?php

declare(strict_types=1);

// Make products: hidden products and product addons for what Jetpack lists, as the companion addon module made them; not twice.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

final class MakeProductsTest extends AdminTestCase
{
    private const BUTTON = 'Create hidden products';
    private const ASKED = ['GET /partner/product-families'];

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblcurrencies')->delete();
        Capsule::table('tblcurrencies')->insert([
            ['id' => 1, 'code' => 'USD', 'prefix' => '', 'suffix' => ''],
            ['id' => 2, 'code' => 'EUR', 'prefix' => '', 'suffix' => ''],
        ]);
        $this->addon->activate();
    }

    /** @param list<string> $slugs */
    private function make(string $kind, array $slugs): string
    {
        $fields = array_combine(array_map(fn (int $at) => "make_$at", array_keys($slugs)), $slugs);

        return self::textOf($this->fillIn('jetpack', self::BUTTON, ['kind' => $kind] + $fields, ['show' => 'products']));
    }

    public function test_the_list_is_asked_for_once_and_says_what_whmcs_has(): void
    {
        $text = self::textOf($this->page('jetpack', ['show' => 'products']));

        $this->assertSame(self::ASKED, $this->jetpackApi->requestLines());
        $this->assertStringContainsString('Jetpack Complete jetpack-complete USD 1.64 per day Product', $text);
        $this->assertStringContainsString('Jetpack Scan jetpack-scan USD 3.95 per month', $text);
    }

    public function test_a_product_is_hidden_in_the_group_jetpack_with_a_price_row_for_each_currency(): void
    {
        $said = $this->make('product', ['jetpack-scan', 'jetpack-complete']);

        $this->assertStringContainsString('Created hidden: 1 product, Jetpack Scan (21). One was there already.', $said);
        $group = Capsule::table('tblproductgroups')->sole();
        $this->assertSame(['Jetpack', 1, 'Jetpack Products'], [$group->name, (int) $group->hidden, $group->headline]);
        $product = Capsule::table('tblproducts')->where('configoption2', 'jetpack-scan')->sole();
        $this->assertSame(
            ['other', (int) $group->id, 'Jetpack Scan', 1, 'jetpack', JetpackSandbox::TOKEN, 'keep'],
            [$product->type, (int) $product->gid, $product->name, (int) $product->hidden, $product->servertype,
                $product->configoption1, $product->configoption4]
        );
        $prices = Capsule::table('tblpricing')->where('type', 'product')->where('relid', $product->id)->get();
        $this->assertSame([1, 2], $prices->pluck('currency')->map(fn ($id) => (int) $id)->all());
        $this->assertSame(['-1.00'], $prices->flatMap(fn ($row) => [$row->monthly, $row->annually, $row->triennially])->unique()->values()->all());
        $this->assertCount(1, Host::activityLog());
    }

    public function test_a_product_addon_has_the_settings_of_the_module(): void
    {
        $this->make('addon', ['jetpack-scan']);

        $addon = Capsule::table('tbladdons')->sole();
        $this->assertSame(['other', 'jetpack', 1, 'Jetpack Scan'], [$addon->type, $addon->module, (int) $addon->hidden, $addon->name]);
        $settings = Capsule::table('tblmodule_configuration')->where('entity_id', $addon->id)->orderBy('setting_name');
        $this->assertSame(
            ['configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-scan', 'configoption4' => 'keep'],
            $settings->pluck('value', 'setting_name')->all()
        );
        $this->assertSame(['API Token', 'Jetpack Product', 'On suspension'], $settings->pluck('friendly_name')->all());
        $this->assertSame(2, Capsule::table('tblpricing')->where('type', 'addon')->where('relid', $addon->id)->count());
        $parts = ['kind' => 'product', 'make_0' => 'jetpack-scan'];
        $this->assertStringContainsString('Product addon', self::textOf($this->page('jetpack', ['show' => 'products'] + $parts)));
    }

    public function test_a_license_can_be_sold_with_what_was_made(): void
    {
        $this->make('product', ['jetpack-scan']);
        $product = Capsule::table('tblproducts')->where('configoption2', 'jetpack-scan')->value('id');
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => $product, 'domainstatus' => 'Pending']);

        $this->assertSame('success', $this->module->create(Host::service(100)));
    }

    public function test_nothing_is_made_twice(): void
    {
        $this->make('product', ['jetpack-scan']);
        $this->make('addon', ['jetpack-scan']);
        $count = fn () => array_map(
            fn (string $table) => Capsule::table($table)->count(),
            ['tblproducts', 'tbladdons', 'tblpricing', 'tblproductgroups', 'tblmodule_configuration']
        );
        $before = $count();

        $this->assertStringContainsString('Nothing was created: WHMCS has a product for each', $this->make('product', ['jetpack-scan', 'jetpack-scan']));
        $this->assertStringContainsString('has a product addon for each', $this->make('addon', ['jetpack-scan']));

        $this->assertSame($before, $count());
    }

    public function test_nothing_is_made_where_it_is_refused(): void
    {
        $before = Capsule::table('tblproducts')->count();
        foreach (self::refusals() as $what => [$slugs, $says]) {
            $this->assertStringContainsString($says, $this->make('product', $slugs), $what);
        }
        $this->assertSame($before, Capsule::table('tblproducts')->count());
        $this->assertSame(0, Capsule::table('tblpricing')->count());
    }

    /** @return iterable<string, array{list<string>, string}> */
    private static function refusals(): iterable
    {
        yield 'nothing chosen' => [[], 'No Jetpack product was chosen'];
        yield 'not on the list' => [['jetpack-scan', 'jetpack-gone'], 'Jetpack does not list jetpack-gone any more'];
        yield 'hostile' => [['"><script>'], 'is not the name of a Jetpack product'];
        yield 'not for partners' => [['personal'], 'Jetpack does not list personal any more'];
    }

    public function test_names_of_jetpack_stay_text(): void
    {
        $this->jetpackApi->reset(['families' => [['name' => 'F', 'slug' => 'f', 'products' => [
            ['product_id' => 1, 'name' => '<script>alert(1)</script>Evil', 'slug' => 'evil', 'currency' => '"><b>', 'amount' => 1, 'price_interval' => 'month'],
        ]]]]);

        $this->assertStringNotContainsString('<script>', $this->page('jetpack', ['show' => 'products']));
        $this->make('product', ['evil']);

        $this->assertSame('alert(1)Evil', Capsule::table('tblproducts')->where('configoption2', 'evil')->value('name'));
    }

    public function test_without_a_token_and_while_jetpack_is_down_the_page_says_so(): void
    {
        $this->jetpackApi->fault(['fault' => 'status', 'status' => 503]);
        $this->assertStringContainsString('Could not read the list of Jetpack products', self::textOf($this->page('jetpack', ['show' => 'products'])));
        Capsule::table('tblproducts')->update(['configoption1' => '']);
        $this->assertStringContainsString('No API token is stored yet', self::textOf($this->page('jetpack', ['show' => 'products'])));
    }
}
