<?php

declare(strict_types=1);

// Whom the extension trusts: certificates of the setting, else those PHP trusts, else the system's; never a wrong name.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Support\ConnectProxy;
use Tests\Support\ExtensionTestCase;

require_once __DIR__ . '/../support/ExtensionTestCase.php';
require_once __DIR__ . '/../support/ConnectProxy.php';

final class TlsTest extends ExtensionTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->service();
    }

    /** @param array<string, string> $ini */
    private function createByHttps(array $ini): string
    {
        return $this->createInChild($ini + ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl()]);
    }

    private function assertNotTrusted(string $answer): void
    {
        $this->assertSentence($answer, 'no secure connection', 'certificate', 'Nothing was sent');
        $this->assertNothingWasSent();
        $this->assertSame(['issue failed'], $this->journal());
    }

    private function file(string $content): string
    {
        $file = (string) tempnam((string) getenv('TEST_DIR'), 'ca');
        file_put_contents($file, $content);

        return $file;
    }

    /** @return iterable<string, array{string}> */
    public static function settings(): iterable
    {
        yield 'ca_file' => ['whmcs_provisioning.ca_file'];
        yield 'openssl.cafile' => ['openssl.cafile'];
        yield 'curl.cainfo' => ['curl.cainfo'];
    }

    /** @dataProvider settings */
    public function test_a_server_is_trusted_by_each_of_the_settings_alone(string $setting): void
    {
        $this->assertSame('success', $this->createByHttps([$setting => $this->sandbox->caFile()]));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertTrue($this->sandbox->requests()[0]['tls']);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_server_that_nobody_vouches_for_gets_nothing(): void
    {
        $this->assertNotTrusted($this->createByHttps([]));
    }

    public function test_nothing_is_revoked_at_a_server_that_nobody_vouches_for_and_that_is_known(): void
    {
        $this->module->create(Host::service(100));

        $answer = $this->inChild(
            'return $module->terminate(Tests\Host\Host::service(100));',
            ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl()]
        );

        $this->assertSentence($answer, 'no secure connection', 'Nothing was sent');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke failed'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_the_own_setting_comes_before_phps(): void
    {
        $other = $this->file(self::someAuthority());

        $this->assertNotTrusted($this->createByHttps([
            'whmcs_provisioning.ca_file' => $other,
            'openssl.cafile' => $this->sandbox->caFile(),
            'curl.cainfo' => $this->sandbox->caFile(),
        ]));
    }

    public function test_the_first_file_that_is_set_decides(): void
    {
        $this->assertSame('success', $this->createByHttps([
            'openssl.cafile' => $this->sandbox->caFile(),
            'curl.cainfo' => '/nowhere.pem',
        ]));
    }

    public function test_a_file_with_several_certificates_and_other_things_is_read_whole(): void
    {
        $bundle = "# comment\n" . self::someAuthority() . "\n" . file_get_contents($this->sandbox->caFile());

        $this->assertSame('success', $this->createByHttps(['whmcs_provisioning.ca_file' => $this->file($bundle)]));
    }

    public function test_a_certificate_for_another_name_is_refused(): void
    {
        $https = parse_url($this->sandbox->httpsApiUrl());
        // Leads the wrong name to the sandbox, which shows a certificate for localhost.
        $proxy = ConnectProxy::start("127.0.0.1:{$https['port']}");

        $answer = $this->createInChild([
            'whmcs_provisioning.jetpack_api_url' => "https://licensing.example:{$https['port']}{$https['path']}",
            'whmcs_provisioning.ca_file' => $this->sandbox->caFile(),
            'whmcs_provisioning.proxy' => "http://$proxy->address",
        ]);

        $this->assertStringStartsWith('CONNECT licensing.example:', $proxy->heads());
        $this->assertNotTrusted($answer);
    }

    public function test_https_travels_through_a_proxy_unread(): void
    {
        $proxy = ConnectProxy::start();

        $answer = $this->createByHttps([
            'whmcs_provisioning.ca_file' => $this->sandbox->caFile(),
            'whmcs_provisioning.proxy' => "http://$proxy->address",
        ]);

        $this->assertSame('success', $answer);
        $this->assertStringStartsWith('CONNECT localhost:', $proxy->heads());
        $this->assertTrue($this->sandbox->requests()[0]['tls']);
    }

    public function test_a_server_that_does_not_speak_tls_gets_nothing(): void
    {
        $answer = $this->createInChild([
            'whmcs_provisioning.jetpack_api_url' => str_replace('http://', 'https://', $this->sandbox->apiUrl()),
            'whmcs_provisioning.ca_file' => $this->sandbox->caFile(),
            // The sandbox goes on waiting for a line of HTTP.
            'whmcs_provisioning.connect_timeout' => '0.5',
        ]);

        $this->assertSentence($answer, 'in time', 'Nothing was sent');
        $this->assertNothingWasSent();
    }

    /** @return iterable<string, array{string, string}> */
    public static function filesThatDoNotServe(): iterable
    {
        yield 'missing' => ['/nowhere/ca.pem', 'cannot be read'];
        yield 'a folder' => [__DIR__, 'cannot be read'];
        yield 'empty' => ['', 'holds no certificate'];
        yield 'text' => ["no certificate\n", 'holds no certificate'];
        yield 'only a key' => ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 'holds no certificate'];
    }

    /** @dataProvider filesThatDoNotServe */
    public function test_a_ca_file_that_does_not_serve_is_named(string $pathOrContent, string $why): void
    {
        $file = str_starts_with($pathOrContent, '/') ? $pathOrContent : $this->file($pathOrContent);

        $answer = $this->createByHttps(['whmcs_provisioning.ca_file' => $file]);

        $this->assertSentence($answer, $why, $file, 'whmcs_provisioning.ca_file', 'Nothing was sent');
        $this->assertNothingWasSent();
    }

    public function test_without_any_setting_the_systems_store_is_trusted(): void
    {
        $answer = $this->inChild(
            'return $module->create(Tests\Host\Host::service(100));',
            ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl()],
            ['SSL_CERT_FILE' => $this->sandbox->caFile()]
        );

        $this->assertSame('success', $answer);
    }

    private static function someAuthority(): string
    {
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
        $request = openssl_csr_new(['commonName' => 'Somebody else'], $key);
        openssl_x509_export(openssl_csr_sign($request, null, $key, 1), $pem);

        return $pem;
    }
}
