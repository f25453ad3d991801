<?php

declare(strict_types=1);

// cometbackup_ConfirmServer, the button "Same Comet Server: confirm": staff say that the server is the one of the accounts.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;

final class ConfirmServerTest extends CometReconcileTestCase
{
    private const BUTTON = 'Same Comet Server: confirm';

    /** @return array<string, array{callable(self): void, string}> */
    public static function otherPlaces(): array
    {
        return [
            'another host' => [static fn (self $t) => Capsule::table('tblservers')->update(['hostname' => 'localhost']), 'host or port differ'],
            'another license' => [static function (self $t): void {
                Capsule::table('tblservers')->update(['id' => 2]);
                Capsule::table('tblhosting')->update(['server' => 2]);
                Capsule::table(self::ACCOUNTS)->update(['server_hash' => 'another']);
            }, 'its license differs'],
            'an entry made anew by the last version, which recorded neither' => [static function (self $t): void {
                Capsule::table('tblservers')->update(['id' => 2]);
                Capsule::table('tblhosting')->update(['server' => 2]);
                Capsule::table(self::ACCOUNTS)->update(['server_hash' => null, 'server_address' => null]);
            }, 'its address was not recorded and its license is not known'],
        ];
    }

    /** @dataProvider otherPlaces */
    public function test_what_may_be_a_clone_is_not_changed_before_staff_confirm_it_once(callable $move, string $difference): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->known();
        $move($this);
        $service = Host::service(200);
        $before = $this->comet->account(self::NAME);

        foreach (['SuspendAccount', 'UnsuspendAccount', 'TerminateAccount', 'ChangePackage', 'CheckAccount'] as $function) {
            $answer = $this->module->call($function, $this->module->paramsFor($service));

            $this->assertSentence(
                $answer,
                'may be another Comet Server: ' . $difference,
                'Nothing was changed',
                'press ' . self::BUTTON . ' on this page, once for the entry'
            );
            $this->assertSame($before, $this->comet->account(self::NAME), $function);
        }
        $page = $this->module->call('ClientArea', $this->module->paramsFor($service));
        $this->assertSame('active', $page['vars']['accountState']);
        $this->reconcile();
        $this->assertSame(['server'], $this->kinds());
        $this->assertStringContainsString('it may be a copy, so they are left out here', $this->findings()[0][1]);
        $this->assertStringNotContainsString('delete them', $this->findings()[0][1]);
        $this->assertSame('ConfirmServer', $this->module->adminButtons($service)[self::BUTTON] ?? null);

        $this->assertSame('success', $this->module->custom($service, 'ConfirmServer'));

        $this->assertArrayNotHasKey(self::BUTTON, $this->module->adminButtons($service));
        $this->assertSame('success', $this->module->suspend($service));
        $this->reconcile();
        $this->assertSame([], $this->kinds());
        $this->assertSentence($this->module->custom($service, 'ConfirmServer'), 'There is nothing to confirm');
    }

    public function test_one_confirmation_is_for_all_accounts_of_the_entry(): void
    {
        $first = $this->created(['domainstatus' => 'Active']);
        $second = $this->service(['id' => 201]);
        $this->assertSame('success', $this->module->create($second));
        $this->setStatus('Active', 201);
        $this->known();
        Capsule::table('tblservers')->update(['hostname' => 'localhost']);
        $this->assertSame('success', $this->module->custom($first, 'ConfirmServer'));

        $this->assertSame('success', $this->module->changePackage(Host::service(201)));

        $this->assertStringStartsWith('localhost:', $this->record(201)['server_address']);
    }

    /** The daily run has seen the account on its server. */
    private function known(): void
    {
        $this->reconcile();
    }
}
