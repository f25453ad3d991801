<?php

declare(strict_types=1);

// Rows of the PHP module name an order and a product: they are found, and become their service's for good.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class LegacyRowsTest extends JetpackTestCase
{
    private const OLD = 'jetpack-complete_OLD';

    protected function setUp(): void
    {
        parent::setUp();
        $this->sandbox->reset(['licenses' => [
            ['license_key' => self::OLD, 'issued_at' => '2020-09-08 16:14:58'],
            ['license_key' => 'jetpack-scan_OLD', 'issued_at' => '2020-09-08 16:14:58'],
        ]]);
    }

    /**
     * @dataProvider commands
     * @param array<int, string> $lines
     */
    public function test_a_command_finds_the_row_and_gives_it_to_the_service(string $command, array $lines): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $service = $this->service();

        $this->assertSame('success', method_exists($this->module, $command)
            ? $this->module->$command($service)
            : $this->module->custom($service, $command));

        $this->assertSame($lines, $this->sandbox->requestLines());
        $row = $this->rows()[0];
        $this->assertEquals([100, 0], [$row['service_id'], $row['addon_id']]);
        $this->assertSame('2020-09-08 16:14:58', $row['issued_at']);
        $this->assertCount(1, $this->rows());
        $this->assertSame($command === 'terminate', $row['revoked_at'] !== null);
    }

    /** @return array<string, array<int, mixed>> */
    public static function commands(): array
    {
        $path = '/license/' . self::OLD . '/site';
        return [
            'Create issues nothing' => ['create', []],
            'Terminate' => ['terminate', ['DELETE /license']],
            'Renew' => ['renew', ['GET /license']],
            'ChangePackage to the same product' => ['changePackage', []],
            'Check at Jetpack' => ['CheckLicense', ['GET /license']],
            'Attach to site' => ['AttachToSite', ["POST $path"]],
            'Detach from site' => ['DetachFromSite', ["DELETE $path"]],
        ];
    }

    public function test_suspension_revokes_it(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $this->rowOfThePhpModule(500, 1, self::OLD);

        $this->assertSame('success', $this->module->suspend($this->service()));

        $this->assertSame(['DELETE /license'], $this->sandbox->requestLines());
        $this->assertEquals([100, 'suspended'], [$this->rows()[0]['service_id'], $this->rows()[0]['revoked_for']]);
    }

    public function test_the_admins_tab_and_buttons_show_it(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $service = $this->service();

        $tab = $this->module->adminTab($service);

        $this->assertStringContainsString('value="' . self::OLD . '"', $tab['License Key']);
        $this->assertSame('2020-09-08 16:14:58 UTC', $tab['Issued']);
        $this->assertContains('CheckLicense', $this->module->adminButtons($service));
        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_the_customers_page_shows_it(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);

        $this->assertStringContainsString(self::OLD, $this->module->clientArea($this->service()));

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_create_keeps_the_key_for_mails(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $service = $this->service();

        $this->module->create($service);

        $this->assertSame(self::OLD, $this->keptKey($service));
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** The PHP module issued for the first one it met. */
    public function test_the_second_service_of_the_order_does_not_get_it(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $first = $this->service();
        $second = $this->service(['id' => 101]);

        $this->assertSame('No license key found for this order', $this->module->terminate($second));
        $this->assertSame('success', $this->module->create($second));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame('success', $this->module->create($first));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame([self::OLD, $this->keptKey($second)], [$this->keptKey($first), $this->rows()[1]['license_key']]);
        $this->assertEquals([100, 101], array_column($this->rows(), 'service_id'));
    }

    /** The PHP module revoked the one license of both, and issued another for the service that goes on. */
    public function test_a_service_that_has_ended_does_not_take_it_from_one_that_goes_on(): void
    {
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_ENDED', '2021-06-01 12:00:00');
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $this->service(['domainstatus' => 'Terminated']);
        $second = $this->service(['id' => 101]);

        $this->assertSame('success', $this->module->create($second));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame(self::OLD, $this->keptKey($second));
    }

    public function test_a_completed_service_goes_on_and_keeps_it(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $first = $this->service(['domainstatus' => 'Completed']);
        $second = $this->service(['id' => 101]);

        $this->assertSame('No license key found for this order', $this->module->terminate($second));
        $this->assertSame('success', $this->module->create($first));

        $this->assertSame(self::OLD, $this->keptKey($first));
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** Once given, it is not given again, whatever happens to the first service. */
    public function test_a_row_that_was_given_stays_with_its_service(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $this->module->create($this->service());
        $second = $this->service(['id' => 101]);
        Capsule::table('tblhosting')->where('id', 100)->delete();

        $this->assertSame('No license key found for this order', $this->module->terminate($second));

        $this->assertEquals(100, $this->rows()[0]['service_id']);
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** The key begins with the slug. */
    public function test_the_key_tells_whether_it_is_the_addons_or_its_parents(): void
    {
        $this->rowOfThePhpModule(500, 1, 'jetpack-scan_OLD');
        $service = $this->service();
        $addon = $this->addon();

        $this->assertSame('success', $this->module->create($service));
        $this->assertSame('success', $this->module->create($addon));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame('jetpack-scan_OLD', $this->keptKey($addon));
        $this->assertStringStartsWith('jetpack-complete_', $this->keptKey($service));
        $this->assertEquals([300, 0], array_column($this->rows(), 'addon_id'));
    }

    public function test_the_parents_key_is_not_the_addons(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        $service = $this->service();

        $this->assertSame('No license key found for this order', $this->module->terminate($this->addon()));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame(['DELETE /license'], $this->sandbox->requestLines());
    }

    /** With the PHP module a license was not found after a change of product. */
    public function test_after_a_change_of_product_the_orders_only_service_finds_it(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD);
        Host::addProduct($this->product(2, 'jetpack-scan'));

        $this->assertSame('success', $this->module->terminate($this->service(['packageid' => 2])));

        $this->assertSame(['DELETE /license'], $this->sandbox->requestLines());
        $this->assertEquals(100, $this->rows()[0]['service_id']);
    }

    public function test_rows_of_other_orders_and_other_products_are_not_touched(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan'));
        $this->rowOfThePhpModule(501, 1, self::OLD);
        $this->rowOfThePhpModule(500, 2, 'jetpack-scan_OLD');
        $this->service(['id' => 101, 'packageid' => 2]);

        $this->assertSame('No license key found for this order', $this->module->terminate($this->service()));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([null, null], array_column($this->rows(), 'service_id'));
    }

    public function test_a_revoked_row_counts_as_terminated(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD, '2021-06-01 12:00:00');
        $service = $this->service();

        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame('Revoked on 2021-06-01 12:00:00 UTC', $this->module->adminTab($service)['State at Jetpack']);

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_create_after_a_revoked_row_issues_anew(): void
    {
        $this->rowOfThePhpModule(500, 1, self::OLD, '2021-06-01 12:00:00');

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
    }

    /** The host went back to the PHP module for a while, and came again. */
    public function test_a_row_written_after_going_back_is_found(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->terminate($service);
        $this->rowOfThePhpModule(500, 1, self::OLD);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->activeRows());
        $this->assertEquals(100, $this->rows()[1]['service_id']);
    }

    /** The PHP module closes a row of ours by (order, product), and knows nothing of our columns. */
    public function test_a_row_of_ours_that_the_php_module_revoked_is_closed(): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $this->sandbox->revokeBehindOurBack($key, '2026-02-01 00:00:00');
        Capsule::table(self::TABLE)->where(['order_id' => 500, 'product_id' => 1])->update(['revoked_at' => '2026-02-01 00:00:00']);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->activeRows());
    }
}
