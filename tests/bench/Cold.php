<?php

declare(strict_types=1);

// The first call of a worker: each in a worker of its own, which ends with it.

namespace Tests\Bench;

use WHMCS\Database\Capsule;

final class Cold
{
    private const FUNCTIONS = ['cometbackup' => ['ClientArea', 'TestConnection', 'CreateAccount'], 'jetpack' => ['FetchProducts', 'CreateAccount']];

    /** @return array<string, array<string, list<array<string, mixed>>>> by function and who */
    public static function run(int $rounds, int $latency): array
    {
        $world = World::fresh();
        $fpm = $world->fpm();
        $known = ['cometbackup' => self::known($world, $fpm, 'cometbackup'), 'jetpack' => self::known($world, $fpm, 'jetpack')];
        $fpm = $world->fpm(['pm.max_requests' => '1']);
        $measured = [];
        $world->sandbox->latency($latency, $latency);
        for ($round = 0; $round < $rounds; $round++) {
            foreach (self::FUNCTIONS as $module => $functions) {
                foreach ($functions as $function) {
                    foreach (['ours', 'plain'] as $who) {
                        $service = $function === 'CreateAccount' ? Lives::begin($module) : $known[$module];
                        // A page that was just shown asks nobody.
                        Capsule::table('mod_cometbackup_pages')->delete();
                        $measured["{$module}_$function"][$who][] = $world->call($fpm, $module, $function, $service, $who);
                    }
                }
            }
        }

        return $measured;
    }

    /** A service whose page has been seen: what is asked once an hour is known. */
    private static function known(World $world, \Tests\Support\PhpFpm $fpm, string $module): int
    {
        $service = Lives::begin($module);
        foreach (['CreateAccount', 'ClientArea'] as $function) {
            $world->call($fpm, $module, $function, $service, 'ours');
            Capsule::table('tblhosting')->where('id', $service)->update(['domainstatus' => 'Active']);
        }

        return $service;
    }
}
