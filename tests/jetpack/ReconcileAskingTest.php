<?php

declare(strict_types=1);

// jetpack_Reconcile: what Jetpack says of the licenses, how often it is asked, what is put right and what is only told.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackReconcileTestCase;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

final class ReconcileAskingTest extends JetpackReconcileTestCase
{
    public function test_a_license_revoked_at_jetpack_is_taken_down_and_told(): void
    {
        $this->service();
        $this->license('jetpack-complete_DEAD', [], '2026-01-20 00:00:00');

        $answer = $this->reconcile();

        $this->assertStringContainsString('1 repaired', $answer);
        $row = $this->rows()[0];
        $this->assertSame(['2026-01-20 00:00:00', 'at jetpack'], [$row['revoked_at'], $row['revoked_for']]);
        $this->assertSame(['reconcile done'], $this->journal());
        // In the same run the service lacks it.
        $this->assertSame(['missing service 100'], $this->found());
        $told = $this->told();
        $this->assertCount(3, $told);
        $this->assertStringContainsString('…DEAD was revoked at Jetpack on 2026-01-20 00:00:00 UTC, and is now recorded so', $told[1]);
        $this->assertStringEndsWith('- Service ID: 100', $told[1]);
        $this->assertSame(['GET /license'], $this->sandbox->requestLines());

        $this->reconcile();
        $this->assertCount(3, $this->told());
        $this->assertSame(['GET /license'], $this->sandbox->requestLines());
    }

    public function test_a_license_revoked_here_that_lives_at_jetpack_is_told_until_it_does_not(): void
    {
        $this->service(['domainstatus' => 'Terminated']);
        $revoked = ['revoked_at' => '2026-02-01 00:00:00', 'revoked_for' => 'terminated'];
        $this->license('jetpack-complete_LIVE', $revoked);

        $this->reconcile();
        $this->reconcile();
        $this->assertSame(['alive service 100'], $this->found());
        $this->assertStringContainsString('…LIVE is revoked here and active at Jetpack', $this->told()[0]);
        $this->assertCount(2, $this->told());

        $this->sandbox->revokeBehindOurBack('jetpack-complete_LIVE');
        $this->reconcile();
        $this->assertSame([], $this->found());
        $this->reconcile();
        // Once Jetpack says the same, nobody asks again.
        $this->assertSame(array_fill(0, 3, 'GET /license'), $this->sandbox->requestLines());
    }

    public function test_while_jetpack_does_not_answer_what_was_found_there_stays(): void
    {
        $this->service(['domainstatus' => 'Terminated']);
        $this->license('jetpack-complete_LIVE', ['revoked_at' => '2026-02-01 00:00:00', 'revoked_for' => 'terminated']);
        $this->reconcile();

        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);
        $answer = $this->reconcile();

