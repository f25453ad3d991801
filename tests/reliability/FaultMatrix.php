<?php

declare(strict_types=1);

// Function × remote call × fault, and then what a host does next. The calls are those of a clean run.

namespace Tests\Reliability;

use PHPUnit\Framework\AssertionFailedError;
use Tests\Support\SandboxControl;
use WHMCS\Database\Capsule;

trait FaultMatrix
{
    /** @var array<string, CleanRun> */
    private static array $clean = [];
    private static bool $hasBase = false;
    /** @var array<string, mixed> what Jetpack or Comet held when last looked at */
    private array $seen = [];
    private string $firstAnswer = '';
    private string $lastAnswer = '';

    public static function setUpBeforeClass(): void
    {
        parent::setUpBeforeClass();
        self::$hasBase = false;
    }

    public static function tearDownAfterClass(): void
    {
        FaultTable::write();
    }

    /** The base is laid once: making tables anew would take most of the time. */
    protected function setUp(): void
    {
        if (!self::$hasBase) {
            parent::setUp();
            $this->layBase();
            self::$hasBase = true;
        }
        ini_set('whmcs_provisioning.request_timeout', '3');
        $this->freshWorld();
        foreach (['tblactivitylog', 'tblmodulelog', 'tblmodulequeue'] as $table) {
            Capsule::table($table)->delete();
        }
    }

    /** PHPUnit keeps each test to the end. */
    protected function tearDown(): void
    {
        $this->seen = [];
    }

    /** @dataProvider cells */
    public function test_nothing_is_lost_and_nothing_is_there_twice(string $name, int $place, string $fault): void
    {
        $scenario = $this->scenarios()[$name];
        $verdict = 'wrong';
        try {
            $this->runPatiently($scenario, self::$clean[$name], $place, self::faults()[$fault]);
            $verdict = 'right';
        } catch (AssertionFailedError $wrong) {
            $verdict = 'WRONG: ' . strtok($wrong->getMessage(), "\n");
            throw $wrong;
        } finally {
            $call = $place + 1 . '. ' . self::$clean[$name]->calls[$place];
            FaultTable::add($name, $call, $fault, $this->firstAnswer, $this->lastAnswer, $verdict);
        }
    }

    /** @return iterable<string, array{string, int, string}> */
    public static function cells(): iterable
    {
        self::setUpBeforeClass();
        $recorder = new self('test_nothing_is_lost_and_nothing_is_there_twice');
        foreach ($recorder->scenarios() as $name => $scenario) {
            $recorder->setUp();
            self::$clean[$name] = $recorder->recorded($scenario);
            foreach (array_filter(self::$clean[$name]->calls, $scenario->tries(...)) as $place => $call) {
                foreach (array_keys(self::faults()) as $fault) {
                    yield "$name / " . $place + 1 . ". $call / $fault" => [$name, $place, $fault];
                }
            }
        }
    }

    private function recorded(Scenario $scenario): CleanRun
    {
        ($scenario->prepare)();
        $this->look();
        $before = count($this->seen['requests']);
        $this->assertSame('success', ($scenario->call)());
        $this->look();
        $calls = array_slice($this->calls(), $before);
        $this->assertNotEmpty($calls);

        return new CleanRun($calls, $this->endState(), $this->made());
    }

    private function runPatiently(Scenario $scenario, CleanRun $clean, int $place, Fault $fault): void
    {
        try {
            $this->runCell($scenario, $clean, $place, $fault, 1);
        } catch (FaultMissed) {
            $this->setUp();
            $this->runCell($scenario, $clean, $place, $fault, 5);
        }
    }

    /** @param int $slowness of the fault and of the caller's patience, in proportion */
    private function runCell(Scenario $scenario, CleanRun $clean, int $place, Fault $fault, int $slowness): void
    {
        ($scenario->prepare)();
        $this->look();
        $others = $this->bystander();
        $entry = count($this->seen['requests']) + $place;
        $this->firstAnswer = $this->underFault($scenario, $place, $entry, $fault, $slowness);
        $this->assertBooksAreRight($scenario, $clean, $others);
        $this->lastAnswer = '';
        if ($this->firstAnswer !== 'success') {
            $this->assertSentence($this->firstAnswer);
            $this->lastAnswer = $this->runAgain($scenario);
            $this->look();
            $this->assertSame('success', $this->lastAnswer);
            $this->assertBooksAreRight($scenario, $clean, $others);
        }
        $this->assertSame($clean->end, $this->endState());
    }

    private function underFault(Scenario $scenario, int $place, int $entry, Fault $fault, int $slowness): string
    {
        ini_set('whmcs_provisioning.request_timeout', $fault->outlasts ? (string) (Faults::PATIENCE * $slowness) : '3');
        $fault->arm($place, $slowness);
        $answer = ($scenario->call)();
        ini_set('whmcs_provisioning.request_timeout', '3');
        SandboxControl::clearFaults();
        SandboxControl::openDoor();
        $this->look();
        if ($fault->isSeen() && ($this->seen['requests'][$entry]['fault'] ?? null) === null) {
            throw new FaultMissed('The fault did not come to pass.');
        }
        for ($waited = 0; $fault->actsLate && $this->seen['requests'][$entry]['status'] === null; $waited++) {
            $this->assertLessThan(500, $waited, 'The request was not carried out within five seconds.');
            usleep(10_000);
            $this->look();
        }

        return $answer;
    }

    /** WHMCS calls the same function again; where that asks a person, the person looks and decides, and it is run once more. */
    private function runAgain(Scenario $scenario): string
    {
        $answer = ($scenario->call)();
        if ($answer === 'success') {
            return $answer;
        }
        $this->assertSentence($answer);
        $this->personDecides();

        return ($scenario->finish)();
    }

    /** @param array<string, mixed> $others */
    private function assertBooksAreRight(Scenario $scenario, CleanRun $clean, array $others): void
    {
        $this->assertNothingIsThereTwice($scenario->most);
        $this->assertLessThanOrEqual($clean->made, $this->made(), 'Something was made twice.');
        $this->assertAllIsKnown();
        $this->assertSame($others, $this->bystander(), 'Another service was touched.');
        $open = Capsule::table(self::JOURNAL)->whereNotNull('open_key')->orWhereNotIn('state', ['done', 'failed', 'unknown'])->count();
        $this->assertSame(0, $open, 'A journal row stays open.');
        $this->assertNoSecretIsTold();
    }

    private function assertNoSecretIsTold(): void
    {
        $told = $this->firstAnswer . "\n" . $this->lastAnswer;
        foreach (['tblactivitylog', 'tblmodulelog', 'tblmodulequeue', self::JOURNAL] as $table) {
            foreach (Capsule::table($table)->get() as $row) {
                $told .= "\n" . implode("\n", (array) $row);
            }
        }
        foreach ($this->secrets() as $secret) {
            foreach ([$secret, rawurlencode($secret), urlencode($secret), htmlspecialchars($secret), trim(json_encode($secret), '"')] as $form) {
                if (str_contains($told, $form)) {
                    $this->fail('A secret is told.');
                }
            }
        }
    }

    /** @return array<string, mixed> all rows of a table that belong to one service */
    private static function rowsOf(string $table, string $column, int $id): array
    {
        return Capsule::table($table)->where($column, $id)->orderBy('id')->get()->map(fn (object $row) => (array) $row)->all();
    }
}
