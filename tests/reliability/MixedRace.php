<?php

declare(strict_types=1);

// Four processes meet at one service after the other, each with a function of its own: the end is one that some order of them would
// give. What the services are, and what a function does to one, is the module's.

namespace Tests\Reliability;

trait MixedRace
{
    /** Sells a service and brings it to this start; the product says something else by then. */
    abstract protected function prepare(int $id, string $start): void;

    abstract protected function slowly(): void;

    /** What each service has now. @param list<int> $services @return array<int, mixed> */
    abstract protected function ends(array $services): array;

    /** What a service has at this start. @return array<string, mixed> */
    abstract protected static function start(string $start): array;

    /** What it has after this function, where it had that. @param array<string, mixed> $state @return array<string, mixed> */
    abstract protected static function apply(array $state, string $function): array;

    /** As much of it as `ends` sees. @param array<string, mixed> $state */
    protected static function visible(array $state): mixed
    {
        return $state;
    }

    /** Nothing beside what the services have, and nothing twice. */
    abstract protected function assertAllIsKnown(): void;

    abstract protected function assertNothingIsOpen(): void;

    public function test_functions_at_the_same_moment_end_as_some_order_of_them_would(): void
    {
        $rounds = self::rounds(Rounds::of(self::TIMES, 40));
        foreach ($rounds as $id => [$start]) {
            $this->prepare($id, $start);
        }
        $this->slowly();
        $begun = microtime(true);

        $answers = self::meet(array_map(fn (array $round) => $round[1], $rounds));

        Rounds::note(count($rounds) . ' mixed meetings, ' . self::MODULE, $begun, array_merge(...array_map('array_values', $answers)));
        $wrong = [];
        $ends = $this->ends(array_keys($rounds));
        foreach ($rounds as $id => [$start, $functions]) {
            $ran = array_map(fn (string $function, string $answer) => [$function, $answer === 'success'], $functions, $answers[$id]);
            $expected = array_map(self::visible(...), SerialOrders::ends(self::start($start), $ran, self::apply(...)));
            if (!in_array($ends[$id], $expected, true)) {
                $wrong[] = "$start, " . json_encode([$functions, $answers[$id]]) . ' ended with ' . json_encode($ends[$id]);
            }
        }
        $this->assertSame([], $wrong);
        $this->assertAllIsKnown();
        $this->assertNothingIsOpen();
    }

    /**
     * Each start with each set of functions, that many times.
     *
     * @return array<int, array{string, list<string>}> by service
     */
    private static function rounds(int $times): array
    {
        $rounds = [];
        for ($time = 1; $time <= $times; $time++) {
            foreach (self::STARTS as $start) {
                foreach (self::SETS as $functions) {
                    $rounds[self::FIRST + count($rounds)] = [$start, $functions];
                }
            }
        }

        return $rounds;
    }

    /** @param array<int, list<string>> $functions by service @return array<int, list<string>> the answers */
    private static function meet(array $functions): array
    {
        $meeting = (string) tempnam((string) getenv('TEST_DIR'), 'meeting');
        $processes = max(array_map('count', self::SETS));
        $racers = array_map(fn (int $n) => [
            'module' => self::MODULE,
            'before' => 'require ' . var_export(__DIR__ . '/Contestant.php', true) . ';',
            'run' => '(object) Tests\Reliability\Contestant::meet($module, '
                . var_export(array_map(fn (array $set) => $set[$n] ?? '', $functions), true)
                . ', ' . var_export($meeting, true) . ", $n, $processes)",
        ], range(0, $processes - 1));
        $answers = Race::between($racers)->start()->answers();

        $of = fn (int $id) => array_slice(array_column($answers, $id), 0, count($functions[$id]));
        return array_combine(array_keys($functions), array_map($of, array_keys($functions)));
    }
}
