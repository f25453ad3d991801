<?php

declare(strict_types=1);

// Costs of the month: Jetpack's own figures by token, or an estimate where it does not tell.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\JetpackSandbox;

final class JetpackCostsTest extends AdminTestCase
{
    private const BILL = 'GET /licenses/billing';

    protected function setUp(): void
    {
        parent::setUp();
        Host::addProduct(['id' => 2, 'servertype' => 'jetpack', 'configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-scan']);
        foreach ([100 => 1, 101 => 2, 102 => 2] as $service => $product) {
            Host::addService(['id' => $service, 'userid' => 10, 'packageid' => $product, 'domainstatus' => 'Pending', 'orderid' => $service]);
            $this->assertSame('success', $this->module->create(Host::service($service)));
        }
    }

    private function costs(): string
    {
        return self::textOf($this->page('jetpack', ['show' => 'costs']));
    }

    public function test_jetpack_tells_what_the_licenses_of_each_token_cost(): void
    {
        $before = count($this->jetpackApi->requests());

        $text = $this->costs();

        $this->assertSame([self::BILL], array_slice($this->jetpackApi->requestLines(), $before));
        $this->assertStringContainsString('It is no invoice', $text);
        $this->assertStringContainsString('Jetpack Scan jetpack-scan 2 3.95 7.90', $text);
        $this->assertMatchesRegularExpression('/All 3 9\.54/', $text);
    }

    public function test_where_it_does_not_tell_prices_times_active_licenses_are_an_estimate(): void
    {
        $this->jetpackApi->list(['without' => ['billing']]);
        $this->module->call('TerminateAccount', $this->module->paramsFor(Host::service(102)));
        $before = count($this->jetpackApi->requests());

        $text = $this->costs();

        $this->assertSame([self::BILL, 'GET /partner/product-families'], array_slice($this->jetpackApi->requestLines(), $before));
        $this->assertStringContainsString('This is an estimate', $text);
        $this->assertStringContainsString('jetpack-scan 1 USD 3.95 per month 3.95', $text);
        $this->assertStringContainsString('jetpack-complete 1 USD 1.64 per day 49.20', $text);
        $this->assertStringContainsString('All 2 53.15', $text);
    }

    public function test_a_token_that_jetpack_refuses_does_not_hide_the_others(): void
    {
        Host::addProduct(['id' => 3, 'servertype' => 'jetpack', 'configoption1' => 'tok_unknown', 'configoption2' => 'jetpack-scan']);

        $text = $this->costs();

        $this->assertStringContainsString('All 3 9.54', $text);
        $this->assertStringContainsString('Token ' . substr(hash('sha256', 'tok_unknown'), 0, 12) . ' ', $text);
        $this->assertStringContainsString('403', $text);
    }
}
