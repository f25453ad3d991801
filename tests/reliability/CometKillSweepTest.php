<?php

declare(strict_types=1);

// The PHP process gets SIGKILL before and after each request and each statement; then WHMCS runs the function again.

namespace Tests\Reliability;

use Tests\Support\CometSweepTestCase;

final class CometKillSweepTest extends CometSweepTestCase
{
    /** @return array<string, array{string}> */
    public static function sweptFunctions(): array
    {
        $more = ['SwitchOffSecondFactor', 'TerminateLater', 'Revive', 'DailyDeletion'];

        return self::functions() + array_combine($more, array_map(static fn (string $name): array => [$name], $more));
    }

    /** @dataProvider sweptFunctions */
    public function test_a_kill_at_any_point_loses_nothing_and_doubles_nothing(string $function): void
    {
        $points = $this->pointsOfFunction($function);
        foreach (self::toBreakAt($points) as $number => $point) {
            $this->prepare($function, 100 + $number);
            $this->breakAndFinish($function, 100 + $number, $number, $point);
        }
        $this->note("$function: " . count($points) . ' points, ' . count(self::toBreakAt($points)) . ' kills');
    }

    private function breakAndFinish(string $function, int $id, int $number, string $point): void
    {
        $this->tellingWhere("$function, killed at $number, $point", function () use ($function, $id, $number): void {
            $this->killAt($number, $this->code($function, $id));
            $this->assertNothingLost($function, $id);
            $this->finish($function, $id);
        });
    }
}
