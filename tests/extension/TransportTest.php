<?php

declare(strict_types=1);

// How requests travel: addresses, waits, sizes, proxies, as the settings say and never as the environment does.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Support\ConnectProxy;
use Tests\Support\ExtensionTestCase;
use Tests\Support\Front;

/** @group slow */
final class TransportTest extends ExtensionTestCase
{
    private const SETTING = 'whmcs_provisioning.';

    /** Lives as long as the test. */
    private ?ConnectProxy $proxy = null;
    private ?Front $front = null;

    protected function setUp(): void
    {
        parent::setUp();
        $this->service();
    }

    protected function tearDown(): void
    {
        $this->proxy = null;
        $this->front = null;
    }

    private static function closedPort(): string
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');

        return (string) stream_socket_get_name($listener, false);
    }

    /** @return iterable<string, array{string}> */
    public static function addressesThatAreRefused(): iterable
    {
        foreach (
            [
                'http://public-api.wordpress.example/wpcom', 'http://127.0.0.1.example/', 'http://127.0.0.1@example.com/',
                'http://10.0.0.1/', 'http://[::2]/', 'ftp://localhost/', 'javascript:alert(1)', 'file:///etc/passwd',
                'localhost', '', '//localhost/', 'https://', 'http:///x',
            ] as $address
        ) {
            yield "\"$address\"" => [$address];
        }
    }

    /** @dataProvider addressesThatAreRefused */
    public function test_the_api_must_be_reached_by_https_or_on_this_machine(string $address): void
    {
        $answer = $this->createInChild([self::SETTING . 'jetpack_api_url' => $address]);

        $this->assertSentence($answer, 'whmcs_provisioning.jetpack_api_url', 'https');
        $this->assertNothingWasSent();
    }

    public function test_this_machine_has_more_than_one_name(): void
    {
        $url = str_replace('127.0.0.1', 'localhost', $this->sandbox->apiUrl());

        $this->assertSame('success', $this->createInChild([self::SETTING . 'jetpack_api_url' => "$url/"]));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /** @return iterable<string, array{array<string, string>, string}> settings, and what the sentence says */
    public static function waysNotToGetThere(): iterable
    {
        $closed = self::closedPort();
        yield 'a server that is not there' => [['jetpack_api_url' => "http://$closed"], 'refused the connection'];
        yield 'a name that nobody knows' => [['jetpack_api_url' => 'https://licensing.invalid/'], 'cannot be resolved'];
        yield 'a proxy that is not there' => [['proxy' => "http://user:hidden@$closed"], ''];
        yield 'a proxy that cannot reach the server' =>
            [['jetpack_api_url' => "http://$closed", 'proxy' => 'PROXY'], 'proxy'];
    }

    /**
     * @dataProvider waysNotToGetThere
     * @param array<string, string> $settings
     */
    public function test_what_never_left_is_known_not_to_be_done(array $settings, string $mention): void
    {
        $ini = $this->ini($settings);

        $answer = $this->createInChild($ini);

        $this->assertSentence($answer, $mention, 'Nothing was sent');
        $this->assertStringNotContainsString('hidden', $answer);
        $this->assertNothingWasSent();
        $this->assertSame(['issue failed'], $this->journal());
    }

    /**
     * The same for a request without a body.
     *
     * @dataProvider waysNotToGetThere
     * @param array<string, string> $settings
     */
    public function test_a_revocation_that_never_left_is_known_not_to_be_done(array $settings, string $mention): void
    {
        $this->module->create(Host::service(100));
        $ini = $this->ini($settings);

        $answer = $this->inChild('return $module->terminate(Tests\Host\Host::service(100));', $ini);

        $this->assertSentence($answer, $mention, 'Nothing was sent');
        $this->assertStringNotContainsString('hidden', $answer);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke failed'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** @param array<string, string> $settings @return array<string, string> */
    private function ini(array $settings): array
    {
        $ini = [];
        foreach ($settings as $name => $value) {
            if ($value === 'PROXY') {
                $this->proxy = ConnectProxy::start();
                $value = 'http://' . $this->proxy->address;
            }
            $ini[self::SETTING . $name] = $value;
        }

        return $ini;
    }

    /** @return iterable<string, array{string, int, string, string}> what fails, how, the address, and what the sentence says */
    public static function refusalsOfThisMachine(): iterable
    {
        yield 'SELinux' => ['CONNECT', SOCKET_EACCES, '127.0.0.1', 'does not permit PHP to connect'];
        yield 'a firewall' => ['CONNECT', SOCKET_EPERM, '127.0.0.1', 'does not permit PHP to connect'];
        yield 'no network' => ['CONNECT', SOCKET_ENETUNREACH, '127.0.0.1', 'network of the server is unreachable'];
        yield 'no free port' => ['CONNECT', SOCKET_EADDRNOTAVAIL, '127.0.0.1', 'no free port'];
        yield 'too many files' => ['CONNECT', SOCKET_EMFILE, '127.0.0.1', 'too many open files'];
        yield 'no memory' => ['CONNECT', SOCKET_ENOBUFS, '127.0.0.1', 'No buffer space available'];
        yield 'no thread' => ['THREADS', SOCKET_EAGAIN, 'localhost', 'no thread could be started'];
    }

    /** @dataProvider refusalsOfThisMachine */
    public function test_what_this_machine_refuses_is_named_and_nothing_was_sent(
        string $calls,
        int $errno,
        string $host,
        string $mention
    ): void {
        $this->module->create(Host::service(100));
        $this->service(['id' => 101, 'orderid' => 501]);
        $code = $this->forbidding($calls, $errno)
            . 'return [$module->create(Tests\\Host\\Host::service(101)), $module->terminate(Tests\\Host\\Host::service(100))];';

        $answers = $this->inChild($code, [
            'ffi.enable' => '1',
            self::SETTING . 'jetpack_api_url' => str_replace('127.0.0.1', $host, $this->sandbox->apiUrl()),
        ]);

        foreach ($answers as $answer) {
            $this->assertSentence($answer, $mention, 'Nothing was sent');
        }
        $this->assertSame(['issue done', 'issue failed', 'revoke failed'], $this->journal());
        $this->assertSame('success', $this->module->create(Host::service(101)), 'the next call works');
        $this->assertEveryLicenseIsKnown();
    }

    public function test_without_another_thread_what_is_asked_side_by_side_is_asked_in_turn(): void
    {
        $code = $this->forbidding('THREADS', SOCKET_EAGAIN)
            . 'return jetpack_FetchProducts(["configoption1" => Tests\\Support\\JetpackSandbox::TOKEN]);';

        $this->assertIsArray($this->inChild($code, ['ffi.enable' => '1']));
    }

    public function test_connect_timeout_ends_the_wait_for_a_server_that_takes_no_connection(): void
    {
        // A queue of one that is full: further connections wait for their turn.
        $socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
        socket_bind($socket, '127.0.0.1');
        socket_listen($socket, 0);
        socket_getsockname($socket, $address, $port);
        $waiting = [];
        for ($count = 0; $count < 4; $count++) {
            $way = STREAM_CLIENT_ASYNC_CONNECT | STREAM_CLIENT_CONNECT;
            $waiting[] = stream_socket_client("tcp://127.0.0.1:$port", $code, $text, 0.1, $way);
        }
        $begun = microtime(true);

        $answer = $this->createInChild([
            self::SETTING . 'jetpack_api_url' => "http://127.0.0.1:$port",
            self::SETTING . 'connect_timeout' => '0.3',
            self::SETTING . 'request_timeout' => '30',
        ]);

        $this->assertSentence($answer, 'did not accept the connection in time', 'Nothing was sent');
        $this->assertLessThan(8, microtime(true) - $begun);
        $this->assertSame(['issue failed'], $this->journal());
    }

    public function test_request_timeout_ends_the_wait_for_an_answer_and_the_end_is_not_known(): void
    {
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 1500, 'when' => 'after']);

        $answer = $this->createInChild([self::SETTING . 'request_timeout' => '0.3']);

        $this->assertSentence($answer, 'not known', 'no answer came in time');
        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertCount(1, $this->sandbox->requests());
    }

    public function test_request_timeout_counts_a_body_that_drips(): void
    {
        $this->sandbox->fault(['fault' => 'slow_body', 'ms_per_byte' => 30]);

        $answer = $this->createInChild([self::SETTING . 'request_timeout' => '0.5']);

        $this->assertSentence($answer, 'not known', 'did not end in time');
        $this->assertSame(['issue unknown'], $this->journal());
    }

    public function test_a_longer_answer_than_max_response_bytes_is_refused_and_the_setting_to_raise_is_named(): void
    {
        $create = function (string $limit): string {
            $this->setUp();
            $this->sandbox->fault(['fault' => 'huge', 'bytes' => 5000]);

            return $this->createInChild([self::SETTING . 'max_response_bytes' => $limit]);
        };

        $this->assertSentence(
            $create('4999'),
            'longer than 4999 bytes; where that is right, raise whmcs_provisioning.max_response_bytes in the PHP configuration'
        );
        $this->assertSame('success', $create('5000'));
    }

    public function test_proxies_of_the_environment_are_ignored(): void
    {
        $elsewhere = 'http://' . self::closedPort();
        $names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
        $environment = array_fill_keys($names, $elsewhere) + ['no_proxy' => '', 'NO_PROXY' => ''];

        $this->assertSame('success', $this->createInChild([], $environment));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_the_proxy_of_the_setting_is_used_with_its_credentials(): void
    {
        $proxy = ConnectProxy::start();

        $answer = $this->createInChild([self::SETTING . 'proxy' => "http://user:hidden@$proxy->address"]);

        $this->assertSame('success', $answer);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $api = parse_url($this->sandbox->apiUrl());
        $this->assertStringStartsWith("CONNECT {$api['host']}:{$api['port']} HTTP/1.1\r\n", $proxy->heads());
        $credentials = '/^proxy-authorization: basic ' . base64_encode('user:hidden') . '\r$/mi';
        $this->assertMatchesRegularExpression($credentials, $proxy->heads());
        $this->assertStringNotContainsString('Bearer', $proxy->heads());
    }

    public function test_a_proxy_that_is_no_address_is_named_and_not_shown(): void
    {
        foreach (['gopher://user:hidden@x', 'http://', '://hidden'] as $nonsense) {
            $answer = $this->createInChild([self::SETTING . 'proxy' => $nonsense]);

            $this->assertSentence($answer, 'whmcs_provisioning.proxy');
            $this->assertStringNotContainsString('hidden', $answer);
        }
        $this->assertNothingWasSent();
    }

    public function test_a_proxy_of_a_kind_that_is_not_supported_is_refused_by_its_name(): void
    {
        foreach (['socks4', 'socks4a', 'socks5', 'socks5h'] as $kind) {
            $answer = $this->createInChild([self::SETTING . 'proxy' => "$kind://user:hidden@127.0.0.1:1080"]);

            $this->assertSentence($answer, 'whmcs_provisioning.proxy', "names a $kind proxy, which is not supported", 'Nothing was sent');
            $this->assertStringNotContainsString('hidden', $answer);
        }
        $this->assertNothingWasSent();
    }

    /** @return iterable<string, array{int, string, list<string>}> what the proxy replies, the login it is given, what the sentence says */
    public static function refusalsOfAProxy(): iterable
    {
        yield 'other ports than 443' => [403, '', ['HTTP 403', 'port 443', 'whmcs_provisioning.no_proxy']];
        yield 'without a login' => [407, '', ['HTTP 407', 'asks for a login', 'whmcs_provisioning.proxy to http://user:password@host:port']];
        yield 'a wrong login' => [407, 'user:hidden@', ['HTTP 407', 'does not accept the login in whmcs_provisioning.proxy']];
        yield 'an unreachable server' => [503, '', ['HTTP 503', 'could not connect to the server']];
        yield 'something else' => [418, '', ['HTTP 418', 'the proxy did not connect']];
    }

    /**
     * @dataProvider refusalsOfAProxy
     * @param list<string> $mentions
     */
    public function test_what_a_proxy_refuses_is_told_with_what_to_do(int $status, string $login, array $mentions): void
    {
        $proxy = ConnectProxy::start("refuse:$status");

        $answer = $this->createInChild([self::SETTING . 'proxy' => "http://$login$proxy->address"]);

        $this->assertSentence($answer, 'Nothing was sent', ...$mentions);
        $this->assertStringNotContainsString('hidden', $answer);
        $this->assertNothingWasSent();
    }

    public function test_a_server_of_the_list_is_reached_without_the_proxy(): void
    {
        $proxy = ConnectProxy::start('refuse:403');
        $settings = [self::SETTING . 'proxy' => "http://$proxy->address"];

        $answer = $this->createInChild($settings + [self::SETTING . 'no_proxy' => 'comet.example, 127.0.0.1']);

        $this->assertSame('success', $answer);
        $this->assertSame('', $proxy->heads());
        $answer = $this->inChild(
            'return $module->terminate(Tests\Host\Host::service(100));',
            $settings + [self::SETTING . 'no_proxy' => '127.0.0.0/8']
        );
        $this->assertSentence($answer, 'whmcs_provisioning.no_proxy', 'no host name or address: 127.0.0.0/8', 'Nothing was sent');
    }

    /** @return iterable<string, array{string}> */
    public static function waysOfAnAnswer(): iterable
    {
        yield 'after a head that says to go on, with fields' => ['continue'];
        yield 'with a byte order mark' => ['mark'];
        yield 'compressed, which nobody asked for' => ['gzip'];
    }

    /** @dataProvider waysOfAnAnswer */
    public function test_an_answer_is_read_as_what_it_is(string $way): void
    {
        $front = $this->front($way);

        $answers = $this->inChild(
            '$service = Tests\Host\Host::service(100); return [$module->create($service), $module->renew($service), $module->terminate($service)];',
            $front
        );

        $this->assertSame(['success', 'success', 'success'], $answers);
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_compression_that_cannot_be_read_is_named(): void
    {
        $answer = $this->createInChild($this->front('brotli'));

        $this->assertSentence($answer, 'not known', 'compressed as br, which was not asked for');
        $this->assertSame(['issue unknown'], $this->journal());
    }

    public function test_what_is_compressed_counts_with_its_real_length(): void
    {
        $answer = $this->createInChild($this->front('bomb'));

        $this->assertSentence($answer, 'not known', 'longer than', 'whmcs_provisioning.max_response_bytes');
    }

    /** @return array<string, string> settings that lead to the sandbox by way of a front */
    private function front(string $way): array
    {
        $url = parse_url($this->sandbox->apiUrl());
        $this->front = Front::start("{$url['host']}:{$url['port']}", $way);

        return [self::SETTING . 'jetpack_api_url' => "http://127.0.0.1:{$this->front->port}{$url['path']}"];
    }
}
