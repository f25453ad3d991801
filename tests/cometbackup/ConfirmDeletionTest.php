<?php

declare(strict_types=1);

// cometbackup_ConfirmDeletion, the button "Delete Account: confirm": staff agree to what the daily run leaves to them.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometDeletionTestCase;
use WHMCS\Database\Capsule;

final class ConfirmDeletionTest extends CometDeletionTestCase
{
    /** Servers from before there were identities: nothing tells a new account of the name from the old one. */
    public function test_an_account_without_identity_is_deleted_only_where_staff_confirm_it(): void
    {
        $this->world(['version' => self::OLD]);
        $this->terminated(1);
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => '']);
        Capsule::table(self::ACCOUNTS)->update(['creation_guid' => null, 'guid_key' => null]);

        $this->dailyRuns(2);
        $this->assertLives();
        $this->assertSentence($this->findings()[0][1], 'the server does not say whether it is the one');
        $this->assertSame('success', $this->module->custom(Host::service(200), 'ConfirmDeletion'));
        $this->dailyRuns(1);

        $this->assertDeleted();
    }

    public function test_there_is_nothing_to_confirm_where_no_deletion_waits_for_staff(): void
    {
        $service = $this->created();
        $this->assertSentence($this->module->custom($service, 'ConfirmDeletion'), 'nothing to confirm');
        $this->settings([self::AFTER => '5']);
        $this->module->terminate($service);

        $this->assertSentence($this->module->custom(Host::service(200), 'ConfirmDeletion'), 'nothing to confirm');
        $this->assertNotContains('ConfirmDeletion', $this->module->call('AdminCustomButtonArray', $this->module->paramsFor(Host::service(200))));
    }

    public function test_the_button_that_compares_one_service_says_that_staff_are_waited_for(): void
    {
        $this->terminated(1);
        Capsule::table(self::ACCOUNTS)->update(['delete_state' => 'held']);

        $this->assertSentence($this->module->custom(Host::service(200), 'Reconcile'), self::NAME, 'Press Delete Account: confirm');

        $this->assertSame(['deletion'], $this->kinds());
    }

    public function test_a_customer_cannot_confirm(): void
    {
        $service = $this->terminated(1);
        Capsule::table(self::ACCOUNTS)->update(['delete_state' => 'held']);
        $_SESSION = ['uid' => 10];

        $this->module->call('ConfirmDeletion', $this->module->paramsFor($service));

        $this->assertSame('held', $this->record()['delete_state']);
    }

    public function test_a_deletion_that_staff_agreed_to_is_undone_all_the_same(): void
    {
        $this->terminated(1);
        Capsule::table(self::ACCOUNTS)->update(['delete_state' => 'held']);
        $this->assertSame('success', $this->module->custom(Host::service(200), 'ConfirmDeletion'));

        $this->assertSame('success', $this->module->unsuspend(Host::service(200)));

        $this->dailyRuns(2);
        $this->assertLives();
        $this->assertNull($this->record()['delete_state']);
    }
}
