<?php

declare(strict_types=1);

// jetpack_CreateAccount: issues what the service should hold and does not.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use Tests\Support\Sandbox;

final class CreateAccountTest extends JetpackTestCase
{
    public function test_a_license_is_issued_with_one_request_and_stored(): void
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $request = $this->sandbox->requests()[0];
        $this->assertSame('Bearer ' . Sandbox::TOKEN, $request['headers']['authorization']);
        $this->assertSame(['product' => 'jetpack-complete'], json_decode($request['body'], true));
        $row = $this->rows()[0];
        $this->assertSame('jetpack-complete_KEY1', $row['license_key']);
        $this->assertSame('2026-01-15 10:00:01', $row['issued_at']);
        $this->assertNull($row['revoked_at']);
        $this->assertEquals([500, 1, 100, 0], [$row['order_id'], $row['product_id'], $row['service_id'], $row['addon_id']]);
        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame('jetpack-complete_KEY1', $service->serviceProperties->get('Jetpack License Key'));
        $this->assertSame('customer.example', Host::service(100)->domain);
    }

    public function test_a_second_create_issues_nothing(): void
    {
        $service = $this->service();
        $this->module->create($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertCount(1, $this->sandbox->requests());
        $this->assertCount(1, $this->rows());
        $this->assertEveryLicenseIsKnown();
    }
}
