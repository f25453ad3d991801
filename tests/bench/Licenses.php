<?php

declare(strict_types=1);

// The daily comparison of the module jetpack with the partner's own list, with ever more licenses: requests, statements, time, memory.

namespace Tests\Bench;

use RuntimeException;
use Tests\Support\Numbers;
use WHMCS\Database\Capsule;

final class Licenses
{
    /** Licenses, and the rounds of each. */
    private const SIZES = [1000 => 5, 100_000 => 3];
    private const FIRST = 1000;
    private const BATCH = 1000;

    /** @return array<int, array<string, list<array<string, mixed>>>|string> by number of licenses and who; why there is no figure */
    public static function compared(): array
    {
        $measured = [];
        foreach (self::SIZES as $licenses => $rounds) {
            try {
                $measured[$licenses] = self::with($licenses, $rounds);
            } catch (RuntimeException $failure) {
                $measured[$licenses] = strtok($failure->getMessage(), "\n");
            }
        }

        return $measured;
    }

    /** Over everything, as the daily hook calls it. */
    public static function reconcile(): Step
    {
        return new Step('Reconcile', null, static fn (): array => [[]]);
    }

    /** @return array<string, list<array<string, mixed>>> by who */
    private static function with(int $licenses, int $rounds): array
    {
        $world = World::fresh();
        $fpm = $world->fpm(['request_terminate_timeout' => '0']);
        $service = Lives::begin('jetpack');
        $world->call($fpm, 'jetpack', 'CreateLicensesTable', $service, 'ours');
        self::sell($world, $licenses, $service);
        $call = static fn (): array => $world->call($fpm, 'jetpack', 'Reconcile', $service, 'ours', ['all' => '1']);
        // Memory is that of the first call: later ones find it in their heap.
        $peak = $call()['peak'];
        $measured = [];
        for ($round = 0; $round < $rounds; $round++) {
            $measured['ours'][] = ['peak' => $peak] + self::checked($call(), $licenses);
        }

        return $measured;
    }

    /** Active services with a license each, in both places. */
    private static function sell(World $world, int $count, int $like): void
    {
        $world->sandbox->issuedElsewhere(['count' => $count, 'age' => 86_400]);
        $keys = array_column($world->sandbox->licenses(), 'license_key');
        Capsule::table('tblhosting')->where('id', $like)->update(['domainstatus' => 'Terminated']);
        $columns = array_diff(Capsule::schema()->getColumnListing('tblhosting'), ['id', 'domainstatus']);
        $columns = implode(',', array_map(static fn (string $column): string => "`$column`", $columns));
        $last = $count - 1;
        $first = self::FIRST;
        Capsule::connection()->statement("INSERT INTO tblhosting (id, domainstatus, $columns)
            SELECT $first + seq, 'Active', $columns FROM tblhosting JOIN " . Numbers::table(0, $last) . " WHERE id=$like");
        foreach (array_chunk($keys, self::BATCH, true) as $some) {
            Capsule::table('jetpack_product_licenses')->insert(array_map(static fn (int $number, string $key): array => [
                'order_id' => 1, 'product_id' => Lives::JETPACK, 'license_key' => $key, 'issued_at' => '2026-01-01 00:00:00',
                'service_id' => self::FIRST + $number, 'addon_id' => 0, 'product_slug' => 'jetpack-complete',
            ], array_keys($some), $some));
        }
    }

    /** A figure of a comparison that has not compared all would be worth nothing. @param array<string, mixed> $measured @return array<string, mixed> */
    private static function checked(array $measured, int $licenses): array
    {
        $summary = (string) $measured['answer'];
        $found = Capsule::table('mod_whmcs_provisioning_findings')->count();
        if (!str_contains($summary, " $licenses compared with its list in ") || $found !== 0) {
            throw new RuntimeException("Reconcile answered \"$summary\", and found $found.");
        }

        return $measured;
    }
}
