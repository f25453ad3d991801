<?php

declare(strict_types=1);

// What no client can go below: as many bare round trips on a kept connection, with as many bytes, and nothing done with them.

namespace Tests\Bench;

use CurlHandle;
use RuntimeException;
use Tests\Support\JetpackSandbox;

final class Floor
{
    private ?CurlHandle $kept = null;
    /** @var array<string, true> */
    private array $prepared = [];

    public function __construct(private readonly JetpackSandbox $sandbox, private readonly string $base, private readonly string $caFile)
    {
    }

    /** @param int $new connections that have to be new */
    public function milliseconds(string $name, int $trips, int $new, int $sent, int $received): float
    {
        if ($trips === 0) {
            return 0.0;
        }
        $this->prepare($name, intdiv($received, $trips));
        $body = str_repeat('x', max(0, intdiv($sent, $trips) - 200));
        $this->kept ??= $this->handle();
        $begun = hrtime(true);
        for ($trip = 0; $trip < $trips; $trip++) {
            $handle = $trip < $new ? $this->handle() : $this->kept;
            curl_setopt_array($handle, [CURLOPT_URL => "$this->base/floor-$name", CURLOPT_POSTFIELDS => $body]);
            if (curl_exec($handle) === false) {
                throw new RuntimeException(curl_error($handle));
            }
        }

        return (hrtime(true) - $begun) / 1e6;
    }

    /** The answer of an endpoint itself, which is thrown away as it comes. */
    public function fetch(string $endpoint): float
    {
        $this->kept ??= $this->handle();
        curl_setopt_array($this->kept, [CURLOPT_URL => "$this->base/$endpoint", CURLOPT_POSTFIELDS => 'x',
            CURLOPT_WRITEFUNCTION => static fn ($_, string $piece): int => strlen($piece)]);
        $begun = hrtime(true);
        if (curl_exec($this->kept) === false) {
            throw new RuntimeException(curl_error($this->kept));
        }

        return (hrtime(true) - $begun) / 1e6;
    }

    private function prepare(string $name, int $bytes): void
    {
        if (!isset($this->prepared[$name])) {
            $this->prepared[$name] = true;
            $this->sandbox->fault(['fault' => 'status', 'status' => 200, 'body' => str_repeat('x', max(0, $bytes - 150)), 'times' => 0,
                'match' => ['endpoint' => "floor-$name"]]);
            // Brings the kept connection up.
            $this->milliseconds($name, 1, 0, 0, 0);
        }
    }

    private function handle(): CurlHandle
    {
        $handle = curl_init();
        curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_CAINFO => $this->caFile,
            CURLOPT_HTTPHEADER => ['Content-Type: application/octet-stream', 'Expect:']]);

        return $handle;
    }
}
