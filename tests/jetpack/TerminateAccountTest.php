<?php

declare(strict_types=1);

// jetpack_TerminateAccount: revokes; what is revoked already, at Jetpack or here, is success.

namespace Tests\Jetpack;

use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class TerminateAccountTest extends JetpackTestCase
{
    public function test_the_license_is_revoked_with_one_request(): void
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01']);
        $service = $this->service();
        $key = $this->issued($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $request = $this->sandbox->requests()[1];
        $this->assertSame(['license_key' => $key], $request['query']);
        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $request['headers']['authorization']);
        $row = $this->rows()[0];
        $this->assertSame(['2026-01-15 10:00:01', '2026-01-15 10:00:02'], [$row['issued_at'], $row['revoked_at']]);
        $this->assertSame('terminated', $row['revoked_for']);
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertSame($request['request_id'], $this->rows(self::JOURNAL)[1]['request_id']);
        $this->assertSame('', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_key_with_characters_of_urls_is_sent_whole(): void
    {
        $key = 'jetpack-complete_a&b=c/d?e#f%20+ü "<';
        $this->sandbox->reset(['keys' => [$key]]);
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['license_key' => $key], $this->sandbox->requests()[1]['query']);
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_second_terminate_is_success_without_request(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->terminate($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_service_that_never_had_a_license_answers_the_words_staff_know(): void
    {
        $this->assertSame('No license key found for this order', $this->module->terminate($this->service()));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->journal());
    }

    /** The PHP module got stuck here for ever. */
    public function test_a_license_revoked_at_jetpack_meanwhile_is_success_with_jetpacks_time(): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $this->sandbox->revokeBehindOurBack($key, '2026-01-20 00:00:00');

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame('2026-01-20 00:00:00', $this->rows()[0]['revoked_at']);
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertSame('', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** The PHP module revoked the license that both had. */
    public function test_licenses_of_other_services_and_addons_are_not_touched(): void
    {
        $service = $this->service();
        $this->issued($service);
        $others = [$this->issued($this->service(['id' => 101])), $this->issued($this->addon())];

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'POST /license', 'POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame($others, array_column($this->activeRows(), 'license_key'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_an_addon_is_terminated_beside_its_parent(): void
    {
        $parents = $this->issued($this->service());
        $addon = $this->addon();
        $this->issued($addon);

        $this->assertSame('success', $this->module->terminate($addon));

        $this->assertSame(['POST /license', 'POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([$parents], array_column($this->activeRows(), 'license_key'));
        $this->assertSame('', $this->keptKey($addon));
        $this->assertEveryLicenseIsKnown();
    }

    /** Also in a table whose issued_at the server updates by itself. */
    public function test_issued_at_survives_the_revocation(): void
    {
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_OLD', 'issued_at' => '2020-09-08 16:14:58']]]);
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_OLD');

        $this->assertSame('success', $this->module->terminate($this->service()));

        $this->assertSame('2020-09-08 16:14:58', $this->rows()[0]['issued_at']);
        $this->assertNotNull($this->rows()[0]['revoked_at']);
        $this->assertSame(['DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_revocation_in_the_hour_that_spring_skips_is_stored(): void
    {
        $this->sandbox->reset(['clock' => '2026-03-29 02:30:00', 'time_format' => 'rfc3339']);
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame('2026-03-29 02:30:01', $this->rows()[0]['revoked_at']);
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
    }

    public function test_while_an_issue_is_not_known_it_does_not_say_that_there_is_none(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->module->create($service);

        $this->assertSentence($this->module->terminate($service), 'partner portal', 'Not issued: try again');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue unknown'], $this->journal());
    }

    public function test_without_token_nothing_is_sent_and_the_license_is_kept(): void
    {
        $service = $this->service();
        $this->issued($service);
        Capsule::table('tblproducts')->update(['configoption1' => '']);

        $this->assertSentence($this->module->terminate($service->fresh()), 'API Token', 'is empty');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }
}
