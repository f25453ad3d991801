<?php

declare(strict_types=1);

// What functions of one Jetpack service do to each other when they come at the same moment.

namespace Tests\Reliability;

use WHMCS\Database\Capsule;

final class JetpackMixedRaceTest extends JetpackRaces
{
    use MixedRace;

    private const TIMES = 2;
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

    protected function prepareWorld(): void
    {
        parent::prepareWorld();
        foreach ([1 => self::OLD, 2 => self::NEW] as $id => $slug) {
            Capsule::table('tblproducts')->updateOrInsert(['id' => $id], $this->product($id, $slug, [self::ON_SUSPENSION => 'revoke']));
        }
    }

    protected function prepare(int $id, string $start): void
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

    protected function ends(array $services): array
    {
        $slugs = array_column($this->activeRows(), 'product_slug', 'service_id');

        return array_replace(array_fill_keys($services, null), $slugs);
    }

    protected function assertAllIsKnown(): void
    {
        $services = array_column($this->activeRows(), 'service_id');
        $this->assertSame(array_unique($services), $services);
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array{license: ?string, suspended: bool} */
    protected static function start(string $start): array
    {
        return ['license' => $start === 'licensed' ? self::OLD : null, 'suspended' => $start === 'suspended'];
    }

    /**
     * What each function does to a service of the new product.
     *
     * @param array{license: ?string, suspended: bool} $state `suspended`: the last license was revoked for that
     * @return array{license: ?string, suspended: bool}
     */
    protected static function apply(array $state, string $function): array
    {
        $holds = $state['license'] !== null;
        return match ($function) {
            'CreateAccount', 'UnsuspendAccount' => $holds ? $state : ['license' => self::NEW] + $state,
            'ChangePackage' => $holds ? ['license' => self::NEW, 'suspended' => false] : $state,
            'SuspendAccount' => $holds ? ['license' => null, 'suspended' => true] : $state,
            'TerminateAccount' => $holds ? ['license' => null, 'suspended' => false] : $state,
        };
    }

    protected static function visible(array $state): ?string
    {
        return $state['license'];
    }
}
