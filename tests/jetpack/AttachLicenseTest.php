<?php

declare(strict_types=1);

// jetpack_AttachLicense, the button of the PHP module of 2022: the API, hooks and staff's bookmarks may still name it.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;

final class AttachLicenseTest extends JetpackTestCase
{
    private const KEY = 'jetpack-complete_KEY1';
    private const ATTACHING = 'POST /license/jetpack-complete_KEY1/site';

    protected function setUp(): void
    {
        parent::setUp();
        $this->sandbox->reset(['keys' => [self::KEY]]);
    }

    public function test_it_attaches_the_license_as_attach_to_site_does(): void
    {
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->custom($service, 'AttachLicense'));

        $this->assertSame(['POST /license', self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame('https://customer.example', $this->sandbox->licenses()[0]['site']);
        $this->assertSame('https://customer.example', $this->rows()[0]['site']);
        $this->assertSame(['issue done', 'attach done'], $this->journal());
    }

    public function test_without_license_it_says_what_staff_know(): void
    {
        $this->assertSame(
            'No license key found for this order. First run the module create command to issue a license.',
            $this->module->custom($this->service(), 'AttachLicense')
        );
        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_without_domain_it_says_what_staff_know(): void
    {
        $service = $this->service(['domain' => '']);
        $this->issued($service);

        $this->assertSame(
            'No domain specified for this order. To attach the license first set a domain for this order.',
            $this->module->custom($service, 'AttachLicense')
        );
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_a_domain_that_is_none_is_not_sent(): void
    {
        $service = $this->service(['domain' => 'javascript:alert(1)']);
        $this->issued($service);

        $this->assertSentence($this->module->custom($service, 'AttachLicense'), 'no domain');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }
}
