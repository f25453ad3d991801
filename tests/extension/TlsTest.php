<?php

declare(strict_types=1);

// Whom the extension trusts: certificates of the setting, else those PHP trusts, else the system's; never a wrong name.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Support\ConnectProxy;
use Tests\Support\ExtensionTestCase;
use Tests\Support\Front;
use Tests\Support\PhpFpm;

/** @group slow */
final class TlsTest extends ExtensionTestCase
{
    private const CA_FILE = 'whmcs_provisioning.ca_file';

    /** @var list<Front> they live as long as the test */
    private array $fronts = [];

    protected function tearDown(): void
    {
        $this->fronts = [];
    }

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

    public function test_the_environment_does_not_decide_whom_we_trust(): void
    {
        $folder = getenv('TEST_DIR') . '/certs' . bin2hex(random_bytes(4));
        mkdir($folder);
        copy($this->sandbox->caFile(), "$folder/ca.pem");
        exec('openssl rehash ' . escapeshellarg($folder));

        $answer = $this->createInChild(
            ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl()],
            ['SSL_CERT_FILE' => $this->sandbox->caFile(), 'SSL_CERT_DIR' => $folder]
        );

        $this->assertNotTrusted($answer);
    }

    private const CREATE = 'echo json_encode([ini_get("openssl.cafile"), $module->create(Tests\Host\Host::service(100))]);';

    public function test_a_user_ini_does_not_decide_whom_we_trust(): void
    {
        $fpm = PhpFpm::start(true, ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl()]);
        $fpm->userIni('openssl.cafile = "' . $this->sandbox->caFile() . '"');

        [$inForce, $answer] = json_decode($fpm->run(self::CREATE)['output'], true);

        $this->assertSame($this->sandbox->caFile(), $inForce);
        $this->assertNotTrusted($answer);
    }

    public function test_a_user_ini_does_not_take_away_whom_the_administrator_trusts(): void
    {
        $fpm = PhpFpm::start(true, [
            'whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl(),
            'openssl.cafile' => $this->sandbox->caFile(),
        ]);
        $fpm->userIni('openssl.cafile = "/nowhere.pem"');

        $this->assertSame(['/nowhere.pem', 'success'], json_decode($fpm->run(self::CREATE)['output'], true));
    }

    public function test_the_administrator_of_a_pool_decides_whom_we_trust(): void
    {
        $fpm = PhpFpm::start(
            true,
            ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl()],
            ['php_admin_value[openssl.cafile]' => $this->sandbox->caFile()]
        );

        $this->assertSame([$this->sandbox->caFile(), 'success'], json_decode($fpm->run(self::CREATE)['output'], true));
    }

    /** What `openssl req -x509` makes: a CA's certificate, which the server shows as its own. */
    public function test_a_self_signed_certificate_of_the_file_is_trusted_for_its_names(): void
    {
        [$certificate, $key] = self::certificate('localhost');
        $front = $this->front($certificate, $key);

        $this->assertSame('success', $this->createInChild($front + [self::CA_FILE => $this->file($certificate)]));

        [$other] = self::certificate('localhost');
        $file = $this->file($other);
        $answer = $this->terminateInChild($front + [self::CA_FILE => $file]);
        $this->assertSentence($answer, 'certificate is self-signed', "put it into the CA file $file", 'Nothing was sent');
        $answer = $this->terminateInChild($front);
        $this->assertSentence($answer, 'certificate is self-signed', 'a file that whmcs_provisioning.ca_file names');

        [$certificate, $key] = self::certificate('other.example');
        $front = $this->front($certificate, $key);
        $answer = $this->terminateInChild($front + [self::CA_FILE => $this->file($certificate)]);
        $this->assertSentence($answer, 'is for another name: other.example, and not localhost', 'Nothing was sent');
        $this->assertSame('issue done', $this->journal()[0]);
    }

    public function test_an_intermediate_certificate_that_the_server_does_not_send_is_named(): void
    {
        $ca = self::certificate('');
        $middle = self::certificate('', $ca, 'The one between');
        [$certificate, $key] = self::certificate('localhost', $middle);
        $file = $this->file($ca[0]);

        $answer = $this->createInChild($this->front($certificate, $key) + [self::CA_FILE => $file]);

        $this->assertSentence($answer, 'signed by The one between', 'let the server send its intermediate certificates', $file, 'Nothing was sent');
        $this->assertSame('success', $this->createInChild($this->front($certificate . $middle[0], $key) + [self::CA_FILE => $file]));
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function oldKindsOfTls(): iterable
    {
        yield 'version' => [['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_1_SERVER, 'ciphers' => 'ALL:@SECLEVEL=0']];
        yield 'cipher' => [['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_SERVER, 'ciphers' => 'AES128-SHA256']];
    }

    /**
     * @dataProvider oldKindsOfTls
     * @param array<string, mixed> $ssl
     */
    public function test_without_a_common_version_or_cipher_nothing_is_revoked_and_it_is_known(array $ssl): void
    {
        $this->module->create(Host::service(100));
        [$certificate, $key] = self::certificate('localhost');

        $answer = $this->terminateInChild($this->front($certificate, $key, $ssl) + [self::CA_FILE => $this->file($certificate)]);

        $this->assertSentence($answer, 'no version of TLS or no cipher that is supported here', 'Nothing was sent');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke failed'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_file_that_was_replaced_is_read_again_by_a_worker_that_lives(): void
    {
        $file = $this->file(self::someAuthority());
        $code = '$service = Tests\Host\Host::service(100); $first = $module->create($service);'
            . 'file_put_contents("%1$s.new", file_get_contents("%2$s")); rename("%1$s.new", "%1$s");'
            . 'return [$first, $module->create($service)];';

        [$first, $second] = $this->inChild(sprintf($code, $file, $this->sandbox->caFile()), [
            'whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl(),
            self::CA_FILE => $file,
        ]);

        $this->assertSentence($first, 'certificate', 'Nothing was sent');
        $this->assertSame('success', $second);
    }

    /** @param array<string, string> $ini */
    private function terminateInChild(array $ini): string
    {
        return $this->inChild('return $module->terminate(Tests\Host\Host::service(100));', $ini);
    }

    /** @param array<string, mixed> $ssl @return array<string, string> settings that lead to the sandbox by way of a front */
    private function front(string $certificate, string $key, array $ssl = []): array
    {
        $url = parse_url($this->sandbox->apiUrl());
        $files = ['local_cert' => $this->file($certificate), 'local_pk' => $this->file($key)];
        $this->fronts[] = $front = Front::start("{$url['host']}:{$url['port']}", '', $ssl + $files);

        return ['whmcs_provisioning.jetpack_api_url' => "https://localhost:$front->port{$url['path']}"];
    }

    /**
     * @param string $name of the server; empty: a CA's
     * @param array{string, string}|null $issuer
     * @return array{string, string} a certificate and its key
     */
    private static function certificate(string $name, ?array $issuer = null, string $subject = 'front'): array
    {
        $extensions = $name === '' || $issuer === null ? "basicConstraints=critical,CA:TRUE\n" : '';
        $extensions .= $name === '' ? '' : "subjectAltName=DNS:$name\n";
        $config = (string) tempnam((string) getenv('TEST_DIR'), 'openssl');
        file_put_contents($config, "[req]\ndistinguished_name=dn\n[dn]\n[v3]\n$extensions");
        $options = ['config' => $config, 'x509_extensions' => 'v3', 'digest_alg' => 'sha256', 'private_key_bits' => 2048];
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'] + $options);
        $request = openssl_csr_new(['commonName' => $subject], $key, $options);
        $signed = openssl_csr_sign($request, $issuer[0] ?? null, $issuer[1] ?? $key, 2, $options, random_int(1, 1 << 30));
        openssl_x509_export($signed, $certificate);
        openssl_pkey_export($key, $private, null, $options);

        return [$certificate, $private];
    }

    private static function someAuthority(): string
    {
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
        $request = openssl_csr_new(['commonName' => 'Somebody else'], $key);
        openssl_x509_export(openssl_csr_sign($request, null, $key, 1), $pem);

        return $pem;
    }
}
