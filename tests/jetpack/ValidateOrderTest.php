<?php

declare(strict_types=1);

// jetpack_ValidateOrder, behind the hook of the order form: the address of the site before the customer pays. No request.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class ValidateOrderTest extends JetpackTestCase
{
    /** @dataProvider addresses */
    public function test_an_address_that_can_be_a_sites_is_let_through_and_others_are_not(string $entered, bool $isUsable): void
    {
        $product = (int) Capsule::table('tblproducts')->where('servertype', 'jetpack')->value('id');
        $field = Host::addCustomField(['relid' => $product, 'fieldname' => 'Site URL|Your site']);
        $other = Host::addCustomField(['relid' => $product, 'fieldname' => 'Remark']);

        $wrong = $this->module->call('ValidateOrder', ['customfield' => [(string) $field => $entered, $other => 'no address']]);

        $this->assertSame($isUsable, $wrong === []);
        $this->assertSame($isUsable ? [] : [0], array_keys($wrong));
        if (!$isUsable) {
            $this->assertStringContainsString('site address cannot be used', $wrong[0]);
        }
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** @return array<string, array{string, bool}> */
    public static function addresses(): array
    {
        return [
            'empty' => ['', true],
            'a site' => ['https://example.com', true],
            'a folder' => [' example.com/shop/ ', true],
            'a port' => ['https://example.com:8443', false],
            'a query' => ['https://example.com/?a=1', false],
            'a login' => ['https://ada@example.com', false],
            'an IP address' => ['https://192.0.2.1', false],
            'no dot' => ['localhost', false],
            'a script' => ['javascript://example.com/%0aalert(1)', false],
        ];
    }

    public function test_a_service_that_is_passed_as_to_a_command_is_none_of_its_business(): void
    {
        $this->assertSame([], $this->module->call('ValidateOrder', $this->module->paramsFor($this->service())));
        $this->assertSame([], Host::activityLog());
    }
}
