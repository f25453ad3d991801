<?php

declare(strict_types=1);

// jetpack_Renew: makes sure that what is paid for again still works. One GET for each license.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class RenewTest extends JetpackTestCase
{
    public function test_a_good_license_is_renewed_with_one_get(): void
    {
        $service = $this->service();
        $key = $this->issued($service);

        $this->assertSame('success', $this->module->renew($service));

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['license_key' => $key], $this->sandbox->requests()[1]['query']);
        $this->assertNotNull($this->rows()[0]['checked_at']);
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_license_revoked_at_jetpack_is_told_and_closed_and_create_issues_anew(): void
    {
        $service = $this->service();
        $this->sandbox->revokeBehindOurBack($this->issued($service), '2026-01-20 00:00:00');

        $this->assertSentence($this->module->renew($service), 'was revoked at Jetpack on 2026-01-20 00:00:00 UTC', 'Run Create');

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['2026-01-20 00:00:00', 'at jetpack'], [$this->rows()[0]['revoked_at'], $this->rows()[0]['revoked_for']]);
        $this->assertSame('', $this->keptKey($service));

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', 'GET /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_the_second_renewal_says_the_same_without_request(): void
    {
        $service = $this->service();
        $this->sandbox->revokeBehindOurBack($this->issued($service), '2026-01-20 00:00:00');
        $this->module->renew($service);

        $this->assertSentence($this->module->renew($service), 'was revoked at Jetpack on 2026-01-20 00:00:00 UTC');

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
    }

    public function test_one_revoked_of_two_is_told_and_the_other_is_kept(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        [$revoked, $active] = array_column($this->rows(), 'license_key');
        $this->sandbox->revokeBehindOurBack($revoked, '2026-01-20 00:00:00');

        $this->assertSentence($this->module->renew($service), 'was revoked at Jetpack on 2026-01-20 00:00:00 UTC');

        $this->assertSame(['GET /license', 'GET /license'], array_slice($this->sandbox->requestLines(), 2));
        $this->assertSame([$active], array_column($this->activeRows(), 'license_key'));
        $this->assertSame($active, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_raised_quantity_is_told_with_what_is_missing(): void
    {
        $service = $this->service();
        $this->issued($service);
        Capsule::table('tblhosting')->update(['qty' => 3]);

        $this->assertSentence($this->module->renew(Host::service(100)), 'holds 1 of its 3 licenses', 'Run Create');

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertNotNull($this->rows()[0]['checked_at']);
        $this->assertEveryLicenseIsKnown();
    }

    /** The suspension failed, so the service goes on and is paid for. */
    public function test_after_half_a_suspension_it_says_how_many_are_missing(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $this->faultOn('DELETE', '/license', ['fault' => 'rate_limit', 'skip' => 1]);
        $this->module->suspend($service);
        $sent = $this->sandbox->requestLines();

        $this->assertSentence($this->module->renew($service), 'holds 1 of its 2 licenses', 'Run Create');

        $this->assertSame([...$sent, 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame($this->activeRows()[0]['license_key'], $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** WHMCS renews before it unsuspends. */
    public function test_a_license_that_the_suspension_revoked_is_no_fault(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);
        $service = $this->service();
        $this->issued($service);
        $this->module->suspend($service);

        $this->assertSame('success', $this->module->renew($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider withoutLicense
     */
    public function test_a_service_without_license_answers_the_words_staff_know(bool $terminated): void
    {
        $service = $this->service();
        if ($terminated) {
            $this->issued($service);
            $this->module->terminate($service);
        }
        $sent = $this->sandbox->requestLines();

        $this->assertSame('No license key found for this order', $this->module->renew($service));

        $this->assertSame($sent, $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, bool>> */
    public static function withoutLicense(): array
    {
        return ['never issued' => [false], 'terminated' => [true]];
    }

    public function test_while_an_issue_is_not_known_it_does_not_say_that_there_is_none(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->module->create($service);

        $this->assertSentence($this->module->renew($service), 'partner portal', 'Not issued: try again');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /**
     * @dataProvider failures
     * @param array<string, mixed> $fault
     * @group slow
     */
    public function test_a_failure_is_told_and_changes_nothing(array $fault, string ...$mentions): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $service = $this->service();
        $key = $this->issued($service);
        $this->faultOn('GET', '/license', $fault);

        $answer = $this->module->renew($service);

        $this->assertSentence($answer, ...$mentions);
        $this->assertStringNotContainsString($key, $answer);
        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['checked_at']);
        $this->assertSame($key, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function failures(): array
    {
        $body = ['code' => 'some_code', 'message' => 'Some reason.'];
        return [
            '503 in HTML' => [['fault' => 'html', 'status' => 503], 'HTTP 503', 'request id'],
            '500' => [['fault' => 'json', 'status' => 500, 'body' => $body], 'Some reason.', 'some_code', 'HTTP 500'],
            '403' => [['fault' => 'json', 'status' => 403, 'body' => $body], 'HTTP 403', 'API Token'],
            '400 for a key Jetpack does not know' => [['fault' => 'json', 'status' => 400, 'body' => $body], 'HTTP 400'],
            '429' => [['fault' => 'rate_limit', 'retry_after' => 7], 'in 7 seconds'],
            'HTML with 200' => [['fault' => 'html'], 'not what the licensing API sends'],
            'wrong types' => [['fault' => 'wrong_types'], 'not what the licensing API sends'],
            'a body that breaks off' => [['fault' => 'truncate'], 'broke off'],
            'no answer in time' => [['fault' => 'delay', 'ms' => 900], 'no answer came in time'],
            'a redirect' => [['fault' => 'redirect', 'location' => 'http://127.0.0.1:9/'], 'HTTP 302'],
        ];
    }

    public function test_a_dropped_connection_is_asked_again_once(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('GET', '/license', ['fault' => 'drop']);

        $this->assertSame('success', $this->module->renew($service));

        $this->assertSame(['POST /license', 'GET /license', 'GET /license'], $this->sandbox->requestLines());
    }

    public function test_a_connection_that_keeps_dropping_is_told(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('GET', '/license', ['fault' => 'drop', 'times' => 0]);

        $answer = $this->module->renew($service);

        $this->assertSentence($answer, 'the connection was closed');
        $this->assertSame(['POST /license', 'GET /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** The answer "not sent" is for staff who decide whether to run it again. */
    public function test_of_a_question_that_was_sent_it_does_not_say_that_nothing_was(): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('GET', '/license', ['fault' => 'delay', 'ms' => 900]);

        $this->assertStringNotContainsString('Nothing was sent', $this->module->renew($service));

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
    }
}
