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

    /** @dataProvider cells */
    public function test_nothing_is_lost_and_nothing_is_there_twice(string $name, int $place, string $fault): void
    {
        $scenario = $this->scenarios()[$name];
        ($scenario->prepare)();
        $verdict = 'wrong';
        try {
            $this->runCell($scenario, self::$clean[$name], $place, self::faults()[$fault]);
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
    public function cells(): iterable
    {
        self::setUpBeforeClass();
        foreach ($this->scenarios() as $name => $scenario) {
            $this->setUp();
            self::$clean[$name] = $this->recorded($scenario);
            foreach (self::$clean[$name]->calls as $place => $call) {
                foreach (array_keys(self::faults()) as $fault) {
                    yield "$name / " . $place + 1 . ". $call / $fault" => [$name, $place, $fault];
                }
            }
        }
    }

    private function recorded(Scenario $scenario): CleanRun
    {
        ($scenario->prepare)();
        $before = count($this->requests());
        $this->assertSame('success', ($scenario->call)());
        $calls = array_slice($this->calls(), $before);
        $this->assertNotEmpty($calls);

        return new CleanRun($calls, $this->endState(), $this->made());
    }

    private function runCell(Scenario $scenario, CleanRun $clean, int $place, Fault $fault): void
    {
        $others = $this->bystander();
        $entry = count($this->requests()) + $place;
        $this->firstAnswer = $this->underFault($scenario, $place, $entry, $fault);
        $this->assertBooksAreRight($scenario, $clean, $others);
        $this->lastAnswer = '';
        if ($this->firstAnswer !== 'success') {
            $this->assertSentence($this->firstAnswer);
            $this->lastAnswer = $this->runAgain($scenario);
            $this->assertSame('success', $this->lastAnswer);
            $this->assertBooksAreRight($scenario, $clean, $others);
        }
        $this->assertSame($clean->end, $this->endState());
    }

    private function underFault(Scenario $scenario, int $place, int $entry, Fault $fault): string
    {
        ini_set('whmcs_provisioning.request_timeout', $fault->outlasts ? Faults::PATIENCE : '3');
        $fault->arm($place);
        $answer = ($scenario->call)();
        ini_set('whmcs_provisioning.request_timeout', '3');
        SandboxControl::clearFaults();
        SandboxControl::openDoor();
        if ($fault->isSeen()) {
            $this->assertNotNull($this->requests()[$entry]['fault'], 'The fault did not come to pass.');
        }
        if ($fault->actsLate) {
            $this->waitUntil(fn (): bool => $this->requests()[$entry]['status'] !== null);
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
                $this->assertStringNotContainsString($form, $told);
            }
        }
    }

    /** @param callable(): bool $condition */
    private function waitUntil(callable $condition): void
    {
        for ($waited = 0; !$condition(); $waited++) {
            $this->assertLessThan(500, $waited, 'It did not happen within five seconds.');
            usleep(10_000);
        }
    }

    /** @return array<string, mixed> all rows of a table that belong to one service */
    private static function rowsOf(string $table, string $column, int $id): array
    {
        return Capsule::table($table)->where($column, $id)->orderBy('id')->get()->map(fn (object $row) => (array) $row)->all();
    }
}
