<?php

declare(strict_types=1);

// A service sold in a quantity holds that many licenses, one row and one request each.

namespace Tests\Jetpack;

use Exception;
use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class QuantityTest extends JetpackTestCase
{
    public function test_three_are_issued_with_three_requests(): void
    {
        $service = $this->service(['qty' => 3]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertCount(3, $this->activeRows());
        $this->assertSame(['issue done', 'issue done', 'issue done'], $this->journal());
        $this->assertSame(implode(', ', array_column($this->rows(), 'license_key')), $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_an_addons_quantity_counts_and_its_parents_does_not(): void
    {
        $this->service(['qty' => 4]);

        $this->assertSame('success', $this->module->create($this->addon(['qty' => 2])));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([300, 300], array_column($this->activeRows(), 'addon_id'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_create_issues_the_difference_to_a_raised_quantity(): void
    {
        $service = $this->service(['qty' => 1]);
        $key = $this->issued($service);
        $raised = $this->quantity(3);

        $this->assertSame('success', $this->module->create($raised));

        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertContains($key, array_column($this->activeRows(), 'license_key'));
        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_create_revokes_nothing_where_the_quantity_went_down(): void
    {
        $this->issued($this->service(['qty' => 2]));

        $this->assertSame('success', $this->module->create($this->quantity(1)));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertCount(2, $this->activeRows());
    }

    public function test_after_a_refusal_in_between_create_goes_on_where_it_stopped(): void
    {
        $service = $this->service(['qty' => 3]);
        $this->sandbox->fault(
            ['fault' => 'delay', 'ms' => 0],
            ['fault' => 'status', 'status' => 403, 'body' => '{"code":"rest_forbidden","message":"No."}']
        );
        $this->assertSentence($this->module->create($service), 'HTTP 403');
        $this->assertCount(1, $this->activeRows());

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(array_fill(0, 4, 'POST /license'), $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'issue failed', 'issue done', 'issue done'], $this->journal());
        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_after_a_lost_answer_in_between_nothing_more_is_issued(): void
    {
        $service = $this->service(['qty' => 3]);
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 0], ['fault' => 'act_and_drop']);
        $this->module->create($service);

        $this->assertSentence($this->module->create($service), 'Not issued: try again');

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertSame(['issue done', 'issue unknown'], $this->journal());
    }

    public function test_change_package_issues_the_difference(): void
    {
        $this->issued($this->service(['qty' => 1]));

        $this->assertSame('success', $this->module->changePackage($this->quantity(3)));

        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_change_package_revokes_the_difference_and_keeps_the_oldest(): void
    {
        $service = $this->service(['qty' => 3]);
        $this->module->create($service);
        $first = $this->rows()[0]['license_key'];

        $this->assertSame('success', $this->module->changePackage($this->quantity(1)));

        $this->assertSame(
            ['POST /license', 'POST /license', 'POST /license', 'DELETE /license', 'DELETE /license'],
            $this->sandbox->requestLines()
        );
        $this->assertSame([$first], array_column($this->activeRows(), 'license_key'));
        $this->assertSame($first, $this->keptKey($service));
        $this->assertSame(['package changed', 'package changed'], array_column(array_slice($this->rows(), 1), 'revoked_for'));
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * What is not known is no reason to take a license away.
     *
     * @dataProvider unreadableQuantities
     */
    public function test_with_a_quantity_that_cannot_be_read_create_issues_one(mixed $quantity): void
    {
        $this->service();

        $this->assertSame('success', $this->module->call('CreateAccount', self::params($quantity)));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider unreadableQuantities
     */
    public function test_with_a_quantity_that_cannot_be_read_change_package_revokes_nothing(mixed $quantity): void
    {
        $this->module->create($this->service(['qty' => 3]));

        $this->assertSame('success', $this->module->call('ChangePackage', self::params($quantity)));

        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function unreadableQuantities(): array
    {
        return [
            'zero' => [0],
            'below zero' => [-3],
            'a text' => ['many'],
            'null' => [null],
            'a getter that throws' => [new Exception('The quantity cannot be read.')],
        ];
    }

    public function test_terminate_revokes_all(): void
    {
        $service = $this->service(['qty' => 3]);
        $this->module->create($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(array_fill(0, 3, 'DELETE /license'), array_slice($this->sandbox->requestLines(), 3));
        $this->assertSame([], $this->activeRows());
        $this->assertSame('', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_terminate_goes_on_with_the_rest_after_a_refusal_in_between(): void
    {
        $service = $this->service(['qty' => 3]);
        $this->module->create($service);
        $this->sandbox->fault(
            ['fault' => 'delay', 'ms' => 0],
            ['fault' => 'status', 'status' => 403, 'body' => '{"code":"rest_forbidden","message":"No."}']
        );
        $this->assertSentence($this->module->terminate($service), 'HTTP 403');
        $this->assertCount(2, $this->activeRows());

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(array_fill(0, 4, 'DELETE /license'), array_slice($this->sandbox->requestLines(), 3));
        $this->assertSame([], $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_suspension_revokes_all_and_unsuspension_issues_all_anew(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertSame([], $this->activeRows());

        $this->assertSame('success', $this->module->unsuspend($service));

        $this->assertSame(
            ['POST /license', 'POST /license', 'DELETE /license', 'DELETE /license', 'POST /license', 'POST /license'],
            $this->sandbox->requestLines()
        );
        $this->assertCount(2, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_renew_asks_for_each(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);

        $this->assertSame('success', $this->module->renew($service));

        $this->assertSame(['GET /license', 'GET /license'], array_slice($this->sandbox->requestLines(), 2));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, mixed> those of service 100, with a model that answers or throws this quantity */
    private static function params(mixed $quantity): array
    {
        $model = new class ($quantity) {
            public int $id = 100;
            public int $userid = 10;
            public int $orderid = 500;

            public function __construct(private readonly mixed $quantity)
            {
            }

            public function __isset(string $name): bool
            {
                return $name === 'qty';
            }

            public function __get(string $name): mixed
            {
                return $this->quantity instanceof Exception ? throw $this->quantity : $this->quantity;
            }
        };
        return [
            'serviceid' => 100, 'pid' => 1, 'model' => $model,
            'configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-complete',
        ];
    }

    private function quantity(int $quantity): Service
    {
        Capsule::table('tblhosting')->where('id', 100)->update(['qty' => $quantity]);
        return Host::service(100);
    }
}
