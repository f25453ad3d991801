<?php

declare(strict_types=1);

// A proxy on loopback for one test: its address, and what it was asked.

namespace Tests\Support;

use RuntimeException;

final class ConnectProxy
{
    /** @param resource $process */
    private function __construct(private $process, public readonly string $address, private readonly string $log)
    {
    }

    /** @param string $target where every tunnel leads, as `host:port`; empty: where it is asked to; `refuse:403`: nowhere */
    public static function start(string $target = ''): self
    {
        $log = (string) tempnam((string) getenv('TEST_DIR'), 'proxy');
        $process = proc_open(
            [PHP_BINARY, '-n', __DIR__ . '/connect-proxy.php', "$log.port", $log, $target],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
            $pipes
        );
        for ($tries = 0; $tries < 500 && !is_file("$log.port"); $tries++) {
            usleep(10_000);
        }
        if (!is_resource($process) || !is_file("$log.port")) {
            throw new RuntimeException('The proxy did not start');
        }

        return new self($process, '127.0.0.1:' . file_get_contents("$log.port"), $log);
    }

    /** The heads of the requests it got, one after the other. */
    public function heads(): string
    {
        return (string) file_get_contents($this->log);
    }

    public function __destruct()
    {
        proc_terminate($this->process, 9);
        proc_close($this->process);
    }
}
