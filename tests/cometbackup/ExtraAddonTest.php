<?php

declare(strict_types=1);

// A product addon that is sold as more for the account of its service.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;

final class ExtraAddonTest extends CometReconcileTestCase
{
    private const EXTRAS = 'mod_cometbackup_extras';
    private const ADDS = 'storage_vault_quota_gb=100, number_of_devices=1';
    private const SOLD = ['storage_vault_quota_gb' => 50, 'number_of_devices' => 3];

    public function test_create_adds_by_its_quantity_with_one_read_and_one_write(): void
    {
        $this->delivered();
        $addon = $this->addon(2);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->create($addon)));
        $again = $this->during(fn () => $this->assertSame('success', $this->module->create($addon)));

        $this->assertSame([[self::READ, self::WRITE], [self::READ]], [$asked, $again]);
        $this->assertLimits(5, 250);
        $this->assertOnlyAccount(self::NAME);
        $this->assertSame(1, Capsule::table(self::ACCOUNTS)->count());
    }

    public function test_suspend_takes_it_away_unsuspend_gives_it_back_and_terminate_ends_it(): void
    {
        $this->delivered();
        $addon = $this->addon(1);
        $this->module->create($addon);

        $this->assertSame('success', $this->module->suspend($addon));
        $this->assertLimits(3, 50);
        $this->assertFalse($this->comet->profile(self::NAME)['IsSuspended']);
        $this->assertSame('success', $this->module->unsuspend($addon));
        $this->assertLimits(4, 150);
        $this->assertSame('success', $this->module->terminate($addon));
        $this->assertLimits(3, 50);
        $this->assertSame('success', $this->module->terminate($addon));
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_a_change_of_its_quantity_is_a_package_change(): void
    {
        $this->delivered();
        $addon = $this->addon(1);
        $this->module->create($addon);
        Capsule::table('tblhostingaddons')->update(['qty' => 4]);

        $this->assertSame('success', $this->module->changePackage(Host::serviceAddon(300)));

        $this->assertLimits(7, 450);
    }

    public function test_the_service_s_own_package_change_counts_it_once(): void
    {
        $service = $this->delivered();
        $this->module->create($this->addon(1));
        $this->choose(200, ['number_of_devices' => 10]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertLimits(11, 150);
    }

    public function test_before_its_service_it_has_nothing_to_do_and_the_service_s_create_counts_it(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, self::SOLD);

        $this->assertSame('success', $this->module->create($this->addon(1)));
        $this->assertSame([], $this->comet->endpoints());
        $this->assertSame('success', $this->module->create($service));

        $this->assertLimits(4, 150);
    }

    public function test_an_addon_whose_status_whmcs_has_not_written_yet_is_not_lost(): void
    {
        $this->delivered();
        [$first, $second, $third] = [$this->addon(1, 300), $this->addon(1, 301), $this->addon(1, 302)];

        $this->assertSame('success', $this->module->call('CreateAccount', $this->module->paramsFor($first)));
        $this->assertSame('Pending', Host::serviceAddon(300)->status);
        $this->assertSame('success', $this->module->create($second));
        $this->assertLimits(5, 250);

        // WHMCS never came to write it: the status decides.
        Capsule::table(self::EXTRAS)->update(['commanded_at' => gmdate('Y-m-d H:i:s', time() - 700)]);
        $this->assertSame('success', $this->module->create($third));
        $this->assertLimits(5, 250);
    }

    /** @dataProvider nothingThere */
    public function test_where_there_is_no_account_to_add_to_create_says_so_and_terminate_succeeds(array $rows, string $mention): void
    {
        $this->delivered();
        $addon = $this->addon(1);
        foreach ($rows as $table => $change) {
            $change === [] ? Capsule::table($table)->delete() : Capsule::table($table)->update($change);
        }
        $before = $this->comet->account(self::NAME);

        $asked = $this->during(function () use ($addon, $mention): void {
            $this->assertSentence($this->module->create($addon), $mention, 'nothing to add to');
            $this->assertSame('success', $this->module->terminate($addon));
        });

        $this->assertSame([], $asked);
        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    /** @return array<string, array{array<string, array<string, mixed>>, string}> */
    public static function nothingThere(): array
    {
        return [
            'the service is gone' => [['tblhosting' => []], 'no longer in WHMCS'],
            'the service has ended' => [['tblhosting' => ['domainstatus' => 'Terminated']], 'has ended'],
            'another module' => [['tblproducts' => ['servertype' => 'cpanel']], 'not sold with the module Comet Backup'],
            'without a server' => [['tblhosting' => ['server' => 0]], 'has no Comet Server'],
        ];
    }

    public function test_terminate_succeeds_where_the_account_has_ended_before_whmcs_wrote_the_status_of_the_service(): void
    {
        $service = $this->delivered();
        $addon = $this->addon(1);
        $this->module->create($addon);
        $this->assertSame('success', $this->module->call('TerminateAccount', $this->module->paramsFor($service)));
        $this->assertSame('Active', Host::service(200)->domainstatus);

        $this->assertSame('success', $this->module->terminate($addon));
    }

    public function test_an_addon_of_another_client_adds_nothing(): void
    {
        $service = $this->delivered();
        Host::addClient(['id' => 11, 'email' => 'bob@example.com']);
        $addon = $this->addon(1, 300, ['userid' => 11, 'status' => 'Active']);

        $this->assertSentence($this->module->create($addon), "another client's");
        $this->assertSame('success', $this->module->changePackage($service));

        $this->assertLimits(3, 50);
    }

    public function test_what_the_product_does_not_sell_has_no_ground(): void
    {
        $this->delivered();

        $this->assertSentence($this->module->create($this->addon(1, 300, [], 'hyperv_guests=5')), 'hyperv_guests=5', 'no limit to add to');

        $this->assertSame(0, $this->comet->profile(self::NAME)['QuotaHyperVGuests']);
    }

    public function test_no_limit_stays_none(): void
    {
        $this->delivered(['number_of_devices' => 0, 'storage_vault_quota_gb' => 50]);

        $this->assertSame('success', $this->module->create($this->addon(1)));

        $this->assertLimits(0, 150);
    }

    /** @dataProvider wrongUnits */
    public function test_what_one_unit_adds_has_to_be_readable(string $adds): void
    {
        $this->delivered();

        $this->assertSentence($this->module->create($this->addon(1, 300, [], $adds)), 'What one unit adds', 'storage_vault_quota_gb=100');

        $this->assertLimits(3, 50);
    }

    /** @return array<string, array{string}> */
    public static function wrongUnits(): array
    {
        return ['nothing' => [''], 'a number' => ['100'], 'an unknown name' => ['gigabytes=100'], 'less' => ['number_of_devices=-1']];
    }

    public function test_less_than_what_is_used_is_set_and_said(): void
    {
        $this->settings(['configoption12' => 'refuse']);
        $this->delivered();
        $addon = $this->addon(1);
        $this->module->create($addon);
        $this->comet->changeAccount(self::NAME, ['Devices' => array_fill_keys(['a', 'b', 'c', 'd'], ['FriendlyName' => 'x'])]);

        $this->assertSame('success', $this->module->terminate($addon));

        $this->assertLimits(3, 50);
        $this->assertCount(1, preg_grep('/device limit 3, used 4/', Host::activityLog()));
    }

    public function test_the_comparison_counts_it_and_wants_no_account_of_it(): void
    {
        $service = $this->delivered();
        $addon = $this->addon(1);
        $this->module->create($addon);

        $this->reconcile();
        $this->assertSame('success', $this->module->custom($service, 'Reconcile'));
        $this->assertSame('success', $this->module->renew($service));
        $this->assertSame([], $this->findings());

        // By hand, without a command.
        Capsule::table('tblhostingaddons')->update(['status' => 'Cancelled']);
        Capsule::table(self::EXTRAS)->update(['commanded_at' => gmdate('Y-m-d H:i:s', time() - 700)]);
        $this->reconcile();
        $this->assertSame(['limits'], $this->kinds());
        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertLimits(3, 50);
    }

    public function test_everything_else_is_on_the_page_of_its_service(): void
    {
        $this->delivered();
        $addon = $this->addon(1);
        $this->module->create($addon);

        $asked = $this->during(function () use ($addon): void {
            $this->assertSame('success', $this->module->renew($addon));
            $this->assertSentence($this->module->changePassword($addon, 'N3w-Passw0rd'), 'the page of that service');
            $this->assertSentence($this->module->custom($addon, 'CheckAccount'), 'the page of that service');
            $this->assertStringContainsString('the page of that service', $this->module->clientArea($addon));
            $this->assertStringContainsString('the page of that service', implode(' ', $this->module->adminTab($addon)));
            $this->assertSame([], $this->module->adminButtons($addon));
        });

        $this->assertSame([], $asked);
    }

    public function test_an_addon_that_has_an_account_of_its_own_keeps_it(): void
    {
        $service = $this->delivered();
        $addon = $this->addon(1, 300, [], self::ADDS, '');
        $this->assertSame('success', $this->module->create($addon));
        $names = $this->comet->accountNames();
        $this->assertCount(2, $names);
        Capsule::table('tblmodule_configuration')->where('setting_name', 'configoption11')->update(['value' => 'extra']);

        // Its account is what the client pays for: nothing is added to that of the service beside it.
        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertLimits(3, 50);
        $this->reconcile();
        $this->assertNotContains('limits', $this->kinds());
        $this->assertSame('success', $this->module->suspend($addon));

        $this->assertSame([false, true], array_map(fn (string $name): bool => $this->comet->profile($name)['IsSuspended'], $names));
        $this->assertLimits(3, 50);
        $this->assertSame('success', $this->module->terminate($addon));
        $this->assertOnlyAccount(self::NAME);
    }

    /** @param array<string, int> $choices */
    private function delivered(array $choices = self::SOLD): \WHMCS\Service\Service
    {
        return $this->created([], [self::VAULT => self::TEMPLATE], $choices);
    }

    /** @param array<string, mixed> $row */
    private function addon(int $quantity, int $id = 300, array $row = [], string $adds = self::ADDS, string $sells = 'extra'): Addon
    {
        $definition = Capsule::table('tbladdons')->where('module', 'cometbackup')->value('id');
        if ($definition === null) {
            $settings = ['configoption11' => $sells, 'configoption17' => $adds];
            $definition = Host::addAddonDefinition(['name' => 'More', 'module' => 'cometbackup'], $settings);
            Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Username']);
            Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'], [300 => 'Add0nPassw0rd']);
        }
        $row += ['id' => $id, 'hostingid' => 200, 'addonid' => $definition, 'server' => 1, 'status' => 'Pending', 'qty' => $quantity];
        Host::addServiceAddon($row);

        return Host::serviceAddon($id);
    }

    private function assertLimits(int $devices, int $gigabytes): void
    {
        $profile = $this->comet->profile(self::NAME);
        $vault = $profile['Destinations'][Capsule::table(self::ACCOUNTS)->where('addon_id', 0)->value('vault_id')];
        $this->assertSame([$devices, $gigabytes * self::GB], [$profile['MaximumDevices'], $vault['StorageLimitBytes']]);
    }
}
