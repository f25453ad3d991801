<?php

declare(strict_types=1);

// Different functions for one Comet service at the same moment: the end is one that some order of them would give.

namespace Tests\Reliability;

use WHMCS\Database\Capsule;

final class CometMixedRaceTest extends CometRaces
{
    private const STARTS = ['none', 'made', 'suspended', 'terminated'];
    private const SETS = [
        ['CreateAccount', 'TerminateAccount'],
        ['CreateAccount', 'SuspendAccount'],
        ['TerminateAccount', 'ChangePackage'],
        ['SuspendAccount', 'ChangePackage'],
        ['CreateAccount', 'TerminateAccount', 'SuspendAccount', 'ChangePackage'],
        ['CreateAccount', 'TerminateAccount', 'CreateAccount', 'TerminateAccount'],
        ['SuspendAccount', 'UnsuspendAccount', 'ChangePackage', 'CreateAccount'],
    ];
    private const NONE = ['account' => false, 'suspended' => false, 'devices' => 0];
    private const DEVICES = 'number_of_devices|Devices';

    public function test_functions_at_the_same_moment_end_as_some_order_of_them_would(): void
    {
        $this->settings(self::plan());
        $rounds = MixedRace::rounds(self::FIRST, self::STARTS, self::SETS, Rounds::of(1, 40));
        foreach ($rounds as $id => [$start]) {
            $this->prepare($id, $start);
        }
        $this->slowly();
        $begun = microtime(true);

        $answers = MixedRace::run('cometbackup', array_map(fn (array $round) => $round[1], $rounds));

        Rounds::note(count($rounds) . ' mixed meetings, Comet', $begun, array_merge(...array_map('array_values', $answers)));
        $wrong = [];
        foreach ($rounds as $id => [$start, $functions]) {
            $expected = SerialOrders::ends(self::start($start), MixedRace::outcome($functions, $answers[$id]), self::apply(...));
            $end = $this->end($id);
            if (!in_array($end, $expected, true)) {
                $wrong[] = "$start, " . json_encode([$functions, $answers[$id]]) . ' ended with ' . json_encode($end);
            }
        }
        $this->assertSame([], $wrong);
        $this->assertEveryAccountIsKnown();
        $this->assertNothingIsOpen();
    }

    private function prepare(int $id, string $start): void
    {
        $service = $this->service(['id' => $id]);
        $this->choose($id, [self::DEVICES => 3]);
        if ($start !== 'none') {
            $this->assertSame('success', $this->module->create($service));
        }
        match ($start) {
            'suspended' => $this->module->suspend($service),
            'terminated' => $this->module->terminate($service),
            default => null,
        };
        $this->choose($id, [self::DEVICES => 5]);
    }

    private function assertEveryAccountIsKnown(): void
    {
        $recorded = Capsule::table(self::ACCOUNTS)->where('state', 'created')->pluck('username')->all();
        $this->assertEqualsCanonicalizing($this->comet->accountNames(), $recorded);
        foreach ($this->comet->state()['accounts'] as $account) {
            $this->assertCount(1, $account['profile']['Destinations']);
        }
    }

    /** @return array{account: bool, suspended: bool, devices: int} */
    private function end(int $service): array
    {
        $record = $this->record($service);
        if (($record['state'] ?? 'ended') !== 'created') {
            return self::NONE;
        }
        $profile = $this->comet->profile($record['username']);

        return ['account' => true, 'suspended' => $profile['IsSuspended'], 'devices' => $profile['MaximumDevices']];
    }

    /** @return array{account: bool, suspended: bool, devices: int} */
    private static function start(string $start): array
    {
        return match ($start) {
            'none', 'terminated' => self::NONE,
            default => ['account' => true, 'suspended' => $start === 'suspended', 'devices' => 3],
        };
    }

    /**
     * What each function does to a service whose plan has five devices.
     *
     * @param array{account: bool, suspended: bool, devices: int} $state
     * @return array{account: bool, suspended: bool, devices: int}
     */
    private static function apply(array $state, string $function): array
    {
        if ($function === 'CreateAccount') {
            return ['account' => true, 'suspended' => $state['suspended'], 'devices' => 5];
        }
        if (!$state['account'] || $function === 'TerminateAccount') {
            return self::NONE;
        }
        return match ($function) {
            'SuspendAccount' => array_replace($state, ['suspended' => true]),
            'UnsuspendAccount' => array_replace($state, ['suspended' => false]),
            'ChangePackage' => array_replace($state, ['devices' => 5]),
        };
    }
}
