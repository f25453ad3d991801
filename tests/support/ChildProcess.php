<?php

declare(strict_types=1);

// A PHP of its own with the extension: for other settings, for races, for what may end the process.

namespace Tests\Support;

use RuntimeException;

final class ChildProcess
{
    private readonly int $pid;
    /** As a shell has it: 128 and the signal's number where one ended it. */
    private ?int $exit = null;

    /** @param resource $process @param array<int, resource> $pipes */
    private function __construct(private $process, private array $pipes)
    {
        $this->pid = $this->look()['pid'];
    }

    /**
     * Runs the code after the test bootstrap, with the host booted.
     *
     * @param array<string, string> $ini
     * @param array<string, string> $environment
     * @param list<string> $launcher stands before PHP in the command
     */
    public static function start(
        string $code,
        array $ini = [],
        array $environment = [],
        bool $withExtension = true,
        array $launcher = []
    ): self {
        $ini += [
            'whmcs_provisioning.jetpack_license_list' => '0',
            'whmcs_provisioning.jetpack_api_url' => JetpackSandbox::fromEnvironment()->apiUrl(),
            'whmcs_provisioning.state_dir' => getenv('TEST_DIR') . '/state',
            'whmcs_provisioning.pause_after_failure' => '0',
        ];
        $command = [...$launcher, PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'log_errors=0'];
        if ($withExtension) {
            array_push($command, '-d', 'extension=' . self::extension());
        }
        foreach ($ini as $name => $value) {
            array_push($command, '-d', "$name=\"$value\"");
        }
        $boot = 'require ' . var_export(dirname(__DIR__) . '/bootstrap.php', true) . ';'
            . 'Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());';
        array_push($command, '-r', $boot . $code);
        $process = proc_open(
            $command,
            [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes,
            null,
            $environment + getenv()
        );
        if (!is_resource($process)) {
            throw new RuntimeException('PHP could not be started');
        }
        fclose($pipes[0]);
        return new self($process, $pipes);
    }

    /** The next line that it prints; empty at its end. */
    public function line(): string
    {
        return rtrim((string) fgets($this->pipes[1]), "\n");
    }

    /** @return array{output: string, errors: string, exit: int} */
    public function wait(): array
    {
        $output = (string) stream_get_contents($this->pipes[1]);
        $errors = (string) stream_get_contents($this->pipes[2]);
        while ($this->look()['running']) {
            usleep(1000);
        }
        proc_close($this->process);

        return ['output' => $output, 'errors' => $errors, 'exit' => (int) $this->exit];
    }

    /** The first look that finds it ended takes the exit code away from all others. @return array<string, mixed> */
    private function look(): array
    {
        $status = proc_get_status($this->process);
        if (!$status['running'] && $this->exit === null) {
            $this->exit = $status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'];
        }

        return $status;
    }

    public function pid(): int
    {
        return $this->pid;
    }

    /** Asks the system: proc_get_status would take the exit code away from wait(). */
    public function isRunning(): bool
    {
        $status = (string) @file_get_contents("/proc/$this->pid/status");

        return preg_match('/^State:\s+[^ZX]/m', $status) === 1;
    }

    public function kill(): void
    {
        proc_terminate($this->process, 9);
    }

    /** The library under test. */
    public static function extension(): string
    {
        return getenv('TEST_EXTENSION') ?: dirname(__DIR__, 2) . '/target/debug/libwhmcs_provisioning.so';
    }
}
