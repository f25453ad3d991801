<?php

declare(strict_types=1);

// cometbackup_MetricUsage: the figures of all tenants of a server, by which WHMCS bills. All of them or none.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ManyAccounts;
use WHMCS\Database\Capsule;

final class MetricUsageTest extends MetricsTestCase
{
    use ManyAccounts;

    public function test_every_figure_of_a_server_comes_with_one_request(): void
    {
        $this->metered();

        $asked = $this->during(fn () => $this->assertSame([self::NAME => self::figures()], $this->module->collectUsage(1)));

        $this->assertSame([self::LIST], $asked);
        $this->assertSame([200 => self::figures()], $this->module->billedUsage(1));
        $this->assertSame([], Host::activityLog());
    }

    public function test_what_is_not_known_is_left_out_and_nothing_is_zero(): void
    {
        $this->metered([], [
            'Destinations' => ['v' => ['Statistics' => ['ClientProvidedSize' => ['Size' => 0, 'MeasureCompleted' => 0]]]],
            'Sources' => ['a' => self::item('winmsofficemail', null, self::FAILED), 'b' => self::item('vmware', ['Status' => 5000, 'TotalSize' => 7])],
        ]);

        $this->assertSame(
            [self::NAME => ['devices' => 2, 'storage_vaults' => 1, 'hyperv_guests' => 0, 'proxmox_guests' => 0]],
            $this->module->collectUsage(1)
        );
    }

    public function test_an_account_without_vault_items_and_devices_has_zero_of_them(): void
    {
        $this->metered([], ['Destinations' => (object) [], 'Sources' => (object) [], 'Devices' => (object) []]);

        $usage = $this->module->collectUsage(1)[self::NAME];

        $this->assertEquals(array_fill_keys(array_keys(self::figures()), 0), $usage);
    }

