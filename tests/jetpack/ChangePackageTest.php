<?php

declare(strict_types=1);

// jetpack_ChangePackage: the new license comes first, then the old one is revoked.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class ChangePackageTest extends JetpackTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        Host::addProduct($this->product(2, 'jetpack-scan'));
    }

    /** The PHP module had no ChangePackage, and the partner went on paying for the old license. */
    public function test_the_new_license_is_issued_before_the_old_one_is_revoked(): void
    {
        $old = $this->issued($this->service());
        $changed = $this->productIsNow(2);

        $this->assertSame('success', $this->module->changePackage($changed));

        $this->assertSame(['POST /license', 'POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['product' => 'jetpack-scan'], json_decode($this->sandbox->requests()[1]['body'], true));
        $this->assertSame(['license_key' => $old], $this->sandbox->requests()[2]['query']);
        [$before, $after] = $this->rows();
        $this->assertSame('package changed', $before['revoked_for']);
        $this->assertEquals([2, 'jetpack-scan', 100], [$after['product_id'], $after['product_slug'], $after['service_id']]);
        $this->assertSame(['issue done', 'issue done', 'revoke done'], $this->journal());
        $this->assertSame($after['license_key'], $this->keptKey($changed));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_second_change_to_the_same_product_sends_nothing(): void
    {
        $this->issued($this->service());
        $changed = $this->productIsNow(2);
        $this->module->changePackage($changed);

        $this->assertSame('success', $this->module->changePackage($changed));

        $this->assertCount(3, $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_the_same_product_sends_nothing(): void
    {
        $service = $this->service();
        $key = $this->issued($service);

        $this->assertSame('success', $this->module->changePackage($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame($key, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** Two WHMCS products, one Jetpack product: the license stays good. */
    public function test_another_product_with_the_same_slug_sends_nothing(): void
    {
        Host::addProduct($this->product(3));
        $key = $this->issued($this->service());

        $this->assertSame('success', $this->module->changePackage($this->productIsNow(3)));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame([$key], array_column($this->activeRows(), 'license_key'));
        $this->assertSame($key, $this->keptKey(Host::service(100)));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_terminate_after_a_change_revokes_the_new_license(): void
    {
        $this->issued($this->service());
        $changed = $this->productIsNow(2);
        $this->module->changePackage($changed);

        $this->assertSame('success', $this->module->terminate($changed));

        $this->assertSame(['POST /license', 'POST /license', 'DELETE /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /** The PHP module had no ChangePackage, and looked for (order, product). */
    public function test_terminate_without_change_package_finds_the_license_of_the_old_product(): void
    {
        $this->issued($this->service());

        $this->assertSame('success', $this->module->terminate($this->productIsNow(2)));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_quantity_of_two_is_changed_as_a_whole(): void
    {
        $this->module->create($this->service(['qty' => 2]));

        $this->assertSame('success', $this->module->changePackage($this->productIsNow(2)));

        $this->assertSame(
            ['POST /license', 'POST /license', 'POST /license', 'POST /license', 'DELETE /license', 'DELETE /license'],
            $this->sandbox->requestLines()
        );
        $this->assertSame(['jetpack-scan', 'jetpack-scan'], array_column($this->activeRows(), 'product_slug'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_an_addon_whose_product_was_changed_gets_another_license(): void
    {
        $parents = $this->issued($this->service());
        $addon = $this->addon();
        $this->issued($addon);
        Capsule::table('tblmodule_configuration')->where('setting_name', 'configoption2')->update(['value' => 'jetpack-anti-spam']);

        $this->assertSame('success', $this->module->changePackage($addon));

        $this->assertSame(
            ['POST /license', 'POST /license', 'POST /license', 'DELETE /license'],
            $this->sandbox->requestLines()
        );
        $this->assertSame(['jetpack-complete', 'jetpack-anti-spam'], array_column($this->activeRows(), 'product_slug'));
        $this->assertContains($parents, array_column($this->activeRows(), 'license_key'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_row_of_the_php_module_for_the_old_product_is_found(): void
    {
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_OLD', 'issued_at' => '2020-09-08 16:14:58']]]);
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_OLD');
        $this->service();

        $this->assertSame('success', $this->module->changePackage($this->productIsNow(2)));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEquals(100, $this->rows()[0]['service_id']);
        $this->assertNotNull($this->rows()[0]['revoked_at']);
        $this->assertSame('2020-09-08 16:14:58', $this->rows()[0]['issued_at']);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_service_without_license_answers_the_words_staff_know(): void
    {
        $this->service();

        $this->assertSame('No license key found for this order', $this->module->changePackage($this->productIsNow(2)));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->journal());
    }

    public function test_a_suspended_service_whose_license_is_revoked_gets_the_new_one_when_unsuspended(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->issued($service);
        $this->module->suspend($service);

        $this->assertSame('success', $this->module->changePackage($this->productIsNow(2)));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame('success', $this->module->unsuspend(Host::service(100)));
        $this->assertSame(['jetpack-scan'], array_column($this->activeRows(), 'product_slug'));
        $this->assertSame(['POST /license', 'DELETE /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider failedIssues
     * @param array<string, mixed> $fault
     */
    public function test_while_the_new_license_cannot_be_issued_the_old_one_is_kept(array $fault, string $state): void
    {
        $service = $this->service();
        $old = $this->issued($service);
        $this->faultOn('POST', '/license', $fault);

        $this->assertSentence($this->module->changePackage($this->productIsNow(2)));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame([$old], array_column($this->activeRows(), 'license_key'));
        $this->assertSame(['issue done', "issue $state"], $this->journal());
        $this->assertSame($old, $this->keptKey($service));
    }

    /** @return array<string, array<int, mixed>> */
    public static function failedIssues(): array
    {
        return [
            'refused' => [['fault' => 'rate_limit'], 'failed'],
            'lost before acting' => [['fault' => 'drop'], 'unknown'],
            'lost after acting' => [['fault' => 'act_and_drop'], 'unknown'],
        ];
    }

    public function test_after_a_refusal_the_next_change_finishes(): void
    {
        $this->issued($this->service());
        $changed = $this->productIsNow(2);
        $this->faultOn('POST', '/license', ['fault' => 'rate_limit']);
        $this->module->changePackage($changed);

        $this->assertSame('success', $this->module->changePackage($changed));

        $this->assertSame(['POST /license', 'POST /license', 'POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['jetpack-scan'], array_column($this->activeRows(), 'product_slug'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_after_a_lost_answer_the_next_change_sends_nothing(): void
    {
        $this->issued($this->service());
        $changed = $this->productIsNow(2);
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->module->changePackage($changed);

        $this->assertSentence($this->module->changePackage($changed), 'is issued again by itself');

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
    }

    public function test_when_the_old_one_cannot_be_revoked_both_are_known_and_the_next_change_finishes(): void
    {
        $this->issued($this->service());
        $changed = $this->productIsNow(2);
        $this->faultOn('DELETE', '/license', ['fault' => 'rate_limit']);

        $this->assertSentence($this->module->changePackage($changed), 'HTTP 429');
        $this->assertCount(2, $this->activeRows());
        $this->assertEveryLicenseIsKnown();

        $this->assertSame('success', $this->module->changePackage($changed));

        $this->assertSame(['POST /license', 'POST /license', 'DELETE /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['jetpack-scan'], array_column($this->activeRows(), 'product_slug'));
        $this->assertSame($this->activeRows()[0]['license_key'], $this->keptKey($changed));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_an_empty_product_is_named_and_nothing_is_sent(): void
    {
        Host::addProduct($this->product(3, ''));
        $this->issued($this->service());

        $this->assertSentence($this->module->changePackage($this->productIsNow(3)), 'Jetpack Product', 'is empty');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    private function productIsNow(int $id): Service
    {
        Capsule::table('tblhosting')->where('id', 100)->update(['packageid' => $id]);
        return Host::service(100);
    }
}
