<?php

declare(strict_types=1);

// The journal when its database is in trouble, and when other processes cannot be seen.

namespace Tests\Jetpack;

use Tests\Support\ChildProcess;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class JournalTest extends JetpackTestCase
{
    private const SIGNAL = "SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO=1213, MESSAGE_TEXT='Deadlock found';";

    protected function tearDown(): void
    {
        Capsule::schema()->dropIfExists('deadlocks_left');
    }

    /** Galera refuses statements so, too. */
    public function test_after_a_deadlock_before_sending_nothing_is_sent_and_another_worker_goes_on_at_once(): void
    {
        $this->createTables();
        $service = $this->service();
        $this->trigger('BEFORE INSERT', "IF NEW.state='sent' THEN " . self::SIGNAL . ' END IF;');

        $answer = $this->module->create($service);

        $this->assertSentence($answer, 'Could not write the journal', '1213');
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows(self::JOURNAL));

        Capsule::connection()->unprepared('DROP TRIGGER trouble');
        $begun = microtime(true);
        $this->assertSame('success', $this->answerOf($this->apart('$module->create($service)')));

        $this->assertLessThan(5, microtime(true) - $begun);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array{string}> */
    public static function undone(): array
    {
        return [
            'a deadlock' => [self::SIGNAL],
            'no number for the row' => ["SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO=1467, MESSAGE_TEXT='Failed to read auto-increment value';"],
        ];
    }

    /** @dataProvider undone */
    public function test_what_the_server_undid_at_its_beginning_is_begun_again(string $signal): void
    {
        $this->createTables();
        $service = $this->service();
        // MyISAM: the refused statement does not take the counting back.
        Capsule::connection()->statement('CREATE TABLE deadlocks_left ENGINE=MyISAM SELECT 2 AS n');
        $this->trigger(
            'BEFORE INSERT',
            'IF (SELECT n FROM deadlocks_left) > 0 THEN UPDATE deadlocks_left SET n=n-1; ' . $signal . ' END IF;'
        );

        $this->assertSame('success', $this->module->create($service));

        $this->assertEquals(0, Capsule::table('deadlocks_left')->value('n'));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** An upgrade that stopped half way, or a restored backup. */
    public function test_a_table_that_lacks_a_column_is_told_and_nothing_is_sent(): void
    {
        $this->createTables();
        $this->service();
        Capsule::connection()->statement('ALTER TABLE ' . self::JOURNAL . ' DROP COLUMN host');

        $answer = $this->answerOf($this->apart('$module->create($service)', [], ['timeout', '-s', 'KILL', '12']));

        $this->assertSentence($answer, 'Could not write the journal', '1054', 'Check the database');
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->journal());
    }

    /** With autocommit off the row would be gone with the process, and the license issued twice. */
    public function test_on_a_server_with_autocommit_off_the_row_is_there_while_the_request_is_under_way(): void
    {
        $this->createTables();
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'delay', 'ms' => 1000, 'when' => 'after']);
        self::asRoot('SET GLOBAL autocommit=0');
        try {
            $child = $this->apart('$module->create($service)');
            $this->waitFor(fn () => array_column($this->sandbox->requests(), 'acted') === [true]);
            $seen = $this->journal();
            $child->kill();
            $child->wait();
        } finally {
            self::asRoot('SET GLOBAL autocommit=1');
        }

        $this->assertSame(['issue sent'], $seen);
        $this->assertSentence($this->module->create($service), 'is issued again by itself');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue unknown'], $this->journal());
    }

    /** A machine that was suspended, or a process that was stopped, for longer than any request may take. */
    public function test_who_slept_until_its_lock_was_taken_over_sends_nothing(): void
    {
        $this->createTables();
        $service = $this->service();
        // The first INSERT is that of the lock.
        [$sleeper, $bed] = $this->asleepAt('before INSERT ' . self::JOURNAL, [], 1);
        $this->minutesPass(11);
        $answer = $this->module->create($service);
        unlink($bed);

        $this->assertSame('success', $answer);
        $this->assertSentence($this->answerOf($sleeper), 'already running');
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame(['turn failed', 'issue done'], array_map(
            fn (array $row) => "$row[operation] $row[state]",
            $this->rows(self::JOURNAL)
        ));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_who_slept_until_a_person_decided_does_not_open_the_question_again(): void
    {
        $this->createTables();
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        [$sleeper, $bed] = $this->asleepAt('after POST license');
        $this->minutesPass(11);
        $answer = $this->module->custom($service, 'IssueAgain');
        unlink($bed);

        $this->assertSame('success', $answer);
        $this->assertSentence($this->answerOf($sleeper), 'not known');
        $this->assertSame(['issue failed', 'issue done'], $this->journal());
        $this->assertSame('success', $this->module->create($service));
        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** The other process has read the row, and is about to close it. */
    public function test_who_wakes_up_in_time_is_not_taken_for_dead(): void
    {
        $this->createTables();
        $this->service();
        [$first, $bed] = $this->asleepAt('before UPDATE ' . self::JOURNAL);
        $this->minutesPass(11);
        [$second, $anotherBed] = $this->asleepAt('before UPDATE ' . self::JOURNAL);
        unlink($bed);
        $answers = [$this->answerOf($first)];
        unlink($anotherBed);
        $answers[] = $this->answerOf($second);

        $this->assertSame(['success', 'success'], $answers);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_each_request_extends_the_lock_by_what_it_and_the_question_after_it_may_take(): void
    {
        $this->createTables();
        $this->service();
        $ini = ['whmcs_provisioning.request_timeout' => '100'];
        [$sleeper, $bed] = $this->asleepAt('after POST license', $ini);
        $lasts = 'TIMESTAMPDIFF(SECOND, (SELECT MAX(sent_at) FROM ' . self::JOURNAL . '), expires_at)';
        $lock = Capsule::table(self::JOURNAL)->whereNotNull('open_key')->value(Capsule::raw($lasts));
        unlink($bed);

        $this->assertSame('success', $this->answerOf($sleeper));
        // Two exchanges of 100 seconds, which are repeated within 30, and 30 for the database.
        $this->assertSame(290, (int) $lock);
    }

    /** The clock of the database was set back while a command ran on a machine that is gone. */
    public function test_a_row_whose_end_lies_in_a_far_future_counts_as_over(): void
    {
        $this->createTables();
        $service = $this->service();
        $year = Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR');
        Capsule::table(self::JOURNAL)->insert([
            'module' => 'jetpack', 'owner_type' => 'service', 'owner_id' => 100, 'operation' => 'issue', 'state' => 'begun',
            'open_key' => 'jetpack:service:100', 'asked' => 'issue a license for jetpack-complete',
            'begun_at' => $year, 'expires_at' => $year, 'host' => 'another machine', 'process' => '1:1',
        ]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['issue failed', 'issue done'], $this->journal());
    }

    /**
     * hidepid, or a jail without /proc: who cannot be seen may live.
     *
     * @dataProvider hidden
     */
    public function test_where_processes_are_hidden_a_row_of_a_living_one_is_not_taken_over(bool $first, string $hide): void
    {
        exec('unshare -rm true 2>/dev/null', $nothing, $refused);
        if ($refused !== 0) {
            $this->markTestSkipped('This machine lets nobody have a mount namespace of their own.');
        }
        $this->createTables();
        $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'delay', 'ms' => 1000, 'when' => 'after']);
        $launcher = ['unshare', '-rm', 'sh', '-ec', $hide . '; exec "$@"', 'sh'];
        $working = $this->apart('$module->create($service)', [], $first ? $launcher : []);
        $this->waitFor(fn () => $this->sandbox->requestLines() !== []);

        $answer = $this->answerOf($this->apart('$module->create($service)', [], $launcher));

        $this->assertSame(['success', 'success'], [$this->answerOf($working), $answer]);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> whether the first process sees as little as the second, and how it is hidden */
    public static function hidden(): array
    {
        $onlyItself = 'd=$(mktemp -d -p "$TEST_DIR"); cd /proc; cp --parents sys/kernel/hostname sys/kernel/random/boot_id $$/stat $d; '
            . 'mkdir -p $d/self/ns; ln -s "$(readlink self/ns/pid)" $d/self/ns/pid; cd /; mount --bind $d /proc';
        return [
            'no /proc for both' => [true, 'mount -t tmpfs none /proc'],
            'the second sees itself only' => [false, $onlyItself],
        ];
    }

    /**
     * A Create of service 100 that sleeps at a stop point for as long as its bed is there, twenty seconds at most.
     *
     * @param array<string, string> $ini
     * @param int $passes how often it passes the point before it sleeps there
     * @return array{ChildProcess, string}
     */
    private function asleepAt(string $point, array $ini = [], int $passes = 0): array
    {
        $bed = (string) tempnam((string) getenv('TEST_DIR'), 'bed');
        $sleep = "for n in \$(seq 2000); do [ -e '$bed' ] || exit 0; sleep 0.01; done";
        $pass = "echo >>'$bed.passed'; [ \$(wc -l <'$bed.passed') -gt $passes ] || exit 0";
        file_put_contents("$bed.sh", "#!/bin/sh\n$pass\n: >'$bed.used'\n$sleep\n");
        chmod("$bed.sh", 0700);
        $sleeper = $this->apart('$module->create($service)', $ini, ['env', "STOP_POINT=$point", "STOP_POINT_RUN=$bed.sh"]);
        $this->waitFor(fn () => file_exists("$bed.used"));

        return [$sleeper, $bed];
    }

    private function trigger(string $when, string $body): void
    {
        self::asRoot("CREATE TRIGGER trouble $when ON " . self::JOURNAL . " FOR EACH ROW BEGIN $body END");
    }
}
