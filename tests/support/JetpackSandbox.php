<?php

declare(strict_types=1);

// The licensing sandbox as tests see it: its state, its transcript, its faults.

namespace Tests\Support;

final class JetpackSandbox
{
    /** Valid in every test; the characters break careless code. */
    public const TOKEN = 'tok_test&=1';
    public const SECOND_TOKEN = 'tok_second';

    public function __construct(private readonly string $url)
    {
    }

    public static function fromEnvironment(): self
    {
        return new self((string) getenv('TEST_SANDBOX_URL'));
    }

    /** Base address of the API. */
    public function apiUrl(): string
    {
        return $this->url . '/wpcom/v2/jetpack-licensing';
    }

    public function httpsApiUrl(): string
    {
        return SandboxControl::about()['https'] . '/wpcom/v2/jetpack-licensing';
    }

    public function caFile(): string
    {
        return SandboxControl::about()['ca_file'];
    }

    /** @param array<string, mixed> $world */
    public function reset(array $world = []): void
    {
        SandboxControl::post('/_control/reset', $world === [] ? (object) [] : $world);
    }

    /** The next requests end like this; see tests/sandbox/faults.rs. @param array<string, mixed> ...$faults */
    public function fault(array ...$faults): void
    {
        SandboxControl::fault(...$faults);
    }

    /** Somebody revokes the license at Jetpack. */
    public function revokeBehindOurBack(string $key, string $at = '2026-01-20 00:00:00'): void
    {
        SandboxControl::post('/_control/licenses', ['license_key' => $key, 'revoked_at' => $at]);
    }

    /** How the partner's own list behaves; see tests/sandbox/license_list.rs. @param array<string, mixed> $switches */
    public function list(array $switches): void
    {
        SandboxControl::post('/_control/list', $switches === [] ? (object) [] : $switches);
    }

    /** Somebody else who has the token issues licenses. @param array<string, mixed> $order */
    public function issuedElsewhere(array $order = []): void
    {
        SandboxControl::post('/_control/issued-elsewhere', $order === [] ? (object) [] : $order);
    }

    /** Somebody installs Jetpack on a site, or cuts its connection: connectable, connected, cut, unknown. */
    public function setSite(string $url, string $condition): void
    {
        SandboxControl::post('/_control/sites', ['url' => $url, 'condition' => $condition]);
    }

    /** @return array<string, array<string, mixed>> those that were named so far, by address */
    public function sites(): array
    {
        return array_column($this->state()['sites'], null, 'url');
    }

    /** Everything that happened at Jetpack until now was so many seconds earlier. */
    public function earlier(int $seconds): void
    {
        SandboxControl::post('/_control/earlier', ['seconds' => $seconds]);
    }

    /** @return array<int, array<string, mixed>> */
    public function licenses(): array
    {
        return $this->state()['licenses'];
    }

    /** @return array<int, array<string, mixed>> those not revoked */
    public function activeLicenses(): array
    {
        return array_values(array_filter($this->licenses(), fn (array $l) => $l['revoked_at'] === null));
    }

    /** @return array<int, array<string, mixed>> the transcript */
    public function requests(): array
    {
        return $this->state()['requests'];
    }

    /** @return array<int, string> such as "POST /license" */
    public function requestLines(): array
    {
        return array_map(
            fn (array $r) => $r['method'] . ' ' . str_replace('/wpcom/v2/jetpack-licensing', '', $r['path']),
            $this->requests()
        );
    }

    /** From now on each new connection and each request takes so much longer, until the next reset. */
    public function latency(int $connectionMs, int $requestMs): void
    {
        SandboxControl::post('/_control/latency', ['connection_ms' => $connectionMs, 'request_ms' => $requestMs]);
    }

    /** @return array{connections: int, requests: int, bytes_received: int, bytes_sent: int} of both APIs since the last reset */
    public function traffic(): array
    {
        return SandboxControl::get('/_control/traffic');
    }

    public function connections(): int
    {
        return $this->state()['connections'];
    }

    /** @return array<string, mixed> */
    private function state(): array
    {
        return SandboxControl::get('/_control/state');
    }
}
