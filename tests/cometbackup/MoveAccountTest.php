<?php

declare(strict_types=1);

// cometbackup_MoveAccount: the account of one service was moved to the server that the service has in WHMCS now.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class MoveAccountTest extends CometReconcileTestCase
{
    private const BUTTON = 'Move Account';

    /** Two accounts on entry 1; the first service is on entry 2 now, which is another Comet Server by its license. */
    private function moved(): Service
    {
        $this->created(['domainstatus' => 'Active']);
        $this->assertSame('success', $this->module->create($this->service(['id' => 201])));
        $this->reconcile();
        Capsule::table(self::ACCOUNTS)->update(['server_hash' => 'another', 'place_key' => null]);
        Host::addServer($this->server(2));
        Capsule::table('tblhosting')->where('id', 200)->update(['server' => 2]);

        return Host::service(200);
    }

    public function test_it_is_offered_and_moves_this_account_alone(): void
    {
        $service = $this->moved();
        $before = $this->comet->account(self::NAME);
        $this->assertSentence($this->module->suspend($service), 'if this account alone was moved to it, press Move Account');
        $this->assertSame('MoveAccount', $this->module->adminButtons($service)[self::BUTTON]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->custom($service, 'MoveAccount')));

        $this->assertSame([self::READ], array_values(array_diff($asked, ['meta/version'])));
        $this->assertSame([2, 1], [(int) $this->record()['server_id'], (int) $this->record(201)['server_id']]);
        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertStringContainsString('was moved: it is recorded for the server entry 2 now, and was for the entry 1.', implode("\n", Host::activityLog()));
        $this->assertArrayNotHasKey(self::BUTTON, $this->module->adminButtons($service));
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertSentence($this->module->custom($service, 'MoveAccount'), 'There is nothing to move');
        // The other one was not confirmed by this.
        Capsule::table('tblhosting')->where('id', 201)->update(['server' => 2]);
        $this->assertSentence($this->module->suspend(Host::service(201)), 'may be another Comet Server');
    }

    public function test_another_account_under_the_name_is_not_taken(): void
    {
        $service = $this->moved();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->assertSentence(
            $this->module->custom($service, 'MoveAccount'),
            'has another account under the name ada@example.com',
            'set the service back to the entry 1'
        );

        $this->assertSame(1, (int) $this->record()['server_id']);
    }

    public function test_an_account_that_is_not_there_is_told(): void
    {
        $service = $this->moved();
        $this->world();

        $this->assertSentence($this->module->custom($service, 'MoveAccount'), 'Could not read the Comet account ada@example.com');

        $this->assertSame(1, (int) $this->record()['server_id']);
    }

    public function test_where_the_account_is_no_button_is_shown_and_a_press_says_so(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);

        $this->assertArrayNotHasKey(self::BUTTON, $this->module->adminButtons($service));
        $this->assertSentence($this->module->custom($service, 'MoveAccount'), 'There is nothing to move');
    }
}
