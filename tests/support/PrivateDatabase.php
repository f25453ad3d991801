<?php

declare(strict_types=1);

// A database server that a test may kill: what it has committed survives.

namespace Tests\Support;

use PDO;
use PDOException;
use RuntimeException;

final class PrivateDatabase
{
    private function __construct(private readonly string $folder)
    {
    }

    public static function start(): self
    {
        $folder = getenv('TEST_DIR') . '/private-' . bin2hex(random_bytes(4));
        mkdir($folder);
        $program = dirname(__DIR__) . '/bin/database';
        exec("$program install $folder >$folder/install.log 2>&1", $output, $code);
        if ($code !== 0) {
            throw new RuntimeException((string) file_get_contents("$folder/install.log"));
        }
        $server = "$program serve $folder --socket=$folder/s --pid-file=$folder/server.pid"
            . ' --skip-networking --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=16M';
        self::script("$folder/start", [
            // It runs: a point that was not reached has not killed it, and a second server would wait for its files.
            "[ ! -e $folder/pid ] || exit 0",
            "setsid $server >>$folder/server.log 2>&1 </dev/null &",
            "echo \$! >$folder/pid",
            "for _ in \$(seq 600); do $program sql --socket=$folder/s -uroot -e 'SELECT 1' >/dev/null 2>&1 && exit 0; sleep 0.05; done",
            'exit 1',
        ]);
        // A process that is gone and not yet reaped has a number, and no program.
        self::script("$folder/kill", [
            "pid=\$(cat $folder/pid)",
            'kill -KILL "$pid"',
            'while readlink "/proc/$pid/exe" >/dev/null; do sleep 0.01; done',
            "rm $folder/pid",
        ]);
        self::script("$folder/restart", ["$folder/kill", "$folder/start"]);
        $database = new self($folder);
        $database->run('start');
        $database->root()->exec('CREATE DATABASE whmcs CHARACTER SET utf8mb3');

        return $database;
    }

    /** @return array<string, string> variables that lead the host to it, for this process and its children */
    public function environment(): array
    {
        return ['TEST_DB_SOCKET' => "$this->folder/s", 'TEST_DB_PORT' => '', 'TEST_DB_USER' => 'root', 'TEST_DB_PASSWORD' => ''];
    }

    /** Path of the program `kill`, or `restart`, which ends when the database answers again. */
    public function program(string $name): string
    {
        return "$this->folder/$name";
    }

    public function startAgain(): void
    {
        $this->run('start');
    }

    public function __destruct()
    {
        try {
            $this->root();
            $this->run('kill');
        } catch (PDOException) {
            // It is not running: nothing to end.
            return;
        }
    }

    private function root(): PDO
    {
        return new PDO("mysql:unix_socket=$this->folder/s", 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    }

    private function run(string $name): void
    {
        exec($this->program($name) . ' 2>&1', $output, $code);
        if ($code !== 0) {
            throw new RuntimeException("$name: " . implode("\n", $output) . file_get_contents("$this->folder/server.log"));
        }
    }

    /** @param list<string> $lines */
    private static function script(string $file, array $lines): void
    {
        file_put_contents($file, "#!/usr/bin/env bash\nset -eu\n" . implode("\n", $lines) . "\n");
        chmod($file, 0700);
    }
}
