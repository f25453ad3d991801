<?php

declare(strict_types=1);

// A sandbox beside the usual one: for processes that must not see each other's faults and accounts.

namespace Tests\Support;

use RuntimeException;

final class SandboxProcess
{
    /** @param resource $process @param resource $alive */
    private function __construct(private $process, private $alive, private readonly string $directory)
    {
    }

    public static function start(string $name): self
    {
        $directory = getenv('TEST_DIR') . "/$name";
        $program = getenv('SANDBOX') ?: dirname(__DIR__, 2) . '/target/debug/licensing-sandbox';
        $log = "$directory.log";
        $process = proc_open([$program, '--dir', $directory], [['pipe', 'r'], ['pipe', 'w'], ['file', $log, 'w']], $pipes);
        // It says "ready" when its card is written.
        if (!is_resource($process) || trim((string) fgets($pipes[1])) !== 'ready') {
            throw new RuntimeException("The sandbox $name did not start: " . @file_get_contents($log));
        }

        return new self($process, $pipes[0], $directory);
    }

    public function url(): string
    {
        return json_decode((string) file_get_contents($this->card()), true, 8, JSON_THROW_ON_ERROR)['http'];
    }

    public function apiUrl(): string
    {
        return (new JetpackSandbox($this->url()))->apiUrl();
    }

    /** The file that says where it listens. */
    public function card(): string
    {
        return "$this->directory/sandbox.json";
    }

    /** It ends with its standard input. */
    public function stop(): void
    {
        fclose($this->alive);
        proc_close($this->process);
    }
}
