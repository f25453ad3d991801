<?php

declare(strict_types=1);

// A server that only knows how MySQL greets, for one test: users with plugins that the tests' MariaDB does not have.

namespace Tests\Support;

use RuntimeException;

final class GreetingDatabase
{
    /** @param resource $process */
    private function __construct(private $process, public readonly string $port)
    {
    }

    /** @param string $plugin which every user has; `empty`: an empty packet in place of an answer */
    public static function start(string $plugin, string $password): self
    {
        $file = (string) tempnam((string) getenv('TEST_DIR'), 'greeting');
        $process = proc_open(
            [PHP_BINARY, '-n', __DIR__ . '/greeting-database.php', "$file.port", $plugin, $password],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', $file, 'w']],
            $pipes
        );
        for ($tries = 0; $tries < 500 && !is_file("$file.port"); $tries++) {
            usleep(10_000);
        }
        if (!is_resource($process) || !is_file("$file.port")) {
            throw new RuntimeException('The server did not start');
        }

        return new self($process, (string) file_get_contents("$file.port"));
    }

    public function __destruct()
    {
        proc_terminate($this->process, 9);
        proc_close($this->process);
    }
}
