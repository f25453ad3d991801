<?php

declare(strict_types=1);

// cometbackup_OpenProductPage: leads to the client's page of the service.

namespace Tests\Cometbackup;

use WHMCS\Database\Capsule;

final class OpenProductPageTest extends SignOnTestCase
{
    private const PAGE = 'https://whmcs.example/clientarea.php?action=productdetails&id=200';

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => 'SystemURL'], ['value' => 'https://whmcs.example/']);
    }

    public function test_it_leads_to_the_page_without_a_request(): void
    {
        $asked = $this->during(function () use (&$answer): void {
            $answer = $this->module->call('OpenProductPage', $this->module->paramsFor($this->service));
        });

        $this->assertSame(['success' => true, 'redirectTo' => self::PAGE], $answer);
        $this->assertSame([], $asked);
    }

    public function test_a_whmcs_without_an_address_is_told(): void
    {
        Capsule::table('tblconfiguration')->where('setting', 'SystemURL')->update(['value' => 'javascript:alert(1)']);
        $_SESSION = ['adminid' => 3];

        $answer = $this->module->call('OpenProductPage', $this->module->paramsFor($this->service));

        $this->assertFalse($answer['success']);
        $this->assertStringContainsString('The System URL of WHMCS is no address', $answer['errorMsg']);
    }
}
