<?php

declare(strict_types=1);

// The button "Reconcile": one service, its findings as the answer and on its page.

namespace Tests\Jetpack;

use Tests\Support\JetpackReconcileTestCase;
use WHMCS\Database\Capsule;

final class ReconcileOneTest extends JetpackReconcileTestCase
{
    public function test_the_button_is_there_and_answers_success_where_all_is_well(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->assertSame('Reconcile', $this->module->adminButtons($service)['Reconcile']);

        $this->assertSame('success', $this->module->custom($service, 'Reconcile'));

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertNotNull($this->rows()[0]['checked_at']);
        $this->assertArrayNotHasKey('Reconciliation', $this->module->adminTab($service));
        $this->assertSame([], $this->told());
    }

    public function test_it_answers_what_it_found_and_looks_at_no_other_service(): void
    {
        $this->service(['id' => 101]);
        $this->license('jetpack-complete_FAR1', ['service_id' => 101]);
        $this->license('jetpack-complete_FAR2', ['service_id' => 101]);
        $service = $this->service(['domainstatus' => 'Terminated']);
        $this->license('jetpack-complete_HERE');

        $answer = $this->module->custom($service, 'Reconcile');

        $this->assertSentence($answer, '…HERE is active and paid for, and its service is terminated. Press Terminate to revoke it.');
        $this->assertSame(['ended service 100'], $this->found());
        $this->assertCount(1, $this->sandbox->requests());
        $this->assertStringContainsString('…HERE is active', $this->module->adminTab($service)['Reconciliation']);

        // Read in the answer, so the daily run does not tell it again; and the other way round nothing is lost.
        $this->assertStringContainsString('2 found, 1 of them new', $this->reconcile());
        $this->module->custom($service, 'Reconcile');
        $this->assertSame(['ended service 100', 'surplus service 101'], $this->found());

        $this->module->terminate($service);
        $this->assertSame('success', $this->module->custom($service, 'Reconcile'));
        $this->assertSame(['surplus service 101'], $this->found());
    }

    public function test_an_addon_is_one_of_its_own(): void
    {
        $service = $this->service();
        $addon = $this->addon(['status' => 'Active']);

        $this->assertSentence($this->module->custom($addon, 'Reconcile'), 'active and holds no license');
        $this->assertSame(['missing addon 300'], $this->found());
        $this->assertSame([], array_intersect_key($this->module->adminTab($service), ['Reconciliation' => 1]));
        $this->assertStringContainsString('holds no license', $this->module->adminTab($addon)['Reconciliation']);
    }

    public function test_what_jetpack_revoked_is_taken_down_with_the_custom_field(): void
    {
        $service = $this->service();
        $this->sandbox->revokeBehindOurBack($this->issued($service), '2026-01-20 00:00:00');
        $this->module->create($service);

        $answer = $this->module->custom($service, 'Reconcile');

        $this->assertSentence($answer, 'was revoked at Jetpack on 2026-01-20 00:00:00 UTC', 'Press Create');
        $this->assertSame('', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_row_of_the_php_module_becomes_the_services(): void
    {
        $service = $this->service();
        $this->license('jetpack-complete_OLD1', ['service_id' => null, 'addon_id' => null, 'product_slug' => null]);

        $this->assertSame('success', $this->module->custom($service, 'Reconcile'));

        $this->assertSame(100, $this->rows()[0]['service_id']);
    }

    public function test_while_jetpack_does_not_answer_it_says_so(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);

        $this->assertSentence($this->module->custom($service, 'Reconcile'), 'Jetpack answered HTTP 503');
    }

    public function test_of_many_findings_five_are_answered(): void
    {
        $service = $this->service(['domainstatus' => 'Terminated']);
        foreach (range(1, 7) as $number) {
            $this->license("jetpack-complete_KEY$number");
        }

        $this->assertSentence($this->module->custom($service, 'Reconcile'), '…KEY5 is active', 'The service page shows 2 more.');
        $this->assertSame(7, substr_count($this->module->adminTab($service)['Reconciliation'], 'is active and paid for'));
    }

    public function test_what_stands_on_the_page_is_escaped(): void
    {
        $service = $this->service();
        $this->module->custom($service, 'Reconcile');
        Capsule::table(self::FINDINGS)->update(['text' => '<b>&']);

        $this->assertStringStartsWith('&lt;b&gt;&amp; (since ', $this->module->adminTab($service)['Reconciliation']);
    }

    /** Parameters that are no service's are not everything: that takes an empty array. */
    public function test_only_an_empty_array_means_everything(): void
    {
        $this->service();
        foreach ([[], [null], [['module' => 'jetpack', 'api_token' => 'x']]] as $arguments) {
            $this->assertSentence($this->module->call('Reconcile', ...$arguments), 'which service this is about');
        }
        $this->assertFalse(Capsule::schema()->hasTable(self::FINDINGS));
    }
}
