<?php

declare(strict_types=1);

// Many processes want the same at the same moment: each service gets its one account with its one vault.

namespace Tests\Reliability;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class CometRaceTest extends CometRaces
{
    public function test_fifty_creates_of_one_service_make_one_account_with_one_vault(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $this->services(1);
            $this->slowly();
            $begun = microtime(true);

            $answers = Race::between(array_fill(0, self::MANY, self::creates(self::FIRST)))->start()->answers();

            Rounds::note('50 creates of one Comet service', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $made = ['policies/set' => 1, self::ADD => 1, self::REQUEST_VAULT => 1];
            $this->assertEquals($made, $this->making());
            $this->assertOneAccountEach([self::FIRST]);
            $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
            $this->assertEquals($made, $this->making());
        }
    }

    public function test_eight_walks_over_fifty_services_make_one_account_each(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 10); $round++) {
            $this->setUp();
            $services = $this->services(self::MANY);
            $this->slowly();
            $begun = microtime(true);

            $answers = $this->walkAll($services);

            Rounds::note('8 walks over 50 Comet services', $begun, $answers);
            $this->assertDoneOrBusy($answers);
            $made = array_diff_key($this->making(), ['policies/set' => true]);
            $this->assertEquals([self::ADD => self::MANY, self::REQUEST_VAULT => self::MANY], $made);
            $this->assertOneAccountEach($services);

            $this->assertSame(['success'], array_values(array_unique($this->walkAll($services))));
            $this->assertEquals($made, array_diff_key($this->making(), ['policies/set' => true]));
            $this->assertOneAccountEach($services);
        }
    }

    /** Eight services of one customer, whose e-mail address is the name that all of them want. */
    public function test_services_that_want_the_same_name_get_an_account_each(): void
    {
        for ($round = 1; $round <= Rounds::of(2, 40); $round++) {
            $this->setUp();
            $services = $this->services(self::WALKERS);
            $this->settings([self::USER_NAMES => 'email']);
            $this->slowly();
            $begun = microtime(true);

            $answers = Race::between(array_map(fn (int $id) => self::creates($id), $services))->start()->answers();

            Rounds::note('8 Comet services that want one name', $begun, $answers);
            $this->assertSame(array_fill(0, self::WALKERS, 'success'), $answers);
            $this->assertOneAccountEach($services);
            $this->assertContains(self::NAME, $this->comet->accountNames());
            $this->assertSame(self::WALKERS, $this->making()[self::ADD]);
            $kept = Capsule::table('tblhosting')->whereIn('id', $services)->pluck('username')->all();
            $this->assertEqualsCanonicalizing($this->comet->accountNames(), $kept);
        }
    }

    /** Two customers of one client who click twice, and staff at two computers. */
    public function test_clicks_at_the_same_moment_remove_a_device_and_switch_off_a_second_factor_once(): void
    {
        for ($round = 1; $round <= Rounds::of(1, 40); $round++) {
            $this->setUp();
            $this->services(1);
            $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
            $this->inUse(self::FIRST);
            $this->slowly();
            $begun = microtime(true);

            $clicks = [...array_fill(0, 4, self::clicks()), ...array_fill(0, 4, self::presses('SwitchOffSecondFactor'))];
            $answers = Race::between($clicks)->start()->answers();

            Rounds::note('4 clicks and 4 presses of one Comet service', $begun, $answers);
            // Who repeats what was done before another operation reads that there is nothing to do.
            foreach (array_chunk($answers, 4) as $of) {
                $this->assertContains('success', $of);
                $this->assertSame([], preg_grep('/^success$|There is no such device|has no second factor/', $of, PREG_GREP_INVERT));
            }
            $sent = array_count_values($this->comet->endpoints());
            $this->assertSame([1, 1], [$sent['revoke-device'] ?? 0, $sent['disable-user-totp'] ?? 0]);
            $profile = $this->comet->profile($this->record(self::FIRST)['username']);
            $this->assertSame([['new'], false], [array_keys($profile['Devices']), $profile['AllowPasswordAndTOTPLogin']]);
            $this->assertOneAccountEach([self::FIRST]);
        }
    }

    /** The last day of an account that waits for its deletion: who unsuspends it and is told that it worked has it. */
    public function test_an_account_whose_unsuspend_succeeded_lives_whatever_the_daily_run_does(): void
    {
        $kept = 0;
        for ($round = 1; $round <= Rounds::of(8, 60); $round++) {
            $this->setUp();
            $this->services(1);
            $this->assertSame('success', $this->module->create(Host::service(self::FIRST)));
            $this->settings(['configoption13' => '1']);
            $this->assertSame('success', $this->module->terminate(Host::service(self::FIRST)));
            $this->aDayPasses();
            $this->slowly();
            $begun = microtime(true);
            // At another moment of the run each time.
            $pause = ($round % 8) * 12_000;

            [$said, $answer] = Race::between([
                ['module' => self::MODULE, 'run' => '$module->call("Reconcile", [])'],
                ['module' => self::MODULE, 'run' => "(usleep($pause) ?? \$module->unsuspend(Tests\\Host\\Host::service(" . self::FIRST . ')))'],
            ])->start()->answers();

            Rounds::note('daily deletion against Unsuspend', $begun, [$said, $answer]);
            $record = $this->record(self::FIRST);
            $this->assertSame($answer === 'success' ? 'created' : 'ended', $record['state'], "$answer $said");
            $this->assertSame($answer === 'success' ? [$record['username']] : [], $this->comet->accountNames());
            if ($answer === 'success') {
                $kept++;
                $this->assertFalse($this->comet->profile($record['username'])['IsSuspended']);
                $this->assertNull($record['delete_days']);
            }
            $this->assertNothingIsOpen();
        }
        $this->assertGreaterThan(0, $kept, 'Unsuspend was never first.');
    }

    /** The customer's click at his old device. @return array<string, mixed> */
    private static function clicks(): array
    {
        return ['run' => 'Tests\Reliability\Contestant::click($module, $params)'] + self::creates(self::FIRST);
    }

    /** @return array<string, mixed> */
    private static function presses(string $function): array
    {
        return ['run' => "\$module->call('$function', \$params)"] + self::creates(self::FIRST);
    }

    /** @param list<int> $services @return list<string> */
    private function walkAll(array $services): array
    {
        $walkers = array_map(fn () => self::walks($services), range(1, self::WALKERS));

        return array_merge(...Race::between($walkers)->start()->answers());
    }
}
