<?php

declare(strict_types=1);

// MariaDB gets SIGKILL while a function is at one of its steps: what both sweeps with a dead database share.

namespace Tests\Support;

use WHMCS\Database\Capsule;

trait DatabaseSweep
{
    private static ?PrivateDatabase $database = null;
    /** @var array<string, string> the variables of the database that all other tests share */
    private static array $shared = [];

    public static function setUpBeforeClass(): void
    {
        self::$database = PrivateDatabase::start();
        foreach (self::$database->environment() as $name => $value) {
            self::$shared[$name] = (string) getenv($name);
            putenv("$name=$value");
        }
        parent::setUpBeforeClass();
    }

    public static function tearDownAfterClass(): void
    {
        parent::tearDownAfterClass();
        Capsule::connection()->disconnect();
        foreach (self::$shared as $name => $value) {
            putenv("$name=$value");
        }
        self::$database = null;
    }

    /** Runs the code; at its point `$number` MariaDB dies and comes back. The process lives on, so nobody takes it for dead. */
    protected function runWithRestartAt(int $number, string $code): mixed
    {
        return $this->runWithDatabase('restart', $number, $code, true);
    }

    /** Runs the code; at its point `$number` MariaDB dies, and is back only after the code has ended. */
    protected function runWithoutDatabaseFrom(int $number, string $code): mixed
    {
        $answer = $this->runWithDatabase('kill', $number, $code, false);
        self::$database->startAgain();

        return $answer;
    }

    /**
     * The points to kill the database at: the default run takes the end of a changing request, which must not be forgotten.
     *
     * @param list<string> $points
     * @return array<int, string> by number, from 1
     */
    protected static function toKillAt(array $points): array
    {
        $numbered = array_combine(range(1, count($points)), $points);
        $ends = array_filter($numbered, static fn (string $point): bool => str_starts_with($point, 'after '));
        if (self::isTorture()) {
            return $ends;
        }
        $changes = array_filter($ends, self::isChange(...)) ?: array_filter($numbered, static fn (string $p): bool => $p === 'before COMMIT');

        return array_slice($changes, -1, 1, true);
    }

    /**
     * From a changing request to what ends it in the journal, the COMMIT where that is a transaction: here the function must finish by
     * itself when the database is back.
     *
     * @param list<string> $points
     */
    protected static function mustFinish(array $points, int $number): bool
    {
        $changes = array_keys(array_filter(array_slice($points, 0, $number), self::isChange(...)));
        if ($changes === []) {
            return false;
        }
        $end = null;
        foreach (array_slice($points, end($changes) + 1, null, true) as $at => $point) {
            if (preg_match('/^before (POST|INSERT mod_whmcs_provisioning_journal)/', $point) === 1) {
                break;
            }
            if ($point === 'after COMMIT') {
                $end = $at;
                break;
            }
            if ($point === 'after UPDATE mod_whmcs_provisioning_journal') {
                $end ??= $at;
            }
        }

        return $end === null || $number - 1 < $end;
    }

    private static function isChange(string $point): bool
    {
        $posts = 'license|site|site-connection|add-user|set|request-storage-vault|set-user-profile-hash|reset-user-password|delete-user'
            . '|revoke-device';

        return preg_match("~^after (POST ($posts)|DELETE license)\$~", $point) === 1;
    }

    private function runWithDatabase(string $program, int $number, string $code, bool $livesOn): mixed
    {
        // Its own connection would be broken as well.
        Capsule::connection()->disconnect();
        $environment = ['STOP_POINT' => (string) $number, 'STOP_POINT_RUN' => self::$database->program($program)];
        $ended = $this->inNewProcess($code, $environment, $livesOn);
        $this->assertSame(0, $ended['end'], $ended['errors']);

        return $ended['answer'];
    }
}
