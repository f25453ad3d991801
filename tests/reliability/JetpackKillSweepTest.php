<?php

declare(strict_types=1);

// The PHP process gets SIGKILL before and after each request and each statement; then WHMCS runs the function again.

namespace Tests\Reliability;

use Tests\Host\Host;
use Tests\Support\JetpackSweepTestCase;

final class JetpackKillSweepTest extends JetpackSweepTestCase
{
    /**
     * @dataProvider functions
     * @param list<string> $end
     */
    public function test_a_kill_at_any_point_loses_nothing_and_doubles_nothing(string $function, array $end): void
    {
        $points = $this->pointsWithout($function, 100, $end);
        foreach (self::toBreakAt($points) as $number => $point) {
            $id = 100 + $number;
            $this->prepare($function, $id);
            $this->breakAndFinish($function, $id, $end, $number, $point);
        }
        $this->note("$function: " . count($points) . ' points, ' . count(self::toBreakAt($points)) . ' kills');
    }

    /** Nothing of ours exists yet in the database. */
    public function test_a_kill_at_any_point_of_the_first_create_ever_loses_nothing(): void
    {
        $end = self::functions()['Create'][1];
        $fresh = function (): void {
            Host::truncate(true);
            $this->sandbox->reset();
            Host::addClient(['id' => 10]);
            Host::addProduct($this->product(1));
            $this->prepare('Create', 100);
        };
        $this->withoutBystander();
        $fresh();
        $points = $this->pointsOf($this->code('Create', 100));
        $this->assertContains('before CREATE jetpack_product_licenses', $points);
        foreach (self::toBreakAt($points) as $number => $point) {
            $fresh();
            $this->breakAndFinish('Create', 100, $end, $number, $point);
        }
        $this->note('Create without tables: ' . count($points) . ' points, ' . count(self::toBreakAt($points)) . ' kills');
    }

    /** @param list<string> $end @return list<string> the points of a run that nobody disturbs */
    private function pointsWithout(string $function, int $id, array $end): array
    {
        if (in_array($function, ['CreateByList', 'EnterKey'], true)) {
            // The first that takes a found license makes the table of claims.
            $this->prepare($function, 98);
            $this->answerOfNewProcess($this->code($function, 98));
            $this->assertEnd(98, $end);
        }
        $this->prepare($function, $id);
        $points = $this->pointsOf($this->code($function, $id));
        $this->assertEnd($id, $end);

        return $points;
    }

    /** @param list<string> $end */
    private function breakAndFinish(string $function, int $id, array $end, int $number, string $point): void
    {
        $this->tellingWhere("$function, killed at $number, $point", function () use ($function, $id, $end, $number): void {
            $this->killAt($number, $this->code($function, $id));
            $this->assertNothingLost($id, $end);
            $this->finish($function, $id, $end);
        });
    }
}
