<?php

declare(strict_types=1);

// jetpack_CreateAccount when the request fails: done, not done, and not known are told apart.

namespace Tests\Jetpack;

use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;

final class CreateAccountFaultsTest extends JetpackTestCase
{
    public function test_a_destructor_of_the_host_that_throws_changes_no_success(): void
    {
        $this->service();
        $model = 'new class { public $id = 100; public $orderid = 500; public $qty = 1;'
            . 'function __isset($name) { return $name === "serviceProperties"; }'
            . 'function __get($name) { return $name !== "serviceProperties" ? null : new class {'
            . 'function get($name) { return ""; } function save($values) {} function __destruct() { throw new RuntimeException("late"); } }; } }';

        $end = $this->apart("\$module->call('CreateAccount', ['model' => $model] + \$module->params()->forModel(\$service))")->wait();

        $this->assertSame(['success', 0], [$end['output'], $end['exit']]);
        $this->assertStringContainsString('RuntimeException', $end['errors']);
        $this->assertCount(1, $this->activeRows());
    }

    private const REFUSAL = '{"code":"some_code","message":"Some reason.","data":{"status":400}}';

    /**
     * A redirect is an answer, never followed with the token.
     *
     * @dataProvider refusals
     * @param array<string, mixed> $fault
     * @group slow
     */
    public function test_a_refusal_stores_nothing_and_the_next_create_issues_one(array $fault, string ...$mentions): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', $fault);

        $answer = $this->module->create($service);

        $this->assertSentence($answer, 'request id ' . $this->sandbox->requests()[0]['request_id'], ...$mentions);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue failed'], $this->journal());
        $this->assertSame([], $this->rows());
        $this->assertSame('', $this->keptKey($service));

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue failed', 'issue done'], $this->journal());
        $this->assertCount(1, $this->sandbox->licenses());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function refusals(): array
    {
        $refused = fn (int $status) => [['fault' => 'status', 'status' => $status, 'body' => self::REFUSAL], 'Some reason.', 'some_code', "HTTP $status"];
        $redirect = fn (int $status) => [
            ['fault' => 'redirect', 'status' => $status, 'location' => JetpackSandbox::fromEnvironment()->apiUrl() . '/product-families'],
            "HTTP $status",
            'jetpack_api_url',
        ];
        return [
            '400' => $refused(400),
            '401' => $refused(401),
            '403' => [...$refused(403), 'API Token'],
            '404' => $refused(404),
            '403 of a proxy in HTML' => [['fault' => 'html', 'status' => 403, 'act' => false], 'not from the licensing API', 'HTTP 403'],
            '429 with Retry-After' => [['fault' => 'rate_limit', 'retry_after' => 17], 'HTTP 429', 'in 17 seconds'],
            '429 without' => [['fault' => 'rate_limit'], 'HTTP 429', 'in a few minutes'],
            '301' => $redirect(301),
            '302' => $redirect(302),
            '307' => $redirect(307),
            '308' => $redirect(308),
            'a reason with markup' => [
                ['fault' => 'status', 'status' => 400, 'body' => '{"code":"<b>x</b>","message":"<script>alert(1)</script> \\"No\\" & never\\n"}'],
                'No never',
            ],
            'an answer of another shape' => [['fault' => 'json', 'status' => 400, 'act' => false, 'body' => ['message' => ['No']]], 'HTTP 400'],
        ];
    }

    /**
     * Whether a license was issued is not known, so nothing is issued again.
     *
     * @dataProvider lostAnswers
     * @param array<string, mixed> $fault
     * @group slow
     */
    public function test_after_a_lost_answer_nothing_is_issued_again(array $fault, bool $answered, int $issued): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $service = $this->service();
        $this->faultOn('POST', '/license', $fault);
        $begun = microtime(true);

        $first = $this->module->create($service);

        // No wait without end.
        $this->assertLessThan(2.0, microtime(true) - $begun);
        $mention = $answered ? 'request id ' . $this->sandbox->requests()[0]['request_id'] : 'not known';
        $this->assertSentence($first, 'It is not known whether', 'partner portal', 'Not issued: try again', $mention);
        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame([], $this->rows());

        $second = $this->module->create($service);

