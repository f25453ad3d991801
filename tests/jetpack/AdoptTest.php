<?php

declare(strict_types=1);

// Licenses at Jetpack that are in no row of the license table: shown on the service page as reconciliation recorded them, given
// to services and taken back by saving it. Nothing of it happens by itself.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\JetpackReconcileTestCase;
use Tests\Support\JetpackSandbox;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class AdoptTest extends JetpackReconcileTestCase
{
    private const UNASSIGNED = 'mod_jetpack_unassigned';
    private const FIELD = 'Unassigned Licenses';

    protected function setUp(): void
    {
        parent::setUp();
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
        $this->sandbox->reset();
        $_SESSION = Host::STAFF;
    }

    /** A license that somebody else issued with the token, as the daily run has seen it. */
    private function issuedElsewhere(string $product = 'jetpack-complete', ?string $site = null): string
    {
        $this->sandbox->issuedElsewhere(['product' => $product, 'age' => 90_000] + ($site === null ? [] : ['site' => $site]));
        $licenses = $this->sandbox->licenses();

        return end($licenses)['license_key'];
    }

    private function field(Service $service): string
    {
        return $this->module->adminTab($service)[self::FIELD] ?? '';
    }

    private function row(string $key): string
    {
        return (string) Capsule::table(self::UNASSIGNED)->where('license_key', $key)->value('id');
    }

    /** @param array<string, string> $form */
    private function save(Service $service, array $form): void
    {
        $this->module->saveAdminTab($service, $form);
    }

    private function mark(): string
    {
        return (string) Capsule::table(self::UNASSIGNED)->whereNotNull('plan_mark')->value('plan_mark');
    }

    public function test_a_service_without_license_is_offered_those_of_its_product_without_a_request(): void
    {
        $service = $this->service();
        $key = $this->issuedElsewhere('jetpack-complete', 'https://moved.example');
        $other = $this->issuedElsewhere('jetpack-scan');
        $this->reconcile();
        $before = $this->sandbox->requestLines();

        $field = $this->field($service);

        $this->assertStringContainsString('value="' . $this->row($key) . '"', $field);
        $this->assertStringContainsString('…' . substr($key, -4), $field);
        $this->assertStringContainsString('https://moved.example', $field);
        $this->assertStringNotContainsString('value="' . $this->row($other) . '"', $field);
        $this->assertStringNotContainsString($key, $field);
        $this->assertSame($before, $this->sandbox->requestLines());
        $this->assertSame([], $this->activeRows(), 'nothing happens by itself');
    }

    public function test_the_one_of_its_own_site_comes_first(): void
    {
        $service = $this->service(['domain' => 'www.Customer.example']);
        $own = $this->issuedElsewhere('jetpack-complete', 'https://customer.example/blog');
        $this->issuedElsewhere('jetpack-complete', 'https://moved.example');
        $this->service(['id' => 101, 'domain' => 'customer.example']);
        $this->reconcile();

        preg_match_all('/<option value="(\d+)"/', $this->field($service), $options);

        $this->assertSame($this->row($own), $options[1][0]);
        // Two services have that domain: by its site it is nobody's.
        $this->assertStringNotContainsString('Adopt these', $this->field($service));
    }

    public function test_a_chosen_license_is_checked_and_becomes_the_services(): void
    {
        $service = $this->service();
        $key = $this->issuedElsewhere('jetpack-complete', 'https://moved.example');
        $this->reconcile();
        $before = count($this->sandbox->requestLines());

        $this->save($service, ['jetpack_adopt' => $this->row($key)]);

        $this->assertSame(['GET /license'], array_slice($this->sandbox->requestLines(), $before));
        [$row] = $this->activeRows();
        $this->assertSame([$key, '100', '500', 'jetpack-complete', 'https://moved.example'], array_map(
            fn (string $column) => (string) $row[$column],
            ['license_key', 'service_id', 'order_id', 'product_slug', 'site']
        ));
        $this->assertSame($key, $this->keptKey($service));
        $this->assertSame(['adopt done'], $this->journal());
        // The next Create issues nothing, the next run misses nothing.
        $this->assertSame('success', $this->module->create($service));
        $this->reconcile();
        $this->assertSame([], $this->found());
        $this->assertSame([], $this->issuedHere());
    }

    /** @return list<string> */
    private function issuedHere(): array
    {
        return array_values(array_filter($this->sandbox->requestLines(), fn (string $line) => $line === 'POST /license'));
    }

    public function test_it_can_be_taken_back_until_the_next_command(): void
    {
        $service = $this->service();
        $key = $this->issuedElsewhere();
        $this->reconcile();
        $this->save($service, ['jetpack_adopt' => $this->row($key)]);
        $this->assertStringContainsString('Take the adopted license …' . substr($key, -4) . ' back', $this->field($service));

        $this->save($service, ['jetpack_take_back' => '1']);

        $this->assertSame([], $this->rows());
        $this->assertSame('', $this->keptKey($service));
        $this->assertSame(['adopt done', 'take back done'], $this->journal());
        $this->assertStringContainsString('value="' . $this->row($key) . '"', $this->field($service));

        $this->save($service, ['jetpack_adopt' => $this->row($key)]);
        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));
        $this->assertStringNotContainsString('Take the adopted', $this->field($service));
        $this->save($service, ['jetpack_take_back' => '1']);
        $this->assertCount(1, $this->activeRows());
        $log = Host::activityLog();
        $this->assertStringContainsString('cannot be taken back any more', end($log));
    }

    public function test_what_was_revoked_taken_or_changed_in_the_meantime_is_not_given(): void
    {
        $service = $this->service();
        $key = $this->issuedElsewhere();
        $this->reconcile();
        $row = $this->row($key);
        $refused = function (string $why) use (&$service, $row): void {
            $this->save($service, ['jetpack_adopt' => $row]);
            $log = Host::activityLog();
            $this->assertStringContainsString($why, end($log));
            $this->assertNotContains('adopt done', $this->journal());
        };

        Capsule::table('tblproducts')->update(['configoption2' => 'jetpack-scan']);
        $service = Host::service(100);
        $refused('another product');
        Capsule::table('tblproducts')->update(['configoption2' => 'jetpack-complete', 'configoption1' => JetpackSandbox::SECOND_TOKEN]);
        $service = Host::service(100);
        $refused('another product or API Token');
        Capsule::table('tblproducts')->update(['configoption1' => JetpackSandbox::TOKEN]);
        Capsule::table('tblhosting')->update(['domainstatus' => 'Terminated']);
        $service = Host::service(100);
        $refused('not active');
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);
        $service = Host::service(100);
        $this->licenseRow($key, ['service_id' => 101]);
        $refused('in the meantime');
        Capsule::table(self::TABLE)->delete();
        $this->sandbox->revokeBehindOurBack($key);
        $refused('revoked at Jetpack');
        $this->assertSame([], $this->rows());
        $this->save($service, ['jetpack_adopt' => '4711']);
        $this->save($service, ['jetpack_adopt' => 'junk']);
        $this->assertSame([], $this->rows());
    }

    public function test_a_service_with_its_licenses_is_offered_none(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->issuedElsewhere();
        $this->reconcile();

        $this->assertSame('', $this->field($service));
    }

    public function test_while_an_answer_is_lost_nothing_is_offered_and_nothing_given(): void
    {
        $service = $this->service();
        $key = $this->issuedElsewhere();
        $this->reconcile();
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertStringNotContainsString('jetpack_adopt', $this->field($service));
        $this->save($service, ['jetpack_adopt' => $this->row($key)]);

        $this->assertSame([], $this->rows());
    }

    /** Three services whose domains name one license each, and what is not certain. @return list<string> the keys */
    private function movedIn(): array
    {
        $keys = [];
        foreach ([100, 101, 102] as $id) {
            $this->service(['id' => $id, 'orderid' => 400 + $id, 'domain' => "site$id.example"]);
            $keys[] = $this->issuedElsewhere('jetpack-complete', "https://www.site$id.example/blog");
        }
        $this->service(['id' => 103, 'domain' => 'twice.example']);
        $this->service(['id' => 104, 'domain' => 'twice.example']);
        $this->issuedElsewhere('jetpack-complete', 'https://twice.example');
        $this->service(['id' => 105, 'domain' => 'ended.example', 'domainstatus' => 'Terminated']);
        $this->issuedElsewhere('jetpack-complete', 'https://ended.example');
        $this->service(['id' => 106, 'domain' => 'other-product.example']);
        $this->issuedElsewhere('jetpack-scan', 'https://other-product.example');
        $this->service(['id' => 107, 'domain' => 'two-licenses.example']);
        $this->issuedElsewhere('jetpack-complete', 'https://two-licenses.example');
        $this->issuedElsewhere('jetpack-complete', 'https://two-licenses.example/shop');
        $this->issuedElsewhere('jetpack-complete');
        $this->reconcile();

        return $keys;
    }

    public function test_those_that_have_exactly_one_service_by_their_site_are_shown_and_given_on_confirmation(): void
    {
        $keys = $this->movedIn();
        $service = Host::service(100);
        $field = $this->field($service);
        $this->assertStringContainsString('Adopt these 3 for their services', $field);
        foreach ([100, 101, 102] as $id) {
            $this->assertStringContainsString("https://www.site$id.example/blog → service $id", $field);
        }
        $this->assertSame([], $this->rows());
        // Create would issue a second one.
        $missing = Capsule::table(self::FINDINGS)->where(['kind' => 'missing', 'owner_id' => 100])->value('text');
        $this->assertStringContainsString('adopt that one', $missing);
        $missing = Capsule::table(self::FINDINGS)->where(['kind' => 'missing', 'owner_id' => 106])->value('text');
        $this->assertStringNotContainsString('adopt', $missing);
        $before = count($this->sandbox->requestLines());

        $this->save($service, ['jetpack_adopt_by_site' => $this->mark()]);

        $this->assertSame(['GET /license', 'GET /license', 'GET /license'], array_slice($this->sandbox->requestLines(), $before));
        $owners = array_column($this->activeRows(), 'license_key', 'service_id');
        ksort($owners);
        $this->assertSame(array_combine([100, 101, 102], $keys), $owners);
        $log = Host::activityLog();
        $this->assertStringContainsString('3 licenses were given to their services by their sites, 0 were not.', end($log));
    }

    public function test_all_of_them_can_be_taken_back_but_those_that_something_happened_to(): void
    {
        [, , $used] = $this->movedIn();
        $this->save(Host::service(100), ['jetpack_adopt_by_site' => $this->mark()]);
        $this->module->custom(Host::service(102), 'DetachFromSite');
        $field = $this->field(Host::service(100));
        $this->assertStringContainsString('Take all 3 back', $field);
        preg_match('/name="jetpack_take_back_by_site" value="([0-9a-f]+)"/', $field, $mark);

        $this->save(Host::service(100), ['jetpack_take_back_by_site' => $mark[1]]);

        $this->assertSame([$used], array_column($this->activeRows(), 'license_key'));
        $log = Host::activityLog();
        $this->assertStringContainsString('2 licenses were taken back from their services, 1 were not.', end($log));
    }

    /** What is confirmed is what was shown. */
    public function test_a_plan_that_is_not_the_shown_one_is_not_carried_out(): void
    {
        $this->movedIn();
        $shown = $this->mark();
        $this->reconcile();

        $this->save(Host::service(100), ['jetpack_adopt_by_site' => $shown]);

        $this->assertSame([], $this->rows());
        $log = Host::activityLog();
        $this->assertStringContainsString('not as it was', end($log));
    }

    public function test_a_product_addon_adopts_by_the_domain_of_its_service(): void
    {
        $this->service(['domain' => 'parent.example']);
        $addon = $this->addon(['status' => 'Active']);
        $key = $this->issuedElsewhere('jetpack-scan', 'https://parent.example');
        $this->reconcile();
        $this->assertStringContainsString('→ addon 300', $this->field(Host::service(100)));

        $this->save(Host::service(100), ['jetpack_adopt_by_site' => $this->mark()]);

        $this->assertSame([[$key, 300]], array_map(
            fn (array $row) => [$row['license_key'], (int) $row['addon_id']],
            $this->activeRows()
        ));
        $this->assertSame('success', $this->module->create($addon));
        $this->assertSame([], $this->issuedHere());
    }

    /** Without the three that open the connection; the claim's table is there. */
    public function test_it_costs_one_request_and_ten_statements(): void
    {
        $this->service();
        $this->service(['id' => 101, 'orderid' => 501]);
        foreach ([100, 101] as $id) {
            $key = $this->issuedElsewhere();
            $this->reconcile();
            $requests = count($this->sandbox->requestLines());
            $log = new StatementLog();
            $this->answerOf($this->adopting($id, $this->row($key)));
            $statements = $log->end();
            $this->assertSame(['GET /license'], array_slice($this->sandbox->requestLines(), $requests));
        }

        $this->assertCount(10, $statements, implode("\n", $statements));
    }

    public function test_of_two_who_adopt_one_license_one_gets_it(): void
    {
        $this->service();
        $this->service(['id' => 101, 'orderid' => 501]);
        $key = $this->issuedElsewhere();
        $this->reconcile();
        $row = $this->row($key);
        $children = array_map(fn (int $id) => $this->adopting($id, $row), [100, 101, 100, 101]);
        array_map(fn ($child) => $this->answerOf($child), $children);

        $this->assertCount(1, $this->activeRows());
        $this->assertSame(['adopt done'], $this->journal());
    }

    private function adopting(int $service, string $row): ChildProcess
    {
        return $this->apart(
            '(function () use ($module) { $_SESSION = Tests\Host\Host::STAFF;'
            . " \$module->saveAdminTab(Tests\\Host\\Host::service($service), ['jetpack_adopt' => '$row']); return 'done'; })()"
        );
    }

    public function test_a_customer_can_neither_see_nor_take_them(): void
    {
        $service = $this->service();
        $key = $this->issuedElsewhere();
        $this->reconcile();
        $_SESSION = ['uid' => 10];

        $this->assertSame('', $this->field($service));
        $this->save($service, ['jetpack_adopt' => $this->row($key)]);

        $this->assertSame([], $this->rows());
    }
}
