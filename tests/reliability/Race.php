<?php

declare(strict_types=1);

// PHP processes that have all loaded everything before the first of them acts: a start signal lets them go at once.

namespace Tests\Reliability;

use RuntimeException;
use Tests\Support\ChildProcess;

final class Race
{
    private const READY = 'ready';

    /** @param array<int, ChildProcess> $processes @param resource $gate */
    private function __construct(private readonly array $processes, private $gate)
    {
    }

    /**
     * Starts them; all wait at the gate when this returns.
     *
     * @param list<array{module: string, before?: string, run: string, environment?: array<string, string>}> $racers
     *        PHP code: `before` the signal; `run` is an expression whose value is the process's answer
     */
    public static function between(array $racers): self
    {
        $path = (string) tempnam((string) getenv('TEST_DIR'), 'gate');
        $gate = fopen($path, 'c');
        flock($gate, LOCK_EX);
        $start = static fn (array $racer): ChildProcess => ChildProcess::start(
            self::code($racer, $path),
            ['whmcs_provisioning.connect_timeout' => '2', 'whmcs_provisioning.request_timeout' => '30'],
            $racer['environment'] ?? []
        );
        $race = new self(array_map($start, $racers), $gate);
        foreach ($race->processes as $process) {
            if ($process->line() !== self::READY) {
                throw new RuntimeException('A process did not come to the start: ' . implode(' ', $process->wait()));
            }
        }

        return $race;
    }

    public function start(): self
    {
        flock($this->gate, LOCK_UN);

        return $this;
    }

    /** Whether the first of them is done. */
    public function hasEnded(): bool
    {
        return !$this->processes[0]->isRunning();
    }

    /** Waits for all. @return list<mixed> what each process answered, in their order */
    public function answers(): array
    {
        return array_column($this->ends(), 'answer');
    }

    /** @return list<array{answer: mixed, errors: string}> with what PHP's error log got */
    public function ends(): array
    {
        return array_map(static function (ChildProcess $process): array {
            $end = $process->wait();
            $answer = json_decode($end['output'], true);
            if ($end['exit'] !== 0 || $answer === null) {
                throw new RuntimeException("A process ended with {$end['exit']}: {$end['output']} {$end['errors']}");
            }

            return ['answer' => $answer, 'errors' => $end['errors']];
        }, $this->processes);
    }

    /** @param array{module: string, before?: string, run: string} $racer */
    private static function code(array $racer, string $gate): string
    {
        return '$module = new Tests\Host\Module("servers", "' . $racer['module'] . '", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . '); $module->has("CreateAccount");'
            . ($racer['before'] ?? '')
            . 'echo "' . self::READY . '\n"; flock(fopen(' . var_export($gate, true) . ', "r"), LOCK_SH);'
            . 'echo json_encode(' . $racer['run'] . ', JSON_THROW_ON_ERROR);';
    }
}
