<?php

declare(strict_types=1);

// Module setting 10: a product whose accounts are created in a tenant.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;

final class TenantTest extends CometReconcileTestCase
{
    private const TENANT = 'cb116e59-be77-406b-afe8-7375fce34bbd';
    private const SETTING = 'configoption10';
    private const ABOUT = 'meta/version';
    private const PROVIDERS = 'request-storage-vault-providers';
    private const TEMPLATES = [
        self::TEMPLATE => ['Description' => 'Ours', 'OrganizationID' => ''],
        'tmpl-t' => ['Description' => 'The tenant\'s', 'OrganizationID' => self::TENANT],
    ];

    protected function prepareWorld(): void
    {
        parent::prepareWorld();
        $this->world(['templates' => self::TEMPLATES]);
    }

    public function test_account_policy_group_and_vault_are_the_tenant_s(): void
    {
        $service = $this->sold([self::POLICY => 'WHMCS_t', self::VAULT => 'tmpl-t']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([
            self::ABOUT, self::PROVIDERS, 'policies/list', 'policies/list', 'policies/set', self::ADD, self::READ, self::REQUEST_VAULT, self::WRITE,
        ], $this->comet->endpoints());
        $this->assertSame(self::TENANT, $this->comet->formsOf(self::ADD)[0]['TargetOrganization']);
        $profile = $this->comet->profile(self::NAME);
        $this->assertSame([self::TENANT, 'WHMCS_t'], [$profile['OrganizationID'], $profile['PolicyID']]);
        $this->assertSame(["The tenant's"], array_column($profile['Destinations'], 'Description'));
        $this->assertSame(self::TENANT, $this->comet->policies()['WHMCS_t']['OrganizationID']);
        $again = $this->during(fn () => $this->assertSame('success', $this->module->create($service)));
        $this->assertSame(['policies/list', self::READ], $again);
    }

    public function test_without_a_tenant_nothing_is_asked_or_sent_for_it(): void
    {
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ADD, self::READ, self::WRITE], $this->comet->endpoints());
        $this->assertArrayNotHasKey('TargetOrganization', $this->comet->formsOf(self::ADD)[0]);
    }

    /** An old server creates it at the top level. @dataProvider oldServers */
    public function test_a_server_that_ignores_tenants_is_refused_before_anything_is_created(string $version): void
    {
        $this->world(['version' => $version]);
        $service = $this->sold([self::POLICY => 'WHMCS_t']);

        $this->assertSentence($this->module->create($service), self::TENANT, $version, '22.3.7', 'Nothing was created');

        $this->assertSame([self::ABOUT], $this->comet->endpoints());
        $this->assertSame([[], []], [$this->comet->accountNames(), $this->comet->policies()]);
    }

    /** @return array<string, array{string}> */
    public static function oldServers(): array
    {
        return ['the oldest' => [self::OLD], 'one before' => ['22.3.6']];
    }

    public function test_a_server_that_does_not_say_its_version_is_refused(): void
    {
        $this->comet->faultOn(self::ABOUT, ['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]);

        $this->assertSentence($this->module->create($this->sold()), 'Unauthorised');

        $this->assertSame([], $this->comet->accountNames());
    }

    /** Under its id it would be overwritten. */
    public function test_a_policy_group_of_another_tenant_is_left_alone(): void
    {
        $this->world(['policies' => ['gold' => ['Description' => 'Gold', 'Policy' => ['CustomisedByAdmin' => 'keep me']]]]);
        $before = $this->comet->policies();

        $this->assertSentence($this->module->create($this->sold([self::POLICY => 'gold'])), 'policy group gold', self::TENANT);

        $this->assertSame([$before, []], [$this->comet->policies(), $this->comet->accountNames()]);
    }

    public function test_a_template_of_another_tenant_is_said_before_anything_is_created(): void
    {
        $this->assertSentence($this->module->create($this->sold([self::VAULT => self::TEMPLATE])), self::TEMPLATE, 'tenant ' . self::TENANT);

        $this->assertSame([self::ABOUT, self::PROVIDERS], $this->comet->endpoints());
    }

    public function test_an_unknown_tenant_creates_nothing(): void
    {
        $this->assertSentence($this->module->create($this->sold([self::SETTING => 'gone-1'])), 'Comet');

        $this->assertSame([], $this->comet->accountNames());
    }

    public function test_an_account_that_came_out_elsewhere_is_refused_and_no_second_one_is_created(): void
    {
        $this->created();
        $this->settings([self::SETTING => self::TENANT]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->create(Host::service(200)), 'in no tenant', self::TENANT));

        $this->assertNotContains(self::ADD, $asked);
        $this->assertNotContains(self::WRITE, $asked);
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_a_package_change_to_a_product_of_another_tenant_is_refused(): void
    {
        $this->created();
        $this->settings([self::SETTING => self::TENANT]);

        $asked = $this->during(fn () => $this->assertSentence(
            $this->module->changePackage(Host::service(200)),
            'in no tenant',
            'run Terminate and Create'
        ));

        $this->assertSame([self::READ], $asked);
    }

    public function test_an_account_in_another_tenant_is_found(): void
    {
        $service = $this->sold();
        $this->assertSame('success', $this->module->create($service));
        $this->reconcile();
        $this->assertSame([], $this->findings());

        $this->comet->changeAccount(self::NAME, ['OrganizationID' => 'another-1']);
        $this->reconcile();

        $this->assertSame(['tenant'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'another tenant than the product', self::TENANT);
    }

    /** That such a list has the accounts of tenants is documented nowhere. */
    public function test_what_a_list_lacks_is_no_proof_that_there_is_no_account(): void
    {
        $service = $this->sold();
        $this->comet->faultOn('list-users', ['fault' => 'json', 'body' => [], 'times' => 99]);
        $this->comet->faultOn(self::ADD, ['fault' => 'act_and_drop']);

        for ($tries = 0; $tries < 3 && ($answer ?? '') !== 'success'; $tries++) {
            $answer = $this->module->create($service);
            Capsule::table(self::JOURNAL)->where('state', 'unknown')->update(['sent_at' => Capsule::raw('sent_at - INTERVAL 5 MINUTE')]);
        }
        $this->assertSame('success', $answer);
        $this->assertOnlyAccount(self::NAME);

        $this->comet->faultOn(self::READ, ['fault' => 'drop', 'times' => 99]);
        $this->assertNotSame('success', $this->module->terminate($service));
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_the_daily_run_concludes_nothing_from_what_a_list_lacks(): void
    {
        $service = $this->sold();
        $this->comet->faultOn('list-users', ['fault' => 'json', 'body' => [], 'times' => 99]);
        $this->comet->faultOn('list-users-full', ['fault' => 'json', 'body' => (object) [], 'times' => 99]);
        $this->comet->faultOn(self::ADD, ['fault' => 'act_and_drop']);
        $this->module->create($service);
        Capsule::table(self::JOURNAL)->where('state', 'unknown')->update(['sent_at' => Capsule::raw('sent_at - INTERVAL 5 MINUTE')]);

        $this->reconcile();
        $this->assertSame('success', $this->module->create($service));
        $this->assertOnlyAccount(self::NAME);

        Capsule::table('tblhosting')->update(['domainstatus' => 'Terminated']);
        $this->reconcile();
        $this->assertSame('created', $this->record()['state']);
    }

    public function test_an_account_that_the_server_does_not_know_is_gone(): void
    {
        $service = $this->sold();
        $this->assertSame('success', $this->module->create($service));
        $this->world();

        $this->assertSame('success', $this->module->terminate($service));
    }

    /** @param array<string, string> $settings */
    private function sold(array $settings = []): \WHMCS\Service\Service
    {
        $this->settings($settings + [self::SETTING => self::TENANT]);

        return $this->service();
    }
}
