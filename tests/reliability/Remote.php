<?php

declare(strict_types=1);

// A sandbox of the worker's own: what Jetpack and Comet hold, and what staff do there.

namespace Tests\Reliability;

use RuntimeException;
use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;

final class Remote
{
    private readonly string $url;

    public function __construct()
    {
        $this->url = (string) getenv('TEST_SANDBOX_URL');
    }

    public function reset(bool $nameIsTaken, string $token): void
    {
        JetpackSandbox::fromEnvironment()->reset(['tokens' => [$token], 'licenses' => [
            ['license_key' => 'jetpack-scan_' . World::BYSTANDER, 'issued_at' => '2024-02-03 04:05:06'],
        ]]);
        $old = ['CreateTime' => 1_600_000_000, 'Password' => 'Bystander-Passw0rd'];
        $accounts = [['Username' => 'somebody-else'] + $old];
        if ($nameIsTaken) {
            $accounts[] = ['Username' => World::WISH] + $old;
        }
        CometSandbox::fromEnvironment()->reset([
            'version' => '25.9.8',
            'templates' => ['tmpl-1' => 'Local storage'],
            'policies' => ['other-policy' => ['Description' => 'Of others', 'Policy' => (object) []]],
            'accounts' => $accounts,
        ]);
    }

    /** @param list<array<string, mixed>> $faults */
    public function queue(array $faults): void
    {
        if ($faults !== []) {
            $this->send('POST', '/_control/faults', $faults);
        }
    }

    /** @return list<string> names of the faults that requests ran into */
    public function noMoreFaults(): array
    {
        return $this->send('DELETE', '/_control/faults')['hit'];
    }

    /** Once the requests that their client gave up on are dealt with, too. */
    public function state(): RemoteState
    {
        $end = microtime(true) + 10;
        do {
            $remote = $this->send('GET', '/_control/contents');
            if ($remote['under_way'] === 0) {
                return new RemoteState($remote);
            }
            usleep(10_000);
        } while (microtime(true) < $end);
        throw new RuntimeException('A request did not end.');
    }

    public function revoke(string $key): void
    {
        JetpackSandbox::fromEnvironment()->revokeBehindOurBack($key);
    }

    /** Another WHMCS with the same token issues a license. */
    public function issueElsewhere(string $product, int $age): void
    {
        JetpackSandbox::fromEnvironment()->issuedElsewhere(['product' => $product, 'age' => $age]);
    }

    /** Whether an answer of another form has told this process that the token has no list. */
    public function hasLostList(): bool
    {
        $isSpoilt = static fn (array $request): bool => str_ends_with($request['path'], '/licenses')
            && in_array($request['fault'], ['html', 'json', 'wrong_types', 'status'], true);

        return array_filter(JetpackSandbox::fromEnvironment()->requests(), $isSpoilt) !== [];
    }

    public function earlier(int $seconds): void
    {
        JetpackSandbox::fromEnvironment()->earlier($seconds);
    }

    /** @param array<string, mixed> $change */
    public function changeAccount(string $name, array $change): void
    {
        CometSandbox::fromEnvironment()->changeAccount($name, $change);
    }

    public function deleteAccount(string $name): void
    {
        $this->asStaff('delete-user', ['TargetUser' => $name]);
    }

    /** A minute ago: an account is told from one of ours by its age and its password, and its age to ten seconds. */
    public function makeAccount(string $name): void
    {
        $this->asStaff('add-user', ['TargetUser' => $name, 'TargetPassword' => 'Bystander-Passw0rd', 'StoreRecoveryCode' => '1']);
        $this->changeAccount($name, ['CreateTime' => time() - 60]);
    }

    /** @param array<string, string> $form */
    private function asStaff(string $endpoint, array $form): void
    {
        $form += ['Username' => CometSandbox::ADMIN, 'AuthType' => 'Password', 'Password' => CometSandbox::PASSWORD];
        $answer = $this->request('POST', "/api/v1/admin/$endpoint", http_build_query($form), 'application/x-www-form-urlencoded');
        if (($answer['Status'] ?? 0) !== 200) {
            throw new RuntimeException("Staff could not $endpoint: " . json_encode($answer));
        }
    }

    /** @return array<string, mixed> */
    private function send(string $method, string $path, mixed $body = null): array
    {
        return $this->request($method, $path, $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR), 'application/json');
    }

    /** @return array<string, mixed> */
    private function request(string $method, string $path, string $content, string $type): array
    {
        $context = stream_context_create(['http' => [
            'method' => $method,
            'content' => $content,
            'header' => "Content-Type: $type\r\nConnection: close",
            'ignore_errors' => true,
            'timeout' => 60,
        ]]);
        $answer = json_decode((string) file_get_contents($this->url . $path, false, $context), true);
        if (!is_array($answer) || isset($answer['error'])) {
            throw new RuntimeException("The sandbox answered $method $path: " . json_encode($answer));
        }

        return $answer;
    }
}
