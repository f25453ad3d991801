<?php

declare(strict_types=1);

// Product addons of one service that come and go at the same moment: none adds twice, and none is lost.

namespace Tests\Reliability;

use Tests\Host\Host;

final class CometExtraAddonRaceTest extends CometRaces
{
    private const ADDONS = 6;
    private const FIRST_ADDON = 300;

    public function test_addons_that_are_created_at_once_all_add(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $this->delivered();
            $this->slowly();

            $answers = Race::between(array_map(fn (int $id) => self::commands('CreateAccount', $id), $this->addons()))->start()->answers();

            $this->assertSame(array_fill(0, self::ADDONS, 'success'), $answers);
            $this->assertSame(3 + self::ADDONS, $this->devices());
            $this->assertOneAccountEach([self::FIRST]);
        }
    }

    public function test_addons_that_begin_and_end_at_once_leave_those_that_began(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $this->delivered();
            $addons = $this->addons();
            foreach (array_slice($addons, 0, 3) as $id) {
                $this->assertSame('success', $this->module->create(Host::serviceAddon($id)));
            }
            $this->slowly();
            $function = static fn (int $id): string => $id < self::FIRST_ADDON + 3 ? 'TerminateAccount' : 'CreateAccount';

            $answers = Race::between(array_map(fn (int $id) => self::commands($function($id), $id), $addons))->start()->answers();

            $this->assertSame(array_fill(0, self::ADDONS, 'success'), $answers);
            $this->assertSame(3 + 3, $this->devices());
            $this->assertOneAccountEach([self::FIRST]);
        }
    }

    /** What the service is sold with may change while the addon waits for another command on it. */
    public function test_an_addon_adds_to_what_the_product_sells_by_then(): void
    {
        $this->delivered();
        [$addon] = $this->addons();
        $this->comet->faultOn('get-user-profile-and-hash', ['fault' => 'delay', 'ms' => 2000]);
        $read = '$service = Tests\Host\Host::service(' . self::FIRST . ');';
        $first = ['module' => self::MODULE, 'before' => $read, 'run' => '$module->changePackage($service)'];
        $second = self::commands('CreateAccount', $addon);
        $second['run'] = "[usleep(400_000), {$second['run']}][1]";

        $race = Race::between([$first, $second])->start();
        usleep(1_200_000);
        $this->choose(self::FIRST, ['number_of_devices' => 10]);

        $this->assertSame(['success', 'success'], $race->answers());
        $this->assertSame(10 + 1, $this->devices());
    }

    private function delivered(): void
    {
        $this->services(1);
        $this->choose(self::FIRST, ['number_of_devices' => 3]);
        $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
    }

    /** @return list<int> */
    private function addons(): array
    {
        $settings = ['configoption11' => 'extra', 'configoption17' => 'number_of_devices=1'];
        $definition = Host::addAddonDefinition(['name' => 'One device more', 'module' => 'cometbackup'], $settings);
        $ids = range(self::FIRST_ADDON, self::FIRST_ADDON + self::ADDONS - 1);
        foreach ($ids as $id) {
            Host::addServiceAddon(['id' => $id, 'hostingid' => self::FIRST, 'addonid' => $definition, 'status' => 'Pending']);
        }

        return $ids;
    }

    private function devices(): int
    {
        return $this->comet->profile($this->record(self::FIRST)['username'])['MaximumDevices'];
    }

    /** One function for one addon, whose status WHMCS writes later. @return array<string, mixed> */
    private static function commands(string $function, int $addon): array
    {
        return [
            'module' => self::MODULE,
            'before' => "\$params = \$module->paramsFor(Tests\\Host\\Host::serviceAddon($addon));",
            'run' => "\$module->call('$function', \$params)",
        ];
    }
}
