<?php

declare(strict_types=1);

// The creates race on two nodes of a Galera cluster, of which one is cut off in the middle.

namespace Tests\Reliability;

use Tests\Host\Host;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class JetpackGaleraTest extends JetpackRaces
{
    use OnGalera;

    private const UNDECIDED = 'Nothing is issued again by itself';

    public function test_fifty_creates_of_one_service_on_two_nodes_issue_one_license(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $this->services(1);
            $this->slowly();
            $begun = microtime(true);
            $racers = array_map(fn (int $n) => self::creates(self::FIRST, self::nodeOf($n)), range(1, self::MANY));

            $answers = Race::between($racers)->start()->answers();

            Rounds::note('Galera: 50 creates of one Jetpack service', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $this->assertSame(1, $this->posts());
            $this->assertOneLicenseEach([self::FIRST]);
            $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
            $this->assertSame(1, $this->posts());
        }
    }

    public function test_eight_walks_over_fifty_services_on_two_nodes_issue_one_license_each(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $services = $this->services(self::MANY);
            $this->slowly();
            $begun = microtime(true);

            $answers = array_merge(...$this->walkers($services)->start()->answers());

            Rounds::note('Galera: 8 walks over 50 Jetpack services', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $this->assertSame(self::MANY, $this->posts());
            $this->assertOneLicenseEach($services);
            $again = array_merge(...$this->walkers($services)->start()->answers());
            $this->assertSame(['success'], array_values(array_unique($again)));
            $this->assertSame(self::MANY, $this->posts());
        }
    }

    /**
     * What node one did a moment ago, node two has not applied yet.
     *
     * @dataProvider lags
     */
    public function test_a_node_that_lags_behind_does_not_act_on_what_was(string $before, string $onTwo, int $licenses): void
    {
        $service = $this->suspending($before);
        $two = self::$cluster->two->connect();
        $two->exec('FLUSH TABLES WITH READ LOCK');
        $this->assertSame('success', $before === 'none' ? $this->module->create($service) : $this->module->terminate($service));
        $race = Race::between([['run' => "\$module->call('$onTwo', \$params)"] + self::creates(self::FIRST, self::nodeOf(1))])->start();
        $this->waitFor(fn () => $race->hasEnded() || self::$cluster->two->isAskedBy((string) getenv('TEST_DB_USER')));

        $two->exec('UNLOCK TABLES');

        $this->assertSame(['success'], $race->answers());
        $this->assertCount($licenses, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array{string, string, int}> */
    public static function lags(): array
    {
        return [
            'it was issued, and is to be revoked' => ['none', 'SuspendAccount', 0],
            'it was revoked, and is to be issued' => ['licensed', 'CreateAccount', 1],
        ];
    }

    /** A service whose suspension revokes; both nodes hold all of it. */
    private function suspending(string $start): Service
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ON_SUSPENSION => 'revoke']);
        $this->createTables();
        $service = $this->service();
        if ($start === 'licensed') {
            $this->issued($service);
        }
        self::$cluster->awaitApplied();

        return $service;
    }

    /** @dataProvider cuts */
    public function test_with_one_node_cut_off_in_the_middle_each_service_ends_with_one_license(string $how): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $services = $this->services(self::MANY);
            $this->slowly();
            $begun = microtime(true);
            $race = $this->walkers($services)->start();
            $this->waitFor(fn () => $this->posts() >= 10);

            self::cutOff($how);

            $walks = $race->answers();
            Rounds::note("Galera: 8 walks over 50 Jetpack services, node two $how", $begun, array_merge(...$walks));
            $this->assertNothingUnknownBut($services, $walks);
            // On the web server that may keep licenses on disk, as its next cron would.
            Race::between([self::walks($services, self::nodeOf(1))])->start()->answers();
            $this->assertSame([], self::kept());
            $this->goOn($services, $walks);
            $this->assertOneLicenseEach($services);
            $this->assertSame(['success'], $this->createAll($services));
            $this->assertOneLicenseEach($services);
        }
    }

    /** @param list<int> $services */
    private function walkers(array $services): Race
    {
        return Race::between(array_map(fn (int $n) => self::walks($services, self::nodeOf($n)), range(1, self::WALKERS)));
    }

    /** A license that is in no table is kept on disk, or was told in an answer. @param list<int> $services @param list<array<int, string>> $walks */
    private function assertNothingUnknownBut(array $services, array $walks): void
    {
        $active = array_column($this->sandbox->activeLicenses(), 'license_key');
        $stored = array_column($this->activeRows(), 'license_key');
        $told = json_encode($walks) . implode(array_map('file_get_contents', self::kept()));
        $this->assertSame([], array_values(array_diff($stored, $active)), 'In the table, and dead at Jetpack.');
        $this->assertSame($stored, array_unique($stored));
        $this->assertLessThanOrEqual(count($services), count($active));
        foreach (array_diff($active, $stored) as $key) {
            $this->assertStringContainsString($key, $told, 'A license that nobody knows.');
        }
    }

    /** @return list<string> files of licenses that wait for the database */
    private static function kept(): array
    {
        return glob(getenv('TEST_DIR') . '/state/license-*') ?: [];
    }

    /** The retry of WHMCS, and what staff do where it asks them. @param list<int> $services @param list<array<int, string>> $walks */
    private function goOn(array $services, array $walks): void
    {
        foreach ($services as $id) {
            $answer = $this->module->create(Host::service($id));
            if (str_contains($answer, self::UNDECIDED)) {
                $this->decide($id, implode(' ', array_filter(array_map(fn (array $walk) => $walk[$id] ?? '', $walks))));
                continue;
            }
            $this->assertSame('success', $answer);
        }
    }

    /** @param string $told what was answered for the service */
    private function decide(int $id, string $told): void
    {
        if (preg_match('/issued the license (\S+) and/', $told, $found)) {
            $this->module->saveAdminTab(Host::service($id), ['jetpack_found_license_key' => $found[1]]);
        } else {
            $this->minutesPass(2);
            $this->assertSame('success', $this->module->custom(Host::service($id), 'IssueAgain'));
        }
        $this->assertSame('success', $this->module->create(Host::service($id)));
    }

    /** @param list<int> $services @return list<string> the different answers */
    private function createAll(array $services): array
    {
        $answers = array_map(fn (int $id) => $this->module->create(Host::service($id)), $services);

        return array_values(array_unique($answers));
    }
}
