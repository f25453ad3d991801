<?php

declare(strict_types=1);

// cometbackup_ValidateOrder, behind the hook of the order form: user name and password before the customer pays. No request.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class ValidateOrderTest extends CometTestCase
{
    private int $username;
    private int $password;

    protected function setUp(): void
    {
        parent::setUp();
        $product = (int) Capsule::table('tblproducts')->where('servertype', 'cometbackup')->value('id');
        $this->username = Host::addCustomField(['relid' => $product, 'fieldname' => 'Username|Your login']);
        $this->password = Host::addCustomField(['relid' => $product, 'fieldname' => 'Password', 'fieldtype' => 'password']);
    }

    public function test_what_comet_takes_is_let_through(): void
    {
        $this->assertSame([], $this->wrong(['grace.hopper@example.com', 'p&amp;ssw0rd']));
        $this->assertSame([], $this->wrong(['', '']));
    }

    public function test_what_comet_does_not_take_is_said_before_the_customer_pays(): void
    {
        $this->assertSame(['The user name is too short: at least 6 characters.'], $this->wrong(['grace', 'long enough']));
        $wrong = $this->wrong(['grâce hopper', '1234567']);
        $this->assertCount(2, $wrong);
        $this->assertStringContainsString('letters without accents', $wrong[0]);
        $this->assertSame('The password is too short: at least 8 characters.', $wrong[1]);
    }

    public function test_a_product_of_another_module_is_not_touched(): void
    {
        $other = Host::addProduct(['servertype' => 'cpanel']);
        $field = Host::addCustomField(['relid' => $other, 'fieldname' => 'Username']);

        $this->assertSame([], $this->asked(['customfield' => [$field => 'x']]));
    }

    public function test_an_order_form_without_our_fields_costs_no_statement_and_one_with_them_one(): void
    {
        $statements = function (array $request): int {
            $log = new StatementLog();
            $this->inChild('$module->call("ValidateOrder", ' . var_export($request, true) . ');');

            return count($log->end());
        };

        $this->assertSame(0, $statements(['i' => '0', 'billingcycle' => 'monthly']));
        $this->assertSame(1, $statements(['customfield' => [$this->username => 'grace', $this->password => '1']]));
        $this->assertSame([], $this->comet->endpoints());
    }

    public function test_through_the_hook_whmcs_gets_the_texts_or_nothing(): void
    {
        $this->module->saveConfigOptions((int) Capsule::table('tblproducts')->where('servertype', 'cometbackup')->value('id'), []);
        $this->module->includeHooks();

        $this->assertSame([['The user name is too short: at least 6 characters.']], run_hook('ShoppingCartValidateProductUpdate', [
            'customfield' => [$this->username => 'grace'],
        ]));
        $this->assertSame([], run_hook('ShoppingCartValidateProductUpdate', ['customfield' => [$this->username => 'gracehopper']]));
    }

    /** @dataProvider forged */
    public function test_a_forged_form_is_nothing(mixed ...$arguments): void
    {
        $this->assertSame([], $this->module->call('ValidateOrder', ...$arguments));
        $this->assertSame([], Host::activityLog());
    }

    /** @return array<string, array<int, mixed>> */
    public static function forged(): array
    {
        return [
            'nothing' => [],
            'text' => ['customfield'],
            'a list of lists' => [['customfield' => [[['x']]]]],
            'ids that are text' => [['customfield' => ["1' OR '1" => 'x', '-1' => 'y', '99999999999' => 'z']]],
            'a service' => [['serviceid' => 200, 'customfield' => [1 => 'x']]],
        ];
    }

    /** @param array{string, string} $entered @return list<string> */
    private function wrong(array $entered): array
    {
        return $this->asked(['customfield' => [$this->username => $entered[0], $this->password => $entered[1]]]);
    }

    /** @param array<string, mixed> $request @return list<string> */
    private function asked(array $request): array
    {
        return $this->module->call('ValidateOrder', $request);
    }
}
