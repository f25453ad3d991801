<?php

declare(strict_types=1);

// MariaDB gets SIGKILL at the steps of each function: back at once, and away until the function has ended.

namespace Tests\Reliability;

use Tests\Support\DatabaseSweep;
use Tests\Support\JetpackSweepTestCase;
use WHMCS\Database\Capsule;

final class JetpackDatabaseKillTest extends JetpackSweepTestCase
{
    use DatabaseSweep;

    /**
     * @dataProvider functions
     * @param list<string> $end
     */
    public function test_with_the_database_back_at_once_what_was_sent_is_written_down(string $function, array $end): void
    {
        $points = $this->points($function, $end);
        foreach (self::toKillAt($points) as $number => $point) {
            $id = 100 + $number;
            $this->prepare($function, $id);
            $this->tellingWhere("$function, database restarted at $number, $point", function () use ($function, $end, $points, $number, $id): void {
                $answer = $this->runWithRestartAt($number, $this->code($function, $id));
                if (self::mustFinish($points, $number)) {
                    $this->assertSame('success', $answer);
                }
                $this->assertAnswer($function, $answer, $id, $end);
                $this->assertNothingLost($id, $end);
                $this->finish($function, $id, $end);
            });
        }
        $this->note("$function, database back at once: " . count($points) . ' points, ' . count(self::toKillAt($points)) . ' kills');
    }

    /**
     * @dataProvider functionsForAnAbsence
     * @param list<string> $end
     */
    public function test_with_the_database_away_the_answer_tells_and_no_license_is_forgotten(string $function, array $end): void
    {
        $points = $this->points($function, $end);
        foreach (self::toKillAt($points) as $number => $point) {
            $id = 100 + $number;
            $this->prepare($function, $id);
            $this->tellingWhere("$function, database away from $number, $point", function () use ($function, $end, $number, $id): void {
                $answer = $this->runWithoutDatabaseFrom($number, $this->bareCode($function, $id));
                foreach ($this->unknownLicenses() as $key) {
                    $lostBefore = in_array($key, $this->lostKeys, true);
                    // In a file that the next command reads; the answer tells of it.
                    $isKept = glob(getenv('TEST_DIR') . '/state/license-*') !== [] && str_contains((string) $answer, 'It is kept in');
                    $this->assertTrue($lostBefore || $isKept, "$key is not kept: $answer");
                }
                if ($answer === 'success') {
                    // The custom field is WHMCS's to write, which has no database either.
                    $this->assertHolds($id, $end);
                } elseif ($function !== 'EnterKey') {
                    $this->assertSentence($answer);
                }
                $this->assertNothingLost($id, $end);
                $this->finish($function, $id, $end);
            });
        }
        $this->note("$function, database away: " . count($points) . ' points, ' . count(self::toKillAt($points)) . ' kills');
    }

    /** Each takes seconds, because the function tries for seconds. @return array<string, array{string, list<string>}> */
    public static function functionsForAnAbsence(): array
    {
        $some = array_flip(['Create', 'Terminate']);

        return self::isTorture() ? self::functions() : array_intersect_key(self::functions(), $some);
    }

    /** @param list<string> $end @return list<string> of a run that nobody disturbs */
    private function points(string $function, array $end): array
    {
        $this->prepare($function, 100);
        $points = $this->pointsOf($this->code($function, 100));
        $this->assertEnd(100, $end);

        return $points;
    }

    /** "success" only where the end is reached. A site fails no order: what is left there the Activity Log tells. @param list<string> $end */
    private function assertAnswer(string $function, mixed $answer, int $id, array $end): void
    {
        if ($answer === 'success') {
            $own = $this->assertHolds($id, $end);
            if (($own[0]['site_step'] ?? null) === 'open') {
                $told = Capsule::table('tblactivitylog')->where('description', 'like', "%The license itself is issued%Service ID: $id")->count();
                // One is of the Create before, whose site did not answer.
                $this->assertGreaterThan($function === 'CheckActive' ? 1 : 0, $told);
                return;
            }
            $this->assertEnd($id, $end);
        } elseif ($function !== 'EnterKey') {
            $this->assertSentence($answer);
        }
    }
}
