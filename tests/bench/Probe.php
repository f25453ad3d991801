<?php

declare(strict_types=1);

// Measures one call in this process.

namespace Tests\Bench;

use Tests\Support\JetpackSandbox;
use Tests\Support\Memory;
use WHMCS\Database\Capsule;

final class Probe
{
    /**
     * @param callable(): mixed $work
     * @return array{ms: float, whmcs: float, peak: int, statements: int, traffic: array<string, int>, answer: mixed} `whmcs`: milliseconds
     *         of its own statements
     */
    public static function measure(callable $work): array
    {
        $sandbox = JetpackSandbox::fromEnvironment();
        $before = $sandbox->traffic();
        $statements = self::statements();
        Capsule::connection()->enableQueryLog();
        Capsule::connection()->flushQueryLog();
        $memory = Memory::start();
        $begun = hrtime(true);
        $answer = $work();
        $ms = (hrtime(true) - $begun) / 1e6;
        $peak = $memory->grown();
        $whmcs = array_sum(array_column(Capsule::connection()->getQueryLog(), 'time'));
        $after = $sandbox->traffic();

        return ['ms' => $ms, 'whmcs' => $whmcs, 'peak' => $peak, 'statements' => self::statements() - $statements - 1, 'answer' => self::brief($answer),
            'traffic' => array_combine(array_keys($after), array_map(static fn (int $now, int $then): int => $now - $then, $after, $before))];
    }

    /** Sent by all clients of the database; nobody else is there. */
    private static function statements(): int
    {
        return (int) Capsule::connection()->select("SHOW GLOBAL STATUS LIKE 'Questions'")[0]->Value;
    }

    /** Enough to see whether the call did what it should. */
    private static function brief(mixed $answer): mixed
    {
        if (!is_array($answer)) {
            return $answer;
        }
        $vars = $answer['vars'] ?? $answer;

        return ['shown' => $answer['shown'] ?? null, 'errors' => $vars['errors'] ?? null, 'status' => $answer['status'] ?? null,
            'success' => $answer['success'] ?? null, 'error' => $answer['error'] ?? $answer['errorMsg'] ?? null];
    }
}
