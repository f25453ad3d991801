<?php

declare(strict_types=1);

// Four processes that meet at one service after the other, each with a function of its own.

namespace Tests\Reliability;

final class MixedRace
{
    private const PROCESSES = 4;

    /**
     * Each start with each set of functions, that many times.
     *
     * @param list<string> $starts @param list<list<string>> $sets
     * @return array<int, array{string, list<string>}> by service
     */
    public static function rounds(int $first, array $starts, array $sets, int $times): array
    {
        $rounds = [];
        for ($time = 1; $time <= $times; $time++) {
            foreach ($starts as $start) {
                foreach ($sets as $functions) {
                    $rounds[$first + count($rounds)] = [$start, $functions];
                }
            }
        }

        return $rounds;
    }

    /** @param array<int, list<string>> $functions by service @return array<int, list<string>> the answers */
    public static function run(string $module, array $functions): array
    {
        $meeting = (string) tempnam((string) getenv('TEST_DIR'), 'meeting');
        $racers = array_map(fn (int $n) => [
            'module' => $module,
            'before' => 'require ' . var_export(__DIR__ . '/Contestant.php', true) . ';',
            'run' => '(object) Tests\Reliability\Contestant::meet($module, '
                . var_export(array_map(fn (array $set) => $set[$n] ?? '', $functions), true)
                . ', ' . var_export($meeting, true) . ", $n, " . self::PROCESSES . ')',
        ], range(0, self::PROCESSES - 1));
        $answers = Race::between($racers)->start()->answers();

        return array_combine(
            array_keys($functions),
            array_map(fn (int $id) => array_column($answers, $id), array_keys($functions))
        );
    }

    /** @param list<string> $functions @param list<string> $answers @return list<array{string, bool}> */
    public static function outcome(array $functions, array $answers): array
    {
        return array_map(fn (string $function, int $n) => [$function, $answers[$n] === 'success'], $functions, array_keys($functions));
    }
}
