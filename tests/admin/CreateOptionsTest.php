<?php

declare(strict_types=1);

// Create options and fields: the configurable options and custom fields that the Comet module reads, for one product; shown before,
// created together, and not twice.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use WHMCS\Database\Capsule;

final class CreateOptionsTest extends AdminTestCase
{
    private const BUTTON = 'Create these';
    private const CHOSEN = ['product' => '20', 'option_number_of_devices' => '1', 'option_storage_vault_quota_gb' => '1', 'fields' => 'customer'];
    private const TABLES = ['tblproductconfiggroups', 'tblproductconfiglinks', 'tblproductconfigoptions', 'tblproductconfigoptionssub',
        'tblpricing', 'tblcustomfields'];

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblcurrencies')->delete();
        Capsule::table('tblcurrencies')->insert([
            ['id' => 1, 'code' => 'USD', 'prefix' => '', 'suffix' => ''],
            ['id' => 3, 'code' => 'EUR', 'prefix' => '', 'suffix' => ''],
        ]);
        Capsule::table('tblproducts')->where('id', 20)->update(['name' => '<i>Backup</i>']);
        $this->addon->activate();
    }

    /** @param array<string, string> $chosen */
    private function create(array $chosen = self::CHOSEN): string
    {
        return self::textOf($this->press('comet', self::BUTTON, [], $chosen));
    }

    /** @return array<string, int> */
    private static function counts(): array
    {
        return array_combine(self::TABLES, array_map(fn (string $table) => Capsule::table($table)->count(), self::TABLES));
    }

    public function test_what_would_be_created_is_shown_and_nothing_is_changed(): void
    {
        $before = self::counts();

        $text = self::textOf($html = $this->page('comet', self::CHOSEN));

        $options = 'Configurable options that would be created: number_of_devices|Devices, storage_vault_quota_gb|Storage (GB).';
        $this->assertStringContainsString($options, $text);
        $this->assertStringContainsString('Custom fields that would be created: Username, Password.', $text);
        $this->assertStringNotContainsString('<i>', $html);
        $this->assertSame($before, self::counts());
        $this->assertNotContains(self::BUTTON, self::buttons($this->page('comet')));
    }

    public function test_options_are_quantities_of_the_product_with_a_price_row_for_each_currency(): void
    {
        $said = $this->create();

        $both = 'got the configurable options number_of_devices, storage_vault_quota_gb and the custom fields Username, Password.';
        $this->assertStringContainsString($both, $said);
        $group = Capsule::table('tblproductconfiglinks')->where('pid', 20)->sole()->gid;
        $options = Capsule::table('tblproductconfigoptions')->where('gid', $group)->orderBy('id')->get();
        $this->assertSame(['number_of_devices|Devices', 'storage_vault_quota_gb|Storage (GB)'], $options->pluck('optionname')->all());
        $this->assertSame(['4', '4'], $options->pluck('optiontype')->all());
        foreach ($options as $option) {
            $choice = Capsule::table('tblproductconfigoptionssub')->where('configid', $option->id)->sole();
            $prices = Capsule::table('tblpricing')->where('type', 'configoptions')->where('relid', $choice->id)->get();
            $this->assertSame([1, 3], $prices->pluck('currency')->map(fn ($id) => (int) $id)->all());
            $this->assertSame(['0.00'], $prices->flatMap(fn ($row) => [$row->monthly, $row->annually, $row->msetupfee])->unique()->values()->all());
        }
        $fields = Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', 20)->orderBy('id')->get();
        $this->assertSame(['Username', 'Password'], $fields->pluck('fieldname')->all());
        $this->assertSame(['text', 'password'], $fields->pluck('fieldtype')->all());
        $this->assertSame(['/^[A-Za-z0-9_.@-]{6,}$/', '/^.{8,}$/'], $fields->pluck('regexpr')->all());
        $this->assertSame([['on', '', 'on'], ['on', '', 'on']], $fields->map(fn ($f) => [$f->required, $f->adminonly, $f->showorder])->all());
        $this->assertCount(1, Host::activityLog());
        $this->assertNothingWasAsked();
    }

    public function test_an_account_gets_the_limits_and_the_name_that_were_ordered(): void
    {
        $this->create();
        $id = Host::addService(['id' => 200, 'userid' => 10, 'packageid' => 20, 'server' => 1, 'domainstatus' => 'Pending', 'password' => 'Serv1ce-Pass']);
        $option = (int) Capsule::table('tblproductconfigoptions')->where('optionname', 'LIKE', 'number_of_devices%')->value('id');
        Host::chooseOption($id, $option, 4);
        $field = Capsule::table('tblcustomfields')->where('fieldname', 'Username')->value('id');
        Capsule::table('tblcustomfieldsvalues')->insert(['fieldid' => $field, 'relid' => $id, 'value' => 'gracehopper']);

        $this->assertSame('success', $this->comet->create(Host::service(200)));

        $this->assertSame(4, $this->cometServer->profile('gracehopper')['MaximumDevices']);
    }

    public function test_staff_s_fields_are_for_staff_only(): void
    {
        $this->create(['fields' => 'staff', 'product' => '20']);

        $field = Capsule::table('tblcustomfields')->where('fieldname', 'Password')->sole();
        $this->assertSame(['on', '', ''], [$field->adminonly, $field->required, $field->showorder]);
        $this->assertSame(0, Capsule::table('tblproductconfigoptions')->count());
    }

    public function test_what_is_there_stays_and_nothing_is_created_twice(): void
    {
        Host::addConfigurableOption(20, ['optionname' => ' number_of_devices | Geräte', 'optiontype' => '1'], ['1', '2']);
        Host::addCustomField(['relid' => 20, 'fieldname' => 'Username|Name']);
        $text = self::textOf($this->page('comet', self::CHOSEN));
        $this->assertStringContainsString('There already, and left as they are: number_of_devices, Username.', $text);
        $this->create();
        $fields = $this->fieldsOf($this->page('comet', ['option_hyperv_guests' => '1'] + self::CHOSEN), self::BUTTON);
        $this->page('comet', [], $fields);
        $before = self::counts();

        $again = self::textOf($this->page('comet', [], $fields));

        $this->assertStringContainsString('Nothing was created: the product Backup has all of that already.', $again);
        $this->assertSame($before, self::counts());
        $this->assertSame(2, Capsule::table('tblproductconfiggroups')->count());
        $this->assertStringContainsString('Nothing is missing.', self::textOf($this->page('comet', self::CHOSEN)));
    }

    public function test_one_part_that_cannot_be_created_leaves_nothing(): void
    {
        $before = self::counts();
        self::asRoot("CREATE TRIGGER refuse_fields BEFORE INSERT ON tblcustomfields FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='No.'");
        try {
            $this->assertStringContainsString('Could not create the options and fields', $this->create());
        } finally {
            self::asRoot('DROP TRIGGER refuse_fields');
        }
        $this->assertSame($before, self::counts());
    }

    public function test_what_a_form_may_not_name_is_refused(): void
    {
        $fields = $this->fieldsOf($this->page('comet', self::CHOSEN), self::BUTTON);
        $before = self::counts();
        $logged = 0;
        foreach (self::hostile() as $what => [$changes, $says]) {
            $this->assertStringContainsString($says, self::textOf($this->page('comet', [], $changes + $fields)), $what);
            $this->assertSame($before, self::counts(), $what);
            $this->assertCount(++$logged, Host::activityLog(), $what);
        }
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    private static function hostile(): iterable
    {
        yield 'a product of another module' => [['product' => '1'], 'is not one of the Comet module'];
        yield 'a text for an id' => [['product' => '20 OR 1'], 'names nothing that there is'];
        yield 'a list for an id' => [['product' => ['20']], 'names nothing that there is'];
        yield 'an option that is none' => [['options' => 'storage_template'], 'is no option of the Comet module'];
        yield 'nothing' => [['options' => '', 'fields' => ''], 'Neither an option nor the custom fields'];
        yield 'no token' => [['token' => ''], 'Nothing was changed'];
    }
}
