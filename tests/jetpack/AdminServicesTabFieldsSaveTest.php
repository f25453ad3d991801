<?php

declare(strict_types=1);

// jetpack_AdminServicesTabFieldsSave: the key of a license whose answer was lost, entered by staff.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class AdminServicesTabFieldsSaveTest extends JetpackTestCase
{
    private const FIELD = 'jetpack_found_license_key';
    private const KEY = 'jetpack-complete_KEY1';

    public function test_the_license_that_was_issued_is_recorded_with_one_get(): void
    {
        $service = $this->lostAnswer();

        $this->module->saveAdminTab($service, [self::FIELD => self::KEY]);

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $row = $this->rows()[0];
        $this->assertEquals([self::KEY, '2026-01-15 10:00:01', 500, 1, 100, 0, 'jetpack-complete', 70001], [
            $row['license_key'], $row['issued_at'], $row['order_id'], $row['product_id'],
            $row['service_id'], $row['addon_id'], $row['product_slug'], $row['license_id'],
        ]);
        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame(self::KEY, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
        $this->assertSame('success', $this->module->create($service));
        $this->assertCount(2, $this->sandbox->requests());
    }

    public function test_blanks_around_the_entered_key_are_left_away(): void
    {
        $service = $this->lostAnswer();

        $this->module->saveAdminTab($service, [self::FIELD => ' ' . self::KEY . "\r\n"]);

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_key_that_came_entity_encoded_is_decoded(): void
    {
        $service = $this->lostAnswer('jetpack-complete_A&B');
        Host::$encodeEntities = true;

        $this->module->saveAdminTab($service, [self::FIELD => 'jetpack-complete_A&B']);

        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** The settings may have changed since the request was sent. */
    public function test_the_license_is_stored_for_the_product_that_was_asked_for(): void
    {
        $this->lostAnswer();
        Capsule::table('tblproducts')->update(['configoption2' => 'jetpack-scan']);

        $this->module->saveAdminTab(Host::service(100), [self::FIELD => self::KEY]);

        $this->assertSame('jetpack-complete', $this->rows()[0]['product_slug']);
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider keysThatAreNotIt
     * @param array<int, string> $lines what is sent besides the lost request
     */
    public function test_a_key_that_cannot_be_it_is_refused_in_the_activity_log(string $entered, string $mention, array $lines): void
    {
        $service = $this->lostAnswer(self::KEY, [
            ['license_key' => 'jetpack-complete_REVOKED', 'issued_at' => '2026-01-01 00:00:00', 'revoked_at' => '2026-01-02 00:00:00'],
            ['license_key' => 'jetpack-complete_FOREIGN', 'issued_at' => '2026-01-01 00:00:00', 'token' => JetpackSandbox::SECOND_TOKEN],
        ]);

        $this->module->saveAdminTab($service, [self::FIELD => $entered]);

        $this->assertSame(['POST /license', ...$lines], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows());
        $this->assertSame(['issue unknown'], $this->journal());
        $log = Host::activityLog();
        $this->assertSentence(end($log), $mention, 'Service ID: 100');
        $this->assertStringNotContainsString($entered, end($log));
        $this->assertSame('', $this->keptKey($service));
    }

    /** @return array<string, array<int, mixed>> */
    public static function keysThatAreNotIt(): array
    {
        return [
            'revoked' => ['jetpack-complete_REVOKED', 'is revoked at Jetpack', ['GET /license']],
            'unknown' => ['jetpack-complete_UNKNOWN', 'The license key is not valid', ['GET /license']],
            'of another partner' => ['jetpack-complete_FOREIGN', 'The license key is not valid', ['GET /license']],
            'too long' => [str_repeat('k', 256), 'is not one', []],
            'with a line break inside' => ["jetpack-complete\n_KEY1", 'is not one', []],
        ];
    }

    /**
     * @dataProvider holders
     */
    public function test_a_key_that_the_table_holds_is_refused_without_request(bool $revoked): void
    {
        $other = $this->service(['id' => 101]);
        $held = $this->issued($other);
        if ($revoked) {
            $this->module->terminate($other);
        }
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->module->create($service);
        $sent = $this->sandbox->requestLines();

        $this->module->saveAdminTab($service, [self::FIELD => $held]);

        $this->assertSame($sent, $this->sandbox->requestLines());
        $this->assertCount(1, $this->rows());
        $this->assertContains('issue unknown', $this->journal());
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'is in the license table already');
        $this->assertStringNotContainsString($held, end($log));
    }

    /** @return array<string, array<int, bool>> */
    public static function holders(): array
    {
        return ["another service's active license" => [false], "another service's revoked license" => [true]];
    }

    public function test_without_a_lost_answer_a_key_is_not_taken(): void
    {
        $this->sandbox->reset(['licenses' => [['license_key' => self::KEY, 'issued_at' => '2026-01-01 00:00:00']]]);

        $this->module->saveAdminTab($this->service(), [self::FIELD => self::KEY]);

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows());
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'No lost answer is open');
    }

    /**
     * @dataProvider formsWithoutKey
     * @param array<string, mixed> $form
     */
    public function test_saving_the_page_without_a_key_does_nothing(array $form): void
    {
        $service = $this->lostAnswer();
        $before = Host::activityLog();

        $this->module->saveAdminTab($service, $form);

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame($before, Host::activityLog());
    }

    /** @return array<string, array<int, array<string, mixed>>> */
    public static function formsWithoutKey(): array
    {
        return [
            'other fields' => [['notes' => 'x']],
            'an empty key' => [[self::FIELD => '']],
            'blanks' => [[self::FIELD => "  \n"]],
            'an array' => [[self::FIELD => [self::KEY]]],
            'not UTF-8' => [[self::FIELD => "\xff\xfe"]],
        ];
    }

    public function test_while_the_api_is_down_the_question_stays_open(): void
    {
        $service = $this->lostAnswer();
        $this->faultOn('GET', '/license', ['fault' => 'html', 'status' => 503]);

        $this->module->saveAdminTab($service, [self::FIELD => self::KEY]);

        $this->assertSame(['issue unknown'], $this->journal());
        $this->assertSame([], $this->rows());
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'HTTP 503');
        $this->module->saveAdminTab($service, [self::FIELD => self::KEY]);
        $this->assertEveryLicenseIsKnown();
        $this->assertSame(['POST /license', 'GET /license', 'GET /license'], $this->sandbox->requestLines());
    }

    /** A double click on Save: a second row would be surplus, and the license revoked for it. */
    public function test_saved_twice_at_once_it_is_one_row_and_change_package_revokes_nothing(): void
    {
        $service = $this->lostAnswer();
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 500, 'times' => 2, 'match' => ['method' => 'GET', 'path' => '/license']]);
        $save = '$module->saveAdminTab($service, ["' . self::FIELD . '" => "' . self::KEY . '"])';
        $both = [$this->apart($save), $this->apart($save)];
        array_map(fn ($child) => $this->answerOf($child), $both);

        $this->assertSame('success', $this->module->changePackage($service));

        // The second may begin after the first has ended, and then asks nothing.
        $asked = $this->sandbox->requestLines();
        $this->assertContains($asked, [['POST /license', 'GET /license', 'GET /license'], ['POST /license', 'GET /license']]);
        $this->assertSame([self::KEY], array_column($this->rows(), 'license_key'));
        $this->assertSame(['issue done'], $this->journal());
        $log = Host::activityLog();
        $this->assertCount(1, preg_grep('/was decided in the meantime|is in the license table already/', $log));
        $this->assertSame(self::KEY, $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** @param array<int, array<string, mixed>> $others licenses that exist beside it */
    private function lostAnswer(string $key = self::KEY, array $others = []): Service
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => [$key], 'licenses' => array_map(
            fn (int $at, array $license) => $license + ['license_id' => 100 + $at],
            array_keys($others),
            $others
        )]);
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $service = $this->service();
        $this->module->create($service);
        return $service;
    }
}
