<?php

declare(strict_types=1);

// jetpack_CreateAccount: issues what the service should hold and does not.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class CreateAccountTest extends JetpackTestCase
{
    public function test_a_license_is_issued_with_one_request_and_stored(): void
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $request = $this->sandbox->requests()[0];
        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $request['headers']['authorization']);
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
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_the_journal_names_request_and_license_and_holds_no_secret(): void
    {
        $key = $this->issued($this->service());

        $entry = $this->rows(self::JOURNAL)[0];
        $this->assertSame($this->sandbox->requests()[0]['request_id'], $entry['request_id']);
        $this->assertSame((string) $this->sandbox->licenses()[0]['license_id'], $entry['remote_id']);
        $this->assertSame(['jetpack', 'service', 100], [$entry['module'], $entry['owner_type'], $entry['owner_id']]);
        $this->assertNull($entry['open_key']);
        $this->assertStringNotContainsString($key, json_encode($entry));
        $this->assertStringNotContainsString(JetpackSandbox::TOKEN, json_encode($entry, JSON_UNESCAPED_SLASHES));
    }

    /** The PHP module tied both to (order, product). */
    public function test_a_product_addon_gets_its_own_license_beside_its_parents(): void
    {
        $service = $this->service();
        $addon = $this->addon();
        $parentsKey = $this->issued($service);

        $this->assertSame('success', $this->module->create($addon));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['product' => 'jetpack-scan'], json_decode($this->sandbox->requests()[1]['body'], true));
        [$ofService, $ofAddon] = $this->rows();
        $this->assertEquals([100, 0, 100, 300], [$ofService['service_id'], $ofService['addon_id'], $ofAddon['service_id'], $ofAddon['addon_id']]);
        $this->assertSame($parentsKey, $this->keptKey($service));
        $this->assertSame($ofAddon['license_key'], $this->keptKey($addon));
        $this->assertEquals('addon', $this->rows(self::JOURNAL)[1]['owner_type']);
        $this->assertEveryLicenseIsKnown();
    }

    /** Two addons on one service. */
    public function test_two_addons_of_one_service_get_a_license_each(): void
    {
        $this->service();
        $first = $this->addon();
        $second = $this->addon(['id' => 301], 'jetpack-anti-spam');

        $this->assertSame(['success', 'success'], [$this->module->create($first), $this->module->create($second)]);

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([300, 301], array_column($this->activeRows(), 'addon_id'));
        $this->assertEveryLicenseIsKnown();
    }

    /** An addon and a service may have the same number. */
    public function test_an_addon_with_the_number_of_a_service_is_not_that_service(): void
    {
        $service = $this->service();
        $this->issued($service);
        $addon = $this->addon(['id' => 100]);

        $this->assertSame('success', $this->module->create($addon));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([0, 100], array_column($this->activeRows(), 'addon_id'));
        $this->assertEveryLicenseIsKnown();
    }

    /** The PHP module kept one license for an order and product, and the second service got none. */
    public function test_two_services_of_one_order_and_product_get_a_license_each(): void
    {
        $first = $this->service();
        $second = $this->service(['id' => 101]);
        $this->issued($first);

        $this->assertSame('success', $this->module->create($second));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([100, 101], array_column($this->activeRows(), 'service_id'));
        $this->assertNotSame($this->keptKey($first), $this->keptKey($second));
        $this->assertEveryLicenseIsKnown();
    }

    /** Their order id is 0, and with the PHP module they shared one license. */
    public function test_services_without_order_of_different_clients_get_a_license_each(): void
    {
        Host::addClient(['id' => 11]);
        $this->service(['id' => 100]);
        $this->service(['id' => 101, 'userid' => 11]);
        Capsule::table('tblhosting')->update(['orderid' => 0]);
        $this->issued(Host::service(100));

        $this->assertSame('success', $this->module->create(Host::service(101)));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([0, 0], array_column($this->activeRows(), 'order_id'));
        $this->assertEquals([100, 101], array_column($this->activeRows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_create_after_terminate_issues_a_new_license(): void
    {
        $service = $this->service();
        $first = $this->issued($service);
        $this->module->terminate($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertCount(2, $this->rows());
        $this->assertNotSame($first, $this->activeRows()[0]['license_key']);
        $this->assertSame($this->activeRows()[0]['license_key'], $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * The server is in Europe/Berlin, where the hour from 02:00 on 2026-03-29 does not exist.
     *
     * @dataProvider times
     */
    public function test_times_are_stored_as_utc_text(string $clock, string $format): void
    {
        $this->sandbox->reset(['clock' => $clock, 'time_format' => $format]);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame($clock, $this->rows()[0]['issued_at']);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function times(): array
    {
        return [
            'SQL text' => ['2020-09-08 16:14:58', 'sql'],
            'RFC 3339' => ['2020-09-08 16:14:58', 'rfc3339'],
            'SQL text in the hour that spring skips' => ['2026-03-29 02:30:00', 'sql'],
            'RFC 3339 in the hour that spring skips' => ['2026-03-29 02:30:00', 'rfc3339'],
            'in the hour that autumn repeats' => ['2026-10-25 02:30:00', 'sql'],
            'after a TIMESTAMP ends' => ['2039-01-01 00:00:00', 'rfc3339'],
        ];
    }

    /** A table of the PHP module has TIMESTAMP columns, which refuse that hour. */
    public function test_the_skipped_hour_fits_into_a_table_of_the_php_module_too(): void
    {
        $this->createTableOfThePhpModule();
        $this->sandbox->reset(['clock' => '2026-03-29 02:30:00']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame('2026-03-29 02:30:00', $this->rows()[0]['issued_at']);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** What fits is stored whole. */
    public function test_a_key_of_255_characters_is_stored_whole(): void
    {
        $key = 'jetpack-complete_' . str_repeat('K', 238);
        $this->sandbox->reset(['keys' => [$key]]);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame($key, $this->rows()[0]['license_key']);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /** The PHP module threw it away. */
    public function test_201_with_a_license_is_success(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1']]);
        $license = ['license_id' => '70001', 'license_key' => 'jetpack-complete_KEY1', 'issued_at' => '2026-01-15 10:00:01', 'revoked_at' => null];
        $this->faultOn('POST', '/license', ['fault' => 'json', 'status' => 201, 'body' => $license]);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEquals(70001, $this->rows()[0]['license_id']);
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** WHMCS offers a button for each. */
    public function test_the_module_has_every_function_that_fits_a_license(): void
    {
        $this->assertSame(
            ['Create', 'Renew', 'Suspend', 'Unsuspend', 'Terminate', 'Change Package'],
            array_keys($this->module->coreButtons())
        );
        $this->assertSame([], $this->sandbox->requestLines());
    }
}
