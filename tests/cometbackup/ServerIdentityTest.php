<?php

declare(strict_types=1);

// A Comet Server is known by its license, host and port, not by WHMCS's entry for it; an account by its CreationGUID.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class ServerIdentityTest extends CometReconcileTestCase
{
    public function test_two_entries_for_one_server_tell_nobody_to_delete_an_account(): void
    {
        $this->created(['domainstatus' => 'Active']);
        Host::addServer($this->server(2));
        Host::addClient(['id' => 11, 'firstname' => 'Grace', 'email' => 'grace@example.com']);
        $second = $this->service(['id' => 201, 'userid' => 11, 'server' => 2]);
        $this->assertSame('success', $this->module->create($second));
        $this->setStatus('Active', 201);

        $this->assertStringStartsWith('Reconciled 2 services and product addons with 4 Comet accounts: 0 found', $this->reconcile());

        $this->assertSame([], $this->findings());
    }

    public function test_the_entry_made_anew_goes_on_is_recorded_and_told_once(): void
    {
        $service = $this->entryMadeAnew();

        foreach (['suspend', 'unsuspend', 'changePackage'] as $command) {
            $this->assertSame('success', $this->module->$command($service), $command);
        }

        $this->assertSame([2, '2:' . self::NAME], [$this->record()['server_id'], $this->record()['name_key']]);
        $told = preg_grep('/is recorded for the server entry 2 now, which is the same Comet Server as the entry 1/', Host::activityLog());
        $this->assertCount(1, $told);
        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame([], $this->comet->accountNames());
    }

    public function test_the_daily_run_records_it_and_the_daily_import_has_its_figures(): void
    {
        $this->entryMadeAnew();
        $this->told();

        $this->module->call('UsageUpdate', $this->module->serverParams(2));
        $this->assertNotSame('0000-00-00 00:00:00', (string) Capsule::table('tblhosting')->value('lastupdate'));
        $summary = $this->reconcile();

        $this->assertStringStartsWith('Reconciled 1 services and product addons with 1 Comet accounts: 0 found, 0 of them new, 1 repaired.', $summary);
        $this->assertSame(2, $this->record()['server_id']);
        $this->assertStringContainsString('is the same Comet Server as the entry 1', implode("\n", $this->told()));
        $this->reconcile();
        $this->assertSame([], $this->told());
    }

    public function test_another_identity_is_refused_and_untouched(): void
    {
        $service = $this->entryMadeAnew();
        Capsule::table(self::ACCOUNTS)->update(['server_hash' => 'another']);
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);
        $before = $this->comet->account(self::NAME);

        foreach (['SuspendAccount', 'TerminateAccount', 'ChangePackage', 'CheckAccount', 'ConfirmServer'] as $function) {
            $this->assertSentence($this->module->call($function, $this->module->paramsFor($service)), 'Nothing was changed');
        }

        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertSame('created', $this->record()['state']);
    }

    public function test_what_was_deleted_in_comet_is_over_by_another_entry_too(): void
    {
        $service = $this->entryMadeAnew();
        $this->emptyServer();

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame('ended', Capsule::table(self::ACCOUNTS)->value('state'));
    }

    public function test_what_is_left_at_the_old_place_is_a_second_copy(): void
    {
        $this->created(['domainstatus' => 'Active']);
        $this->known();
        Host::addServer($this->server(2, ['hostname' => 'localhost']));
        $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => '']);
        Capsule::table('tblhosting')->where('id', 200)->update(['server' => 2]);
        $this->assertSame('success', $this->module->custom(Host::service(200), 'ConfirmServer'));

        $this->reconcile();

        $texts = array_column($this->findings(), 1, 0);
        $this->assertSentence($texts['copy'] ?? '', 'it is a second copy', 'find out what it is before you touch it');
        $this->assertArrayNotHasKey('unknown', $texts);
    }

    public function test_a_service_whose_entry_is_gone_is_said(): void
    {
        $this->created(['domainstatus' => 'Active']);
        Capsule::table('tblservers')->delete();

        $this->reconcile();

        $this->assertSame(['skipped'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'it is left out', 'the server entry 1, which is no longer there');
    }

    public function test_the_daily_import_says_which_service_it_leaves_out(): void
    {
        $this->entryMadeAnew();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->module->call('UsageUpdate', $this->module->serverParams(2));

        $this->assertStringContainsString('the daily import left out service 200 of the server', implode("\n", Host::activityLog()));
    }

    public function test_nobody_is_told_to_delete_the_account_of_a_service_that_is_gone_if_another_names_it(): void
    {
        $this->created(['domainstatus' => 'Active']);
        Capsule::table('tblhosting')->where('id', 200)->delete();
        $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => self::NAME]);

        $this->reconcile();

        $texts = implode("\n", array_column($this->findings(), 1));
        $this->assertStringContainsString('another service names it (Service ID: 201)', $texts);
        $this->assertStringNotContainsString('Delete it', $texts);
    }

    public function test_what_the_server_said_of_itself_earlier_is_recorded_with_a_new_account_and_not_asked_again(): void
    {
        $this->module->call('TestConnection', $this->module->serverParams(1));
        Capsule::table('mod_cometbackup_servers')->update(['license_at' => Capsule::raw('UTC_TIMESTAMP() - INTERVAL 20 HOUR')]);

        $asked = $this->during(fn () => $this->created());

        $this->assertNotContains('meta/version', $asked);
        $this->assertSame(Capsule::table('mod_cometbackup_servers')->value('license_hash'), $this->record()['server_hash']);
        $this->assertNotNull($this->record()['server_hash']);
    }

    public function test_a_service_that_is_gone_with_its_entry_is_said_with_what_is_left_to_do(): void
    {
        $this->created(['domainstatus' => 'Active']);
        Capsule::table('tblservers')->delete();
        Capsule::table('tblhosting')->delete();

        $this->reconcile();

        $this->assertSame(['skipped'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'is no longer in WHMCS', 'delete the account there unless somebody needs its backups');
        $this->assertStringNotContainsString("service's page", $this->findings()[0][1]);
    }

    private function entryMadeAnew(): Service
    {
        $this->created(['domainstatus' => 'Active']);
        $this->known();
        Host::addServer($this->server(2));
        Capsule::table('tblhosting')->update(['server' => 2]);
        Capsule::table('tblservers')->where('id', 1)->delete();

        return Host::service(200);
    }

    /** The daily run has seen the account on its server. */
    private function known(): void
    {
        $this->reconcile();
    }
}
