<?php

declare(strict_types=1);

// MariaDB gets SIGKILL at the steps of each function: back at once, and away until the function has ended.

namespace Tests\Reliability;

use Tests\Support\CometSweepTestCase;
use Tests\Support\DatabaseSweep;

final class CometDatabaseKillTest extends CometSweepTestCase
{
    use DatabaseSweep;

    /** @return array<string, array{string}> */
    public static function killedFunctions(): array
    {
        return self::functions() + ['DailyDeletion' => ['DailyDeletion']];
    }

    /** @dataProvider killedFunctions */
    public function test_with_the_database_back_at_once_what_was_sent_is_written_down(string $function): void
    {
        $points = $this->pointsOfFunction($function);
        foreach (self::toKillAt($points) as $number => $point) {
            $id = 100 + $number;
            $this->prepare($function, $id);
            $this->tellingWhere("$function, database restarted at $number, $point", function () use ($function, $points, $number, $id): void {
                $answer = $this->runWithRestartAt($number, $this->code($function, $id));
                if (self::mustFinish($points, $number)) {
                    $this->assertSame('success', $answer);
                }
                $answer === 'success' ? $this->assertEnd($function, $id) : $this->assertSentence($answer);
                $this->assertNothingLost($function, $id);
                $this->finish($function, $id);
            });
        }
        $this->note("$function, database back at once: " . count($points) . ' points, ' . count(self::toKillAt($points)) . ' kills');
    }

    /** @dataProvider functionsForAnAbsence */
    public function test_with_the_database_away_the_answer_tells_and_no_account_is_forgotten(string $function): void
    {
        $points = $this->pointsOfFunction($function);
        foreach (self::toKillAt($points) as $number => $point) {
            $id = 100 + $number;
            $this->prepare($function, $id);
            $this->tellingWhere("$function, database away from $number, $point", function () use ($function, $number, $id): void {
                $answer = $this->runWithoutDatabaseFrom($number, $this->bareCode($function, $id));
                $answer === 'success' ? $this->assertHeld($function, $id) : $this->assertSentence($answer);
                $this->assertNothingLost($function, $id);
                $this->finish($function, $id);
            });
        }
        $this->note("$function, database away: " . count($points) . ' points, ' . count(self::toKillAt($points)) . ' kills');
    }

    /** Each takes seconds, because the function tries for seconds. @return array<string, array{string}> */
    public static function functionsForAnAbsence(): array
    {
        $some = array_flip(['Create', 'Terminate']);

        return self::isTorture() ? self::killedFunctions() : array_intersect_key(self::killedFunctions(), $some);
    }
}
