<?php

declare(strict_types=1);

// The limits a product sells, as Create puts them into the profile.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;

final class CreateAccountQuotasTest extends CometTestCase
{
    /**
     * @dataProvider quotas
     * @group slow
     */
    public function test_limits_are_set_in_one_write(array $choices, array $expected): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, $choices);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ADD, self::REQUEST_VAULT, self::WRITE], $this->comet->endpoints());
        $profile = $this->comet->profile(self::NAME);
        $vault = current($profile['Destinations']);
        $this->assertSame(array_merge(['devices' => 0, 'items' => [false, 0], 'vault' => [false, 0]], $expected), [
            'devices' => $profile['MaximumDevices'],
            'items' => [$profile['AllProtectedItemsQuotaEnabled'], $profile['AllProtectedItemsQuotaBytes']],
            'vault' => [$vault['StorageLimitEnabled'], $vault['StorageLimitBytes']],
        ]);
    }

    /** @return array<string, array{array<string, int|string>, array<string, mixed>}> */
    public static function quotas(): array
    {
        return [
            'none' => [[], []],
            'devices' => [['number_of_devices' => 5], ['devices' => 5]],
            'items in GB' => [['protected_item_quota_gb' => 20], ['items' => [true, 20 * self::GB]]],
            'items in TB' => [['protected_item_quota_tb' => 2], ['items' => [true, 2 * self::TB]]],
            'vault in GB' => [['storage_vault_quota_gb' => 50], ['vault' => [true, 50 * self::GB]]],
            'vault in TB' => [['storage_vault_quota_tb' => 3], ['vault' => [true, 3 * self::TB]]],
            'both forms: GB counts' => [
                ['storage_vault_quota_gb' => 50, 'storage_vault_quota_tb' => 3], ['vault' => [true, 50 * self::GB]],
            ],
            'GB is zero: TB counts' => [
                ['storage_vault_quota_gb' => 0, 'storage_vault_quota_tb' => 3], ['vault' => [true, 3 * self::TB]],
            ],
            'all zero: no limits' => [
                ['number_of_devices' => 0, 'protected_item_quota_gb' => 0, 'storage_vault_quota_gb' => 0], [],
            ],
            'a choice of a list' => [['protected_item_quota_gb' => '25|25 GB'], ['items' => [true, 25 * self::GB]]],
        ];
    }

    public function test_the_largest_quota_that_64_bits_hold_is_a_whole_number_at_the_server(): void
    {
        $params = $this->module->paramsFor($this->service(), ['configoptions' => ['protected_item_quota_gb' => '8589934591']]);

        $this->assertSame('success', $this->module->call('CreateAccount', $params));

        $this->assertStringContainsString(
            '"AllProtectedItemsQuotaBytes":9223372035781033984,',
            $this->comet->account(self::NAME)['text']
        );
    }

    /** @dataProvider badQuotas */
    public function test_a_quota_that_is_none_is_told_by_its_option_and_nothing_is_sent(string $option, string $value): void
    {
        $service = $this->service();
        $before = $this->whmcsNow();
        $params = $this->module->paramsFor($service, ['configoptions' => [$option => $value]]);

        $this->assertSentence($this->module->call('CreateAccount', $params), $option);

        $this->assertSame([], $this->comet->endpoints());
        $this->assertSame($before, $this->whmcsNow());
        $this->assertSentence($this->module->call('ChangePackage', $params), $option);
        $this->assertSame([], $this->comet->endpoints());
    }

    /** @return array<string, array{string, string}> */
    public static function badQuotas(): array
    {
        return [
            'a fraction' => ['protected_item_quota_gb', '1.5'],
            'negative' => ['storage_vault_quota_gb', '-1'],
            'negative devices' => ['number_of_devices', '-3'],
            'text' => ['number_of_devices', 'many'],
            'with its unit' => ['storage_vault_quota_tb', '5 TB'],
            'with an exponent' => ['protected_item_quota_tb', '1e3'],
            'hexadecimal' => ['number_of_devices', '0x10'],
            '8 EiB' => ['protected_item_quota_gb', '8589934592'],
            '8 EiB in TB' => ['storage_vault_quota_tb', '8388608'],
            'beyond 64 bits' => ['number_of_devices', '99999999999999999999'],
        ];
    }

    public function test_a_number_with_a_fraction_from_php_is_no_quota(): void
    {
        $params = $this->module->paramsFor($this->service(), ['configoptions' => ['protected_item_quota_gb' => 1.5]]);

        $this->assertSentence($this->module->call('CreateAccount', $params), 'protected_item_quota_gb');

        $this->assertSame([], $this->comet->endpoints());
    }

    /** The label behind the bar is for people. */
    public function test_an_option_is_known_by_its_name_before_the_bar(): void
    {
        $service = $this->service();
        $this->choose(200, ['number_of_devices|Number of devices' => 6]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(6, $this->comet->profile(self::NAME)['MaximumDevices']);
    }
}
