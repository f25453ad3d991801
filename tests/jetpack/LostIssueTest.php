<?php

declare(strict_types=1);

// A lost answer to POST /license: what Jetpack's own list of licenses settles, what it leaves to a person, and what it must not say.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\LicenseListTestCase;
use Tests\Support\Numbers;
use WHMCS\Database\Capsule;

final class LostIssueTest extends LicenseListTestCase
{
    private const LIST = ['list not_revoked', 'list revoked'];

    public function test_it_settles_itself_in_the_same_call(): void
    {
        $this->earlierLicense();
        $before = count($this->sandbox->requests());
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', ...self::LIST, 'GET /license'], $this->since($before));
        $this->assertSame(['issue done', 'issue done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
        $this->assertSame($this->activeRows()[1]['license_key'], $this->keptKey($service));
        $log = implode("\n", Host::activityLog());
        $found = 'that a request with a lost answer had issued was found at Jetpack and is recorded';
        $this->assertMatchesRegularExpression("/The license …\\S{4} $found\\. - Service ID: 100/", $log);
    }

    public function test_it_settles_itself_without_any_other_license(): void
    {
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertEveryLicenseIsKnown();
    }

    public function test_one_of_a_quantity_that_was_lost_is_found_and_the_rest_issued(): void
    {
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 0], ['fault' => 'act_and_drop']);

        $this->assertSame('success', $this->module->create($this->service(['qty' => 3])));

        $this->assertCount(3, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider later
     * @param callable(self, mixed): mixed $call
     */
    public function test_it_settles_itself_in_the_next_call(callable $call): void
    {
        $service = $this->lost('act_and_drop');
        $this->pass(3);

        $call($this, $service);

        $this->assertSame(['issue done'], array_slice($this->journal(), 0, 1));
        $this->assertCount(1, $this->sandbox->licenses());
        $this->assertCount(1, $this->rows());
    }

    /** @return array<string, array{callable}> */
    public static function later(): array
    {
        $ends = static fn (self $test, string $answer) => $test->assertSame('success', $answer);

        return [
            'Create' => [fn (self $test, mixed $service) => $ends($test, $test->module->create($service))],
            'Check at Jetpack' => [fn (self $test, mixed $service) => $ends($test, $test->module->custom($service, 'CheckLicense'))],
            'Renew' => [fn (self $test, mixed $service) => $ends($test, $test->module->renew($service))],
            'Change Package' => [fn (self $test, mixed $service) => $ends($test, $test->module->changePackage($service))],
            'Unsuspend' => [fn (self $test, mixed $service) => $ends($test, $test->module->unsuspend($service))],
            'Terminate' => [fn (self $test, mixed $service) => $ends($test, $test->module->terminate($service))],
            'Not issued: try again' => [fn (self $test, mixed $service) => $ends($test, $test->module->custom($service, 'IssueAgain'))],
            'Reconcile' => [fn (self $test, mixed $service) => $test->assertSentence(
                $test->module->custom($service, 'Reconcile'),
                'was found at Jetpack and is recorded'
            )],
            'the daily run' => [fn (self $test) => $test->assertStringContainsString('1 repaired', $test->reconcile())],
        ];
    }

    public function test_terminate_revokes_the_license_that_was_found(): void
    {
        $service = $this->lost('act_and_drop');

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame([], $this->sandbox->activeLicenses());
        $this->assertSame('terminated', $this->rows()[0]['revoked_for']);
    }

    public function test_two_questions_and_two_licenses_get_one_each(): void
    {
        foreach ([101, 102] as $id) {
            $this->lost('act_and_drop', ['id' => $id, 'orderid' => $id]);
        }
        $this->pass(3);
        $before = count($this->sandbox->requests());

        $this->assertStringContainsString('2 repaired', $this->reconcile());

        $this->assertSame([...self::LIST, 'GET /license', 'GET /license'], array_slice($this->since($before), 0, 4));
        $this->assertEqualsCanonicalizing([101, 102], array_column($this->activeRows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
    }

    /** Several services, product addons among them, and another product. */
    public function test_each_question_is_settled_by_a_license_of_its_product(): void
    {
        $addon = $this->addon();
        $this->lost('act_and_drop');
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        $this->module->create($addon);
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
        $this->pass(3);

        $this->reconcile();

        $this->assertSame(['issue done', 'issue done'], $this->journal());
        foreach ($this->activeRows() as $row) {
            $slug = $row['addon_id'] ? 'jetpack-scan' : 'jetpack-complete';
            $this->assertSame($slug, $row['product_slug']);
            $this->assertStringStartsWith("{$slug}_", $row['license_key']);
        }
        $this->assertEveryLicenseIsKnown();
    }

    public function test_on_a_token_that_somebody_else_uses_it_is_proposed_and_one_choice_settles_it(): void
    {
        $this->sandbox->issuedElsewhere(['age' => 10 * 86400]);
        $service = $this->lost('act_and_drop');
        $key = $this->sandbox->licenses()[1]['license_key'];

        $this->assertSentence($this->module->create($service), 'is issued again by itself');

        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame([], $this->rows());
        $field = $this->module->adminTab($service)['Lost Answer'];
        $this->assertStringContainsString('…' . substr($key, -4) . ', issued on ', $field);
        $this->assertStringNotContainsString(substr($key, -12), $field);
        $this->assertSame(1, preg_match_all('/<option value="([0-9a-f]{64})"/', $field, $options));
        $this->module->saveAdminTab($service, ['jetpack_found_license' => '']);
        $this->assertSame(['issue unknown'], $this->journal());

        $this->module->saveAdminTab($service, ['jetpack_found_license' => $options[1][0]]);

        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame([$key], array_column($this->rows(), 'license_key'));
        $this->assertSame($key, $this->keptKey($service));
        $this->assertArrayNotHasKey('Lost Answer', $this->module->adminTab($service));
    }

    /** Our request failed; another WHMCS bought the same product in that second, and something before. */
    public function test_what_another_whmcs_bought_in_the_same_second_is_never_taken(): void
    {
        $this->sandbox->issuedElsewhere(['age' => 20 * 86400, 'product' => 'jetpack-scan']);
        $service = $this->lost('drop');
        $this->sandbox->issuedElsewhere();
        $this->pass(120);

        $this->reconcile();
        $this->module->create($service);

        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame([], $this->rows());
    }

    /**
     * @dataProvider withoutList
     * @param array<string, mixed> $switches
     */
    public function test_a_token_without_a_list_is_asked_once_an_hour_and_all_is_as_before(array $switches, string $token): void
    {
        $this->sandbox->reset(['tokens' => [$token], 'list' => $switches]);
        Capsule::table('tblproducts')->update(['configoption1' => $token]);
        $service = $this->lost('act_and_drop');
        $before = count($this->sandbox->requests());

        $this->assertSentence($this->module->create($service), 'is issued again by itself');
        $this->assertSentence($this->module->custom($service, 'CheckLicense'), 'is issued again by itself');

        $this->assertSame(['list not_revoked'], $this->since($before));
        $this->assertSame(['issue unknown'], $this->journal());
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function withoutList(): array
    {
        return [
            '404' => [['mode' => 'off'], 'tok_404'], '403' => [['mode' => 'foreign'], 'tok_403'],
            'another shape' => [['mode' => 'other_shape'], 'tok_shape'], 'an array' => [['mode' => 'array'], 'tok_array'],
        ];
    }

    public function test_a_list_that_is_out_of_order_leaves_the_question_and_is_asked_again(): void
    {
        $service = $this->lost('act_and_drop');
        $this->faultOn('GET', '/licenses', ['fault' => 'html', 'status' => 500]);

        $this->assertSentence($this->module->create($service), 'is issued again by itself');
        $this->assertSame('success', $this->module->create($service));

        $this->assertEveryLicenseIsKnown();
    }

    /** Another service's command waits for the answer to the same request. */
    public function test_a_license_that_another_command_is_about_to_store_is_not_taken(): void
    {
        $service = $this->lost('drop');
        $other = $this->service(['id' => 101, 'orderid' => 101]);
        $this->faultOn('POST', '/license', ['fault' => 'delay', 'ms' => 2500, 'when' => 'after']);
        $create = $this->apart('$module->create(WHMCS\Service\Service::find(101))');
        $this->waitFor(fn () => $this->sandbox->licenses() !== []);

        $this->module->create($service);

        $this->assertSame('success', $this->answerOf($create));
        $this->assertSame([101], array_column($this->rows(), 'service_id'));
        $this->assertSame(['issue unknown', 'issue done'], $this->journal());
    }

    /**
     * A thousand services waited for Jetpack when it went down.
     *
     * @group slow
     */
    public function test_a_thousand_lost_answers_at_once_get_a_license_each(): void
    {
        $this->lost('drop');
        $this->manyServices(999);
        Capsule::table(self::TABLE)->delete();
        $columns = 'module, owner_type, operation, state, asked, begun_at, sent_at, host, process';
        Capsule::connection()->statement('INSERT INTO ' . self::JOURNAL . " (owner_id, $columns) SELECT seq, "
            . str_replace(['module', 'owner_type'], ['j.module', 'j.owner_type'], $columns)
            . ' FROM ' . self::JOURNAL . " j JOIN " . Numbers::table(1000, 1998) . " WHERE j.state='unknown' AND j.owner_id=100");
        $this->sandbox->issuedElsewhere(['count' => 1000, 'every' => 0]);
        $this->pass(3);
        $before = count($this->sandbox->requests());

        $answer = $this->reconcile();

        $this->assertStringContainsString('1000 repaired', $answer);
        $this->assertSame([], array_diff($this->journal(), ['issue done']));
        $this->assertCount(1000, array_unique(array_column($this->activeRows(), 'service_id')));
        $this->assertEveryLicenseIsKnown();
        $asked = array_count_values(array_slice($this->since($before), 0, 1011));
        $this->assertSame(['list not_revoked' => 10, 'list revoked' => 1, 'GET /license' => 1000], $asked);
    }

    public function test_neither_key_nor_token_is_in_a_log(): void
    {
        Host::switchModuleLog(true);
        $this->sandbox->issuedElsewhere(['age' => 10 * 86400]);
        $service = $this->lost('act_and_drop');
        $this->module->create($service);
        $this->reconcile();

        $logs = json_encode([Host::activityLog(), Host::moduleLog(), $this->rows(self::JOURNAL), $this->rows(self::FINDINGS)], JSON_INVALID_UTF8_SUBSTITUTE);
        $this->assertStringContainsString('page 1 of 1: 2 licenses, of 2 in all', $logs);
        foreach ($this->sandbox->licenses() as $license) {
            $this->assertStringNotContainsString(substr($license['license_key'], -20), $logs);
        }
    }

    public function test_a_key_that_is_older_than_the_request_by_days_has_to_be_meant(): void
    {
        $service = $this->lost('drop');
        $this->sandbox->issuedElsewhere(['age' => 2 * 86400]);
        $key = $this->sandbox->licenses()[0]['license_key'];

        $this->module->saveAdminTab($service, ['jetpack_found_license_key' => $key]);

        $log = Host::activityLog();
        $this->assertSentence(end($log), 'more than a day before the request', 'tick that it may be old');
        $this->assertSame([], $this->rows());

        $this->module->saveAdminTab($service, ['jetpack_found_license_key' => $key, 'jetpack_found_license_is_old' => '1']);

        $this->assertSame([$key], array_column($this->rows(), 'license_key'));
    }
}
