<?php

declare(strict_types=1);

// The run itself: one at a time, broken off without loss, taken over from the dead, small in memory and in statements.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackReconcileTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class ReconcileRunTest extends JetpackReconcileTestCase
{
    private const REST = '$module->call("Reconcile", [])';

    public function test_a_second_run_is_told_that_one_is_under_way(): void
    {
        $this->service();
        $this->license('jetpack-complete_ONE1');
        $first = $this->underWay();

        $this->assertSentence($this->reconcile(), 'already running since', 'run this again');

        $this->assertStringStartsWith('Reconciled 1 services', $this->answerOf($first));
        $this->assertSame(['GET /license'], $this->sandbox->requestLines());
        $this->assertSame('idle', $this->runs()->state);
        $this->assertStringStartsWith('Reconciled', $this->reconcile());
    }

    public function test_of_four_at_once_one_runs(): void
    {
        $this->service();
        $this->license('jetpack-complete_ONE1');
        $this->faultOn('GET', '/license', ['fault' => 'delay', 'ms' => 1500]);

        $children = array_map(fn () => $this->apart(self::REST), range(1, 4));
        $answers = array_map(fn ($child) => $this->answerOf($child), $children);

        sort($answers);
        $this->assertStringStartsWith('Reconciled', $answers[3]);
        foreach (array_slice($answers, 0, 3) as $answer) {
            $this->assertSentence($answer, 'already running since');
        }
        $this->assertSame(['GET /license'], $this->sandbox->requestLines());
    }

    public function test_a_person_waits_for_the_end_of_the_daily_run(): void
    {
        $service = $this->service();
        $this->license('jetpack-complete_ONE1');
        $first = $this->underWay();

        $this->assertSame('success', $this->module->custom($service, 'Reconcile'));

        $this->assertStringStartsWith('Reconciled', $this->answerOf($first));
    }

    public function test_a_run_that_was_killed_removes_nothing_and_the_next_takes_over(): void
    {
        $this->service();
        $this->license('jetpack-complete_ONE1');
        $this->license('jetpack-complete_TWO1');
        $this->reconcile();
        $this->assertSame(['surplus service 100'], $this->found());
        $killed = $this->underWay();
        $killed->kill();
        $killed->wait();
        $this->assertSame(['surplus service 100'], $this->found());
        $this->assertSame('running', $this->runs()->state);

        $this->assertStringContainsString('1 found, 0 of them new', $this->reconcile());

        $this->assertSame('idle', $this->runs()->state);
    }

    public function test_a_run_of_another_machine_is_taken_for_dead_after_ten_silent_minutes(): void
    {
        $this->service();
        $this->reconcile();
        $running = fn (int $minutes) => Capsule::table(self::RUNS)->update([
            'state' => 'running', 'host' => 'another machine', 'alive_at' => gmdate('Y-m-d H:i:s', time() - 60 * $minutes),
        ]);

        $running(9);
        $this->assertSentence($this->reconcile(), 'already running since');
        $running(11);
        $this->assertStringStartsWith('Reconciled', $this->reconcile());
    }

    /** The clock of the database was set back. */
    public function test_a_run_whose_last_sign_of_life_lies_in_the_future_is_taken_for_dead(): void
    {
        $this->service();
        $this->reconcile();
        Capsule::table(self::RUNS)->update([
            'state' => 'running', 'host' => 'another machine', 'alive_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR'),
        ]);

        $this->assertStringStartsWith('Reconciled', $this->reconcile());
    }

    /** The one that was taken for dead and lives notices it before it writes again. */
    public function test_a_run_that_lost_its_lock_removes_nothing(): void
    {
        $this->service();
        $this->license('jetpack-complete_ONE1');
        $this->license('jetpack-complete_TWO1');
        $this->reconcile();
        Capsule::table(self::TABLE)->where('license_key', 'jetpack-complete_TWO1')->update(['revoked_at' => '2026-02-02 00:00:00']);
        $first = $this->underWay();
        Capsule::table(self::RUNS)->increment('run');

        $this->assertSentence($this->answerOf($first), 'took this one for dead');

        $this->assertSame(['surplus service 100'], $this->found());
        $this->assertSame('running', $this->runs()->state);
    }

    public function test_a_run_that_breaks_off_removes_nothing_says_why_and_lets_the_next_begin(): void
    {
        $this->service();
        $this->reconcile();
        $this->issued(Host::service(100));
        self::asRoot('RENAME TABLE tblhostingaddons TO tblhostingaddons_away');
        try {
            $answer = $this->reconcile();
        } finally {
            self::asRoot('RENAME TABLE tblhostingaddons_away TO tblhostingaddons');
        }

        $this->assertSentence($answer, 'Could not read the license', 'database');
        $this->assertSame(['missing service 100'], $this->found());
        $told = $this->told();
        $this->assertStringStartsWith('Jetpack reconciliation broke off: ', Host::activityLog()[count(Host::activityLog()) - 1]);
        $this->assertSame('idle', $this->runs()->state);

        $this->reconcile();
        $this->assertSame([], $this->found());
        $this->assertCount(count($told) + 1, $this->told());
    }

    /** What a broken run has written and not told is told by the next. */
    public function test_what_a_broken_run_found_is_told_by_the_next(): void
    {
        $this->service();
        $this->reconcile();
        Capsule::table(self::FINDINGS)->update(['told_at' => null]);

        $this->assertStringContainsString('1 of them new', $this->reconcile());
    }

    public function test_a_page_of_five_hundred_services_takes_a_handful_of_statements(): void
    {
        $small = $this->statementsFor(500);
        $large = $this->statementsFor(2500);

        // Four pages more of services and of licenses.
        $this->assertLessThanOrEqual(6 * 4, $large - $small);
    }

    public function test_ten_times_the_services_take_no_more_memory(): void
    {
        $small = $this->kilobytesFor(2000);
        $large = $this->kilobytesFor(20000);

        $this->assertLessThan(2048, $large - $small, "$small kB for 2,000 services, $large kB for 20,000");
    }

    /** What a run takes at most beyond what the process had, each service lacking its license. */
    private function kilobytesFor(int $services): int
    {
        $this->setUp();
        $this->manyServices($services);
        Capsule::table(self::TABLE)->where('service_id', '>', 2000)->update(['revoked_at' => '2026-02-01 00:00:00']);
        $code = "(function () use (\$module) { \$memory = Tests\\Support\\Memory::start(); return [\$module->call('Reconcile', []), \$memory->grown()]; })()";
        [$answer, $grown] = json_decode($this->answerOf($this->apart($code)), true);
        $this->assertStringContainsString("Reconciled $services services", $answer);

        return $grown;
    }

    private function statementsFor(int $services): int
    {
        $this->setUp();
        $this->manyServices($services);
        Capsule::table('tblproducts')->update(['configoption1' => '']);
        $this->reconcile();

        return $this->statementsOf(fn () => $this->reconcile());
    }

    /** A run in a process of its own that waits for Jetpack. */
    private function underWay(): \Tests\Support\ChildProcess
    {
        $asked = count($this->sandbox->requests());
        $this->faultOn('GET', '/license', ['fault' => 'delay', 'ms' => 1500]);
        $child = $this->apart(self::REST);
        $this->waitFor(fn () => count($this->sandbox->requests()) > $asked);

        return $child;
    }

    private function runs(): object
    {
        return Capsule::table(self::RUNS)->first();
    }
}
