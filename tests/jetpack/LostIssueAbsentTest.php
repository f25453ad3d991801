<?php

declare(strict_types=1);

// A lost answer to POST /license that issued nothing: when Jetpack's own list says so, and when it is too soon or not the list for it.

namespace Tests\Jetpack;

use Tests\Support\JetpackSandbox;
use Tests\Support\LicenseListTestCase;
use WHMCS\Database\Capsule;

final class LostIssueAbsentTest extends LicenseListTestCase
{
    public function test_when_nothing_was_issued_the_list_says_so_and_create_issues(): void
    {
        $this->earlierLicense();
        $this->pass(5);
        $service = $this->lost('drop');
        $this->pass(31);
        $this->earlierLicense(91);

        $this->assertStringContainsString('1 repaired', $this->reconcile());

        $this->assertSame(['issue done', 'issue failed', 'issue done'], $this->journal());
        $this->assertSame('success', $this->module->create($service));
        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider absences
     * @param callable(self): mixed $arrange
     */
    public function test_it_does_not_say_so_too_soon(callable $arrange): void
    {
        $this->earlierLicense();
        $this->pass(5);
        $service = $this->lost('drop');

        $arrange($this);
        $this->reconcile();

        $this->assertContains('issue unknown', $this->journal());
        $this->assertSentence($this->module->create($service), 'is issued again by itself');
    }

    /** @return array<string, array{callable}> */
    public static function absences(): array
    {
        return [
            'after 29 minutes' => [function (self $test): void {
                $test->pass(29);
                $test->earlierLicense(91);
            }],
            'after an hour, where the list shows nothing newer' => [fn (self $test) => $test->pass(60)],
            'where the list is an hour old' => [function (self $test): void {
                $test->pass(31);
                $test->earlierLicense(91);
                $test->sandbox->list(['stale' => 3600]);
            }],
            'where the list lacks what we issued' => [function (self $test): void {
                $test->pass(120);
                $test->sandbox->list(['wrong' => ['lacks_issued']]);
            }],
            'where items move between pages' => [function (self $test): void {
                $test->pass(120);
                $test->sandbox->issuedElsewhere(['count' => 5, 'product' => 'jetpack-scan', 'age' => 5 * 86400]);
                $test->sandbox->list(['largest_page' => 2, 'moves' => 1]);
            }],
            'where the totals change' => [function (self $test): void {
                $test->pass(120);
                $test->sandbox->issuedElsewhere(['count' => 5, 'product' => 'jetpack-scan', 'age' => 5 * 86400]);
                $test->sandbox->list(['largest_page' => 2, 'wrong' => ['totals_change']]);
            }],
            'where keys are none' => [function (self $test): void {
                $test->pass(120);
                $test->sandbox->list(['wrong' => ['bad_keys']]);
            }],
        ];
    }

    /** The product got another API Token since; what the lost request has issued is on the list of the first one. */
    public function test_the_list_of_another_token_says_nothing(): void
    {
        $this->earlierLicense();
        $this->pass(30 * 1440);
        $service = $this->lost('act_and_drop');
        $this->pass(60);
        Capsule::table('tblproducts')->update(['configoption1' => JetpackSandbox::SECOND_TOKEN]);
        $this->earlierLicense(91);
        $this->pass(60);
        $this->earlierLicense(92);

        $this->reconcile();

        $this->assertContains('issue unknown', $this->journal());
        $this->assertSentence($this->module->create($service), 'is issued again by itself');
    }

    public function test_a_list_of_no_license_of_ours_says_nothing(): void
    {
        $service = $this->lost('drop');
        $this->pass(120);

        $this->reconcile();

        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSentence($this->module->create($service), 'is issued again by itself');
    }

    /** @dataProvider clocks */
    public function test_clocks_may_differ_by_minutes(int $ahead): void
    {
        $this->sandbox->reset(['clock_ahead' => $ahead]);
        $found = $this->lost('act_and_drop');
        $this->earlierLicense();
        $this->pass(3);

        $this->assertSame('success', $this->module->create($found));

        $this->assertEveryLicenseIsKnown();
    }

    /** @dataProvider clocks */
    public function test_a_license_of_somebody_else_is_not_taken_for_ours_by_a_wrong_clock(int $ahead): void
    {
        $this->sandbox->reset(['clock_ahead' => $ahead]);
        $service = $this->lost('drop');
        $this->sandbox->issuedElsewhere(['age' => $ahead + 400]);

        $this->module->create($service);

        $this->assertSame([], $this->rows());
        $this->assertSame(['issue unknown'], $this->journal());
    }

    /** @return array<string, array{int}> */
    public static function clocks(): array
    {
        return ['Jetpack is five minutes ahead' => [300], 'Jetpack is five minutes behind' => [-300]];
    }
}
