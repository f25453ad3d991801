<?php

declare(strict_types=1);

// Services without order share the order id 0, whichever client they are of: a row of the PHP module is given with care.

namespace Tests\Jetpack;

use Exception;
use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class LegacyRowsWithoutOrderTest extends JetpackTestCase
{
    private const OLD = 'jetpack-complete_OLD';
    private const ISSUED = '2020-09-08';

    protected function setUp(): void
    {
        parent::setUp();
        $this->sandbox->reset(['licenses' => [['license_key' => self::OLD, 'issued_at' => self::ISSUED . ' 16:14:58']]]);
        $this->rowOfThePhpModule(0, 1, self::OLD);
    }

    /**
     * @dataProvider daysBefore
     */
    public function test_the_only_candidate_that_was_there_gets_it(string $registered): void
    {
        $service = $this->withoutOrder(['regdate' => $registered]);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['DELETE /license'], $this->sandbox->requestLines());
        $this->assertEquals(100, $this->rows()[0]['service_id']);
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function daysBefore(): array
    {
        return ['the day of the license' => [self::ISSUED], 'the year before' => ['2019-12-31']];
    }

    /** Services without order may be of different clients. */
    public function test_of_two_candidates_nobody_gets_it(): void
    {
        Host::addClient(['id' => 11]);
        $first = $this->withoutOrder(['regdate' => self::ISSUED]);
        $second = $this->withoutOrder(['id' => 101, 'userid' => 11, 'regdate' => self::ISSUED]);

        $this->assertSame('No license key found for this order', $this->module->terminate($first));
        $this->assertSame('No license key found for this order', $this->module->terminate($second));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['service_id']);
    }

    /**
     * The row is that of a service that was deleted since, or of one that lives elsewhere.
     *
     * @dataProvider daysAfter
     */
    public function test_a_service_that_came_later_gets_its_own_license_and_does_not_touch_the_old_one(string $registered): void
    {
        Host::addClient(['id' => 11]);
        $service = $this->withoutOrder(['userid' => 11, 'regdate' => $registered]);
        $this->assertStringNotContainsString(self::OLD, $this->module->clientArea($service));

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['service_id']);
        $this->assertSame($this->rows()[1]['license_key'], $this->keptKey($service));

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([self::OLD], array_column($this->sandbox->activeLicenses(), 'license_key'));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function daysAfter(): array
    {
        return ['the day after' => ['2020-09-09'], 'today' => [date('Y-m-d')]];
    }

    public function test_a_model_whose_order_cannot_be_read_adopts_nothing_and_gets_its_own(): void
    {
        $this->withoutOrder(['regdate' => self::ISSUED]);
        $model = new class () {
            public int $id = 100;
            public int $userid = 10;
            public int $qty = 1;

            public function __isset(string $name): bool
            {
                return true;
            }

            public function __get(string $name): never
            {
                throw new Exception('The order cannot be read.');
            }
        };

        $answer = $this->module->call('CreateAccount', [
            'serviceid' => 100, 'pid' => 1, 'model' => $model,
            'configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-complete',
        ]);

        $this->assertSame('success', $answer);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([null, 100], array_column($this->rows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
    }

    /** @param array<string, mixed> $row */
    private function withoutOrder(array $row): Service
    {
        $service = $this->service($row);
        Capsule::table('tblhosting')->where('id', $service->id)->update(['orderid' => 0]);
        return Host::service($service->id);
    }
}
