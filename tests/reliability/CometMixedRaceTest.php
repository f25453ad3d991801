<?php

declare(strict_types=1);

// What functions of one Comet service do to each other when they come at the same moment.

namespace Tests\Reliability;

use WHMCS\Database\Capsule;

final class CometMixedRaceTest extends CometRaces
{
    use MixedRace;

    private const TIMES = 1;
    private const STARTS = ['none', 'made', 'suspended', 'terminated'];
    private const SETS = [
        ['CreateAccount', 'TerminateAccount'],
        ['CreateAccount', 'SuspendAccount'],
        ['TerminateAccount', 'ChangePackage'],
        ['SuspendAccount', 'ChangePackage'],
        ['CreateAccount', 'TerminateAccount', 'SuspendAccount', 'ChangePackage'],
        ['CreateAccount', 'TerminateAccount', 'CreateAccount', 'TerminateAccount'],
        ['SuspendAccount', 'UnsuspendAccount', 'ChangePackage', 'CreateAccount'],
        ['RemoveOldDevice', 'TerminateAccount', 'SwitchOffSecondFactor', 'RemoveOldDevice'],
        ['RemoveOldDevice', 'SuspendAccount', 'SwitchOffSecondFactor', 'ChangePackage'],
    ];
    private const NONE = ['account' => false, 'suspended' => false, 'devices' => 0, 'old device' => false, 'second factor' => false];
    private const DEVICES = 'number_of_devices|Devices';

    protected function prepareWorld(): void
    {
        parent::prepareWorld();
        $this->settings(self::plan());
    }

    protected function prepare(int $id, string $start): void
    {
        $service = $this->service(['id' => $id]);
        $this->choose($id, [self::DEVICES => 3]);
        if ($start !== 'none') {
            $this->assertSame('success', $this->module->create($service));
            $this->inUse($id);
        }
        match ($start) {
            'suspended' => $this->module->suspend($service),
            'terminated' => $this->module->terminate($service),
            default => null,
        };
        $this->choose($id, [self::DEVICES => 5]);
    }

    protected function assertAllIsKnown(): void
    {
        $recorded = Capsule::table(self::ACCOUNTS)->where('state', 'created')->pluck('username')->all();
        $this->assertEqualsCanonicalizing($this->comet->accountNames(), $recorded);
        foreach ($this->comet->state()['accounts'] as $account) {
            $this->assertCount(1, $account['profile']['Destinations']);
        }
    }

    protected function ends(array $services): array
    {
        $accounts = $this->comet->state()['accounts'];
        $end = function (int $service) use ($accounts): array {
            $record = $this->record($service);
            $is_created = ($record['state'] ?? 'ended') === 'created';

            return $is_created ? self::of($accounts[$record['username']]['profile']) : self::NONE;
        };

        return array_combine($services, array_map($end, $services));
    }

    /** @param array<string, mixed> $profile @return array<string, bool|int> */
    private static function of(array $profile): array
    {
        return [
            'account' => true,
            'suspended' => $profile['IsSuspended'],
            'devices' => $profile['MaximumDevices'],
            'old device' => isset($profile['Devices'][Contestant::OLD_DEVICE]),
            'second factor' => $profile['AllowPasswordAndTOTPLogin'],
        ];
    }

    /** @return array<string, bool|int> */
    protected static function start(string $start): array
    {
        return match ($start) {
            'none', 'terminated' => self::NONE,
            default => ['account' => true, 'suspended' => $start === 'suspended', 'devices' => 3, 'old device' => true, 'second factor' => true],
        };
    }

    /**
     * What each function does to a service whose plan has five devices.
     *
     * @param array<string, bool|int> $state
     * @return array<string, bool|int>
     */
    protected static function apply(array $state, string $function): array
    {
        if ($function === 'CreateAccount') {
            return array_replace($state, ['account' => true, 'devices' => 5]);
        }
        if (!$state['account'] || $function === 'TerminateAccount') {
            return self::NONE;
        }
        return match ($function) {
            'SuspendAccount' => array_replace($state, ['suspended' => true]),
            'UnsuspendAccount' => array_replace($state, ['suspended' => false]),
            'ChangePackage' => array_replace($state, ['devices' => 5]),
            'RemoveOldDevice' => array_replace($state, ['old device' => false]),
            'SwitchOffSecondFactor' => array_replace($state, ['second factor' => false]),
        };
    }
}
