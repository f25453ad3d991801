<?php

declare(strict_types=1);

// The sandbox's own side: what tests set up there and look at, whatever its APIs are made to do.

namespace Tests\Support;

use RuntimeException;

final class SandboxControl
{
    /** The next requests end like this; see tests/sandbox/faults.rs. @param array<string, mixed> ...$faults */
    public static function fault(array ...$faults): void
    {
        self::post('/_control/faults', $faults);
    }

    public static function clearFaults(): void
    {
        self::send('DELETE', '/_control/faults', '');
    }

    /** Whoever comes is refused the connection, as by a server that is down. */
    public static function shutDoor(): void
    {
        self::post('/_control/door', ['open' => false]);
    }

    public static function openDoor(): void
    {
        self::post('/_control/door', ['open' => true]);
    }

    /** @return array{http: string, https: string, control: string, ca_file: string} */
    public static function about(): array
    {
        return json_decode((string) file_get_contents((string) getenv('TEST_SANDBOX')), true, 8, JSON_THROW_ON_ERROR);
    }

    /** @return array<string, mixed> */
    public static function get(string $path): array
    {
        return self::send('GET', $path, '');
    }

    /** @return array<string, mixed> */
    public static function post(string $path, mixed $body): array
    {
        return self::send('POST', $path, json_encode($body, JSON_THROW_ON_ERROR));
    }

    /** @return array<string, mixed> */
    private static function send(string $method, string $path, string $body): array
    {
        $context = stream_context_create(['http' => [
            'method' => $method,
            'content' => $body,
            'header' => "Content-Type: application/json\r\nConnection: close",
            'ignore_errors' => true,
            'timeout' => 60,
        ]]);
        $answer = file_get_contents(self::about()['control'] . $path, false, $context);
        $decoded = json_decode((string) $answer, true);
        if (!is_array($decoded) || isset($decoded['error'])) {
            throw new RuntimeException("The sandbox answered $method $path: $answer");
        }

        return $decoded;
    }
}
