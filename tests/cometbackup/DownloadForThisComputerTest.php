<?php

declare(strict_types=1);

// cometbackup_DownloadForThisComputer: leads to the download of the product page for the visitor's system.

namespace Tests\Cometbackup;

use WHMCS\Database\Capsule;

final class DownloadForThisComputerTest extends SignOnTestCase
{
    private const PAGE = 'https://whmcs.example/clientarea.php?action=productdetails&id=200';
    private const AGENTS = [
        'Windows' => 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36',
        'Linux' => 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    ];

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => 'SystemURL'], ['value' => 'https://whmcs.example/']);
    }

    protected function tearDown(): void
    {
        unset($_SERVER['HTTP_USER_AGENT']);
        parent::tearDown();
    }

    /** @return array<string, array{?string, string}> */
    public static function systems(): array
    {
        return [
            'Windows' => [self::AGENTS['Windows'], '&type=downloadResponseWindowsAnyCPUZip'],
            'Linux' => [self::AGENTS['Linux'], '&type=downloadResponseLinux'],
            'a telephone' => ['Mozilla/5.0 (Linux; Android 15; Pixel 9)', ''],
            'no system named' => [null, ''],
        ];
    }

    /** @dataProvider systems */
    public function test_download_leads_to_the_download_of_the_visitors_system_or_to_the_page(?string $agent, string $type): void
    {
        $this->module->clientArea($this->service);
        if ($agent === null) {
            unset($_SERVER['HTTP_USER_AGENT']);
        } else {
            $_SERVER['HTTP_USER_AGENT'] = $agent;
        }

        $asked = $this->during(function () use (&$answer): void {
            $answer = $this->module->runCustomAction($this->service, 'cometbackup-download');
        });

        $this->assertSame(['success' => true, 'redirectTo' => self::PAGE . $type], $answer);
        $this->assertSame([], $asked);
    }

    public function test_a_suspension_since_the_page_was_built_ends_the_download(): void
    {
        $params = $this->module->paramsFor($this->service, ['status' => 'Suspended']);

        $this->assertSame(
            ['success' => false, 'errorMsg' => 'Installers are offered for active services only.'],
            $this->module->call('DownloadForThisComputer', $params)
        );
    }
}
