<?php

declare(strict_types=1);

// A server of one test in front of a sandbox, which passes on each exchange, alters what comes back, and may speak TLS.

namespace Tests\Support;

use RuntimeException;

final class Front
{
    /** @param resource $process */
    private function __construct(private $process, public readonly int $port)
    {
    }

    /**
     * @param string $server `host:port` of the sandbox
     * @param string $way what is done to an answer: see front.php
     * @param array<string, mixed> $ssl options of PHP's context; none: plain HTTP
     */
    public static function start(string $server, string $way = '', array $ssl = []): self
    {
        $file = (string) tempnam((string) getenv('TEST_DIR'), 'front');
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/front.php', "$file.port", $server, $way, json_encode((object) $ssl, JSON_THROW_ON_ERROR)],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
            $pipes
        );
        for ($tries = 0; $tries < 500 && !is_file("$file.port"); $tries++) {
            usleep(10_000);
        }
        if (!is_resource($process) || !is_file("$file.port")) {
            throw new RuntimeException('The front did not start');
        }

        return new self($process, (int) file_get_contents("$file.port"));
    }

    public function __destruct()
    {
        proc_terminate($this->process, 9);
        proc_close($this->process);
    }
}
