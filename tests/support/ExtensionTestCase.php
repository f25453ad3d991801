<?php

declare(strict_types=1);

// For what needs a PHP process of its own: other settings, counting connections, what may end the process.

namespace Tests\Support;

use PDO;

abstract class ExtensionTestCase extends JetpackTestCase
{
    /** Runs before the code of each child: the module, as the tests here have it. */
    private const BEFORE = '$module = new Tests\Host\Module("servers", "jetpack", %s);';

    /**
     * What the code returns, run in a PHP of its own with the host booted. The child ends with code 0 and says nothing else.
     *
     * @param array<string, string> $ini
     * @param array<string, string> $environment
     */
    protected function inChild(string $code, array $ini = [], array $environment = [], bool $withExtension = true): mixed
    {
        $module = sprintf(self::BEFORE, var_export(dirname(__DIR__, 2) . '/modules', true));
        $wrapped = $module . 'echo json_encode((function () use ($module) {' . $code . '})(),'
            . 'JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);';
        $end = ChildProcess::start($wrapped, $ini, $environment, $withExtension)->wait();
        $this->assertSame(['', 0], [$end['errors'], $end['exit']], $end['output']);

        return json_decode($end['output'], true, 64, JSON_THROW_ON_ERROR);
    }

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

    /** The administrator of the database, who sees all connections. */
    protected function administrator(): PDO
    {
        return new PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET'), 'root', '', [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
        ]);
    }

    /** @return list<string> what the user of WHMCS has open: id and where from */
    protected function databaseConnections(): array
    {
        return $this->administrator()->query(
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
