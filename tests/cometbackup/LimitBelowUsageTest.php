<?php

declare(strict_types=1);

// Module setting 12: a limit that becomes lower than what is used.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Service\Service;

final class LimitBelowUsageTest extends CometTestCase
{
    private const SETTING = 'configoption12';
    private const DEVICES = ['laptop' => ['FriendlyName' => 'Laptop'], 'desktop' => ['FriendlyName' => 'Desktop'], 'server' => ['FriendlyName' => 'Server']];

    public function test_with_refuse_it_is_refused_and_says_limit_use_and_way_out(): void
    {
        $service = $this->used('refuse');
        $before = $this->comet->account(self::NAME);
        $this->choose(200, ['number_of_devices' => 2]);

        $asked = $this->during(fn () => $this->assertSentence(
            $this->module->changePackage($service),
            'device limit 2, used 3',
            'removing devices',
            'Nothing was changed'
        ));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    public function test_what_is_refused_creates_no_policy_group_either(): void
    {
        $this->used('refuse');
        $this->settings([self::POLICY => 'WHMCS_new']);
        $this->choose(200, ['number_of_devices' => 2]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->changePackage(Host::service(200)), 'Nothing was changed'));

        $this->assertSame([[self::READ], []], [$asked, $this->comet->policies()]);
        $this->settings([self::SETTING => 'set']);
        $this->assertSame('success', $this->module->changePackage(Host::service(200)));
        $this->assertSame(['WHMCS_new'], array_keys($this->comet->policies()));
    }

    /** @dataProvider choices */
    public function test_else_it_is_set_and_said_once(string $setting): void
    {
        $service = $this->used($setting);
        $this->choose(200, ['number_of_devices' => 2]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));
        $again = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([[self::READ, self::WRITE], [self::READ]], [$asked, $again]);
        $this->assertSame(2, $this->comet->profile(self::NAME)['MaximumDevices']);
        $said = $this->said();
        $this->assertCount(1, $said);
        $this->assertStringContainsString('device limit 2, used 3', $said[0]);
        $this->assertStringContainsString('Service ID: 200', $said[0]);
    }

    /** @return array<string, array{string}> */
    public static function choices(): array
    {
        return ['set' => ['set'], 'never saved' => [''], 'no choice' => ['maybe']];
    }

    public function test_stored_bytes_are_those_of_the_limited_vault(): void
    {
        $service = $this->used('refuse', ['storage_vault_quota_gb' => 20]);
        $vault = $this->record()['vault_id'];
        $size = ['Size' => 12 * self::GB, 'MeasureStarted' => 1, 'MeasureCompleted' => 2];
        $this->comet->changeAccount(self::NAME, ['Destinations' => [$vault => ['Statistics' => ['ClientProvidedSize' => $size]]]]);
        $this->choose(200, ['storage_vault_quota_gb' => 12]);
        $this->assertSame('success', $this->module->changePackage($service));
        $this->choose(200, ['storage_vault_quota_gb' => 11]);

        $this->assertSentence($this->module->changePackage($service), 'storage vault quota 11.00 GB, used 12.00 GB');

        $this->assertSame(12 * self::GB, $this->comet->profile(self::NAME)['Destinations'][$vault]['StorageLimitBytes']);
    }

    public function test_what_was_never_measured_is_not_below(): void
    {
        $service = $this->used('refuse', ['storage_vault_quota_gb' => 20, 'protected_item_quota_gb' => 20]);
        $this->choose(200, ['storage_vault_quota_gb' => 1, 'protected_item_quota_gb' => 1]);

        $this->assertSame('success', $this->module->changePackage($service));

        $this->assertSame(self::GB, $this->comet->profile(self::NAME)['AllProtectedItemsQuotaBytes']);
    }

    /** @dataProvider harmless */
    public function test_a_limit_that_is_raised_lifted_or_kept_is_not_refused(int $devices): void
    {
        $service = $this->used('refuse');
        $this->choose(200, ['number_of_devices' => $devices, 'microsoft365_accounts' => 5]);

        $this->assertSame('success', $this->module->changePackage($service));

        $this->assertSame($devices, $this->comet->profile(self::NAME)['MaximumDevices']);
        $this->assertSame([], $this->said());
    }

    /** @return array<string, array{int}> */
    public static function harmless(): array
    {
        return ['raised' => [9], 'lifted' => [0], 'just enough' => [3]];
    }

    /** @param array<string, int> $choices */
    private function used(string $setting, array $choices = []): Service
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE, self::SETTING => $setting], $choices + ['number_of_devices' => 5]);
        $this->comet->changeAccount(self::NAME, ['Devices' => self::DEVICES]);

        return $service;
    }

    /** @return list<string> */
    private function said(): array
    {
        return array_values(preg_grep('/uses more than its new limits/', Host::activityLog()));
    }
}
