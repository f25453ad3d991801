<?php

declare(strict_types=1);

// jetpack_DetachFromSite, the button "Detach from site".

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;
use WHMCS\Service\Service;

final class DetachFromSiteTest extends JetpackTestCase
{
    private const DETACHING = 'DELETE /license/jetpack-complete_KEY1/site';

    public function test_an_attached_license_is_detached_with_one_request(): void
    {
        $service = $this->attached();

        $this->assertSame('success', $this->module->custom($service, 'DetachFromSite'));

        $this->assertSame([self::DETACHING], array_slice($this->sandbox->requestLines(), 2));
        $this->assertNull($this->sandbox->licenses()[0]['site']);
        $this->assertNull($this->rows()[0]['site']);
        $this->assertSame(['issue done', 'attach done', 'detach done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_license_that_somebody_else_attached_is_detached_too(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->custom($service, 'DetachFromSite'));

        $this->assertSame(['POST /license', self::DETACHING], $this->sandbox->requestLines());
    }

    public function test_of_two_licenses_only_the_attached_one_is_detached(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1', 'jetpack-complete_KEY2']]);
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $this->module->custom($service, 'AttachToSite');

        $this->assertSame('success', $this->module->custom($service, 'DetachFromSite'));

        $this->assertSame([self::DETACHING], array_slice($this->sandbox->requestLines(), 3));
    }

    public function test_without_license_it_answers_the_words_staff_know(): void
    {
        $this->assertSame('No license key found for this order', $this->module->custom($this->service(), 'DetachFromSite'));

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_a_refusal_keeps_the_recorded_site(): void
    {
        $service = $this->attached();
        $this->faultOn('DELETE', '/license/', ['fault' => 'rate_limit', 'retry_after' => 4]);

        $this->assertSentence($this->module->custom($service, 'DetachFromSite'), 'in 4 seconds');

        $this->assertSame([self::DETACHING], array_slice($this->sandbox->requestLines(), 2));
        $this->assertSame('https://customer.example', $this->rows()[0]['site']);
        $this->assertSame(['issue done', 'attach done', 'detach failed'], $this->journal());
    }

    /**
     * @dataProvider lostAnswers
     */
    public function test_after_a_lost_answer_it_may_be_run_again(string $fault): void
    {
        $service = $this->attached();
        $this->faultOn('DELETE', '/license/', ['fault' => $fault]);
        $this->assertSentence($this->module->custom($service, 'DetachFromSite'), 'It is not known whether', 'safe to run it again');

        $this->assertSame('success', $this->module->custom($service, 'DetachFromSite'));

        $this->assertSame([self::DETACHING, self::DETACHING], array_slice($this->sandbox->requestLines(), 2));
        $this->assertNull($this->rows()[0]['site']);
        $this->assertSame(['issue done', 'attach done', 'detach done', 'detach done'], $this->journal());
    }

    /** @return array<string, array<int, string>> */
    public static function lostAnswers(): array
    {
        return ['dropped' => ['drop'], 'acted and dropped' => ['act_and_drop'], 'HTML with 200' => ['html'], 'broken off' => ['truncate']];
    }

    private function attached(): Service
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();
        $this->issued($service);
        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));
        return $service;
    }
}
