<?php

declare(strict_types=1);

// For what needs a PHP process of its own: other settings, counting connections, what may end the process.

namespace Tests\Support;

use PDO;

abstract class ExtensionTestCase extends WorldTestCase
{
    use OneLicense;

    protected const MODULE = 'jetpack';
    protected const SERVICE = 100;

    /**
     * jetpack_CreateAccount for service 100, in a PHP of its own.
     *
     * @param array<string, string> $ini
     * @param array<string, string> $environment
     */
    protected function createInChild(array $ini = [], array $environment = []): string
    {
        return $this->inChild('return $module->create(Tests\Host\Host::service(100));', $ini, $environment);
    }

    /**
     * A bare PHP, without the test bootstrap and without any ini file.
     *
     * @return array{output: string, errors: string, exit: int}
     */
    protected function barePhp(string ...$arguments): array
    {
        $process = proc_open(
            [PHP_BINARY, '-n', '-d', 'display_errors=stderr', ...$arguments],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes
        );
        $this->assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        $errors = (string) stream_get_contents($pipes[2]);

        return ['output' => $output, 'errors' => $errors, 'exit' => proc_close($process)];
    }

    /** @return list<string> what the user of WHMCS has open: id and where from */
    protected function databaseConnections(): array
    {
        return self::administrator()->query(
            "SELECT CONCAT(id, ' ', host) FROM information_schema.processlist WHERE user = 'whmcs' ORDER BY id"
        )->fetchAll(PDO::FETCH_COLUMN);
    }

    /**
     * Those that came on top. PHPUnit's process has some of its own; the server is given a moment to let others go.
     *
     * @param list<string> $before
     * @return list<string>
     */
    protected function databaseConnectionsSince(array $before, int $expected = 0): array
    {
        for ($tries = 0; $tries < 1000; $tries++) {
            $new = array_values(array_diff($this->databaseConnections(), $before));
            if (count($new) === $expected) {
                break;
            }
            usleep(10_000);
        }

        return $new;
    }

    /** Nothing was sent, and nothing is open: neither license nor journal row that waits for its end. */
    protected function assertNothingWasSent(): void
    {
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->sandbox->licenses());
        $this->assertSame([], $this->rows());
        foreach ($this->rows(self::JOURNAL) as $row) {
            $this->assertSame('failed', $row['state']);
        }
    }
}
