<?php

declare(strict_types=1);

// jetpack_IssueAgain, the button "Not issued: try again": a person has looked and found no license.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class IssueAgainTest extends JetpackTestCase
{
    public function test_after_the_decision_one_license_is_issued(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        $this->minutesPass(2);

        $this->assertSame('success', $this->module->custom($service, 'IssueAgain'));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue failed', 'issue done'], $this->journal());
        $this->assertStringContainsString('staff found no license', $this->rows(self::JOURNAL)[0]['answered']);
        $this->assertSame($this->activeRows()[0]['license_key'], $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_pressed_twice_it_issues_once(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        $this->minutesPass(2);
        $this->module->custom($service, 'IssueAgain');

        $this->assertSentence($this->module->custom($service, 'IssueAgain'), 'No lost answer is open');

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /** The clock of the database was set back: how long ago the answer was lost is not known. */
    public function test_an_answer_that_was_lost_in_the_future_can_be_decided(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        Capsule::table(self::JOURNAL)->update(['sent_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR')]);

        $this->assertSame('success', $this->module->custom($service, 'IssueAgain'));

        $this->assertSame(['issue failed', 'issue done'], $this->journal());
    }

    /**
     * @dataProvider booleans
     */
    public function test_without_a_lost_answer_it_sends_nothing(bool $holdsLicense): void
    {
        $service = $this->service();
        if ($holdsLicense) {
            $this->issued($service);
        }
        $sent = $this->sandbox->requestLines();

        $this->assertSentence($this->module->custom($service, 'IssueAgain'), 'No lost answer is open');

        $this->assertSame($sent, $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, bool>> */
    public static function booleans(): array
    {
        return ['a service with its license' => [true], 'a service without' => [false]];
    }

    public function test_when_its_own_answer_is_lost_the_question_is_open_again(): void
    {
        $service = $this->service();
        $this->sandbox->fault(['fault' => 'drop'], ['fault' => 'act_and_drop']);
        $this->module->create($service);
        $this->minutesPass(2);

        $this->assertSentence($this->module->custom($service, 'IssueAgain'), 'It is not known whether');

        $this->assertSame(['issue failed', 'issue unknown'], $this->journal());
        $this->assertSentence($this->module->create($service), 'is issued again by itself');
        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
    }

    public function test_after_a_change_of_product_it_finishes_the_change(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan'));
        $service = $this->service();
        $old = $this->issued($service);
        Capsule::table('tblhosting')->update(['packageid' => 2]);
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->changePackage(Host::service(100));
        $this->minutesPass(2);

        $this->assertSame('success', $this->module->custom(Host::service(100), 'IssueAgain'));

        $this->assertSame(['POST /license', 'POST /license', 'POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame('jetpack-scan', $this->activeRows()[0]['product_slug']);
        $this->assertNotContains($old, array_column($this->activeRows(), 'license_key'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_the_missing_one_of_a_quantity_is_issued(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 0], ['fault' => 'drop']);
        $this->module->create($service);
        $this->minutesPass(2);

        $this->assertSame('success', $this->module->custom($service, 'IssueAgain'));

        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertCount(2, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /** Nobody can have looked into the partner portal yet. */
    public function test_within_a_minute_it_refuses_and_after_it_issues(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertSentence($this->module->custom($service, 'IssueAgain'), 'less than a minute', 'partner portal');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue unknown'], $this->journal());

        $this->minutesPass(1);
        $this->assertSame('success', $this->module->custom($service, 'IssueAgain'));
        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** The second click of a double click answers a question that nobody has read. */
    public function test_a_second_click_after_the_first_ones_own_answer_was_lost_is_refused(): void
    {
        $service = $this->service();
        $this->sandbox->fault(['fault' => 'drop'], ['fault' => 'act_and_drop']);
        $this->module->create($service);
        $this->minutesPass(2);
        $this->module->custom($service, 'IssueAgain');

        $this->assertSentence($this->module->custom($service, 'IssueAgain'), 'less than a minute');

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->sandbox->activeLicenses());
        $this->assertSame(['issue failed', 'issue unknown'], $this->journal());
    }

    /**
     * A license for a service that nobody pays for.
     *
     * @dataProvider statusesWithoutLicense
     */
    public function test_for_a_service_that_shall_hold_no_license_it_only_closes_the_question(string $status): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);
        $this->minutesPass(2);
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);
        $service = Host::service(100);

        $this->assertSame('success', $this->module->custom($service, 'IssueAgain'));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->sandbox->activeLicenses());
        $this->assertSame(['issue failed'], $this->journal());
        $this->assertNotContains('IssueAgain', $this->module->adminButtons($service));
    }

    /** @return array<string, array<int, string>> */
    public static function statusesWithoutLicense(): array
    {
        return array_combine(
            ['suspended', 'terminated', 'cancelled', 'fraud'],
            [['Suspended'], ['Terminated'], ['Cancelled'], ['Fraud']]
        );
    }

    /** The lost request was one more of the old product; which is meant now only a person can say. */
    public function test_after_another_change_of_product_it_closes_the_question_and_leaves_the_change_to_change_package(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan'));
        $service = $this->service(['qty' => 2]);
        $this->faultOn('POST', '/license', ['fault' => 'drop', 'skip' => 1]);
        $this->module->create($service);
        $this->minutesPass(2);
        Capsule::table('tblhosting')->update(['packageid' => 2]);

        $this->assertSentence($this->module->custom(Host::service(100), 'IssueAgain'), 'run Change Package');

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'issue failed'], $this->journal());
        $this->assertSame(['jetpack-complete'], array_column($this->activeRows(), 'product_slug'));
        $this->assertEveryLicenseIsKnown();

        $this->assertSame('success', $this->module->changePackage(Host::service(100)));
        $this->assertSame(['jetpack-scan', 'jetpack-scan'], array_column($this->activeRows(), 'product_slug'));
        $this->assertEveryLicenseIsKnown();
    }

    /** One addon's question is not its parent's. */
    public function test_a_lost_answer_blocks_only_its_own_service_or_addon(): void
    {
        $service = $this->service();
        $addon = $this->addon();
        $other = $this->service(['id' => 101]);
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($addon);

        $this->assertSame(['success', 'success'], [$this->module->create($service), $this->module->create($other)]);

        $this->assertSentence($this->module->custom($service, 'IssueAgain'), 'No lost answer is open');
        $this->assertSame(array_fill(0, 3, 'POST /license'), $this->sandbox->requestLines());
        $this->assertSame(['issue unknown', 'issue done', 'issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }
}
