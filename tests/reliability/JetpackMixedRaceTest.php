<?php

declare(strict_types=1);

// Different functions for one service at the same moment: the end is one that some order of them would give.

namespace Tests\Reliability;

use WHMCS\Database\Capsule;

final class JetpackMixedRaceTest extends JetpackRaces
{
    private const STARTS = ['none', 'licensed', 'suspended', 'terminated'];
    private const SETS = [
        ['CreateAccount', 'TerminateAccount'],
        ['CreateAccount', 'SuspendAccount'],
        ['CreateAccount', 'ChangePackage'],
        ['TerminateAccount', 'ChangePackage'],
        ['SuspendAccount', 'ChangePackage'],
        ['UnsuspendAccount', 'TerminateAccount'],
        ['UnsuspendAccount', 'ChangePackage'],
        ['CreateAccount', 'TerminateAccount', 'SuspendAccount', 'ChangePackage'],
        ['CreateAccount', 'TerminateAccount', 'CreateAccount', 'TerminateAccount'],
    ];
    private const OLD = 'jetpack-complete';
    private const NEW = 'jetpack-scan';

    public function test_functions_at_the_same_moment_end_as_some_order_of_them_would(): void
    {
        foreach ([1 => self::OLD, 2 => self::NEW] as $id => $slug) {
            Capsule::table('tblproducts')->updateOrInsert(['id' => $id], $this->product($id, $slug, [self::ON_SUSPENSION => 'revoke']));
        }
        $rounds = MixedRace::rounds(self::FIRST, self::STARTS, self::SETS, Rounds::of(2, 40));
        foreach ($rounds as $id => [$start]) {
            $this->prepare($id, $start);
        }
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 20, 'times' => 0]);
        $begun = microtime(true);

        $answers = MixedRace::run('jetpack', array_map(fn (array $round) => $round[1], $rounds));

        Rounds::note(count($rounds) . ' mixed meetings, Jetpack', $begun, array_merge(...array_map('array_values', $answers)));
        $ends = array_column($this->livingRows(), 'product_slug', 'service_id');
        $wrong = [];
        foreach ($rounds as $id => [$start, $functions]) {
            $expected = array_column(SerialOrders::ends(self::start($start), MixedRace::outcome($functions, $answers[$id]), self::apply(...)), 'license');
            if (!in_array($ends[$id] ?? null, $expected, true)) {
                $said = json_encode(array_combine($functions, array_slice($answers[$id], 0, count($functions))));
                $wrong[] = "$start, $said ended with " . ($ends[$id] ?? 'none');
            }
        }
        $this->assertSame([], $wrong);
        $this->assertSame(array_unique(array_column($this->livingRows(), 'service_id')), array_column($this->livingRows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
        $this->assertNothingIsOpen();
    }

    private function prepare(int $id, string $start): void
    {
        $service = $this->service(['id' => $id, 'orderid' => $id]);
        if ($start !== 'none') {
            $this->assertSame('success', $this->module->create($service));
        }
        match ($start) {
            'suspended' => $this->module->suspend($service),
            'terminated' => $this->module->terminate($service),
            default => null,
        };
        Capsule::table('tblhosting')->where('id', $id)->update(['packageid' => 2]);
    }

    /** @return array{license: ?string, suspended: bool} */
    private static function start(string $start): array
    {
        return ['license' => $start === 'licensed' ? self::OLD : null, 'suspended' => $start === 'suspended'];
    }

    /**
     * What each function does to a service of the new product.
     *
     * @param array{license: ?string, suspended: bool} $state `suspended`: the last license was revoked for that
     * @return array{license: ?string, suspended: bool}
     */
    private static function apply(array $state, string $function): array
    {
        $holds = $state['license'] !== null;
        return match ($function) {
            'CreateAccount', 'UnsuspendAccount' => $holds ? $state : ['license' => self::NEW] + $state,
            'ChangePackage' => $holds ? ['license' => self::NEW, 'suspended' => false] : $state,
            'SuspendAccount' => $holds ? ['license' => null, 'suspended' => true] : $state,
            'TerminateAccount' => $holds ? ['license' => null, 'suspended' => false] : $state,
        };
    }
}
