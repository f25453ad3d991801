<?php

declare(strict_types=1);

// cometbackup_TransferAccount, the button "Transfer to New Client": the account of a service that another client has now.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class TransferAccountTest extends CometReconcileTestCase
{
    private const BUTTON = 'Transfer to New Client';

    /** @return array{list<string>, string} whom the account's reports go to, and its name */
    private function contact(): array
    {
        $profile = $this->comet->profile(self::NAME);

        return [$profile['Emails'], $profile['AccountName']];
    }

    private function moved(): Service
    {
        Host::addClient(['id' => 11, 'firstname' => 'Grace', 'lastname' => 'Hopper', 'email' => 'grace@example.com']);
        Capsule::table('tblhosting')->where('id', 200)->update(['userid' => 11]);

        return Host::service(200);
    }

    public function test_another_client_changes_nothing_by_itself_and_is_told(): void
    {
        $this->created();
        $service = $this->moved();
        $before = $this->comet->account(self::NAME);

        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertSame('success', $this->module->custom($service, 'CheckAccount'));
        $this->reconcile();

        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertSame(['client'], $this->kinds());
        $this->assertSentence(
            $this->findings()[0][1],
            'The Comet account ada@example.com was created for the client 10, and the service was moved to another client, 11',
            'Press Transfer to New Client on the service page to set a new password, remove the devices and enter the new contact.'
        );
        $this->assertEquals(10, $this->record()['client_id']);
    }

    public function test_staff_transfer_it_once_they_confirmed(): void
    {
        $this->created();
        $this->assertNotContains(self::BUTTON, array_keys($this->module->adminButtons(Host::service(200))));
        $service = $this->moved();
        $devices = ['d1' => ['FriendlyName' => 'Laptop'], 'd2' => ['FriendlyName' => 'Server']];
        $this->comet->changeAccount(self::NAME, ['Devices' => $devices]);
        $before = $this->comet->account(self::NAME);
        $this->assertSame('TransferAccount', $this->module->adminButtons(Host::service(200))[self::BUTTON]);

        $answer = $this->module->custom($service, 'TransferAccount');

        $this->assertSentence(
            $answer,
            'The Comet account ada@example.com was created for client 10, and the service now belongs to client 11.',
            'sets a new password, removes its 2 devices and enters the name and address of the new client; what is stored stays.',
            'Press the button again within ten minutes to do it.'
        );
        $this->assertSame($before, $this->comet->account(self::NAME));
        $asked = $this->during(fn () => $this->assertSame('success', $this->module->custom($service, 'TransferAccount')));

        $this->assertSame([self::READ, 'reset-user-password', 'revoke-device', 'revoke-device', self::READ, self::WRITE], $asked);
        $this->assertSame([['grace@example.com'], 'Grace Hopper'], $this->contact());
        $this->assertSame([], $this->comet->profile(self::NAME)['Devices']);
        $password = $this->login($service)[1];
        $this->assertSame($password, $this->comet->account(self::NAME)['password']);
        $this->assertNotSame(self::PASSWORD, $password);
        $this->assertStringNotContainsString($password, json_encode([Host::activityLog(), Capsule::table(self::JOURNAL)->get()]));
        $this->reconcile();
        $this->assertSame([], $this->kinds());
        $this->assertSentence($this->module->custom(Host::service(200), 'TransferAccount'), 'there is nothing to transfer');
    }

    public function test_a_confirmation_is_good_for_ten_minutes(): void
    {
        $this->created();
        $service = $this->moved();
        $this->module->custom($service, 'TransferAccount');
        Capsule::table(self::ACCOUNTS)->update(['transfer_at' => gmdate('Y-m-d H:i:s', time() - 601)]);

        $this->assertSentence($this->module->custom($service, 'TransferAccount'), 'Press the button again within ten minutes');

        $this->assertSame(self::PASSWORD, $this->comet->account(self::NAME)['password']);
    }
}
