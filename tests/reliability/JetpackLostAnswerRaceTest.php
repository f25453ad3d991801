<?php

declare(strict_types=1);

// After a lost answer: two people, or two clicks, decide at the same moment. One of them does.

namespace Tests\Reliability;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class JetpackLostAnswerRaceTest extends JetpackRaces
{
    private const LOST = 'jetpack-complete_LOST';

    public function test_issue_again_by_several_and_a_key_by_hand_leave_one_license(): void
    {
        for ($round = 1; $round <= Rounds::of(4, 100); $round++) {
            $this->setUp();
            $this->lostAnswers([self::FIRST]);
            $begun = microtime(true);

            $answers = Race::between([self::again(), self::again(), self::byHand(self::FIRST), self::byHand(self::FIRST)])->start()->answers();

            Rounds::note('Issue again beside a key by hand', $begun, array_slice($answers, 0, 2));
            $this->assertCount(1, $this->activeRows());
            $stored = $this->activeRows()[0]['license_key'];
            // Who said that nothing was issued has said so about the lost one.
            $this->assertSame($stored === self::LOST ? 1 : 2, count($this->sandbox->activeLicenses()));
            $this->assertLessThanOrEqual(1, count(array_keys($answers, 'success', true)));
            $this->assertNothingIsOpen();
        }
    }

    /** Two services wait for a key, and staff enter the same one for both. */
    public function test_one_key_entered_for_two_services_at_once_belongs_to_one(): void
    {
        for ($round = 1; $round <= Rounds::of(4, 100); $round++) {
            $this->setUp();
            $services = [self::FIRST, self::FIRST + 1];
            $this->lostAnswers($services);

            Race::between(array_map(self::byHand(...), $services))->start()->answers();

            $this->assertSame([self::LOST], array_column($this->activeRows(), 'license_key'));
        }
    }

    /** Each service's answer was lost, and its license was issued: all ask the list at once. */
    public function test_lost_answers_of_many_services_settle_at_once_and_each_gets_one_license(): void
    {
        for ($round = 1; $round <= Rounds::of(2, 20); $round++) {
            $this->setUp();
            $services = range(self::FIRST, self::FIRST + 5);
            foreach ($services as $id) {
                $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
                $this->module->create($this->service(['id' => $id, 'orderid' => $id]));
            }
            $begun = microtime(true);

            $racers = array_map(static fn (int $id): array => self::withList(self::creates($id)), $services);
            $answers = Race::between([...$racers, self::withList(self::daily())])->start()->answers();

            Rounds::note('lost answers at once', $begun, array_slice($answers, 0, 6));
            // Who met another one's request under way leaves the question to the next call.
            foreach ($services as $id) {
                ini_set('whmcs_provisioning.jetpack_license_list', '1');
                $this->assertSame('success', $this->module->create(Host::service($id)));
            }
            $this->assertOneLicenseEach($services);
            $this->assertCount(count($services), $this->sandbox->licenses());
        }
    }

    /** The list, a key by hand and the button decide the same question. */
    public function test_the_list_a_person_and_the_daily_run_leave_one_license(): void
    {
        for ($round = 1; $round <= Rounds::of(4, 100); $round++) {
            $this->setUp();
            $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
            $this->module->create($this->service(['id' => self::FIRST]));
            $key = $this->sandbox->licenses()[0]['license_key'];
            $create = self::withList(self::creates(self::FIRST));

            Race::between([$create, $create, self::withList(self::daily()), self::byHand(self::FIRST, $key)])->start()->answers();

            $this->assertSame([$key], array_column($this->rows(), 'license_key'));
            $this->assertOneLicenseEach([self::FIRST]);
            $this->assertSame(1, $this->posts());
        }
    }

    /** Each service has asked for a license and heard nothing; one license was issued. @param list<int> $services */
    private function lostAnswers(array $services): void
    {
        $this->sandbox->reset(['licenses' => [['license_key' => self::LOST, 'issued_at' => gmdate('Y-m-d H:i:s')]]]);
        foreach ($services as $id) {
            $this->faultOn('POST', '/license', ['fault' => 'drop']);
            $this->module->create($this->service(['id' => $id, 'orderid' => $id]));
        }
        $this->assertSame(count($services), Capsule::table(self::JOURNAL)->where('state', 'unknown')->count());
        $this->minutesPass(2);
        $this->slowly();
    }

    /** @return array<string, mixed> */
    private static function again(): array
    {
        return ['run' => '$module->call("IssueAgain", $params)'] + self::creates(self::FIRST);
    }

    /** @return array<string, mixed> */
    private static function daily(): array
    {
        return ['module' => 'jetpack', 'before' => '', 'run' => '$module->call("Reconcile", [])'];
    }

    /** @param array<string, mixed> $racer @return array<string, mixed> */
    private static function withList(array $racer): array
    {
        return ['before' => 'ini_set("whmcs_provisioning.jetpack_license_list", "1");' . ($racer['before'] ?? '')] + $racer;
    }

    /** @return array<string, mixed> */
    private static function byHand(int $service, string $key = self::LOST): array
    {
        return [
            'module' => 'jetpack',
            'before' => "\$params = \$module->paramsFor(Tests\\Host\\Host::service($service)); \$_POST['jetpack_found_license_key'] = '$key';",
            'run' => '[$module->call("AdminServicesTabFieldsSave", $params)]',
        ];
    }
}
