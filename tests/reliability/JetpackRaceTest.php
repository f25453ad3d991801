<?php

declare(strict_types=1);

// Many processes want the same at the same moment: each service gets its one license.

namespace Tests\Reliability;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class JetpackRaceTest extends JetpackRaces
{
    /** The tables do not exist yet either. */
    public function test_fifty_creates_of_one_service_issue_one_license(): void
    {
        $this->services(1);
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->startAnew();
            $begun = microtime(true);

            $answers = Race::between(array_fill(0, self::MANY, self::creates(self::FIRST)))->start()->answers();

            Rounds::note('50 creates of one Jetpack service', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $this->assertSame(['POST /license'], $this->sandbox->requestLines());
            $this->assertOneLicenseEach([self::FIRST]);
            $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
            $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        }
    }

    public function test_many_creates_connect_and_attach_once(): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => 'connect']);
        Host::addProduct(['id' => 7, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Host::addService(['userid' => 10, 'packageid' => 7, 'domainstatus' => 'Active', 'domain' => 'customer.example']);
        $this->services(1);
        $this->slowly();

        $answers = Race::between(array_fill(0, 20, self::creates(self::FIRST)))->start()->answers();

        $this->assertDoneOrBusy($answers);
        $key = $this->activeRows()[0]['license_key'];
        $this->assertSame(['POST /license', 'POST /site-connection', "POST /license/$key/site"], $this->sandbox->requestLines());
        $this->assertSame(['https://customer.example', null], [$this->activeRows()[0]['site'], $this->activeRows()[0]['site_step']]);
        $this->assertOneLicenseEach([self::FIRST]);
    }

    public function test_eight_walks_over_fifty_services_issue_one_license_each(): void
    {
        $services = $this->services(self::MANY);
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->startAnew();
            $begun = microtime(true);

            $answers = $this->walkAll($services);

            Rounds::note('8 walks over 50 Jetpack services', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $this->assertSame(self::MANY, $this->posts());
            $this->assertOneLicenseEach($services);

            $this->assertSame(['success'], array_values(array_unique($this->walkAll($services))));
            $this->assertSame(self::MANY, count($this->sandbox->requests()));
            $this->assertOneLicenseEach($services);
        }
    }

    /** @param list<int> $services @return list<string> */
    private function walkAll(array $services): array
    {
        $walkers = array_map(fn () => self::walks($services), range(1, self::WALKERS));

        return array_merge(...Race::between($walkers)->start()->answers());
    }

    private function startAnew(): void
    {
        foreach ([self::TABLE, self::JOURNAL] as $table) {
            Capsule::schema()->dropIfExists($table);
        }
        Capsule::table('tblhosting')->update(['domainstatus' => 'Pending']);
        $this->sandbox->reset();
        $this->slowly();
    }
}
