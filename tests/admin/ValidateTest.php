<?php

declare(strict_types=1);

// Validate: what keeps a product from being delivered, with one request for a token and few for a server. Nothing is changed.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

final class ValidateTest extends AdminTestCase
{
    private const LOGIN = ['account/properties', 'meta/version'];
    private const TENANT = 'cb116e59-be77-406b-afe8-7375fce34bbd';
    private const FAMILIES = 'GET /partner/product-families';

    /** @var array<int, array<string, mixed>> products as they were at first */
    private array $first = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->cometServer->reset(['version' => '26.5.0', 'templates' => ['tmpl-1' => 'Local storage']]);
        Capsule::table('tblcurrencies')->delete();
        Capsule::table('tblcurrencies')->insert(['id' => 1, 'code' => 'USD', 'prefix' => '', 'suffix' => '']);
        Capsule::table('tblpricing')->insert([['type' => 'product', 'relid' => 1, 'currency' => 1], ['type' => 'product', 'relid' => 20, 'currency' => 1]]);
        $this->option('number_of_devices|Devices');
    }

    private function option(string $name, string $type = '4', bool $hasPrice = true): void
    {
        $id = Host::addConfigurableOption(20, ['optionname' => $name, 'optiontype' => $type]);
        if ($hasPrice) {
            $choice = Capsule::table('tblproductconfigoptionssub')->where('configid', $id)->value('id');
            Capsule::table('tblpricing')->insert(['type' => 'configoptions', 'relid' => $choice, 'currency' => 1]);
        }
    }

    /** @param array<string, mixed> $changes */
    private static function product(int $id, array $changes): void
    {
        Capsule::table('tblproducts')->where('id', $id)->update($changes);
    }

    /** @param array<string, string> $query */
    private function validated(array $query = []): string
    {
        return self::textOf($this->page('validate', ['run' => '1'] + $query));
    }

    /** What is found of what is sold, in its own part of the page. */
    private static function found(string $text): string
    {
        return explode(' Products Product ', $text)[0];
    }

    public function test_nothing_is_asked_until_the_button_is_pressed(): void
    {
        $html = $this->page('validate');

        $this->assertStringContainsString('product=20', $html);
        $this->assertNothingWasAsked();
    }

    public function test_what_fits_is_said_with_one_request_for_a_token_and_two_for_a_server(): void
    {
        Host::addProduct(['id' => 2, 'servertype' => 'jetpack', 'configoption1' => JetpackSandbox::TOKEN,
            'configoption2' => 'jetpack-scan', 'paytype' => 'free']);
        Host::addProduct(['id' => 21, 'servertype' => 'cometbackup', 'paytype' => 'free', 'configoption1' => 'WHMCS_new']);
        $before = $this->tables();

        $text = $this->validated();

        $this->assertStringContainsString('Compared: 4 products and product addons. Asked: 1 Jetpack token, 1 Comet server.', $text);
        $this->assertSame([self::FAMILIES], $this->jetpackApi->requestLines());
        $this->assertSame(self::LOGIN, $this->cometServer->endpoints());
        $this->assertStringNotContainsString('Wrong', $text);
        $this->assertStringContainsString('has none of the configurable options that are limits', $text);
        $this->assertSame($before, $this->tables());
        $this->assertSame([], Host::activityLog());
    }

    /** @return list<string> */
    private function tables(): array
    {
        $tables = ['tblproducts', 'tbladdons', 'tblpricing', 'tblcustomfields', 'tblproductconfigoptions', 'tblmodule_configuration'];

        return array_map(fn (string $table) => json_encode(Capsule::table($table)->get()), $tables);
    }

    public function test_everything_fits(): void
    {
        $text = $this->validated();

        $this->assertStringContainsString('Everything that was compared fits.', $text);
    }

    public function test_faults_of_a_jetpack_product(): void
    {
        $asked = 0;
        foreach (self::ofJetpack() as $what => [$changes, $says]) {
            $this->onlyChanged(1, $changes);
            $text = $this->validated(['product' => '1']);

            $this->assertStringContainsString($says, $text, $what);
            $this->assertStringContainsString('Compared: 1 product or product addon.', $text);
            $this->assertLessThanOrEqual($asked + 1, $now = count($this->jetpackApi->requests()), $what);
            $asked = $now;
        }
        $this->assertSame([], $this->cometServer->requests());
    }

    /** The product is as at first but for this. @param array<string, mixed> $changes */
    private function onlyChanged(int $id, array $changes): void
    {
        $this->first[$id] ??= (array) Capsule::table('tblproducts')->find($id);
        self::product($id, $changes + $this->first[$id]);
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    private static function ofJetpack(): iterable
    {
        yield 'no token' => [['configoption1' => ''], 'API Token is empty'];
        yield 'a token that is refused' => [['configoption1' => 'tok_unknown'], 'Jetpack does not accept the token'];
        yield 'no product' => [['configoption2' => ''], 'Jetpack Product is empty'];
        yield 'a product that is not listed' => [['configoption2' => 'jetpack-gone'], 'Jetpack does not list jetpack-gone for this token'];
        yield 'a welcome mail that is gone' => [['welcomeemail' => 99], 'Its welcome mail is not in WHMCS any more'];
    }

    public function test_faults_of_a_comet_product(): void
    {
        Host::addMailTemplate(['name' => 'Good mail']);
        Host::addMailTemplate(['name' => 'Silent mail', 'disabled' => 1]);
        foreach (self::ofComet() as $what => [$changes, $says]) {
            $this->onlyChanged(20, $changes);
            $text = self::found($this->validated(['product' => '20']));

            $this->assertStringContainsString($says, $text, $what);
            $this->assertStringContainsString('(product 20)', $text, $what);
        }
        $this->assertSame([], $this->jetpackApi->requests());
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    private static function ofComet(): iterable
    {
        yield 'policy group' => [['configoption1' => 'no-such'], 'has no policy group no-such'];
        yield 'storage template' => [['configoption2' => 'tmpl-9'], 'has no storage template tmpl-9'];
        yield 'tenant' => [['configoption10' => 'org-9'], 'has no tenant org-9'];
        yield 'template of a tenant' => [['configoption2' => 'tmpl-9', 'configoption10' => self::TENANT],
            'has no storage template tmpl-9 for the tenant ' . self::TENANT];
        yield 'server group' => [['servergroup' => 5], 'Its server group has no enabled Comet server'];
        yield 'mail that is gone' => [['configoption13' => '7', 'configoption14' => 'Gone mail'],
            'Gone mail of the setting Mail before the deletion is no mail template'];
        yield 'mail that is disabled' => [['configoption13' => '7', 'configoption14' => 'Silent mail'],
            'Silent mail of the setting Mail before the deletion is disabled'];
        yield 'mail that is never sent' => [['configoption14' => 'Good mail'], 'so it is never sent'];
        yield 'days that are none' => [['configoption13' => 'two weeks'], 'Delete after is no number of days'];
        yield 'kept and deleted' => [['configoption7' => 'suspend', 'configoption13' => '7'], 'so nothing is ever deleted'];
        yield 'kept and uninstalled' => [['configoption7' => 'suspend', 'configoption9' => 'on'], 'no device is asked to uninstall'];
        yield 'a notice without days' => [['configoption16' => 'Good mail'], 'Days without a good backup is 0'];
        yield 'days without a notice' => [['configoption15' => '3'], 'names nothing to send'];
        yield 'days of a notice that are none' => [['configoption15' => 'x', 'configoption16' => 'Good mail'], 'Days without a good backup is no number'];
        yield 'a department that is gone' => [['configoption15' => '3', 'configoption16' => 'ticket:77'], 'The ticket department of Notice'];
        yield 'an addon\'s setting' => [['configoption17' => 'number_of_devices=1'], 'What one unit adds is filled in'];
    }

    public function test_names_types_and_prices_of_options_and_fields(): void
    {
        $this->option('Storage_Vault_Quota_GB|Storage');
        $this->option('protected_item_quota_gb', '1');
        $this->option('protected_item_quota_tb', '4', false);
        $this->option('storage_template|Region');
        $this->option('storage_vault_quota_tb|TB');
        $this->option('Colour', '1', false);
        Host::addCustomField(['relid' => 20, 'fieldname' => 'user name']);
        Host::addCustomField(['relid' => 20, 'fieldname' => 'Password', 'fieldtype' => 'text']);
        Host::addCustomField(['relid' => 20, 'fieldname' => 'Username', 'required' => 'on', 'adminonly' => 'on']);

        $text = self::found($this->validated());

        foreach (
            [
            'The configurable option Storage_Vault_Quota_GB is not read: its name has to be storage_vault_quota_gb.',
            'The configurable option protected_item_quota_gb is not of the type quantity',
            'The configurable option protected_item_quota_tb has prices for 0 of 1 currencies.',
            'The configurable option storage_template is not of the type dropdown',
            'It has both protected_item_quota_gb and protected_item_quota_tb',
            'The custom field user name is not read: its name has to be Username.',
            'The custom field Password is a text box',
            'The custom field Password has no validation',
            'The custom field Username is required, and only staff can fill it in',
            ] as $sentence
        ) {
            $this->assertStringContainsString($sentence, $text);
        }
        $this->assertStringNotContainsString('Colour', $text);
    }

    public function test_a_product_addon_that_is_more_for_its_service_needs_no_server(): void
    {
        $id = Host::addAddonDefinition(
            ['module' => 'cometbackup', 'billingcycle' => 'free', 'name' => '<b>More</b>'],
            ['configoption11' => 'extra', 'configoption17' => 'gigabytes=1']
        );

        $html = $this->page('validate', ['run' => '1', 'addon' => (string) $id]);

        $this->assertStringContainsString('What one unit adds', self::textOf($html));
        $this->assertStringContainsString("configaddons.php?action=manage&amp;id=$id", $html);
        $this->assertStringNotContainsString('<b>More', $html);
        $this->assertNothingWasAsked();
    }

    public function test_missing_price_rows_are_named(): void
    {
        Capsule::table('tblcurrencies')->insert(['id' => 2, 'code' => 'EUR', 'prefix' => '', 'suffix' => '']);

        $this->assertStringContainsString('It has price rows for 1 of 2 currencies', $this->validated(['product' => '1']));
    }

    public function test_each_list_is_asked_once_for_a_server_however_many_products_name_it(): void
    {
        self::product(20, ['configoption1' => 'WHMCS_x', 'configoption2' => 'tmpl-1']);
        foreach (range(21, 25) as $id) {
            Host::addProduct(['id' => $id, 'servertype' => 'cometbackup', 'paytype' => 'free', 'configoption1' => 'group', 'configoption2' => 'tmpl-1']);
        }

        $text = $this->validated();

        $this->assertSame([...self::LOGIN, 'request-storage-vault-providers', 'policies/list'], $this->cometServer->endpoints());
        $this->assertSame(5, substr_count($text, 'has no policy group group'));
    }

    public function test_while_jetpack_is_down_comet_is_compared_and_the_other_way_round(): void
    {
        $this->jetpackApi->fault(['fault' => 'status', 'status' => 503, 'match' => ['path' => '/partner/product-families']]);
        self::product(20, ['configoption2' => 'tmpl-9']);
        $text = $this->validated();
        $this->assertStringContainsString('Jetpack could not be asked', $text);
        $this->assertStringContainsString('has no storage template tmpl-9', $text);

        $this->cometServer->faultOn('account/properties', ['fault' => 'status', 'status' => 503]);
        self::product(1, ['configoption2' => 'jetpack-gone']);
        $text = $this->validated();
        $this->assertStringContainsString('Jetpack does not list jetpack-gone', $text);
        $this->assertStringContainsString('Its Comet server cannot be used now', $text);
        $this->assertStringNotContainsString('tmpl-9', $text);
    }

    public function test_a_login_that_is_refused_is_sent_once(): void
    {
        Host::addProduct(['id' => 21, 'servertype' => 'cometbackup', 'paytype' => 'free', 'configoption2' => 'tmpl-1']);
        Capsule::table('tblservers')->update(['password' => encrypt('wrong')]);

        $text = $this->validated();

        $this->assertSame(['account/properties'], $this->cometServer->endpoints());
        $this->assertStringContainsString('log in to the Comet Server', $text);
    }
}
