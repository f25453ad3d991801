<?php

declare(strict_types=1);

// cometbackup_ChangePackage: limits and policy of the new product, and nothing else.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;

final class ChangePackageTest extends CometTestCase
{
    private const V1 = ['Description' => 'V1', 'StorageLimitEnabled' => true, 'StorageLimitBytes' => self::TB];
    private const V2 = ['Description' => 'own S3', 'StorageLimitEnabled' => false, 'StorageLimitBytes' => 0];
    private const SET_BY_HAND = [
        'MaximumDevices' => 9, 'AllProtectedItemsQuotaEnabled' => true, 'AllProtectedItemsQuotaBytes' => 5,
        'Destinations' => ['v1' => self::V1],
    ];

    /** @dataProvider versions */
    public function test_one_read_and_one_write_change_those_limits_only(string $version): void
    {
        $this->world(['version' => $version, 'as_written' => true]);
        $service = $this->created([], [self::VAULT => self::TEMPLATE]);
        $vault = $this->record()['vault_id'];
        $before = $this->comet->account(self::NAME)['text'];
        $this->choose(200, ['number_of_devices' => 4, 'protected_item_quota_gb' => 200, 'storage_vault_quota_tb' => 2]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertProfileChanged($before, $this->comet->account(self::NAME)['text'], [
            'MaximumDevices' => 4, 'AllProtectedItemsQuotaEnabled' => true, 'AllProtectedItemsQuotaBytes' => 200 * self::GB,
            "Destinations/$vault/StorageLimitEnabled" => true, "Destinations/$vault/StorageLimitBytes" => 2 * self::TB,
        ]);
        $this->assertSame([], array_filter(Host::activityLog(), fn (string $line) => str_contains($line, 'take over')));
        $again = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));
        $this->assertSame([self::READ], $again);
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['a server of today' => [self::NEW], 'the oldest server' => [self::OLD]];
    }

    /** The PHP module took away what staff had set by hand. */
    public function test_what_the_product_does_not_set_stays_as_staff_set_it(): void
    {
        $service = $this->accountWith(self::SET_BY_HAND + ['PolicyID' => 'by-hand']);
        $before = $this->comet->account('adaservice');

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, $this->comet->account('adaservice'));
    }

    public function test_with_reset_what_the_product_does_not_set_is_lifted(): void
    {
        $this->settings([self::UNSET_LIMITS => 'reset']);
        $service = $this->accountWith(self::SET_BY_HAND + ['PolicyID' => 'by-hand']);

        $this->assertSame('success', $this->module->changePackage($service));

        $profile = $this->comet->profile('adaservice');
        $this->assertSame([0, false, '', false], [
            $profile['MaximumDevices'], $profile['AllProtectedItemsQuotaEnabled'], $profile['PolicyID'],
            $profile['Destinations']['v1']['StorageLimitEnabled'],
        ]);
    }

    /** The PHP module never lifted the limit of a vault. */
    public function test_a_limit_of_zero_is_lifted(): void
    {
        $service = $this->accountWith(self::SET_BY_HAND);
        $this->choose(200, ['number_of_devices' => 0, 'protected_item_quota_gb' => 0, 'storage_vault_quota_gb' => 0]);

        $this->assertSame('success', $this->module->changePackage($service));

        $profile = $this->comet->profile('adaservice');
        $this->assertSame([0, false, false], [
            $profile['MaximumDevices'], $profile['AllProtectedItemsQuotaEnabled'], $profile['Destinations']['v1']['StorageLimitEnabled'],
        ]);
    }

    /** The PHP module set the whole quota on every vault, the customer's own among them. @dataProvider vaultChoices */
    public function test_the_vault_quota_is_for_the_vaults_that_the_product_names(string $setting, array $limits): void
    {
        $this->settings([self::VAULT_QUOTA => $setting]);
        $service = $this->accountWith(['Destinations' => ['v1' => self::V1, 'v2' => self::V2]]);
        $this->choose(200, ['storage_vault_quota_gb' => 500]);

        $this->assertSame('success', $this->module->changePackage($service));

        $vaults = $this->comet->profile('adaservice')['Destinations'];
        $this->assertSame($limits, array_map(fn (array $vault): int => $vault['StorageLimitBytes'], $vaults));
        $this->assertSame($limits['v2'] > 0, $vaults['v2']['StorageLimitEnabled']);
    }

    /** @return array<string, array{string, array<string, int>}> */
    public static function vaultChoices(): array
    {
        $provided = ['v1' => 500 * self::GB, 'v2' => 0];

        return [
            'never saved: the vault of the plan' => ['', $provided],
            'the vault of the plan' => ['provided', $provided],
            'each vault' => ['all', ['v1' => 500 * self::GB, 'v2' => 500 * self::GB]],
        ];
    }

    public function test_the_vault_of_the_plan_is_the_one_that_create_made_wherever_it_stands(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE]);
        $made = $this->record()['vault_id'];
        $own = json_decode($this->comet->account(self::NAME)['text'])->Destinations->$made;
        $this->comet->changeAccount(self::NAME, ['set' => ['Destinations' => ['aaa-own' => $own, $made => $own]]]);
        $this->choose(200, ['storage_vault_quota_gb' => 7]);

        $this->assertSame('success', $this->module->changePackage($service));

        $vaults = $this->comet->profile(self::NAME)['Destinations'];
        $this->assertSame([0, 7 * self::GB], [$vaults['aaa-own']['StorageLimitBytes'], $vaults[$made]['StorageLimitBytes']]);
    }

    public function test_a_shared_quota_is_left_alone(): void
    {
        $this->settings([self::VAULT_QUOTA => 'all']);
        $shared = ['StorageLimitID' => 'shared-1'] + self::V2;
        $service = $this->accountWith(['Destinations' => ['v1' => self::V1, 'v2' => $shared]]);
        $this->choose(200, ['storage_vault_quota_gb' => 500]);

        $this->assertSame('success', $this->module->changePackage($service));

        $vaults = $this->comet->profile('adaservice')['Destinations'];
        $this->assertSame([500 * self::GB, 0, false], [
            $vaults['v1']['StorageLimitBytes'], $vaults['v2']['StorageLimitBytes'], $vaults['v2']['StorageLimitEnabled'],
        ]);
    }

    /** An old server drops what it does not know: here, all of them stand for it. */
    public function test_a_limit_that_did_not_stick_is_told_in_the_activity_log(): void
    {
        $service = $this->created();
        $this->choose(200, ['number_of_devices' => 4, 'protected_item_quota_gb' => 1]);
        $profile = $this->comet->profile(self::NAME);
        $profile['AllProtectedItemsQuotaEnabled'] = true;
        $profile['AllProtectedItemsQuotaBytes'] = self::GB;
        foreach (['Destinations', 'Sources', 'BackupRules', 'Devices', 'OverrideEmailSettings'] as $map) {
            $profile[$map] = (object) $profile[$map];
        }
        $this->comet->faultOn(self::WRITE, ['fault' => 'json', 'body' => [
            'Status' => 200, 'Message' => 'OK', 'ProfileHash' => 'h', 'Profile' => $profile,
        ]]);

        $this->assertSame('success', $this->module->changePackage($service));

        $told = array_values(array_filter(Host::activityLog(), fn (string $line) => str_contains($line, 'device limit')));
        $this->assertCount(1, $told);
        $this->assertStringContainsString(self::NAME, $told[0]);
        $this->assertStringContainsString('Service ID: 200', $told[0]);
        $this->assertStringNotContainsString('protected item', $told[0]);
    }

    /** The PHP module assigned a policy group that did not exist yet. @dataProvider versions */
    public function test_a_policy_that_is_not_there_yet_is_made(string $version): void
    {
        $this->world(['version' => $version]);
        $service = $this->created();
        $this->settings([self::POLICY => 'WHMCS_new']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage(Host::service(200))));

        $this->assertSame([self::READ, 'policies/list', 'policies/set', self::WRITE], $asked);
        $this->assertSame('WHMCS_new', $this->comet->profile(self::NAME)['PolicyID']);
        $this->assertSame(['WHMCS_new'], array_keys($this->comet->policies()));
        $again = $this->during(fn () => $this->assertSame('success', $this->module->changePackage(Host::service(200))));
        $this->assertSame([self::READ], $again);
    }

    /** The PHP module wrote its defaults over a policy group that it could not read. */
    public function test_a_policy_list_that_cannot_be_read_changes_nothing(): void
    {
        $this->world(['policies' => ['pol-gold' => ['Description' => 'Gold', 'Policy' => ['CustomisedByAdmin' => 'keep me']]]]);
        $this->created();
        $this->settings([self::POLICY => 'pol-gold']);
        $before = [$this->comet->account(self::NAME), $this->comet->policies()];
        $this->comet->faultOn('policies/list', ['fault' => 'status', 'status' => 500, 'times' => 0]);

        $this->assertSentence($this->module->changePackage(Host::service(200)), 'policy');

        $this->assertSame($before, [$this->comet->account(self::NAME), $this->comet->policies()]);
    }

    /** The PHP module did not try again. */
    public function test_a_profile_that_changed_in_between_is_read_again(): void
    {
        $service = $this->created();
        $this->choose(200, ['number_of_devices' => 4]);
        $this->comet->faultOn(self::WRITE, ['fault' => 'stale_hash']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([self::READ, self::WRITE, self::READ, self::WRITE], $asked);
        $this->assertSame(4, $this->comet->profile(self::NAME)['MaximumDevices']);
        $this->assertCount(1, $this->comet->profile(self::NAME)['Devices']);
    }

    /** Text that is not the value itself stays as it came, byte for byte. */
    public function test_the_rest_of_the_profile_stays_byte_for_byte(): void
    {
        $service = $this->created();
        $strange = '{ "Username":"' . self::NAME . '", "Zukunft" : {"1":{},"0":[ ]},"Zahl":1.50e3,"Text":"\u00e4\/ä<&>",'
            . '"CreationGUID":"' . $this->record()['creation_guid'] . '","MaximumDevices" :0,"Gross":18446744073709551616,"Leer":{ } }';
        $this->world(['as_written' => true, 'accounts' => [['Username' => self::NAME]]]);
        $this->comet->changeAccount(self::NAME, ['Profile' => $strange]);
        $this->choose(200, ['number_of_devices' => 4]);

        $this->assertSame('success', $this->module->changePackage($service));

        $sent = $this->comet->requests()[1]['texts']['ProfileData'];
        $this->assertSame(str_replace('"MaximumDevices" :0', '"MaximumDevices" :4', $strange), $sent);
    }

    /** @param array<string, mixed> $profile */
    private function accountWith(array $profile): \WHMCS\Service\Service
    {
        return $this->legacy([], $profile);
    }
}
