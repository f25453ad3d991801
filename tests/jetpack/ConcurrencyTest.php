<?php

declare(strict_types=1);

// Several processes at once, and processes that die: one service has one operation at a time, whoever begins it.

namespace Tests\Jetpack;

use Tests\Support\ChildProcess;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class ConcurrencyTest extends JetpackTestCase
{
    private const SLOW = ['fault' => 'delay', 'ms' => 200, 'times' => 0];

    /** Cron and admin, double click. The tables do not exist yet either. */
    public function test_eight_creates_of_one_service_issue_one_license(): void
    {
        $this->service();
        $this->sandbox->fault(self::SLOW);

        $answers = $this->answersOf(array_fill(0, 8, '$module->create($service)'));

        $this->assertSame(array_fill(0, 8, 'success'), $answers);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->rows());
        // Each took its lock back.
        $this->assertSame(['issue done'], $this->journal());
        $this->assertCount(1, $this->rows(self::JOURNAL));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_eight_creates_of_eight_services_issue_eight_licenses_at_once(): void
    {
        $this->createTables();
        foreach (range(100, 107) as $id) {
            $this->service(['id' => $id]);
        }
        $this->sandbox->fault(self::SLOW);

        $answers = $this->answersOf(array_map(
            fn (int $id) => "\$module->create(WHMCS\\Service\\Service::find($id))",
            range(100, 107)
        ));

        $this->assertSame(array_fill(0, 8, 'success'), $answers);
        $this->assertSame(array_fill(0, 8, 'POST /license'), $this->sandbox->requestLines());
        $this->assertEqualsCanonicalizing(range(100, 107), array_column($this->activeRows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_four_creates_of_a_quantity_of_three_issue_three(): void
    {
        $this->service(['qty' => 3]);
        $this->sandbox->fault(['ms' => 50] + self::SLOW);

        $answers = $this->answersOf(array_fill(0, 4, '$module->create($service)'));

        $this->assertSame(array_fill(0, 4, 'success'), $answers);
        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertSame(array_fill(0, 3, 'issue done'), $this->journal());
        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_four_terminates_revoke_once(): void
    {
        $this->issued($this->service());
        $this->sandbox->fault(self::SLOW);

        $answers = $this->answersOf(array_fill(0, 4, '$module->terminate($service)'));

        $this->assertSame(array_fill(0, 4, 'success'), $answers);
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** Terminate saw no license yet, or one of two. */
    public function test_terminate_beside_a_running_create_leaves_no_license(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $this->module->terminate($service);
        $this->faultOn('POST', '/license', ['fault' => 'delay', 'ms' => 600, 'when' => 'after']);
        $create = $this->apart('$module->create($service)');
        $this->waitFor(fn () => count($this->sandbox->requests()) === 5);

        $answer = $this->module->terminate($service);

        $this->answerOf($create);
        $this->assertSame('success', $answer);
        $this->assertSame([], $this->sandbox->activeLicenses());
        $this->assertSame([], $this->activeRows());
        $this->assertSame('', $this->keptKey($service));
        $lines = array_count_values($this->sandbox->requestLines());
        $this->assertSame($lines['POST /license'], $lines['DELETE /license']);
        $this->assertNull($this->openEntry());
    }

    public function test_create_and_terminate_at_once_leave_no_unknown_license(): void
    {
        $this->issued($this->service());
        $this->sandbox->fault(self::SLOW);

        $this->answersOf(['$module->terminate($service)', '$module->create($service)', '$module->terminate($service)']);

        $this->assertEveryLicenseIsKnown();
        $this->assertLessThanOrEqual(1, count($this->activeRows()));
        $this->assertNull($this->openEntry());
    }

    /** Two services of one order meet in the row of the PHP module. */
    public function test_a_row_of_the_php_module_is_given_once(): void
    {
        $this->sandbox->reset(['licenses' => [['license_key' => 'jetpack-complete_OLD', 'issued_at' => '2020-09-08 16:14:58']]]);
        $this->rowOfThePhpModule(500, 1, 'jetpack-complete_OLD');
        $this->service();
        $this->service(['id' => 101]);
        $second = '$module->create(WHMCS\Service\Service::find(101))';

        $answers = $this->answersOf(['$module->create($service)', $second, '$module->create($service)', $second]);

        $this->assertSame(array_fill(0, 4, 'success'), $answers);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEqualsCanonicalizing([100, 101], array_column($this->activeRows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
    }

    /** Out of memory, a restart, a time limit, while Jetpack is thinking. */
    public function test_of_a_process_killed_during_its_request_nothing_is_issued_again(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();
        $this->killedDuring('$module->create($service)', 'POST');

        $answer = $this->module->create($service);

        $this->assertSentence($answer, 'is issued again by itself', 'partner portal');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertContains('issue unknown', $this->journal());
        $this->assertNull($this->openEntry());

        $this->module->saveAdminTab($service, ['jetpack_found_license_key' => 'jetpack-complete_KEY1']);
        $this->assertSame('success', $this->module->create($service));
        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** Neither staff who enter its key nor the daily run wait for the lock of a command. */
    public function test_a_lost_answer_that_is_decided_at_any_step_of_a_create_leaves_one_license(): void
    {
        for ($step = 1; $step < 100; $step++) {
            $this->setUp();
            $service = $this->service();
            $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
            $this->assertSentence($this->module->create($service), 'It is not known whether');
            $bed = (string) tempnam((string) getenv('TEST_DIR'), 'bed');
            file_put_contents("$bed.sh", "#!/bin/sh\n: >$bed.used\nwhile [ -e $bed ]; do sleep 0.01; done\n");
            chmod("$bed.sh", 0700);
            $create = $this->apart('$module->create($service)', [], [], ['STOP_POINT' => (string) $step, 'STOP_POINT_RUN' => "$bed.sh"]);
            $this->waitFor(static fn (): bool => file_exists("$bed.used") || !$create->isRunning());
            $isBeyond = !file_exists("$bed.used");

            $this->module->saveAdminTab($service, ['jetpack_found_license_key' => $this->sandbox->licenses()[0]['license_key']]);

            unlink($bed);
            $answer = $this->answerOf($create);
            $answer === 'success' || $this->assertSentence($answer, 'is issued again by itself');
            $this->assertCount(1, $this->activeRows(), "decided at step $step");
            $this->assertCount(1, $this->sandbox->licenses(), "decided at step $step");
            if ($isBeyond) {
                break;
            }
        }
        $this->assertGreaterThan(8, $step);
    }

    public function test_of_a_process_killed_during_its_revocation_the_next_call_finds_out(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->killedDuring('$module->terminate($service)', 'DELETE');

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license', 'DELETE /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke done', 'revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * The tab and the customer's page must not wait for it, nor say that there is none.
     */
    public function test_before_anybody_acts_the_tab_shows_that_a_request_is_under_way(): void
    {
        $service = $this->service();
        $this->killedDuring('$module->create($service)', 'POST');

        $tab = $this->module->adminTab($service);

        $this->assertStringContainsString('… sent', $tab['Last Operations']);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /**
     * Rows that a dead process left behind.
     *
     * @dataProvider abandoned
     * @param array<string, mixed> $row
     * @param array<int, string> $lines
     */
    public function test_the_row_of_a_dead_process_is_closed(array $row, array $lines, string $journal): void
    {
        $this->issued($this->service(['id' => 101]));
        $this->leaveBehind($row);

        $answer = $this->module->create($this->service());

        $lines === [] ? $this->assertSentence($answer, 'is issued again by itself') : $this->assertSame('success', $answer);
        $this->assertSame(['POST /license', ...$lines], $this->sandbox->requestLines());
        $this->assertContains($journal, $this->journal());
        $this->assertNull($this->openEntry());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function abandoned(): array
    {
        $eleven = ['host' => 'another machine', 'begun_at' => gmdate('Y-m-d H:i:s', time() - 660)];
        return [
            'nothing was sent' => [['state' => 'begun', 'process' => '1:99999999999'], ['POST /license'], 'issue failed'],
            'it was sent' => [['state' => 'sent', 'process' => '1:99999999999'], [], 'issue unknown'],
            'eleven minutes ago elsewhere, nothing was sent' => [['state' => 'begun'] + $eleven, ['POST /license'], 'issue failed'],
            'eleven minutes ago elsewhere, it was sent' => [['state' => 'sent'] + $eleven, [], 'issue unknown'],
        ];
    }

    /** What another machine does can be known only by waiting. */
    public function test_while_another_machine_is_at_work_it_says_so_after_ten_seconds(): void
    {
        $this->issued($this->service(['id' => 101]));
        $this->leaveBehind(['state' => 'sent', 'host' => 'another machine']);
        $begun = microtime(true);

        $answer = $this->module->create($this->service());

        $this->assertSentence($answer, 'already running', 'run this again');
        $this->assertEqualsWithDelta(10, microtime(true) - $begun, 2);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'issue sent'], $this->journal());
    }

    /** @param array<int, string> $expressions @return array<int, string> */
    private function answersOf(array $expressions): array
    {
        $children = array_map(fn (string $expression) => $this->apart($expression), $expressions);
        return array_map(fn (ChildProcess $child) => $this->answerOf($child), $children);
    }

    /** A process that Jetpack has heard and that never hears Jetpack. */
    private function killedDuring(string $expression, string $method): void
    {
        $this->faultOn($method, '/license', ['fault' => 'delay', 'ms' => 1500, 'when' => 'after']);
        $child = $this->apart($expression);
        $acted = fn (array $request) => $request['method'] === $method && $request['acted'];
        $this->waitFor(fn () => array_filter($this->sandbox->requests(), $acted) !== []);
        $child->kill();
        $child->wait();
    }

    /** @param array<string, mixed> $row an open journal row of service 100, on this machine unless it says otherwise */
    private function leaveBehind(array $row): void
    {
        $now = gmdate('Y-m-d H:i:s');
        Capsule::table(self::JOURNAL)->insert($row + [
            'module' => 'jetpack', 'owner_type' => 'service', 'owner_id' => 100, 'operation' => 'issue',
            'open_key' => 'jetpack:service:100', 'asked' => 'issue a license for jetpack-complete',
            'begun_at' => $now, 'sent_at' => $row['state'] === 'sent' ? $now : null,
            'host' => $this->rows(self::JOURNAL)[0]['host'], 'process' => '1:1',
        ]);
    }

    private function openEntry(): ?object
    {
        return Capsule::table(self::JOURNAL)->whereNotNull('open_key')->first();
    }
}
