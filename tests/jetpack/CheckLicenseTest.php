<?php

declare(strict_types=1);

// jetpack_CheckLicense, the button "Check at Jetpack": one GET for each license.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;

final class CheckLicenseTest extends JetpackTestCase
{
    public function test_a_good_license_is_taken_down_as_checked(): void
    {
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->custom($service, 'CheckLicense'));

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $checked = $this->rows()[0]['checked_at'];
        $this->assertEqualsWithDelta(time(), strtotime("$checked UTC"), 5);
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_license_revoked_at_jetpack_is_told_and_closed(): void
    {
        $service = $this->service();
        $this->sandbox->revokeBehindOurBack($this->issued($service), '2026-01-20T01:00:00+01:00');

        $this->assertSentence($this->module->custom($service, 'CheckLicense'), 'was revoked at Jetpack on 2026-01-20 00:00:00 UTC');

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['2026-01-20 00:00:00', 'at jetpack'], [$this->rows()[0]['revoked_at'], $this->rows()[0]['revoked_for']]);
        $this->assertSame('', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_only_the_addons_own_license_is_checked(): void
    {
        $this->issued($this->service());
        $addon = $this->addon();
        $key = $this->issued($addon);

        $this->assertSame('success', $this->module->custom($addon, 'CheckLicense'));

        $this->assertSame(['POST /license', 'POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['license_key' => $key], $this->sandbox->requests()[2]['query']);
        $this->assertNull($this->rows()[0]['checked_at']);
    }

    public function test_a_service_without_license_answers_the_words_staff_know(): void
    {
        $this->assertSame('No license key found for this order', $this->module->custom($this->service(), 'CheckLicense'));

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_while_an_issue_is_not_known_it_does_not_say_that_there_is_none(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertSentence($this->module->custom($service, 'CheckLicense'), 'partner portal');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_while_the_api_is_down_a_sentence_tells_it_and_nothing_changes(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 502]);

        $this->assertSentence($this->module->custom($service, 'CheckLicense'), 'HTTP 502');

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['checked_at']);
        $this->assertEveryLicenseIsKnown();
    }

    /** A test server that answers for another key must not close ours. */
    public function test_an_answer_about_another_license_changes_nothing(): void
    {
        $service = $this->service();
        $this->issued($service);
        $other = ['license_key' => 'jetpack-complete_OTHER', 'issued_at' => '2020-01-01 00:00:00', 'revoked_at' => '2021-01-01 00:00:00'];
        $this->faultOn('GET', '/license', ['fault' => 'json', 'body' => $other]);

        $this->assertSentence($this->module->custom($service, 'CheckLicense'));

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }
}
