<?php

declare(strict_types=1);

// cometbackup_ResumeCreation, the button that goes on with an account that Create did not finish.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class ResumeCreationTest extends CometTestCase
{
    private const BUTTON = 'Resume Creation';
    private const FUNCTION = 'ResumeCreation';

    /** The request for the vault failed. */
    private function withoutVault(): Service
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->comet->faultOn(self::REQUEST_VAULT, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 500, 'Message' => 'full']]);
        $this->assertNotSame('success', $this->module->create($service));
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);

        return \Tests\Host\Host::service(200);
    }

    public function test_an_account_without_its_vault_gets_it_and_the_button_goes(): void
    {
        $service = $this->withoutVault();
        $this->assertSame(self::FUNCTION, $this->module->adminButtons($service)[self::BUTTON]);

        $this->assertSame('success', $this->module->custom($service, self::FUNCTION));

        $this->assertCount(1, $this->comet->profile(self::NAME)['Destinations']);
        $this->assertOnlyAccount(self::NAME);
        $this->assertArrayNotHasKey(self::BUTTON, $this->module->adminButtons($service));
        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'There is nothing to resume');
    }

    public function test_an_account_that_was_only_planned_is_created(): void
    {
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]);
        $this->assertNotSame('success', $this->module->create($service));
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);
        $service = \Tests\Host\Host::service(200);

        $this->assertSame(self::FUNCTION, $this->module->adminButtons($service)[self::BUTTON]);
        $this->assertSame('success', $this->module->custom($service, self::FUNCTION));

        $this->assertOnlyAccount(self::NAME);
        $this->assertSame('created', $this->record()['state']);
    }

    public function test_a_whole_account_and_a_service_without_one_have_nothing_to_resume(): void
    {
        $whole = $this->created(['domainstatus' => 'Active'], [self::VAULT => self::TEMPLATE]);
        $without = $this->service(['id' => 201, 'domainstatus' => 'Active']);

        $asked = $this->during(function () use ($whole, $without): void {
            foreach ([$whole, $without] as $service) {
                $this->assertArrayNotHasKey(self::BUTTON, $this->module->adminButtons($service));
                $this->assertSentence($this->module->custom($service, self::FUNCTION), 'There is nothing to resume');
            }
        });

        $this->assertSame([], $asked);
    }

    /** Which vault is the plan's is recorded by Create only: of the others it is not known that one is missing. */
    public function test_an_account_that_create_did_not_make_has_nothing_to_resume(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $this->world(['accounts' => [['Username' => 'grace', 'CreateTime' => 1_700_000_000, 'Destinations' => ['v1' => ['StorageLimitBytes' => 0]]]]]);
        $service = $this->service(['domainstatus' => 'Active', 'username' => '']);
        $this->module->saveAdminTab($service, ['comet_link_account' => 'grace']);
        $this->module->saveAdminTab($service, ['comet_link_account' => 'grace']);
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertSame(['created', null], [$this->record()['state'], $this->record()['vault_id']]);

        $this->assertArrayNotHasKey(self::BUTTON, $this->module->adminButtons($service));
        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'There is nothing to resume');
    }

    public function test_a_service_that_is_over_is_not_created_anew(): void
    {
        $service = $this->withoutVault();
        Capsule::table('tblhosting')->update(['domainstatus' => 'Cancelled']);
        $service->refresh();

        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'There is nothing to resume');
    }
}
