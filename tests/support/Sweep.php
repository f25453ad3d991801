<?php

declare(strict_types=1);

// A function broken at each of its stop points (src/worker/failpoint.rs): what every sweep needs.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

trait Sweep
{
    private static ?ForkingPhp $php = null;
    /** @var list<string> one line for each function */
    private static array $figures = [];

    public static function tearDownAfterClass(): void
    {
        self::$php = null;
        $folder = dirname(__DIR__, 2) . '/target/reliability';
        is_dir($folder) || mkdir($folder, 0777, true);
        $name = substr((string) strrchr(static::class, '\\'), 1);
        file_put_contents("$folder/$name.txt", implode("\n", self::$figures) . "\n");
        self::$figures = [];
        parent::tearDownAfterClass();
    }

    protected static function isTorture(): bool
    {
        return getenv('TORTURE') === '1';
    }

    /**
     * Code in a process of its own; a constant is what it is about.
     *
     * @param array<string, string> $environment
     * @return array{end: int, answer: mixed, errors: string}
     */
    protected function inNewProcess(string $code, array $environment = [], bool $livesOn = false): array
    {
        self::$php ??= ForkingPhp::start();

        return self::$php->run($this->module->name, $code, $environment, $livesOn);
    }

    /** What a process of its own answers that nobody kills. */
    protected function answerOfNewProcess(string $code): mixed
    {
        $ended = $this->inNewProcess($code);
        $this->assertSame([0, ''], [$ended['end'], $ended['errors']]);

        return $ended['answer'];
    }

    /** @return list<string> the stop points that the code passes, in order */
    protected function pointsOf(string $code): array
    {
        $list = (string) tempnam((string) getenv('TEST_DIR'), 'points');
        $ended = $this->inNewProcess($code, ['STOP_POINT_LIST' => $list]);
        $this->assertSame([0, ''], [$ended['end'], $ended['errors']]);
        $points = file($list, FILE_IGNORE_NEW_LINES) ?: [];
        $this->assertNotSame([], $points, 'The library has no stop points: it is not the test build.');

        return $points;
    }

    /**
     * The points to break at. What others see changes only where a step ends that changes something, so the default run
     * takes these, and the first; between them all points are alike from outside.
     *
     * @param list<string> $points
     * @return array<int, string> by number, from 1
     */
    protected static function toBreakAt(array $points): array
    {
        $numbered = array_combine(range(1, count($points)), $points);
        $isChange = static fn (string $point, int $number): bool => $number === 1
            || preg_match('/^after (?!SELECT|GET|CONNECT)/', $point) === 1;

        return self::isTorture() ? $numbered : array_filter($numbered, $isChange, ARRAY_FILTER_USE_BOTH);
    }

    /** Runs the code until its point `$number`, where it dies. */
    protected function killAt(int $number, string $code): void
    {
        $ended = $this->inNewProcess($code, ['STOP_POINT' => (string) $number]);
        $this->assertSame([ForkingPhp::KILLED, ''], [$ended['end'], $ended['errors']]);
    }

    protected function note(string $figures): void
    {
        self::$figures[] = $figures;
    }

    /** @return list<array<string, mixed>> journal rows of the service, oldest first */
    protected function journalOf(int $service): array
    {
        if (!Capsule::schema()->hasTable(self::JOURNAL)) {
            return [];
        }
        $rows = Capsule::table(self::JOURNAL)->where('owner_type', 'service')->where('owner_id', $service)->orderBy('id')->get();

        return $rows->map(static fn (object $row): array => (array) $row)->all();
    }

    /** Every operation has an end that is known. */
    protected function assertNothingIsOpen(int $service): void
    {
        foreach ($this->journalOf($service) as $row) {
            $this->assertContains($row['state'], ['done', 'failed'], json_encode($row));
            $this->assertNull($row['open_key'], json_encode($row));
        }
    }

    /** Fails with where it happened. */
    protected function tellingWhere(string $where, callable $work): void
    {
        try {
            $work();
        } catch (\PHPUnit\Framework\AssertionFailedError $failure) {
            $difference = $failure instanceof \PHPUnit\Framework\ExpectationFailedException
                ? (string) $failure->getComparisonFailure()?->getDiff()
                : '';
            $this->fail("$where: {$failure->getMessage()}\n$difference\n" . implode("\n", Host::activityLog()));
        }
    }
}
