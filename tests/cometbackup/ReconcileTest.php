<?php

declare(strict_types=1);

// cometbackup_Reconcile: WHMCS, the table of accounts and the server's list compared, and what is told of it.

namespace Tests\Cometbackup;

use Tests\Host\Hooks;
use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use Tests\Support\ManyAccounts;
use WHMCS\Database\Capsule;

final class ReconcileTest extends CometReconcileTestCase
{
    use ManyAccounts;

    public function test_where_all_is_well_one_request_for_the_list_finds_nothing(): void
    {
        $this->created([], [self::VAULT => self::TEMPLATE], ['number_of_devices' => 3, 'storage_vault_quota_gb' => 5]);

        $asked = $this->during(fn () => $this->assertSame(
            'Reconciled 1 services and product addons with 1 Comet accounts: 0 found, 0 of them new, 0 repaired.',
            $this->reconcile()
        ));

        $this->assertSame(['meta/version', self::LIST], $asked);
        $this->assertSame([], $this->findings());
        $this->assertSame([], $this->told());
    }

    /** @return array<string, array{callable(self): void, string, string, callable(self): void}> */
    public static function wrongs(): array
    {
        $profile = fn (array $change): \Closure => fn (self $t) => $t->comet->changeAccount(self::NAME, $change);
        $vault = fn (int $bytes): \Closure => fn (self $t) => $t->comet->changeAccount(
            self::NAME,
            ['Destinations' => [$t->record()['vault_id'] => ['StorageLimitBytes' => $bytes]]]
        );
        $row = fn (string $table, array $change): \Closure => fn (self $t) => Capsule::table($table)->update($change);

        return [
            'suspended there, active here' => [
                $profile(['IsSuspended' => true]),
                'suspension', 'is suspended, and the service is active',
                $profile(['IsSuspended' => false]),
            ],
            'suspended here, active there' => [
                $row('tblhosting', ['domainstatus' => 'Suspended']),
                'suspension', 'is active, and the service is suspended',
                $row('tblhosting', ['domainstatus' => 'Active']),
            ],
            'another device limit' => [$profile(['MaximumDevices' => 9]), 'limits', 'another device limit than', $profile(['MaximumDevices' => 3])],
            'no device limit' => [$profile(['MaximumDevices' => 0]), 'limits', 'another device limit than', $profile(['MaximumDevices' => 3])],
            'another item quota' => [
                $profile(['AllProtectedItemsQuotaBytes' => 1]),
                'limits', 'another protected item quota than',
                $profile(['AllProtectedItemsQuotaBytes' => 7 * self::GB]),
            ],
            'an item quota that is off' => [
                $profile(['AllProtectedItemsQuotaEnabled' => false]),
                'limits', 'another protected item quota than',
                $profile(['AllProtectedItemsQuotaEnabled' => true]),
            ],
            'another vault quota' => [$vault(1), 'limits', 'another storage vault quota than', $vault(5 * self::GB)],
            'another policy group' => [$profile(['PolicyID' => 'other']), 'limits', 'another policy group than', $profile(['PolicyID' => 'p1'])],
            'two limits' => [
                $profile(['PolicyID' => 'other', 'MaximumDevices' => 9]),
                'limits', 'device limit and another policy group',
                $profile(['PolicyID' => 'p1', 'MaximumDevices' => 3]),
            ],
            'another identity' => [
                $profile(['CreationGUID' => 'another']),
                'identity', 'was created under its name',
                fn (self $t) => $t->comet->changeAccount(self::NAME, ['CreationGUID' => $t->record()['creation_guid']]),
            ],
            'a service that has ended' => [
                $row('tblhosting', ['domainstatus' => 'Cancelled']),
                'ended', 'its service has ended. Run Terminate',
                $row('tblhosting', ['domainstatus' => 'Active']),
            ],
            'a service of another module' => [
                $row('tblproducts', ['servertype' => 'other']),
                'gone', 'no longer sold with this module',
                $row('tblproducts', ['servertype' => 'cometbackup']),
            ],
            'a service on another server' => [$row('tblhosting', ['server' => 7]), 'moved', 'on another one in WHMCS', $row('tblhosting', ['server' => 1])],
        ];
    }

    /**
     * @dataProvider wrongs
     * @group slow
     */
    public function test_what_is_wrong_is_told_once_and_stays_until_it_is_right(callable $break, string $kind, string $mention, callable $repair): void
    {
        $this->world(['policies' => ['p1' => ['Description' => 'Plan']]]);
        $limits = ['number_of_devices' => 3, 'protected_item_quota_gb' => 7, 'storage_vault_quota_gb' => 5];
        $this->created([], [self::VAULT => self::TEMPLATE, self::POLICY => 'p1'], $limits);
        $this->reconcile();
        $this->assertSame([], $this->findings());
        $break($this);
        $this->told();
        $before = $this->comet->account(self::NAME);

        $asked = $this->during(fn () => $this->reconcile());

        $this->assertSame([self::LIST], $asked);
        $this->assertSame([$kind], $this->kinds());
        $this->assertSentence($this->findings()[0][1], $mention);
        $this->assertStringContainsString($mention, $this->told()[0] ?? '');
        $this->assertSame($before, $this->comet->account(self::NAME), 'nothing is written at Comet');
        $this->reconcile();
        $this->assertSame([[$kind], []], [$this->kinds(), $this->told()], 'it is not told again');
        $repair($this);
        $this->reconcile();
        $this->assertSame([], $this->kinds());
    }

