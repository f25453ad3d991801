<?php

declare(strict_types=1);

// The creates race for Comet accounts on two nodes of a Galera cluster, of which one is cut off in the middle.

namespace Tests\Reliability;

use Tests\Host\Host;

final class CometGaleraTest extends CometRaces
{
    use OnGalera;

    public function test_many_creates_of_one_service_on_two_nodes_make_one_account_with_one_vault(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $this->services(1);
            $begun = microtime(true);
            $racers = array_map(fn (int $n) => self::creates(self::FIRST, self::nodeOf($n)), range(1, Rounds::of(16, self::MANY)));

            $answers = Race::between($racers)->start()->answers();

            Rounds::note('Galera: ' . count($racers) . ' creates of one Comet service', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $this->assertEquals(['policies/set' => 1, self::ADD => 1, self::REQUEST_VAULT => 1], $this->making());
            $this->assertOneAccountEach([self::FIRST]);
        }
    }

    public function test_services_that_want_the_same_name_on_two_nodes_get_an_account_each(): void
    {
        for ($round = 1; $round <= Rounds::of(2, 40); $round++) {
            $this->setUp();
            $services = $this->services(self::WALKERS);
            $this->settings([self::USER_NAMES => 'email']);
            $begun = microtime(true);
            $racers = array_map(fn (int $id) => self::creates($id, self::nodeOf($id)), $services);

            $answers = Race::between($racers)->start()->answers();

            Rounds::note('Galera: 8 Comet services that want one name', $begun, $answers);
            $this->assertSame(array_fill(0, self::WALKERS, 'success'), $answers);
            $this->assertOneAccountEach($services);
        }
    }

    /** @dataProvider someCuts */
    public function test_with_one_node_cut_off_in_the_middle_each_service_ends_with_one_account(string $how): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $services = $this->services(self::MANY);
            $this->slowly();
            $begun = microtime(true);
            $walks = array_map(fn (int $n) => self::walks($services, self::nodeOf($n)), range(1, self::WALKERS));
            $race = Race::between($walks)->start();
            $this->awaitAccounts(10);

            self::cutOff($how);

            $answers = array_merge(...$race->answers());
            Rounds::note("Galera: 8 walks over 50 Comet services, node two $how", $begun, $answers);
            foreach ($services as $id) {
                $this->assertSame('success', $this->module->create(Host::service($id)));
            }
            $this->assertOneAccountEach($services);
            $made = $this->making();
            $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
            $this->assertSame($made, $this->making());
        }
    }

    /** @return array<string, array{string}> one by default: each takes a quarter of a minute */
    public static function someCuts(): array
    {
        return getenv('TORTURE') === '1' ? self::cuts() : ['frozen' => ['frozen']];
    }

    private function awaitAccounts(int $count): void
    {
        $end = microtime(true) + 30;
        while (count($this->comet->accountNames()) < $count) {
            $this->assertLessThan($end, microtime(true), 'No accounts are made.');
            usleep(20_000);
        }
    }
}
