<?php

declare(strict_types=1);

// PHP's own web server with the extension, on a port of its own: an origin for the browser.

namespace Tests\Browser;

use RuntimeException;
use Tests\Support\ChildProcess;

final class PhpServer
{
    /** @param resource $process */
    private function __construct(private $process, public readonly string $origin)
    {
    }

    /** @param ?string $router a PHP file that is asked first */
    public static function start(string $root, ?string $router = null): self
    {
        $log = getenv('TEST_DIR') . '/server' . bin2hex(random_bytes(4));
        $command = [
            PHP_BINARY, '-d', 'extension=' . ChildProcess::extension(), '-d', 'log_errors=0', '-S', '127.0.0.1:0', '-t', $root,
            ...($router === null ? [] : [$router]),
        ];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']], $pipes);
        if (!is_resource($process)) {
            throw new RuntimeException('PHP could not be started');
        }
        for ($tries = 0; $tries < 500; $tries++) {
            if (preg_match('~\((http://127\.0\.0\.1:\d+)\) started~', (string) file_get_contents($log), $found)) {
                return new self($process, $found[1]);
            }
            usleep(10_000);
        }
        throw new RuntimeException("PHP's web server did not start: " . file_get_contents($log));
    }

    public function port(): int
    {
        return (int) parse_url($this->origin, PHP_URL_PORT);
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }
}