    public function test_an_account_that_was_made_anew_under_the_name_is_billed_to_nobody(): void
    {
        $this->metered();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'of-another-customer']);

        $this->assertSame([], $this->module->collectUsage(1));
    }

    public function test_services_with_the_marker_are_left_out_and_staff_read_what_to_press(): void
    {
        $this->metered();
        Capsule::table('tblhosting')->update(['username' => self::MARKER]);

        $this->assertSame([], $this->module->collectUsage(1));

        $log = Host::activityLog();
        $this->assertCount(1, $log);
        $this->assertSentence($log[0], 'no usage metrics for one service (Service ID: 200)', self::MARKER, 'Press Write User Names');
    }

    public function test_a_name_that_whmcs_cannot_tell_from_another_s_is_left_out_and_said(): void
    {
        $this->metered();
        $this->service(['id' => 201, 'username' => strtoupper(self::NAME), 'domainstatus' => 'Active']);

        $this->assertSame([], $this->module->collectUsage(1), 'WHMCS compares without case');
        $this->assertSentence(Host::activityLog()[0], 'Service ID: 200', 'another service has it as well');

        Capsule::table('tblhosting')->where('id', 201)->update(['domainstatus' => 'Terminated']);
        $this->assertSame([self::NAME], array_keys($this->module->collectUsage(1)), 'customers order again');
        Capsule::table('tblhosting')->where('id', 200)->update(['username' => strtoupper(self::NAME)]);
        Capsule::table('tblactivitylog')->delete();
        $this->assertSame([], $this->module->collectUsage(1), 'another column than the account that is recorded');
        $this->assertSentence(Host::activityLog()[0], 'not that of their account');
    }

    public function test_what_is_over_elsewhere_or_another_module_s_has_no_figures(): void
    {
        $this->metered();
        $other = Host::addProduct(['servertype' => 'other']);
        foreach ([['domainstatus' => 'Terminated'], ['domainstatus' => 'Pending'], ['server' => 2], ['packageid' => $other]] as $change) {
            $before = (array) Capsule::table('tblhosting')->find(200);
            Capsule::table('tblhosting')->where('id', 200)->update($change);
            $this->assertSame([], $this->module->collectUsage(1), json_encode($change));
            Capsule::table('tblhosting')->where('id', 200)->update($before);
        }
        $this->assertSame([self::NAME], array_keys($this->module->collectUsage(1)));
    }

    /** They have no user name column, by which WHMCS would match them. */
    public function test_product_addons_have_none(): void
    {
        $this->service(['domainstatus' => 'Active', 'packageid' => Host::addProduct(['servertype' => 'other'])]);
        $definition = Host::addAddonDefinition(['module' => 'cometbackup']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'], [300 => self::PASSWORD]);
        $addon = Host::serviceAddon(Host::addServiceAddon(['id' => 300, 'hostingid' => 200, 'addonid' => $definition, 'server' => 1]));
        $this->assertSame('success', $this->module->create($addon));

        $this->assertSame([], $this->module->collectUsage(1));
    }

    public function test_an_account_of_the_php_module_is_billed_by_the_rule_of_the_daily_import(): void
    {
        $this->legacy([], ['Devices' => ['d' => ['FriendlyName' => 'PC']]]);
        $this->assertSame(1, $this->module->collectUsage(1)['adaservice']['devices']);

        $this->comet->changeAccount('adaservice', ['CreateTime' => 1000]);
        $this->assertSame([], $this->module->collectUsage(1), 'it is older than the service');
    }

    public function test_names_of_digits_are_tenants_as_well(): void
    {
        $this->customFields(['Username' => '123456']);
        $this->metered();
        Capsule::table('tblhosting')->update(['username' => '123456']);

        $this->assertEquals(['123456' => self::figures()], $this->module->collectUsage(1));
        $this->assertSame([200], array_keys($this->module->billedUsage(1)));
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function broken(): array
    {
        return [
            'refused' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised <b>']], 'Unauthorised'],
            'HTTP 500' => [['fault' => 'status', 'status' => 500, 'body' => 'x'], 'not from a Comet Server'],
            'no answer' => [['fault' => 'drop', 'times' => 2], 'closed before an answer'],
            'breaks off' => [['fault' => 'truncate'], 'broke off'],
            'a page' => [['fault' => 'html'], 'not what a Comet Server sends'],
            'other types' => [['fault' => 'wrong_types'], 'not what a Comet Server sends'],
        ];
    }

    /**
     * @dataProvider broken
     * @param array<string, mixed> $fault
     */
    public function test_a_server_that_fails_bills_nothing_and_says_so_once(array $fault, string $reason): void
    {
        $this->metered();
        $this->comet->faultOn(self::LIST, $fault);

        $this->assertSame([], $this->module->collectUsage(1));

        $log = Host::activityLog();
        $this->assertCount(1, $log);
        $this->assertSentence($log[0], 'no usage metrics were taken over', $reason);
        $this->assertSame([self::NAME => self::figures()], $this->module->collectUsage(1), 'the next run is none the worse');
    }

    public function test_a_list_that_breaks_off_at_any_place_bills_nothing(): void
    {
        $this->metered();
        $length = strlen((string) json_encode($this->comet->profile(self::NAME)));
        for ($at = 0; $at < $length; $at += 397) {
            $this->comet->faultOn(self::LIST, ['fault' => 'truncate', 'at' => $at]);
            $this->assertSame([], $this->module->collectUsage(1), "after $at bytes");
        }
    }

    public function test_import_and_metrics_of_one_cron_run_share_a_request_in_either_order(): void
    {
        $this->metered();
        $import = fn () => $this->module->call('UsageUpdate', $this->module->serverParams(1));
        $metrics = fn () => $this->assertSame([self::NAME => self::figures()], $this->module->collectUsage(1));
        $requests = fn (callable ...$jobs): int => count($this->during(fn () => array_map(static fn (callable $job) => $job(), $jobs)));

        $this->assertSame(1, $requests($import, $metrics));
        $this->assertSame(1, $requests($metrics, $import));
        $this->assertSame(5120, Capsule::table('tblhosting')->value('diskusage'));
        $this->assertSame(2, $requests($metrics, $metrics), 'a job that runs again asks again');
        $this->assertSame(0, $requests($import), 'the metrics were read last');
        $this->assertSame(2, $requests($import, $import));
    }

    public function test_a_list_is_kept_for_each_server_and_neither_address_nor_login_may_have_changed(): void
    {
        $this->metered();
        Host::addServer($this->server(2));
        $this->service(['id' => 201, 'username' => 'second', 'server' => 2, 'domainstatus' => 'Active']);
        $import = fn (int $server) => $this->module->call('UsageUpdate', $this->module->serverParams($server));

        $asked = $this->during(function () use ($import): void {
            $import(1);
            $import(2);
            $this->module->collectUsage(1);
            $this->module->collectUsage(2);
        });
        $this->assertSame([self::LIST, self::LIST], $asked);

        foreach ([['password' => encrypt('another')], ['username' => 'other'], ['hostname' => 'localhost']] as $change) {
            $before = (array) Capsule::table('tblservers')->find(1);
            $import(1);
            Capsule::table('tblservers')->where('id', 1)->update($change);
            $this->assertSame([self::LIST], $this->during(fn () => $this->module->collectUsage(1)), json_encode(array_keys($change)));
            Capsule::table('tblservers')->where('id', 1)->update($before);
            $this->module->collectUsage(1);
        }
    }

    public function test_a_client_gets_nothing_and_no_command_of_a_service_does(): void
    {
        $service = $this->metered();
        $params = $this->module->serverParams(1);
        $_SESSION = ['uid' => 10];

        $asked = $this->during(function () use ($params, $service): void {
            $this->assertSame([], $this->module->call('MetricUsage', $params));
            $this->assertSame([], $this->module->call('MetricTenantUsage', $params, self::NAME));
            $this->assertSame([], Host::activityLog());
            $_SESSION = Host::STAFF;
            $this->assertSame([], $this->module->custom($service, 'MetricUsage'));
        });

        $this->assertSame([], $asked);
    }

    public function test_a_server_without_accounts_is_not_asked(): void
    {
        $this->assertSame([], $this->during(fn () => $this->assertSame([], $this->module->collectUsage(1))));
        $this->assertSame([], $this->module->collectUsage(7), 'no such server');
    }

    /** @return array{answer: int, grown: int, php: int, statements: list<string>} */
    private function cost(int $accounts): array
    {
        $this->manyAccounts($accounts, ['username' => "CONCAT('many-', LPAD(seq, 6, 0))"]);

        return $this->costOf('$module->call("MetricUsage", $params)');
    }

    /** @group slow */
    public function test_10_000_accounts_cost_one_request_few_statements_and_little_memory(): void
    {
        $this->created();

        $few = $this->cost(100);
        $many = $this->cost(10_000);

        $this->assertSame([self::LIST], $this->comet->endpoints());
        $this->assertSame([100, 10_000], [$few['answer'], $many['answer']]);
        $this->assertSame(count($few['statements']), count($many['statements']), implode("\n", $many['statements']));
        $this->assertLessThanOrEqual(8, count($many['statements']), implode("\n", $many['statements']));
        $this->assertLessThan(16_000, $many['grown'], 'kB, of which PHP\'s own arrays have most');
    }
}