        $this->assertSentence($second, 'is issued again by itself', 'partner portal', 'Not issued: try again', $answered ? $mention : 'was asked for');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount($issued, $this->sandbox->licenses());
        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame('', $this->keptKey($service));
    }

    /** @return array<string, array<int, mixed>> the fault, whether an answer with an id came, licenses issued */
    public static function lostAnswers(): array
    {
        $status = fn (int $status, bool $act) => ['fault' => 'status', 'status' => $status, 'body' => self::REFUSAL, 'act' => $act];
        return [
            'dropped before acting' => [['fault' => 'drop'], false, 0],
            'acted and dropped' => [['fault' => 'act_and_drop'], false, 1],
            'no answer in time' => [['fault' => 'delay', 'ms' => 900, 'when' => 'after'], false, 1],
            'a body that does not end in time' => [['fault' => 'slow_body', 'ms_per_byte' => 20], true, 1],
            'a body that breaks off' => [['fault' => 'truncate'], true, 1],
            'HTML with 200' => [['fault' => 'html'], true, 1],
            'wrong types' => [['fault' => 'wrong_types'], true, 1],
            'an empty body with 200' => [['fault' => 'status', 'status' => 200, 'act' => true], true, 1],
            '204' => [['fault' => 'status', 'status' => 204, 'act' => true], true, 1],
            'a JSON text with 200' => [['fault' => 'json', 'body' => 'jetpack-complete_KEY'], true, 1],
            'a list with 200' => [['fault' => 'json', 'body' => []], true, 1],
            'a license without key' => [['fault' => 'json', 'body' => ['license_id' => 1, 'issued_at' => '2026-01-15 10:00:01']], true, 1],
            'an answer longer than allowed' => [['fault' => 'huge', 'bytes' => 2_000_000], true, 1],
            '500' => [$status(500, true), true, 1],
            '502' => [$status(502, false), true, 0],
            '502 in HTML' => [['fault' => 'html', 'status' => 502], true, 1],
            '503' => [$status(503, true), true, 1],
            '504' => [$status(504, true), true, 1],
            '504 in HTML' => [['fault' => 'html', 'status' => 504], true, 1],
            '408' => [$status(408, true), true, 1],
        ];
    }

    /** What cannot be stored whole is not stored cut. */
    public function test_a_key_that_is_too_long_is_not_stored_cut(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_' . str_repeat('K', 300)]]);

        $this->assertSentence($this->module->create($this->service()), 'It is not known whether');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows());
        $this->assertSame(['issue unknown'], $this->journal());
    }

    /** The PHP module called it Error Code 0. */
    public function test_a_connection_that_is_refused_sent_nothing(): void
    {
        $service = $this->service();

        $answer = $this->answerOf($this->apart('$module->create($service)', ['whmcs_provisioning.jetpack_api_url' => self::closedPort()]));

        $this->assertSentence($answer, 'the server refused the connection', 'Nothing was sent');
        $this->assertStringNotContainsString('http', $answer);
        $this->assertSame(['issue failed'], $this->journal());
        $this->assertSame([], $this->sandbox->requestLines());

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue failed', 'issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider unusableConnections
     * @param array<string, string> $ini
     */
    public function test_a_connection_that_cannot_be_made_sent_nothing(array $ini, string $mention): void
    {
        $this->service();

        $answer = $this->answerOf($this->apart('$module->create($service)', $ini));

        $this->assertSentence($answer, $mention);
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertNotContains('issue unknown', $this->journal());
        $this->assertSame([], $this->rows());
    }

    /** @return array<string, array<int, mixed>> */
    public static function unusableConnections(): array
    {
        $url = fn (string $url) => ['whmcs_provisioning.jetpack_api_url' => $url];
        return [
            'plain http to another machine' => [$url('http://licensing.example/v2'), 'jetpack_api_url'],
            'no address' => [$url('licensing'), 'jetpack_api_url'],
            'a certificate nobody trusts' => [$url(JetpackSandbox::fromEnvironment()->httpsApiUrl()), 'no secure connection'],
            'a proxy that is not there' => [['whmcs_provisioning.proxy' => self::closedPort()], 'Nothing was sent'],
        ];
    }

    public function test_over_tls_with_a_known_authority_a_license_is_issued(): void
    {
        $this->service();
        $ini = [
            'whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl(),
            'whmcs_provisioning.ca_file' => $this->sandbox->caFile(),
        ];

        $this->assertSame('success', $this->answerOf($this->apart('$module->create($service)', $ini)));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertTrue($this->sandbox->requests()[0]['tls']);
        $this->assertEveryLicenseIsKnown();
    }

    /** A process started by a web request may carry a variable the client chose (httpoxy). */
    public function test_a_proxy_in_the_environment_is_ignored(): void
    {
        $this->service();
        $before = array_map('getenv', ['HTTP_PROXY' => 'HTTP_PROXY', 'http_proxy' => 'http_proxy', 'ALL_PROXY' => 'ALL_PROXY']);
        foreach (array_keys($before) as $name) {
            putenv("$name=" . self::closedPort());
        }
        try {
            $answer = $this->answerOf($this->apart('$module->create($service)'));
        } finally {
            foreach ($before as $name => $value) {
                putenv($value === false ? $name : "$name=$value");
            }
        }

        $this->assertSame('success', $answer);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    private static function closedPort(): string
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($server, false);
        fclose($server);
        return "http://$name";
    }
}