    public function test_a_service_whose_account_is_not_on_the_list_is_found(): void
    {
        $this->created();
        $this->emptyServer();

        foreach (['Active', 'Suspended'] as $status) {
            $this->setStatus($status);
            $this->reconcile();
            $this->assertSame(['missing'], $this->kinds(), $status);
            $this->assertSentence($this->findings()[0][1], 'the server does not list its Comet account ' . self::NAME);
            $this->assertSame('created', $this->record()['state']);
        }
    }

    public function test_an_active_service_without_any_account_is_found(): void
    {
        $this->service(['domainstatus' => 'Active', 'username' => '']);

        $this->reconcile();

        $this->assertSame(['missing'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'no Comet account is recorded');
    }

    public function test_accounts_of_the_php_module_are_compared_under_its_name_rule(): void
    {
        $this->legacy();
        $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => 'gone-user']);
        $this->service(['id' => 202, 'domainstatus' => 'Active', 'username' => 'disputed']);
        $this->service(['id' => 203, 'domainstatus' => 'Active', 'username' => 'disputed']);
        $this->service(['id' => 204, 'domainstatus' => 'Terminated', 'username' => 'ended-user']);
        $this->comet->changeAccount('adaservice', ['IsSuspended' => true]);

        $this->reconcile();

        $kinds = $this->kinds();
        sort($kinds);
        $this->assertSame(['disputed', 'disputed', 'missing', 'suspension'], $kinds);
        $this->assertSame(['adaservice'], Capsule::table(self::ACCOUNTS)->pluck('username')->all(), 'the PHP module made it');
    }

    /** It is paid to its end and goes on: whoever deleted its account would destroy what was paid for. */
    public function test_a_completed_service_is_compared_as_an_active_one(): void
    {
        $this->legacy(['domainstatus' => 'Completed']);
        $this->service(['id' => 201, 'domainstatus' => 'Completed', 'username' => '']);
        $this->comet->changeAccount('adaservice', ['IsSuspended' => true]);

        $this->reconcile();

        $this->assertEqualsCanonicalizing(['missing', 'suspension'], $this->kinds());
        $texts = implode(' ', array_column($this->findings(), 1));
        $this->assertStringContainsString('is suspended, and the service is completed. Run Unsuspend or Suspend.', $texts);
        $this->assertStringContainsString('The service is completed and no Comet account is recorded for it.', $texts);
    }

    public function test_accounts_that_belong_to_no_service_are_one_finding_of_the_server(): void
    {
        $accounts = array_map(fn (int $n): array => ['Username' => "own-account-$n"], range(1, 8));
        $this->world(['accounts' => $accounts]);
        $this->created();

        $this->reconcile();

        $this->assertSame(['unknown'], $this->kinds());
        $text = $this->findings()[0][1];
        $this->assertSentence($text, 'There are 8 accounts without a service', 'own-account-1', 'own-account-5 and 3 more');
        $this->assertStringNotContainsString('own-account-6', $text);
        $this->assertCount(2, $this->told());
        $this->reconcile();
        $this->assertSame([], $this->told());
        $this->assertCount(9, $this->comet->accountNames());
    }

    public function test_what_the_product_does_not_set_is_nobody_s_business(): void
    {
        $this->created([], [self::VAULT => self::TEMPLATE]);
        $this->comet->changeAccount(self::NAME, ['MaximumDevices' => 9, 'PolicyID' => 'by-hand', 'AllProtectedItemsQuotaEnabled' => true]);

        $this->reconcile();

        $this->assertSame([], $this->findings());
    }

    public function test_a_configurable_option_that_is_no_number_is_found(): void
    {
        $this->created();
        $this->choose(200, ['number_of_devices' => 'many']);

        $this->reconcile();

        $this->assertSame(['options'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'number_of_devices');
    }

    public function test_an_account_kept_after_termination_is_no_finding_while_it_is_suspended(): void
    {
        $service = $this->created([], [self::TERMINATION => 'suspend']);
        $this->assertSame('success', $this->module->terminate($service));
        $this->reconcile();
        $this->assertSame([], $this->findings());

        $this->comet->changeAccount(self::NAME, ['IsSuspended' => false]);
        $this->reconcile();

        $this->assertSame(['ended'], $this->kinds());
    }

    public function test_a_server_that_fails_is_told_once_and_its_findings_stay(): void
    {
        Host::addServer($this->server(2));
        $this->created();
        $this->service(['id' => 201, 'server' => 2, 'domainstatus' => 'Active', 'username' => 'nobody-here']);
        $this->comet->changeAccount(self::NAME, ['IsSuspended' => true]);
        $this->reconcile();
        $kinds = $this->kinds();
        $this->assertContains('suspension', $kinds);
        $this->told();
        Capsule::table('tblhosting')->where('id', 201)->update(['domainstatus' => 'Terminated']);

        foreach ([['fault' => 'truncate'], ['fault' => 'truncate']] as $run => $fault) {
            $this->comet->faultOn(self::LIST, $fault);
            $summary = $this->reconcile();
            $this->assertStringContainsString('the answer broke off', $summary);
            $this->assertSame($run === 0 ? 1 : 0, count($this->told()), "run $run");
            $this->assertContains('suspension', $this->kinds());
        }
        $this->comet->changeAccount(self::NAME, ['IsSuspended' => false]);
        $this->reconcile();
        $this->assertNotContains('suspension', $this->kinds());
    }

    public function test_product_addons_are_compared_with_their_own_settings(): void
    {
        $this->service(['domainstatus' => 'Active', 'packageid' => Host::addProduct(['servertype' => 'other'])]);
        $definition = Host::addAddonDefinition(['module' => 'cometbackup'], [self::POLICY => '']);
        Host::addCustomField(['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'], [300 => self::PASSWORD]);
        $addon = Host::serviceAddon(Host::addServiceAddon(['id' => 300, 'hostingid' => 200, 'addonid' => $definition, 'server' => 1]));
        $this->assertSame('success', $this->module->create($addon));
        $this->reconcile();
        $this->assertSame([], $this->findings());

        Capsule::table('tblmodule_configuration')->where('setting_name', self::POLICY)->update(['value' => 'p9']);
        $this->comet->changeAccount($this->comet->accountNames()[0], ['IsSuspended' => true]);
        $this->reconcile();

        $kinds = $this->kinds();
        sort($kinds);
        $this->assertSame(['limits', 'suspension'], $kinds);
        $this->assertStringContainsString('Service ID: 200, Addon ID: 300', implode("\n", $this->told()));
    }

    public function test_the_button_of_a_service_looks_at_that_service_with_one_request(): void
    {
        $service = $this->created();
        $asked = $this->during(fn () => $this->assertSame('success', $this->module->custom($service, 'Reconcile')));
        $this->assertSame([self::READ], $asked);
        $this->comet->changeAccount(self::NAME, ['IsSuspended' => true]);

        $this->assertSentence($this->module->custom($service, 'Reconcile'), 'is suspended, and the service is active');

        $fields = $this->module->call('AdminServicesTabFields', $this->module->paramsFor($service));
        $this->assertStringContainsString('is suspended, and the service is active', $fields['Reconciliation']);
        $this->assertSame('Reconcile', $this->module->call('AdminCustomButtonArray', $this->module->paramsFor($service))['Reconcile']);
        $this->emptyServer();
        $asked = $this->during(fn () => $this->assertSentence($this->module->custom($service, 'Reconcile'), 'does not list its Comet account'));
        $this->assertSame([self::READ, 'list-users'], $asked);
        $this->assertSame(['missing'], $this->kinds());
    }

    public function test_the_daily_cron_reconciles_and_hands_the_right_password_to_the_server(): void
    {
        $this->created();
        $this->module->saveConfigOptions(20, []);
        $this->module->includeHooks();

        $asked = $this->during(fn () => Hooks::run('DailyCronJob', []));

        $this->assertSame(['meta/version', self::LIST], $asked);
        $this->assertSame('correct', $this->comet->formsOf(self::LIST)[0]['Password']);
    }

    /** @group slow */
    public function test_20_000_accounts_cost_one_request_statements_by_pages_and_little_memory(): void
    {
        $many = 20_000;
        $this->reconcile();
        $this->created();
        Capsule::table('tblclients')->update(['email' => 'many@example.com', 'firstname' => '', 'lastname' => '', 'companyname' => '']);
        $this->manyAccounts($many, ['domainstatus' => "IF(seq % 1000 = 0, 'Suspended', 'Active')"]);

        $cost = $this->costOf('$module->call("Reconcile", [])');

        $this->assertStringContainsString("$many services and product addons with $many Comet accounts: 20 found, 20 of them new", $cost['answer']);
        $this->assertSame(['meta/version', self::LIST], $this->comet->endpoints());
        $pages = $many / 500;
        // One of them says which PHP this is.
        $this->assertLessThan(2 * $pages + 31, count($cost['statements']));
        // Half a kilobyte for a service: what WHMCS, our table and the list say of it.
        $this->assertLessThan(14_000, $cost['grown'], 'kB');
    }

    public function test_a_password_that_travels_in_the_clear_is_said_once(): void
    {
        Capsule::table('tblservers')->update(['hostname' => '0.0.0.0']);
        $this->created();
        $said = fn (): array => preg_grep('/password travels to it in the clear/', Host::activityLog());

        $this->assertStringContainsString('tick Secure in WHMCS', $this->module->call('Reconcile', []));
        $this->module->call('Reconcile', []);

        $this->assertCount(1, $said());
    }
}
