<?php

declare(strict_types=1);

// Stands between the extension and MySQL for one test, and loses the server's answer to the COMMIT of a license.

namespace Tests\Support;

use RuntimeException;

final class DatabaseProxy
{
    /** After the lost answer the database works again. */
    public const ONCE = 'once';
    /** After the lost answer every connection is closed at once. */
    public const GONE = 'gone';

    /** @param resource $process */
    private function __construct(private $process, private readonly string $port, private readonly string $log)
    {
    }

    public static function start(string $mode): self
    {
        $log = (string) tempnam((string) getenv('TEST_DIR'), 'database-proxy');
        $process = proc_open(
            [PHP_BINARY, '-n', __DIR__ . '/database-proxy.php', "$log.port", $log, (string) getenv('TEST_DB_PORT'), $mode],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
            $pipes
        );
        for ($tries = 0; $tries < 500 && !is_file("$log.port"); $tries++) {
            usleep(10_000);
        }
        if (!is_resource($process) || !is_file("$log.port")) {
            throw new RuntimeException('The database proxy did not start');
        }

        return new self($process, (string) file_get_contents("$log.port"), $log);
    }

    /** @return array<string, string> the setting that leads the extension through it */
    public function ini(): array
    {
        $password = rawurlencode((string) getenv('TEST_DB_PASSWORD'));
        $name = getenv('TEST_DB_NAME');

        return ['whmcs_provisioning.database_url' => 'mysql://' . getenv('TEST_DB_USER') . ":$password@127.0.0.1:$this->port/$name"];
    }

    /** @return list<string> what it did to the client: `lost` for the answer to COMMIT, `refused` for each connection after it */
    public function deeds(): array
    {
        return file($this->log, FILE_IGNORE_NEW_LINES) ?: [];
    }

    public function __destruct()
    {
        proc_terminate($this->process, 9);
        proc_close($this->process);
    }
}
