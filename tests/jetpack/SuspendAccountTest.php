<?php

declare(strict_types=1);

// jetpack_SuspendAccount: keeps the license and asks nobody, or revokes it, as setting 4 says.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class SuspendAccountTest extends JetpackTestCase
{
    /**
     * @dataProvider keeping
     */
    public function test_the_license_is_kept_without_request(string $option): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => $option]);
        $service = $this->service();
        $key = $this->issued($service);

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame($key, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function keeping(): array
    {
        return ['keep' => ['keep'], 'a product from before the setting' => [''], 'another word' => ['maybe']];
    }

    public function test_the_license_is_revoked_with_one_request(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame('suspended', $this->rows()[0]['revoked_for']);
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertSame('', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_second_suspension_revokes_nothing_more(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->issued($service);
        $this->module->suspend($service);

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider bothOptions
     */
    public function test_a_service_without_license_is_suspended_without_request(string $option): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => $option]);

        $this->assertSame('success', $this->module->suspend($this->service()));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->journal());
    }

    /** @return array<string, array<int, string>> */
    public static function bothOptions(): array
    {
        return ['keep' => ['keep'], 'revoke' => ['revoke']];
    }

    public function test_revoked_at_jetpack_meanwhile_is_success(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->sandbox->revokeBehindOurBack($this->issued($service), '2026-01-20 00:00:00');

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame('2026-01-20 00:00:00', $this->rows()[0]['revoked_at']);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_refusal_keeps_the_license_and_the_next_suspension_revokes_it(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('DELETE', '/license', ['fault' => 'rate_limit', 'retry_after' => 30]);

        $this->assertSentence($this->module->suspend($service), 'in 30 seconds');
        $this->assertCount(1, $this->activeRows());

        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke failed', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** E-mail templates must not name the license that is revoked. */
    public function test_after_half_a_suspension_the_custom_field_holds_the_active_licenses(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $second = $this->rows()[1]['license_key'];
        $this->faultOn('DELETE', '/license', ['fault' => 'rate_limit', 'retry_after' => 30, 'skip' => 1]);

        $this->assertSentence($this->module->suspend($service), 'in 30 seconds');

        $this->assertSame([$second], array_column($this->activeRows(), 'license_key'));
        $this->assertSame($second, $this->keptKey($service));
        $this->assertSame(
            ['POST /license', 'POST /license', 'DELETE /license', 'DELETE /license'],
            $this->sandbox->requestLines()
        );
        $this->assertEveryLicenseIsKnown();
    }

    public function test_an_addon_is_suspended_by_its_own_setting(): void
    {
        $service = $this->service();
        $parents = $this->issued($service);
        $addon = $this->addon();
        $this->issued($addon);
        Capsule::table('tblmodule_configuration')
            ->where(['entity_type' => 'addon', 'entity_id' => $addon->addonid, 'setting_name' => self::ON_SUSPENSION])
            ->update(['value' => 'revoke']);

        $this->assertSame(['success', 'success'], [$this->module->suspend($service), $this->module->suspend($addon)]);

        $this->assertSame(['POST /license', 'POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([$parents], array_column($this->activeRows(), 'license_key'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_terminate_after_it_is_success_without_request(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->issued($service);
        $this->module->suspend($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }
}
