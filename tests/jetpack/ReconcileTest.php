<?php

declare(strict_types=1);

// jetpack_Reconcile: what WHMCS sells, against the license table and the journal. Each kind of finding, and that all is well without.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackReconcileTestCase;
use WHMCS\Database\Capsule;

final class ReconcileTest extends JetpackReconcileTestCase
{
    public function test_where_everything_agrees_nothing_is_found_and_nothing_is_logged(): void
    {
        $this->issued($this->service());
        $this->issued($this->addon());
        $this->service(['id' => 101, 'domainstatus' => 'Pending']);
        $this->service(['id' => 102, 'domainstatus' => 'Terminated']);
        $this->service(['id' => 103, 'domainstatus' => 'Suspended']);
        Host::addProduct(['id' => 2, 'servertype' => 'another']);
        $this->service(['id' => 104, 'packageid' => 2]);

        $answer = $this->reconcile();

        $this->assertSame(
            'Reconciled 5 services and product addons and 2 licenses (2 asked about at Jetpack): 0 found, 0 of them new, 0 repaired.',
            $answer
        );
        $this->assertSame([[], []], [$this->found(), $this->told()]);
        $this->assertSame(['GET /license', 'GET /license'], array_slice($this->sandbox->requestLines(), 2));
    }

    public function test_an_active_service_without_license_is_found(): void
    {
        $this->service();

        $this->reconcile();

        $this->assertSame(['missing service 100'], $this->found());
        $this->assertSame(
            'Jetpack reconciliation: The service is active and holds no license. Press Create to issue it. - Service ID: 100',
            $this->told()[0]
        );
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** It is paid to its end and goes on. */
    public function test_a_completed_service_without_license_is_found_and_one_with_license_is_well(): void
    {
        $this->service(['domainstatus' => 'Completed']);
        $this->service(['id' => 101, 'domainstatus' => 'Completed']);
        $this->license('jetpack-complete_GOES', ['service_id' => 101]);

        $this->reconcile();

        $this->assertSame(['missing service 100'], $this->found());
        $this->assertSame(
            'Jetpack reconciliation: The service is completed and holds no license. Press Create to issue it. - Service ID: 100',
            $this->told()[0]
        );
    }

    public function test_fewer_and_more_licenses_than_the_quantity_are_found(): void
    {
        $this->service(['qty' => 3]);
        $this->license('jetpack-complete_ONE1');
        $this->service(['id' => 101]);
        $this->license('jetpack-complete_TWO1', ['service_id' => 101]);
        $this->license('jetpack-complete_TWO2', ['service_id' => 101]);

        $this->reconcile();

        $this->assertSame(['missing service 100', 'surplus service 101'], $this->found());
        $this->assertStringContainsString('holds 1 of its 3 licenses', $this->told()[0]);
        $this->assertStringContainsString('1 too many are paid for', $this->told()[1]);
    }

    /** @dataProvider ended */
    public function test_an_active_license_of_a_service_that_has_ended_is_found(string $status): void
    {
        $this->service(['domainstatus' => $status]);
        $this->license('jetpack-complete_LOST');

        $this->reconcile();

        $this->assertSame(['ended service 100'], $this->found());
        $this->assertStringContainsString('…LOST is active and paid for, and its service is ' . strtolower($status), $this->told()[0]);
    }

    /** @return array<string, array{string}> */
    public static function ended(): array
    {
        return ['Terminated' => ['Terminated'], 'Cancelled' => ['Cancelled'], 'Fraud' => ['Fraud']];
    }

    public function test_an_active_license_of_a_service_that_is_gone_or_another_modules_is_found(): void
    {
        Host::addProduct(['id' => 2, 'servertype' => 'another']);
        $this->service(['id' => 101, 'packageid' => 2]);
        $this->license('jetpack-complete_GONE', ['service_id' => 77]);
        $this->license('jetpack-complete_ELSE', ['service_id' => 101]);
        $this->license('jetpack-scan_ADDON', ['service_id' => 101, 'addon_id' => 78, 'product_slug' => 'jetpack-scan']);

        $this->reconcile();

        $this->assertSame(['gone addon 78', 'gone service 101', 'gone service 77'], $this->found());
        $this->assertStringContainsString('no longer in WHMCS', $this->told()[0]);
        $this->assertStringContainsString('no longer sold with this module', $this->told()[1]);
        $this->assertStringEndsWith('Service ID: 101, Addon ID: 78', $this->told()[2]);
        // Their token is that of the product, else the one that new products start with.
        $this->assertCount(3, $this->sandbox->requests());
    }

    public function test_an_addon_is_compared_by_itself(): void
    {
        $this->service(['domainstatus' => 'Terminated']);
        $addon = $this->addon(['status' => 'Active']);

        $this->reconcile();
        $this->assertSame(['missing addon 300'], $this->found());
        $this->assertStringEndsWith('- Service ID: 100, Addon ID: 300', $this->told()[0]);

        $this->issued($addon);
        $this->reconcile();
        $this->assertSame([], $this->found());
    }

    public function test_a_license_of_another_product_than_the_services_is_found(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan'));
        $this->service(['packageid' => 2]);
        $this->license('jetpack-complete_OTHER');

        $this->reconcile();

        $this->assertSame(['product service 100'], $this->found());
        $this->assertStringContainsString('is for jetpack-complete, and the service is sold as jetpack-scan. Press Change Package', $this->told()[0]);
    }

    public function test_a_lost_answer_is_told_after_an_hour_and_not_as_a_missing_license(): void
    {
        $service = $this->service(['domainstatus' => 'Active']);
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        $this->addon(['status' => 'Active']);
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create(Host::serviceAddon(300));

        $this->reconcile();
        $this->assertSame([], $this->found());

        $this->minutesPass(61);
        $this->reconcile();
        $this->assertSame(['undecided addon 300', 'undecided service 100'], $this->found());
        $this->assertStringContainsString('partner portal', $this->told()[0]);
        $this->assertStringEndsWith('- Service ID: 100, Addon ID: 300', $this->told()[1]);
        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
    }

    public function test_while_a_request_for_a_license_is_open_nobody_is_told_to_press_create(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        Capsule::table(self::JOURNAL)->update(['state' => 'sent', 'open_key' => 'jetpack:service:100', 'ended_at' => null]);

        $this->reconcile();

        $this->assertSame(['issue sent'], $this->journal());
        $this->assertSame([], $this->found());
    }

    public function test_a_lost_answer_of_a_service_that_was_deleted_is_told_as_well(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        $this->minutesPass(61);
        Capsule::table('tblhosting')->delete();

        $this->reconcile();

        $this->assertSame(['undecided service 100'], $this->found());
    }

    public function test_a_request_whose_process_died_becomes_a_question(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        Capsule::table(self::JOURNAL)->update(['state' => 'sent', 'open_key' => 'jetpack:service:100', 'ended_at' => null]);
        $this->minutesPass(61);

        $this->reconcile();

        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame(['undecided service 100'], $this->found());
    }

    public function test_rows_of_the_php_module_are_given_to_their_services_and_the_rest_is_told(): void
    {
        $this->service();
        $this->service(['id' => 101, 'orderid' => 0]);
        Capsule::table('tblhosting')->where('id', 101)->update(['regdate' => '2020-01-01']);
        foreach ([[500, 'A'], [0, 'B'], [501, 'C']] as [$order, $name]) {
            $this->license("jetpack-complete_$name", ['order_id' => $order, 'service_id' => null, 'addon_id' => null]);
        }

        $answer = $this->reconcile();

        $this->assertStringContainsString('2 of the PHP module given to their services', $answer);
        $this->assertSame([100, 101, null], array_column($this->rows(), 'service_id'));
        $this->assertSame(['unclaimed'], $this->found());
        $this->assertStringContainsString('…te_C for order 501, and no service can be told to be its owner', $this->told()[0]);
    }

    public function test_nothing_is_told_twice_and_what_was_put_right_is_forgotten(): void
    {
        $service = $this->service();
        $first = $this->reconcile();
        $told = $this->told();
        $this->assertStringContainsString('1 found, 1 of them new', $first);
        $this->assertCount(2, $told);
        Capsule::table(self::FINDINGS)->update(['first_found_at' => '2026-01-01 00:00:00']);

        $second = $this->reconcile();
        $this->assertStringContainsString('1 found, 0 of them new', $second);
        $this->assertSame($told, $this->told());
        $this->assertSame('2026-01-01 00:00:00', $this->rows(self::FINDINGS)[0]['first_found_at']);

        $this->module->create($service);
        $this->reconcile();
        $this->assertSame([], $this->found());
        $this->assertStringContainsString('0 found', $this->told()[2]);

        $this->reconcile();
        $this->assertCount(3, $this->told());
    }

    public function test_of_many_new_findings_fifty_are_told_and_the_rest_counted(): void
    {
        $this->manyServices(60);
        Capsule::table(self::TABLE)->delete();

        $answer = $this->reconcile();

        $this->assertStringContainsString('60 found, 60 of them new', $answer);
        $told = $this->told();
        $this->assertCount(52, $told);
        $this->assertSame('Jetpack reconciliation: … and 10 more, which the pages of their services show.', $told[50]);
        $this->reconcile();
        $this->assertCount(52, $this->told());
    }
}