        $this->assertSame(['alive service 100'], $this->found());
        $this->assertStringContainsString('Jetpack answered HTTP 503, so the rest is checked next time.', $answer);
    }

    /**
     * @dataProvider refusals
     * @param array<string, mixed> $fault
     */
    public function test_it_stops_at_the_first_answer_that_the_next_license_would_get_as_well(array $fault, string $said): void
    {
        foreach (range(1, 3) as $number) {
            $this->service(['id' => 100 + $number]);
            $this->license("jetpack-complete_$number", ['service_id' => 100 + $number]);
        }
        $this->faultOn('GET', '/license', $fault);

        $answer = $this->reconcile();

        $this->assertStringContainsString($said, $answer);
        $this->assertSame(['GET /license'], $this->sandbox->requestLines());
        $this->assertSame([null, null, null], array_column($this->rows(), 'asked_at'));
        $this->assertSame([], $this->found());
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function refusals(): array
    {
        return [
            'too many requests' => [['fault' => 'html', 'status' => 429], 'asked for fewer requests (HTTP 429)'],
            'out of order' => [['fault' => 'html', 'status' => 502], 'answered HTTP 502'],
            'no answer' => [['fault' => 'delay', 'ms' => 4000], 'could not be reached'],
        ];
    }

    /** @group slow */
    public function test_licenses_are_asked_about_in_turn_and_500_at_a_time(): void
    {
        $this->manyServices(700);
        $this->sandbox->reset(['licenses' => array_map(
            fn (int $id) => ['license_key' => "jetpack-complete_KEY$id", 'issued_at' => '2026-01-15 10:00:01'],
            range(1000, 1699)
        )]);
        $asked = fn () => Capsule::table(self::TABLE)->whereNotNull('checked_at')->count();

        $this->assertStringContainsString('700 licenses (500 asked about', $this->reconcile());
        $this->assertSame(500, $asked());
        $this->assertCount(500, $this->sandbox->requests());

        Capsule::table(self::TABLE)->whereNotNull('checked_at')->update(['checked_at' => '2026-01-16 00:00:00', 'asked_at' => null]);
        $this->reconcile();
        $this->assertSame(700, $asked());
        $keys = array_column(array_column($this->sandbox->requests(), 'query'), 'license_key');
        $this->assertCount(700, array_unique($keys));
    }

    /** A clock was set back since. */
    public function test_what_was_asked_about_in_the_future_is_asked_about_again(): void
    {
        $this->service();
        $this->license('jetpack-complete_GONE', [
            'revoked_at' => '2026-03-01 00:00:00', 'revoked_for' => 'terminated', 'asked_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR'),
        ]);

        $this->reconcile();

        $this->assertSame(['GET /license'], $this->sandbox->requestLines());
    }

    public function test_a_license_that_jetpack_does_not_know_is_told_and_does_not_hold_the_others_up(): void
    {
        $this->service(['qty' => 2]);
        $this->license('jetpack-complete_GOOD');
        $unknown = $this->licenseRow('jetpack-complete_WHAT');

        $this->reconcile();

        $this->assertSame(['not known service 100'], $this->found());
        $this->assertStringContainsString('The license …WHAT is active here, and Jetpack did not confirm that', $this->told()[0]);
        $this->assertNull($this->rows()[1]['checked_at']);
        $this->assertNotNull($this->rows()[1]['asked_at']);

        Capsule::table(self::TABLE)->where('id', $unknown)->update(['revoked_at' => '2026-03-01 00:00:00']);
        $this->reconcile();
        $this->assertSame(['missing service 100'], $this->found());
    }

    public function test_a_token_that_jetpack_refuses_is_told_once_and_costs_three_requests(): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => 'tok_wrong']);
        $this->manyServices(10);

        $this->reconcile();
        $this->reconcile();

        $this->assertSame([], $this->found());
        $this->assertCount(6, $this->sandbox->requests());
        $this->assertCount(1, $this->told());
        $this->assertStringContainsString('Jetpack refuses the API Token of product 1; correct it in the Module Settings.', $this->told()[0]);
    }

    public function test_each_license_is_asked_about_with_the_token_of_its_product(): void
    {
        Host::addProduct($this->product(2, 'jetpack-complete', ['configoption1' => JetpackSandbox::SECOND_TOKEN]));
        $this->service();
        $first = $this->issued(Host::service(100));
        $this->service(['id' => 101, 'packageid' => 2]);
        $second = $this->issued(Host::service(101));

        $this->reconcile();

        $asked = array_slice($this->sandbox->requests(), 2);
        $this->assertSame([$first, $second], array_column(array_column($asked, 'query'), 'license_key'));
        $this->assertSame([], $this->found());
        $this->assertNotContains(null, array_column($this->rows(), 'checked_at'));
    }

    public function test_a_product_without_token_is_remarked_and_the_rest_goes_on(): void
    {
        Host::addProduct($this->product(2, 'jetpack-complete', ['configoption1' => '']));
        $this->service(['packageid' => 2]);
        $this->license('jetpack-complete_ONE', ['product_id' => 2]);

        $this->assertStringContainsString('1 licenses could not be asked about', $this->reconcile());

        $this->assertSame([[], []], [$this->found(), $this->sandbox->requestLines()]);
    }

    public function test_what_became_of_a_lost_revocation_is_asked(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('DELETE', '/license', ['fault' => 'act_and_drop']);
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);
        $this->assertSentence($this->module->terminate($service), 'It is not known whether');
        $before = count($this->sandbox->requests());

        $answer = $this->reconcile();

        $this->assertStringContainsString('1 repaired', $answer);
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
        $this->assertSame('terminated', $this->rows()[0]['revoked_for']);
        $this->assertSame('GET /license', $this->sandbox->requestLines()[$before]);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_neither_key_nor_token_is_in_what_is_told_or_kept(): void
    {
        Host::switchModuleLog(true);
        $this->service(['domainstatus' => 'Terminated']);
        $this->license('jetpack-complete_SECRETKEY1');
        $this->licenseRow('jetpack-complete_SECRETKEY2');

        $answer = $this->reconcile();

        $kept = $answer . json_encode([$this->rows(self::FINDINGS), Capsule::table(self::RUNS)->get(), Host::activityLog(), Host::moduleLog()]);
        $this->assertStringContainsString('…KEY1', $answer . implode($this->told()));
        $this->assertDoesNotMatchRegularExpression('/SECRETKEY|tok_test/', $kept);
    }
}
