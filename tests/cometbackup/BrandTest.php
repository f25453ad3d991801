<?php

declare(strict_types=1);

// The product name of the host's own branding at Comet, as customers read it.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use WHMCS\Database\Capsule;

final class BrandTest extends SignOnTestCase
{
    private const BRANDING = '/gen/branding.props';
    private const KNOWN = 'mod_cometbackup_servers';

    /** A server with HTTPS, where the branding is read beside the installers. @param array<string, mixed> $branding */
    private function branded(array $branding, bool $https = true): void
    {
        $name = self::NAME;
        $this->serverHas([['Username' => $name]], ['branding' => $branding]);
        if ($https) {
            Capsule::table('tblservers')->update(['secure' => 'on', 'port' => $this->comet->httpsPort(), 'hostname' => 'localhost']);
            Capsule::table(self::ACCOUNTS)->update(['server_address' => 'localhost:' . $this->comet->httpsPort()]);
        }
    }

    /** In a PHP that trusts the server's certificate. */
    private function in(string $code): string
    {
        $module = 'new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true) . ')';
        $code = "\$module = $module; \$_SESSION = ['uid' => 10]; \$service = Tests\Host\Host::service(200); echo $code;";
        $child = ChildProcess::start($code, ['whmcs_provisioning.ca_file' => $this->comet->caFile()])->wait();
        $this->assertSame(['', 0], [$child['errors'], $child['exit']], $child['output']);

        return $child['output'];
    }

    private function page(): string
    {
        return $this->in('$module->clientArea($service)');
    }

    public function test_the_page_and_the_sign_on_have_the_hosts_own_name(): void
    {
        $this->branded(['ProductName' => 'Acme Vault', 'BrandName' => 'Acme']);

        $html = $this->page();

        $this->assertStringContainsString('Your Acme Vault account', $html);
        $this->assertStringContainsString('Download Acme Vault', $html);
        $this->assertStringNotContainsString('Comet', preg_replace('~<style>.*?</style>~s', '', $html));
        $shown = $this->in("(\$_GET = ['ticket' => '" . $this->ticket($this->click()) . "']) ? cometbackup_SignOnPage()['html'] : ''");
        $this->assertStringContainsString('<title>Open Acme Vault</title>', $shown);
        $this->assertStringContainsString('>Open Acme Vault</button>', $shown);
        $this->assertStringNotContainsString('Comet', $shown);
    }

    public function test_it_is_asked_once_an_hour_with_no_page_dearer_than_before(): void
    {
        $this->branded(['ProductName' => 'Acme Vault']);
        $this->page();
        $this->pagesAge();

        $asked = $this->during(fn () => $this->assertStringContainsString('Your Acme Vault account', $this->page()));

        $this->assertEqualsCanonicalizing([self::READ, 'get-jobs-for-custom-search'], $asked);
        Capsule::table(self::KNOWN)->update(['platforms_at' => gmdate('Y-m-d H:i:s', time() - 3601)]);
        $this->pagesAge();
        $this->assertContains(self::BRANDING, $this->during(fn () => $this->page()));
    }

    public function test_a_plain_http_server_is_not_asked_and_has_the_vendors_name(): void
    {
        $this->branded(['ProductName' => 'Acme Vault'], false);

        $asked = $this->during(fn () => $this->assertStringContainsString('Your Comet Backup account', $this->page()));

        $this->assertNotContains(self::BRANDING, $asked);
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function names(): array
    {
        return [
            'the vendor\'s own' => [['ProductName' => 'Comet Server', 'BrandName' => 'Comet Backup'], 'Your Comet Backup account'],
            'only a brand' => [['ProductName' => '', 'BrandName' => 'Acme'], 'Your Acme account'],
            'none' => [['ProductName' => '', 'BrandName' => ''], 'Your Comet Backup account'],
            'markup' => [['ProductName' => '<img src=x onerror=alert(1)>Acme {$secret} "& Co"'], 'Your Acme {$secret} Co account'],
            'endless' => [['ProductName' => str_repeat('ä', 5000)], 'Your ' . str_repeat('ä', 60) . ' account'],
            'of another type' => [['ProductName' => ['a'], 'BrandName' => 7], 'Your Comet Backup account'],
        ];
    }

    /**
     * @dataProvider names
     * @param array<string, mixed> $branding
     */
    public function test_a_name_is_plain_text_and_short(array $branding, string $expected): void
    {
        $this->branded($branding);

        $html = $this->page();

        $this->assertStringContainsString($expected, $html);
        $this->assertStringNotContainsString('<img', $html);
    }

    public function test_a_branding_that_cannot_be_read_leaves_the_name_that_is_remembered(): void
    {
        $this->branded(['ProductName' => 'Acme Vault']);
        $this->page();
        Capsule::table(self::KNOWN)->update(['platforms_at' => gmdate('Y-m-d H:i:s', time() - 3601)]);
        $this->comet->faultOnAll(['match' => ['path' => self::BRANDING]] + ['fault' => 'status', 'status' => 502, 'body' => '']);

        $this->assertStringContainsString('Your Acme Vault account', $this->page());
        $this->assertStringContainsString('Your Acme Vault account', $this->page());
    }

    public function test_a_server_that_became_another_one_has_not_its_name(): void
    {
        $this->branded(['ProductName' => 'Acme Vault']);
        $this->page();
        $this->branded(['ProductName' => 'Other'], false);
        Capsule::table('tblservers')->update(['secure' => '', 'port' => $this->comet->port(), 'hostname' => '127.0.0.1']);
        Capsule::table(self::ACCOUNTS)->update(['server_address' => '127.0.0.1:' . $this->comet->port()]);

        $this->assertStringContainsString('Your Comet Backup account', $this->page());
    }

    public function test_a_page_without_an_account_names_no_product(): void
    {
        Capsule::table('tblhosting')->update(['domainstatus' => 'Terminated']);

        $this->assertStringContainsString('Your backup account', $this->page());
    }
}
