<?php

declare(strict_types=1);

// cometbackup_TestConnection: true, or one sentence that says what to do.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;

final class TestConnectionTest extends CometTestCase
{
    private const LOGIN = 'account/properties';
    private const ABOUT = 'meta/version';

    /** @dataProvider versions */
    public function test_a_server_that_works_is_true_with_two_requests(string $version): void
    {
        $this->world(['version' => $version]);

        $answer = $this->module->testConnection($this->server(1));

        $this->assertTrue($answer['success']);
        $this->assertSame('', $answer['error'] ?? '');
        $this->assertSame([self::LOGIN, self::ABOUT], $this->comet->endpoints());
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['today' => [self::NEW], 'the oldest' => [self::OLD], 'in between' => ['22.8.0']];
    }

    /** @dataProvider logins */
    public function test_what_works_less_is_told_in_the_activity_log(array $world, array $form, string ...$mentions): void
    {
        $this->world($world);

        $this->assertTrue($this->module->testConnection($form + $this->server(1))['success']);

        $log = implode("\n", Host::activityLog());
        foreach ($mentions as $mention) {
            $this->assertStringContainsString($mention, $log);
        }
        $this->assertStringNotContainsString(CometSandbox::PASSWORD, $log);
        $this->assertSame(isset($form['hostname']), str_contains($log, 'in the clear'));
    }

    /** @return array<string, list<mixed>> */
    public static function logins(): array
    {
        $may = fn (array $permissions): array => ['admins' => [
            ['Username' => CometSandbox::ADMIN, 'Password' => CometSandbox::PASSWORD, 'Permissions' => $permissions],
        ]];

        return [
            'all is well' => [[], [], 'version ' . self::NEW, 'administrator admin', 'whole server'],
            'plain HTTP to another machine' => [
                [], ['hostname' => '0.0.0.0'],
                "the administrator's password travels to it in the clear, because the address is plain HTTP on another machine: "
                    . 'give Comet a certificate and tick Secure in WHMCS.',
            ],
            'a tenant' => [[], ['username' => 'tenant'], 'for the tenant cb116e59'],
            'no build role' => [['roles_off' => ['SoftwareBuildRole']], [], 'no installers'],
            'may not build' => [$may(['DenySoftwareBuildRole' => true]), [], 'no installers'],
        ];
    }

