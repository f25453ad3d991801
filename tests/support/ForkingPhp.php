<?php

declare(strict_types=1);

// A new PHP process for each call, as WHMCS's workers are forked: hundreds of them in the time of a few cold starts.

namespace Tests\Support;

use RuntimeException;

final class ForkingPhp
{
    public const KILLED = -9;

    /** @param resource $process @param array<int, resource> $pipes */
    private function __construct(private $process, private array $pipes, private readonly string $files)
    {
    }

    public static function start(): self
    {
        $files = (string) tempnam((string) getenv('TEST_DIR'), 'forking');
        $command = [PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'log_errors=0', '-d', 'extension=' . ChildProcess::extension()];
        $ini = [
            'jetpack_api_url' => JetpackSandbox::fromEnvironment()->apiUrl(),
            'connect_timeout' => '2',
            'request_timeout' => '3',
            'state_dir' => getenv('TEST_DIR') . '/state',
            'pause_after_failure' => '0',
        ];
        foreach ($ini as $name => $value) {
            array_push($command, '-d', "whmcs_provisioning.$name=\"$value\"");
        }
        $streams = [['pipe', 'r'], ['pipe', 'w'], ['file', "$files.errors", 'w']];
        $process = proc_open([...$command, __DIR__ . '/fork-server.php'], $streams, $pipes);
        if (!is_resource($process) || fgets($pipes[1]) !== "\n") {
            throw new RuntimeException('The forking PHP did not start: ' . file_get_contents("$files.errors"));
        }

        return new self($process, $pipes, $files);
    }

    /**
     * Runs the code in a process of its own, with `$module` there for it.
     *
     * @param array<string, string> $environment
     * @param bool $livesOn whether the process is there until this object ends, idle, as a worker of PHP-FPM is
     * @return array{end: int, answer: mixed, errors: string} `end` is the exit code, or KILLED; `answer` what the code returned
     */
    public function run(string $module, string $code, array $environment = [], bool $livesOn = false): array
    {
        $answer = "$this->files.answer";
        $lives = $livesOn ? "$this->files.lives." . bin2hex(random_bytes(4)) : '';
        file_put_contents($answer, 'null');
        file_put_contents("$this->files.errors", '');
        $files = ['answer' => $answer, 'files' => "$this->files.loaded", 'livesOn' => $lives];
        $call = ['module' => $module, 'code' => $code, 'environment' => $environment] + $files;
        fwrite($this->pipes[0], json_encode($call, JSON_THROW_ON_ERROR) . "\n");
        $end = fgets($this->pipes[1]);
        if ($end === false) {
            throw new RuntimeException('The forking PHP has ended: ' . file_get_contents("$this->files.errors"));
        }

        return [
            'end' => json_decode($end, true, 2, JSON_THROW_ON_ERROR),
            'answer' => json_decode((string) file_get_contents($answer), true, 64, JSON_THROW_ON_ERROR),
            'errors' => (string) file_get_contents("$this->files.errors"),
        ];
    }

    public function __destruct()
    {
        fclose($this->pipes[0]);
        fclose($this->pipes[1]);
        proc_close($this->process);
    }
}
