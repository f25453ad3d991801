<?php

declare(strict_types=1);

// jetpack_TerminateAccount when the request fails: whether a license is revoked can be asked, so it is.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;

/** @group slow */
final class TerminateAccountFaultsTest extends JetpackTestCase
{
    /** The PHP module took 200 alone for an answer. */
    public function test_202_with_the_revoked_license_is_success(): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $revoked = ['license_id' => 70001, 'license_key' => $key, 'issued_at' => '2026-01-15 10:00:01', 'revoked_at' => '2026-01-15 10:00:02'];
        $this->faultOn('DELETE', '/license', ['fault' => 'json', 'status' => 202, 'body' => $revoked]);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame('2026-01-15 10:00:02', $this->rows()[0]['revoked_at']);
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * The lost revocation was carried out, which a GET tells.
     *
     * @dataProvider lostAnswers
     * @param array<string, mixed> $fault
     */
    public function test_a_revocation_whose_answer_was_lost_is_found_done(array $fault): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01']);
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('DELETE', '/license', $fault);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame('2026-01-15 10:00:02', $this->rows()[0]['revoked_at']);
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function lostAnswers(): array
    {
        return [
            'acted and dropped' => [['fault' => 'act_and_drop']],
            'no answer in time' => [['fault' => 'delay', 'ms' => 900, 'when' => 'after']],
            'a body that breaks off' => [['fault' => 'truncate']],
            'HTML with 200' => [['fault' => 'html']],
            'an empty body with 200' => [['fault' => 'status', 'status' => 200, 'act' => true]],
            '502 in HTML' => [['fault' => 'html', 'status' => 502]],
            '500' => [['fault' => 'json', 'status' => 500, 'body' => ['code' => 'x', 'message' => 'Broken.']]],
            'wrong types' => [['fault' => 'wrong_types']],
            'a license that lives, with 200' => [['fault' => 'json', 'body' => ['license_key' => 'k', 'revoked_at' => null]]],
        ];
    }

    /**
     * The lost revocation was not carried out; the next call does it.
     *
     * @dataProvider notCarriedOut
     * @param array<string, mixed> $fault
     */
    public function test_a_revocation_that_was_not_carried_out_is_finished_by_the_next_call(array $fault, string $mention, string $until, string $then): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $this->faultOn('DELETE', '/license', $fault);

        $answer = $this->module->terminate($service);

        $this->assertSentence($answer, $mention);
        $this->assertStringNotContainsString($key, $answer);
        $this->assertSame(['issue done', "revoke $until"], $this->journal());
        $this->assertCount(1, $this->activeRows());
        $this->assertSame($key, $this->keptKey($service));

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'GET /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', "revoke $then", 'revoke done'], $this->journal());
        $this->assertSame([], $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function notCarriedOut(): array
    {
        return [
            'dropped: it may be carried out late' => [['fault' => 'drop'], 'is still active', 'unknown', 'done'],
            '502 in HTML' => [['fault' => 'html', 'status' => 502, 'act' => false], 'is still active', 'unknown', 'done'],
            '400 for another reason' => [
                ['fault' => 'json', 'status' => 400, 'act' => false, 'body' => ['code' => 'busy', 'message' => 'Not now.']],
                'Not now.', 'failed', 'failed',
            ],
            '404 of a proxy' => [['fault' => 'html', 'status' => 404, 'act' => false], 'HTTP 404', 'failed', 'failed'],
        ];
    }

    /** Both the revocation and the question are lost. */
    public function test_when_the_question_is_lost_as_well_the_next_call_finds_out(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('DELETE', '/license', ['fault' => 'act_and_drop']);
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);

        $this->assertSentence($this->module->terminate($service), 'It is not known whether');
        $this->assertSame(['issue done', 'revoke unknown'], $this->journal());
        $this->assertCount(1, $this->activeRows());

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(
            ['POST /license', 'DELETE /license', 'GET /license', 'DELETE /license', 'GET /license'],
            $this->sandbox->requestLines()
        );
        $this->assertSame(['issue done', 'revoke done', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider refusals
     * @param array<string, mixed> $fault
     */
    public function test_a_refusal_keeps_the_license_and_is_not_asked_about(array $fault, string ...$mentions): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $this->faultOn('DELETE', '/license', $fault);

        $answer = $this->module->terminate($service);

        // The PHP module put the whole address into its messages.
        $this->assertSentence($answer, 'request id ' . $this->sandbox->requests()[1]['request_id'], ...$mentions);
        $this->assertStringNotContainsString($key, $answer);
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke failed'], $this->journal());
        $this->assertSame($key, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function refusals(): array
    {
        return [
            '403' => [
                ['fault' => 'json', 'status' => 403, 'act' => false, 'body' => ['code' => 'rest_forbidden', 'message' => 'No.']],
                'HTTP 403', 'API Token',
            ],
            '429' => [['fault' => 'rate_limit', 'retry_after' => 5], 'HTTP 429', 'in 5 seconds'],
            '302' => [['fault' => 'redirect', 'location' => 'http://127.0.0.1:9/'], 'HTTP 302'],
        ];
    }
}
