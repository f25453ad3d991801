<?php

declare(strict_types=1);

// jetpack_Reconcile with the partner's own list: one request for a page, and what no question about a license can find.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackReconcileTestCase;
use Tests\Support\JetpackSandbox;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class ReconcileListTest extends JetpackReconcileTestCase
{
    private const PAGE = 'GET /licenses';
    private const UNASSIGNED = 'mod_jetpack_unassigned';

    protected function setUp(): void
    {
        parent::setUp();
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
        $this->sandbox->reset();
    }

    /** So many services with a license each, in both places. @return list<string> the keys */
    private function sold(int $count): array
    {
        $keys = [];
        for ($number = 0; $number < $count; $number++) {
            $this->service(['id' => 100 + $number, 'orderid' => 500 + $number]);
            $keys[] = $key = sprintf('jetpack-complete_KEY%04d', $number);
            $this->licensesAtJetpack[] = ['license_key' => $key, 'issued_at' => '2026-01-15 10:00:01'];
            $this->licenseRow($key, ['service_id' => 100 + $number, 'order_id' => 500 + $number]);
        }
        $this->sandbox->reset(['licenses' => $this->licensesAtJetpack]);

        return $keys;
    }

    public function test_one_request_compares_a_page_of_licenses(): void
    {
        $this->sold(120);

        $summary = $this->reconcile();

        $this->assertSame([self::PAGE, self::PAGE], $this->sandbox->requestLines());
        $this->assertStringContainsString('(0 asked about at Jetpack, 120 compared with its list in 2 requests)', $summary);
        $this->assertSame([], $this->found());
        $this->assertNotContains(null, array_column($this->rows(), 'checked_at'));
    }

    /** Statements are those of pages, not of licenses. */
    public function test_a_hundred_licenses_more_cost_no_statement_for_each(): void
    {
        $count = function (int $licenses): int {
            Host::truncate(true);
            $this->prepareWorld();
            $this->createTables();
            $this->licensesAtJetpack = [];
            $this->sold($licenses);
            $this->reconcile();
            // Only connections that are opened from now on are counted.
            $log = new StatementLog();
            $this->inChild('ini_set("whmcs_provisioning.jetpack_license_list", "1"); return $module->call("Reconcile", []);');

            return count($log->end());
        };

        // One page more of the list, and no other statement.
        $few = $count(10);
        $this->assertGreaterThan(20, $few);
        $this->assertSame($few, $count(110));
    }

    public function test_without_a_list_each_license_is_asked_about_and_the_list_is_not_asked_again(): void
    {
        $this->sold(2);
        $this->sandbox->list(['mode' => 'off']);

        $code = 'ini_set("whmcs_provisioning.jetpack_license_list", "1"); return [$module->call("Reconcile", []), $module->call("Reconcile", [])];';
        [$first, $second] = $this->inChild($code);

        $this->assertSame([self::PAGE, 'GET /license', 'GET /license', 'GET /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame($first, $second);
        $this->assertStringContainsString('(2 asked about at Jetpack)', $first);
    }

    public function test_what_is_paid_and_in_no_row_is_reported_with_product_age_site_and_cost(): void
    {
        $this->sold(1);
        $this->sandbox->issuedElsewhere(['product' => 'jetpack-scan', 'age' => 3 * 86_400 + 60, 'site' => 'https://moved.example']);
        $key = array_column($this->sandbox->licenses(), 'license_key')[1];

        $this->reconcile();

        $this->assertSame(['unknown'], $this->found());
        $text = $this->rows(self::FINDINGS)[0]['text'];
        foreach (['Jetpack Scan', '…' . substr($key, -4), '(3 days ago)', 'attached to https://moved.example', 'at 3.95 a month'] as $said) {
            $this->assertStringContainsString($said, $text);
        }
        $this->assertSame([self::PAGE, 'GET /licenses/billing'], $this->sandbox->requestLines());
        $this->assertStringNotContainsString($key, var_export([$this->rows(self::FINDINGS), Host::activityLog(), Host::moduleLog()], true));
        $this->assertSame(
            [$key, 'jetpack-scan', 'moved.example'],
            array_map(fn (string $column) => $this->rows(self::UNASSIGNED)[0][$column], ['license_key', 'product_slug', 'site_host'])
        );

        // Told once.
        $told = count($this->told());
        $this->reconcile();
        $this->assertCount($told, $this->told());

        $this->sandbox->revokeBehindOurBack($key);
        $this->reconcile();
        $this->assertSame([], $this->found());
        $this->assertSame([], $this->rows(self::UNASSIGNED));
    }

    public function test_without_a_bill_nothing_is_said_of_the_cost(): void
    {
        $this->sandbox->list(['without' => ['billing']]);
        $this->sandbox->issuedElsewhere(['age' => 86_400]);

        $this->reconcile();

        $this->assertStringNotContainsString('a month', $this->rows(self::FINDINGS)[0]['text']);
    }

    /** It may be on its way into the table, here or in another process. */
    public function test_what_was_issued_within_the_hour_is_not_missed_yet(): void
    {
        $this->sandbox->issuedElsewhere(['age' => 1800]);

        $this->reconcile();

        $this->assertSame([], $this->found());
    }

    public function test_many_of_them_are_a_hundred_findings_and_one(): void
    {
        $this->sandbox->issuedElsewhere(['count' => 130, 'age' => 86_400, 'every' => 60]);

        $this->reconcile();

        $this->assertCount(101, $this->found());
        $this->assertCount(130, $this->rows(self::UNASSIGNED));
        $texts = array_column($this->rows(self::FINDINGS), 'text');
        $this->assertCount(1, preg_grep('/^Jetpack has 30 more active licenses/', $texts));
    }

    public function test_a_license_that_was_revoked_at_jetpack_is_recorded_so(): void
    {
        [$key] = $this->sold(3);
        $this->sandbox->revokeBehindOurBack($key);

        $this->reconcile();

        $this->assertSame([self::PAGE, 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame([['2026-01-20 00:00:00', 'at jetpack']], array_map(
            fn (array $row) => [$row['revoked_at'], $row['revoked_for']],
            array_values(array_filter($this->rows(), fn (array $row) => $row['license_key'] === $key))
        ));
        $this->assertSame(['missing service 100'], $this->found());
    }

    public function test_a_license_that_is_revoked_here_and_active_there_is_asked_about_and_reported(): void
    {
        [$key] = $this->sold(1);
        Capsule::table(self::TABLE)->update(['revoked_at' => '2026-02-01 00:00:00', 'revoked_for' => 'terminated', 'asked_at' => '2026-03-01 00:00:00']);
        Capsule::table('tblhosting')->update(['domainstatus' => 'Terminated']);

        $this->reconcile();

        $this->assertSame([self::PAGE, 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['alive service 100'], $this->found());

        $this->sandbox->revokeBehindOurBack($key);
        $this->reconcile();
        $this->assertSame([], $this->found());
    }

    /** Who revokes it has to use the product's token. */
    public function test_a_license_that_only_another_token_knows_is_not_known_to_its_own(): void
    {
        $this->sold(1);
        Host::addProduct($this->product(2, 'jetpack-scan', ['configoption1' => JetpackSandbox::SECOND_TOKEN]));
        $this->licensesAtJetpack[0]['token'] = JetpackSandbox::SECOND_TOKEN;
        $this->sandbox->reset(['licenses' => $this->licensesAtJetpack]);

        $this->reconcile();

        $this->assertSame([self::PAGE, self::PAGE, 'GET /license'], $this->sandbox->requestLines());
        $this->assertSame(['not known service 100'], $this->found());
        $this->assertSame([], $this->rows(self::UNASSIGNED));

        // The product gets the right token.
        Capsule::table('tblproducts')->update(['configoption1' => JetpackSandbox::SECOND_TOKEN]);
        $this->reconcile();
        $this->assertSame([], $this->found());
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function oddLists(): iterable
    {
        yield 'keys that are none' => [['wrong' => ['bad_keys']]];
        yield 'items come twice' => [['largest_page' => 4, 'moves' => -1]];
        yield 'items are passed' => [['largest_page' => 4, 'moves' => 1]];
        yield 'totals change' => [['largest_page' => 4, 'wrong' => ['totals_change']]];
        yield 'lacks what was issued' => [['lacks' => ['jetpack-complete_KEY0003', 'jetpack-complete_KEY0007']]];
        yield 'oldest first' => [['wrong' => ['unsorted']]];
        yield 'an hour old' => [['stale' => 3600]];
        yield 'another shape' => [['mode' => 'other_shape']];
        yield 'not for this token' => [['mode' => 'foreign']];
    }

    /**
     * @dataProvider oddLists
     * @param array<string, mixed> $list
     */
    public function test_whatever_the_list_is_like_nothing_wrong_is_found_and_every_license_is_checked(array $list): void
    {
        $this->sold(12);
        $this->sandbox->list($list);

        $this->inChild('ini_set("whmcs_provisioning.jetpack_license_list", "1"); return $module->call("Reconcile", []);');

        $this->assertSame([], $this->found());
        $this->assertNotContains(null, array_column($this->rows(), 'checked_at'));
        $this->assertCount(12, $this->activeRows());
        $this->assertSame([], $this->rows(self::UNASSIGNED));
    }

    /** What is not on a list that moved may be there all the same. */
    public function test_a_list_that_moves_forgets_no_unassigned_license(): void
    {
        $this->sandbox->issuedElsewhere(['count' => 12, 'age' => 86_400]);
        $this->reconcile();
        $this->sandbox->list(['largest_page' => 4, 'moves' => 1]);

        $this->reconcile();

        $this->assertCount(12, $this->rows(self::UNASSIGNED));
        $this->assertCount(12, $this->found());
    }

    public function test_a_list_without_end_ends_with_a_remark(): void
    {
        $this->sold(2);
        $this->sandbox->list(['wrong' => ['endless']]);

        $summary = $this->reconcile();

        $this->assertSame([], $this->found());
        $this->assertLessThan(10, count($this->sandbox->requestLines()));
        $this->assertStringContainsString('Reconciled', $summary);
    }

    public function test_a_list_that_breaks_off_is_a_remark_and_the_licenses_are_asked_about(): void
    {
        $this->sold(2);
        $this->sandbox->fault(['match' => ['method' => 'GET', 'path' => '/licenses'], 'fault' => 'html', 'status' => 500, 'times' => 0]);

        $summary = $this->reconcile();

        $this->assertStringContainsString('Could not read the list of licenses', $summary);
        $this->assertStringContainsString('(2 asked about at Jetpack)', $summary);
        $this->assertSame([], $this->found());
    }

    public function test_licenses_of_a_token_that_no_product_has_are_forgotten(): void
    {
        $this->sandbox->issuedElsewhere(['age' => 86_400]);
        $this->reconcile();
        $this->assertCount(1, $this->rows(self::UNASSIGNED));
        Capsule::table('tblproducts')->update(['configoption1' => JetpackSandbox::SECOND_TOKEN]);

        $this->reconcile();

        $this->assertSame([[], []], [$this->found(), $this->rows(self::UNASSIGNED)]);
    }
}
