<?php

declare(strict_types=1);

// cometbackup_MetricTenantUsage: the figures of one tenant, from one account.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class MetricTenantUsageTest extends MetricsTestCase
{
    private function usageOf(mixed $tenant): array
    {
        return $this->module->tenantUsage($this->module->serverParams(1), $tenant);
    }

    public function test_one_account_is_read_and_its_figures_are_those_of_the_whole_server(): void
    {
        $service = $this->metered();

        $this->assertSame([self::READ], $this->during(fn () => $this->assertSame(self::figures(), $this->usageOf(self::NAME))));
        $this->assertSame($this->module->collectUsage(1)[self::NAME], $this->usageOf(self::NAME));
        $params = $this->module->paramsFor($service);
        $this->assertSame(self::figures(), $this->module->tenantUsage($params, self::NAME), 'from the page of the service');
    }

    public function test_no_account_can_have_such_a_name_so_nothing_is_asked(): void
    {
        $this->metered();
        $tenants = ['', null, ' ', self::MARKER, 'a b', 'ada+b', 'ädä', str_repeat('x', 256), "a\0", "\xff", [], 7.5e100];
        $log = new StatementLog();

        $this->assertSame([], $this->during(fn () => array_map(fn (mixed $tenant) => $this->assertSame([], $this->usageOf($tenant)), $tenants)));

        $this->assertSame([], $log->end());
        $this->assertSame([], Host::activityLog());
    }

    public function test_a_name_that_is_no_service_s_or_not_to_the_letter_is_not_asked_for(): void
    {
        $this->metered();
        $asked = $this->during(function (): void {
            $this->assertSame([], $this->usageOf('somebody'));
            $this->assertSame([], $this->usageOf(strtoupper(self::NAME)));
            $this->service(['id' => 201, 'username' => self::NAME, 'domainstatus' => 'Active']);
            $this->assertSame([], $this->usageOf(self::NAME), 'two services have it');
            Capsule::table('tblhosting')->where('id', 200)->delete();
            $this->assertSame([], $this->usageOf(self::NAME), 'the other service is not the one whose account it is');
        });

        $this->assertSame([], $asked);
    }

    public function test_an_account_that_was_made_anew_is_billed_to_nobody(): void
    {
        $this->metered();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'of-another-customer']);

        $this->assertSame([], $this->usageOf(self::NAME));
    }

    public function test_a_server_that_fails_gives_nothing_and_says_so_once(): void
    {
        $this->metered();
        $this->comet->faultOn(self::READ, ['fault' => 'json', 'body' => ['Status' => 500, 'Message' => 'no disk']]);

        $this->assertSame([], $this->usageOf(self::NAME));

        $this->assertCount(1, Host::activityLog());
        $this->assertSentence(Host::activityLog()[0], 'no usage metrics were taken over', 'no disk');
    }

    public function test_a_name_of_digits_is_one(): void
    {
        $this->customFields(['Username' => '123456']);
        $this->metered();
        Capsule::table('tblhosting')->update(['username' => '123456']);

        $this->assertSame(self::figures(), $this->usageOf('123456'));
        $this->assertSame(self::figures(), $this->usageOf(123456));
    }
}
