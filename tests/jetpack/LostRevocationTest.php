<?php

declare(strict_types=1);

// A revocation whose answer was lost, and the question after it as well: the row lives, the license perhaps not.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class LostRevocationTest extends JetpackTestCase
{
    private const BEFORE = ['POST /license', 'DELETE /license', 'GET /license'];

    /**
     * @dataProvider commands
     */
    public function test_one_that_was_carried_out_is_closed_with_its_reason_and_another_is_issued(string $command, string $setting): void
    {
        $this->suspendedInDoubt('act_and_drop');
        $this->onSuspension($setting);
        $service = Host::service(100);

        $this->assertSame('success', $this->module->$command($service));

        $this->assertSame([...self::BEFORE, 'GET /license', 'POST /license'], $this->sandbox->requestLines());
        [$old, $new] = $this->rows();
        $this->assertSame(['suspended', $this->sandbox->licenses()[0]['revoked_at']], [$old['revoked_for'], $old['revoked_at']]);
        $this->assertSame($new['license_key'], $this->keptKey($service));
        $this->assertSame(['issue done', 'revoke done', 'issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider commands
     */
    public function test_one_that_was_not_carried_out_leaves_the_license_to_the_customer(string $command, string $setting): void
    {
        $this->suspendedInDoubt('drop');
        $this->onSuspension($setting);
        $service = Host::service(100);

        $this->assertSame('success', $this->module->$command($service));

        $this->assertSame([...self::BEFORE, 'GET /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->rows());
        $this->assertSame($this->activeRows()[0]['license_key'], $this->keptKey($service));
        $this->assertSame(['issue done', 'revoke failed'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> command and setting 4 by then */
    public static function commands(): array
    {
        return [
            'Unsuspend' => ['unsuspend', 'revoke'],
            'Unsuspend, setting 4 changed to keep' => ['unsuspend', 'keep'],
            'Create' => ['create', 'revoke'],
        ];
    }

    /**
     * @dataProvider commands
     */
    public function test_while_jetpack_does_not_say_nothing_is_taken_for_held_and_nothing_issued(string $command, string $setting): void
    {
        $this->suspendedInDoubt('act_and_drop');
        $this->onSuspension($setting);
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);

        $this->assertSentence($this->module->$command(Host::service(100)), 'HTTP 503');

        $this->assertSame([...self::BEFORE, 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke unknown'], $this->journal());
        $this->assertCount(1, $this->rows());

        $this->assertSame('success', $this->module->$command(Host::service(100)));
        $this->assertEveryLicenseIsKnown();
        $this->assertCount(1, $this->activeRows());
    }

    /** Once it is decided, nobody is asked again. */
    public function test_the_question_is_asked_once(): void
    {
        $this->suspendedInDoubt('drop');
        $service = Host::service(100);
        $this->module->create($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([...self::BEFORE, 'GET /license'], $this->sandbox->requestLines());
    }

    public function test_of_a_termination_the_reason_is_kept_as_well(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->loseRevocation('act_and_drop');
        $this->assertSentence($this->module->terminate($service), 'It is not known whether');

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([...self::BEFORE, 'GET /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['terminated', null], array_column($this->rows(), 'revoked_for'));
        $this->assertEveryLicenseIsKnown();
    }

    /** Jetpack repeats what it was sent: neither key nor token may come to light by that. */
    public function test_a_refusal_that_quotes_key_and_token_shows_neither(): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $said = "The license $key is not yours (token tok_test&=1).";
        $this->faultOn('DELETE', '/license', ['fault' => 'json', 'status' => 403, 'act' => false, 'body' => ['code' => $key, 'message' => $said]]);

        $answer = $this->module->terminate($service);

        $this->assertSentence($answer, 'is not yours', 'HTTP 403');
        $told = $answer . $this->rows(self::JOURNAL)[1]['answered'] . implode(Host::activityLog());
        $this->assertStringNotContainsString($key, $told);
        $this->assertDoesNotMatchRegularExpression('/tok_test/', $told);
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    private function suspendedInDoubt(string $fault): Service
    {
        $this->onSuspension('revoke');
        $service = $this->service();
        $this->issued($service);
        $this->loseRevocation($fault);
        $this->assertSentence($this->module->suspend($service), 'It is not known whether');
        $this->assertSame(['issue done', 'revoke unknown'], $this->journal());
        return $service;
    }

    /** Neither the revocation nor the question what came of it is answered. */
    private function loseRevocation(string $fault): void
    {
        $this->faultOn('DELETE', '/license', ['fault' => $fault]);
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);
    }

    private function onSuspension(string $setting): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => $setting]);
    }
}
