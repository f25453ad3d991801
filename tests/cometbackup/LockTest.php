<?php

declare(strict_types=1);

// The lock on a service: who lost it sends nothing more, how long it holds, and what an earlier version left.

namespace Tests\Cometbackup;

use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class LockTest extends CometTestCase
{
    /** A machine that was suspended, or a server that took its time, for longer than the lock holds. */
    public function test_who_slept_until_its_lock_was_taken_over_sends_nothing_more(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        [$sleeper, $bed] = $this->createAsleepAt('after POST ' . self::ADD);
        $this->minutesPass(30);
        $second = $this->module->create($service);
        $sent = $this->comet->endpoints();
        unlink($bed);

        $first = $sleeper->wait()['output'];

        $this->assertSame('success', $second);
        $this->assertSentence($first, 'Another operation for this service is already running since');
        $this->assertSame($sent, $this->comet->endpoints());
        $this->assertSame(1, array_count_values($sent)[self::ADD]);
        $this->assertSame(1, array_count_values($sent)[self::REQUEST_VAULT]);
        $this->assertOnlyAccount(self::NAME);
        $this->assertSame(0, Capsule::table(self::JOURNAL)->whereNotNull('open_key')->count());
    }

    /** The other one has read that the lock is over, and is about to take it. */
    public function test_who_writes_down_its_next_request_in_time_keeps_the_lock(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $this->service();
        [$first, $bed] = $this->createAsleepAt('after POST ' . self::ADD);
        $this->minutesPass(30);
        [$second, $anotherBed] = $this->createAsleepAt('before UPDATE ' . self::JOURNAL);
        unlink($bed);
        $answers = [$first->wait()['output']];
        unlink($anotherBed);
        $answers[] = $second->wait()['output'];

        $this->assertSame(['success', 'success'], $answers);
        $this->assertSame(1, array_count_values($this->comet->endpoints())[self::REQUEST_VAULT]);
        $this->assertNotContains('unknown', Capsule::table(self::JOURNAL)->pluck('state')->all());
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_each_request_extends_the_lock_by_what_it_and_the_questions_after_it_may_take(): void
    {
        $this->service();
        ini_set('whmcs_provisioning.request_timeout', '100');
        [$first, $bed] = $this->createAsleepAt('after POST ' . self::ADD, ['whmcs_provisioning.request_timeout' => '100']);
        $lasts = 'TIMESTAMPDIFF(SECOND, (SELECT MAX(sent_at) FROM ' . self::JOURNAL . '), expires_at)';
        $lock = Capsule::table(self::JOURNAL)->whereNotNull('open_key')->value(Capsule::raw($lasts));
        unlink($bed);

        $this->assertSame('success', $first->wait()['output']);
        // Five exchanges of 100 seconds, which are repeated within 30, and 30 for the database.
        $this->assertSame(680, (int) $lock);
    }

    /** @dataProvider ofAnEarlierVersion */
    public function test_a_journal_of_an_earlier_version_is_upgraded_by_the_next_command(int $minutes, string $state): void
    {
        $service = $this->created();
        $before = Capsule::table(self::JOURNAL)->orderBy('id')->get(['id', 'operation', 'asked', 'state', 'begun_at'])->toArray();
        Capsule::connection()->statement('ALTER TABLE ' . self::JOURNAL . ' DROP COLUMN expires_at');
        Capsule::table(self::JOURNAL)->insert([
            'module' => 'cometbackup', 'owner_type' => 'service', 'owner_id' => 200, 'operation' => 'turn', 'state' => 'begun',
            'open_key' => 'cometbackup:service:200', 'asked' => 'work on the service', 'host' => 'another machine', 'process' => '1:1',
            'begun_at' => Capsule::raw("UTC_TIMESTAMP() - INTERVAL $minutes MINUTE"),
        ]);

        $answer = $this->module->suspend($service);

        $minutes < 10 ? $this->assertSentence($answer, 'already running since') : $this->assertSame('success', $answer);
        $this->assertTrue(Capsule::schema()->hasColumn(self::JOURNAL, 'expires_at'));
        $after = Capsule::table(self::JOURNAL)->orderBy('id')->limit(count($before))->get(['id', 'operation', 'asked', 'state', 'begun_at']);
        $this->assertEquals($before, $after->toArray());
        $this->assertSame($state, Capsule::table(self::JOURNAL)->where('host', 'another machine')->value('state'));
    }

    /** @return array<string, array{int, string}> its ten minutes go on */
    public static function ofAnEarlierVersion(): array
    {
        return ['nine minutes old' => [9, 'begun'], 'eleven minutes old' => [11, 'failed']];
    }

    public function test_a_database_user_who_may_not_alter_is_told_which_right_is_missing(): void
    {
        $service = $this->created();
        $sent = count($this->comet->endpoints());
        Capsule::connection()->statement('ALTER TABLE ' . self::JOURNAL . ' DROP COLUMN expires_at');

        $answer = $this->apart('$module->suspend($service)', self::userWith('SELECT, INSERT, UPDATE, DELETE, CREATE'))->wait()['output'];

        $this->assertSentence($answer, 'Could not add the column expires_at to the table ' . self::JOURNAL, 'needs the right ALTER', '1142');
        $this->assertCount($sent, $this->comet->endpoints());
        $this->assertSame('success', $this->module->suspend($service));
    }

    /** The clock of the database was set back while a command ran on a machine that is gone. */
    public function test_a_lock_whose_end_lies_in_a_far_future_counts_as_over(): void
    {
        $service = $this->created();
        Capsule::table(self::JOURNAL)->insert([
            'module' => 'cometbackup', 'owner_type' => 'service', 'owner_id' => 200, 'operation' => 'turn', 'state' => 'begun',
            'open_key' => 'cometbackup:service:200', 'asked' => 'work on the service', 'host' => 'another machine', 'process' => '1:1',
            'begun_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR'), 'expires_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR'),
        ]);

        $this->assertSame('success', $this->module->suspend($service));
    }

    /**
     * A Create that sleeps at a stop point for as long as its bed is there, twenty seconds at most.
     *
     * @param array<string, string> $ini
     * @return array{ChildProcess, string}
     */
    private function createAsleepAt(string $point, array $ini = []): array
    {
        $bed = (string) tempnam((string) getenv('TEST_DIR'), 'bed');
        $sleep = "for n in \$(seq 2000); do [ -e '$bed' ] || exit 0; sleep 0.01; done";
        file_put_contents("$bed.sh", "#!/bin/sh\n: >'$bed.used'\n$sleep\n");
        chmod("$bed.sh", 0700);
        $sleeper = $this->apart(
            '$module->create($service)',
            $ini + ['whmcs_provisioning.request_timeout' => '3'],
            [],
            ['STOP_POINT' => $point, 'STOP_POINT_RUN' => "$bed.sh"]
        );
        for ($wait = 0; !file_exists("$bed.used"); ++$wait) {
            $this->assertLessThan(2000, $wait, 'It did not come that far within twenty seconds.');
            usleep(10_000);
        }

        return [$sleeper, $bed];
    }
}