    public function test_an_administrator_that_may_not_look_at_the_server_works(): void
    {
        $this->world(['admins' => [[
            'Username' => CometSandbox::ADMIN, 'Password' => CometSandbox::PASSWORD, 'Permissions' => ['DenyViewServerInfo' => true],
        ]]]);
        $this->comet->faultOn(self::ABOUT, ['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]);

        $this->assertTrue($this->module->testConnection($this->server(1))['success']);

        $this->assertStringContainsString('may not see version', implode("\n", Host::activityLog()));
    }

    /** @dataProvider missingPermissions */
    public function test_a_permission_that_a_product_needs_is_told(array $permissions, array $settings, string $mention): void
    {
        $this->world(['admins' => [
            ['Username' => CometSandbox::ADMIN, 'Password' => CometSandbox::PASSWORD, 'Permissions' => $permissions],
        ]]);
        $this->assertTrue($this->module->testConnection($this->server(1))['success']);
        $this->settings($settings);

        $this->assertFails([], $mention, 'permissions of the administrator');
    }

    /** @return array<string, list<mixed>> */
    public static function missingPermissions(): array
    {
        return [
            'vaults' => [['PreventRequestStorageVault' => true], [self::VAULT => self::TEMPLATE], 'storage vaults'],
            'policy' => [['AllowedUserPolicies' => ['p1']], [self::POLICY => 'p2'], 'policy group p2'],
        ];
    }

    /** @dataProvider wrongLogins */
    public function test_a_login_that_does_not_work_is_told(array $form, string ...$mentions): void
    {
        $this->assertFails($form, ...$mentions);

        // A server that counts failures locks us out.
        $this->assertLessThanOrEqual(1, count($this->comet->endpoints()));
    }

    /** @return array<string, list<mixed>> */
    public static function wrongLogins(): array
    {
        return [
            'wrong password' => [['password' => 'wrong'], 'Unauthorised', 'password'],
            'unknown administrator' => [['username' => 'nobody'], 'Unauthorised'],
            'second factor' => [['username' => 'totp'], 'second factor', 'another'],
            'no user name' => [['username' => ''], 'user name'],
            'no password' => [['password' => ''], 'password'],
        ];
    }

    /** @dataProvider worlds */
    public function test_a_server_that_cannot_be_used_is_told_why(array $world, string ...$mentions): void
    {
        $this->world($world);

        $this->assertFails([], ...$mentions);
    }

    /** @return array<string, list<mixed>> */
    public static function worlds(): array
    {
        return [
            'too old' => [['version' => '18.9.1'], '18.9.1', '18.9.2'],
            'Auth Role off' => [['roles_off' => ['AuthenticationRole']], 'Auth Role'],
            'clock an hour behind' => [['clock' => time() - 3600], 'clock'],
            'clock a day ahead' => [['clock' => time() + 86400], 'clock'],
            'unauthorised with a status of HTTP' => [
                ['admins' => [['Username' => 'x', 'Password' => 'y']], 'error_http_status' => true], 'Unauthorised',
            ],
        ];
    }

    /** @dataProvider strangeAnswers */
    public function test_an_answer_that_is_not_comets_is_told(array $fault, string ...$mentions): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $this->comet->faultOn('meta/version', $fault + ['times' => 0]);

        $this->assertFails([], ...$mentions);
    }

    /** @return array<string, list<mixed>> */
    public static function strangeAnswers(): array
    {
        $elsewhere = 'https://elsewhere.example/api/v1/admin/meta/version';

        return [
            'a page in HTML' => [['fault' => 'html'], 'Comet'],
            'a page in HTML with 404' => [['fault' => 'html', 'status' => 404], '404'],
            'nothing' => [['fault' => 'status', 'status' => 200], 'Comet'],
            'JSON of another shape' => [['fault' => 'json', 'body' => ['hello' => 'world']], 'Comet'],
            'a list' => [['fault' => 'json', 'body' => [1, 2]], 'Comet'],
            'a text' => [['fault' => 'json', 'body' => 'OK'], 'Comet'],
            'null' => [['fault' => 'json', 'body' => null], 'Comet'],
            'a version that is no text' => [['fault' => 'json', 'body' => ['Version' => 25]], 'Comet'],
            'cut off' => [['fault' => 'truncate'], 'Comet'],
            'lost' => [['fault' => 'drop'], 'Comet'],
            'silence' => [['fault' => 'delay', 'ms' => 900], 'Comet'],
            'HTTP 502' => [['fault' => 'status', 'status' => 502], '502'],
            'too many requests' => [['fault' => 'rate_limit', 'retry_after' => 60], '429'],
            'more than the limit' => [['fault' => 'huge', 'bytes' => 30_000_000], 'Comet'],
            'redirect 301' => [['fault' => 'redirect', 'status' => 301, 'location' => $elsewhere], $elsewhere],
            'redirect 302' => [['fault' => 'redirect', 'status' => 302, 'location' => $elsewhere], $elsewhere],
            'redirect 307' => [['fault' => 'redirect', 'status' => 307, 'location' => $elsewhere], $elsewhere],
            'redirect 308' => [['fault' => 'redirect', 'status' => 308, 'location' => $elsewhere], $elsewhere],
        ];
    }

    /** The password goes nowhere else. */
    public function test_no_redirect_is_followed(): void
    {
        $here = $this->comet->address() . '/api/v1/admin/account/properties';
        $this->comet->faultOn('meta/version', ['fault' => 'redirect', 'status' => 307, 'location' => $here]);

        $this->assertFails([], $here);

        $this->assertSame([self::LOGIN, self::ABOUT], $this->comet->endpoints());
    }

    /** The PHP module misread addresses: it cut IPv6 at the first colon, and lost paths and the IP address field. @dataProvider addresses */
    public function test_every_way_to_type_the_server_works(string $hostname, array $form): void
    {
        $port = (string) $this->comet->port();
        $form = str_replace('PORT', $port, $form);

        $answer = $this->module->testConnection($form + ['hostname' => str_replace('PORT', $port, $hostname)] + $this->server(1));

        $this->assertSame(['', true], [$answer['error'] ?? '', $answer['success']]);
        $this->assertSame('127.0.0.1:' . $port, $this->comet->requests()[0]['headers']['host']);
    }

    /** @return array<string, array{string, array<string, string>}> */
    public static function addresses(): array
    {
        return [
            'host and port beside it' => ['127.0.0.1', []],
            'port in the hostname' => ['127.0.0.1:PORT', ['port' => '']],
            'which counts more than the port field' => ['127.0.0.1:PORT', ['port' => '1']],
            'scheme, port and slash (older set-ups)' => ['http://127.0.0.1:PORT/', ['port' => '']],
            'a scheme counts more than the box' => ['http://127.0.0.1:PORT', ['secure' => 'on']],
            'scheme in capitals' => ['HTTP://127.0.0.1:PORT', []],
            'blanks around it' => ['  127.0.0.1 ', []],
            'only an IP address' => ['', ['ipaddress' => '127.0.0.1']],
            'the hostname counts more than the IP address' => ['127.0.0.1', ['ipaddress' => '192.0.2.1']],
        ];
    }

    /** @dataProvider wrongAddresses */
    public function test_an_address_that_is_none_is_told(string $hostname, string ...$mentions): void
    {
        $this->assertFails(['hostname' => $hostname], ...$mentions);

        $this->assertSame([], $this->comet->endpoints());
    }

    /** @return array<string, list<string>> */
    public static function wrongAddresses(): array
    {
        return [
            'nothing' => ['', 'server'],
            'a path' => ['127.0.0.1/comet', 'path'],
            'another scheme' => ['ftp://127.0.0.1', 'http'],
            'a login' => ['http://me:secret@127.0.0.1', 'login'],
            'blanks inside' => ['my server', 'host'],
            'IPv6 that nobody listens at' => ['[::1]:9', 'Comet'],
            'IPv6 without brackets' => ['::1', 'Comet'],
            'markup' => ['<b>comet</b>', 'host'],
            'a name that does not exist' => ['comet.invalid', 'Comet'],
        ];
    }

    public function test_a_self_signed_server_works_with_its_ca_and_fails_without(): void
    {
        $form = ['secure' => 'on', 'port' => $this->comet->httpsPort()];
        $this->assertFails($form, 'Comet');
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true)
            . '); echo json_encode($module->testConnection(' . var_export($form + $this->server(1), true) . '));';
        $child = ChildProcess::start($code, ['whmcs_provisioning.ca_file' => $this->comet->caFile()])->wait();
        $answer = json_decode($child['output'], true) ?? $this->fail($child['output'] . $child['errors']);

        $this->assertSame(['', true], [$answer['error'] ?? '', $answer['success']]);
        $this->assertTrue($this->comet->requests()[0]['tls']);
    }

    public function test_the_form_arrives_with_entities_and_text_and_works(): void
    {
        Host::$encodeEntities = true;
        Host::$looseTypes = true;

        $this->assertTrue($this->module->testConnection($this->server(1))['success']);
    }

    public function test_a_tenants_administrator_works_too(): void
    {
        $this->assertTrue($this->module->testConnection(['username' => 'tenant'] + $this->server(1))['success']);
    }

    /** An answer that looks like an error only by its names. */
    public function test_words_of_the_server_are_shown_without_markup(): void
    {
        foreach (['meta/version', 'account/properties'] as $endpoint) {
            $this->comet->faultOn($endpoint, ['fault' => 'json', 'body' => ['Status' => 403, 'Message' => "<script>1</script>\nno"]]);
        }

        $this->assertFails([], 'no');
    }

    /** @param array<string, mixed> $form */
    private function assertFails(array $form, string ...$mentions): void
    {
        $answer = $this->module->testConnection($form + $this->server(1));
        $this->assertFalse($answer['success']);
        $this->assertSentence($answer['error'], ...$mentions);
    }
}
