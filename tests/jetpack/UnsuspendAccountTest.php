<?php

declare(strict_types=1);

// jetpack_UnsuspendAccount: issues anew what a suspension revoked, whatever setting 4 says by now.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class UnsuspendAccountTest extends JetpackTestCase
{
    /**
     * @dataProvider settings
     * @param array<int, string> $lines
     */
    public function test_what_the_suspension_revoked_is_issued_anew(string $atSuspension, string $atUnsuspension, array $lines): void
    {
        $service = $this->suspended($atSuspension);
        $this->setting($atUnsuspension);

        $this->assertSame('success', $this->module->unsuspend(Host::service(100)));

        $this->assertSame($lines, $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertSame($this->activeRows()[0]['license_key'], $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function settings(): array
    {
        $anew = ['POST /license', 'DELETE /license', 'POST /license'];
        return [
            'keep' => ['keep', 'keep', ['POST /license']],
            'revoke' => ['revoke', 'revoke', $anew],
            'keep, then changed to revoke' => ['keep', 'revoke', ['POST /license']],
            'revoke, then changed to keep' => ['revoke', 'keep', $anew],
        ];
    }

    public function test_a_second_unsuspension_issues_nothing_more(): void
    {
        $service = $this->suspended('revoke');
        $this->module->unsuspend($service);

        $this->assertSame('success', $this->module->unsuspend($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_suspended_and_unsuspended_again_and_again_one_license_lives(): void
    {
        $service = $this->suspended('revoke');
        $this->module->unsuspend($service);
        $this->module->suspend($service);

        $this->assertSame('success', $this->module->unsuspend($service));

        $this->assertCount(3, $this->rows());
        $this->assertCount(1, $this->activeRows());
        $this->assertCount(5, $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_refusal_is_told_and_the_next_unsuspension_issues_one(): void
    {
        $service = $this->suspended('revoke');
        $this->faultOn('POST', '/license', ['fault' => 'rate_limit', 'retry_after' => 9]);
        $this->assertSentence($this->module->unsuspend($service), 'in 9 seconds');

        $this->assertSame('success', $this->module->unsuspend($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_after_a_lost_answer_nothing_is_issued_again(): void
    {
        $service = $this->suspended('revoke');
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->assertSentence($this->module->unsuspend($service), 'It is not known whether');

        $this->assertSentence($this->module->unsuspend($service), 'is issued again by itself');

        $this->assertSame(['POST /license', 'DELETE /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke done', 'issue unknown'], $this->journal());
    }

    /** A suspension that stopped half way has revoked one of two. */
    public function test_a_half_done_suspension_is_made_good_after_the_setting_changed(): void
    {
        $this->setting('revoke');
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 0], ['fault' => 'rate_limit']);
        $this->module->suspend($service);
        $this->assertCount(1, $this->activeRows());
        $this->setting('keep');

        $this->assertSame('success', $this->module->unsuspend(Host::service(100)));

        $this->assertCount(2, $this->activeRows());
        $this->assertSame(
            ['POST /license', 'POST /license', 'DELETE /license', 'DELETE /license', 'POST /license'],
            $this->sandbox->requestLines()
        );
        $this->assertEveryLicenseIsKnown();
    }

    private function suspended(string $setting): Service
    {
        $this->setting($setting);
        $service = $this->service();
        $this->issued($service);
        $this->assertSame('success', $this->module->suspend($service));
        return $service;
    }

    private function setting(string $value): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => $value]);
    }
}
