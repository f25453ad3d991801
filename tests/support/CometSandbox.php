<?php

declare(strict_types=1);

// The Comet sandbox as tests see it: its accounts, its transcript, its faults.

namespace Tests\Support;

use RuntimeException;

final class CometSandbox
{
    public const ADMIN = 'admin';
    /** Valid in every test; the characters break careless code. */
    public const PASSWORD = 'p&w=d"1+ü';
    private const API = '/api/v1/admin/';

    public function __construct(private readonly string $url)
    {
    }

    public static function fromEnvironment(): self
    {
        return new self((string) getenv('TEST_SANDBOX_URL'));
    }

    public function address(): string
    {
        return $this->url;
    }

    public function port(): int
    {
        return (int) parse_url($this->url, PHP_URL_PORT);
    }

    public function httpsPort(): int
    {
        return (int) parse_url(SandboxControl::about()['https'], PHP_URL_PORT);
    }

    public function caFile(): string
    {
        return SandboxControl::about()['ca_file'];
    }

    /** @param array<string, mixed> $world */
    public function reset(array $world = []): void
    {
        SandboxControl::post('/_control/comet/reset', $world === [] ? (object) [] : $world);
    }

    /** The next such request ends like this; see tests/sandbox/faults.rs. @param array<string, mixed> $fault */
    public function faultOn(string $endpoint, array $fault): void
    {
        SandboxControl::fault($fault + ['match' => ['endpoint' => $endpoint]]);
    }

    /** The next requests, whatever they ask, end like this. @param array<string, mixed> $fault */
    public function faultOnAll(array $fault): void
    {
        SandboxControl::fault($fault);
    }

    /** A device, another admin, or Comet itself changes a profile. @param array<string, mixed> $change */
    public function changeAccount(string $name, array $change): void
    {
        SandboxControl::post('/_control/comet/accounts', ['Username' => $name] + $change);
    }

    /** @return list<string> */
    public function accountNames(): array
    {
        return array_map('strval', array_keys($this->state()['accounts']));
    }

    /** @return array{profile: array<string, mixed>, text: string, password: ?string, hash: string} */
    public function account(string $name): array
    {
        return $this->state()['accounts'][$name] ?? throw new RuntimeException("There is no account $name.");
    }

    /** @return array<string, mixed> */
    public function profile(string $name): array
    {
        return $this->account($name)['profile'];
    }

    /** @return array<string, array<string, mixed>> */
    public function policies(): array
    {
        return $this->state()['policies'];
    }

    /** @return list<array<string, mixed>> what live devices were told */
    public function deviceCalls(): array
    {
        return $this->state()['device_calls'];
    }

    /** @return list<array<string, mixed>> the transcript */
    public function requests(): array
    {
        return $this->state()['requests'];
    }

    /** @return list<string> such as "add-user" */
    public function endpoints(): array
    {
        $name = static fn (array $request): string => str_starts_with($request['path'], self::API)
            ? substr($request['path'], strlen(self::API))
            : $request['path'];

        return array_map($name, $this->requests());
    }

    /** @return list<array<string, mixed>> the forms that were sent to one endpoint */
    public function formsOf(string $endpoint): array
    {
        $ours = array_filter($this->requests(), static fn (array $r): bool => $r['path'] === self::API . $endpoint);

        return array_values(array_column($ours, 'form'));
    }

    /** @return list<string> names that requests were about */
    public function namesAskedFor(): array
    {
        $forms = array_column($this->requests(), 'form');

        return array_values(array_unique(array_filter(array_column($forms, 'TargetUser'))));
    }

    /** @return array<string, mixed> */
    public function state(): array
    {
        return SandboxControl::get('/_control/comet/state');
    }
}
