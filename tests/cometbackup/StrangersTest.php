<?php

declare(strict_types=1);

// Who asks is checked where the module answers: WHMCS once took addonId from anybody (CVE-2026-29204).

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Authentication\CurrentUser;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class StrangersTest extends CometTestCase
{
    private const REFUSAL = 'Log in as the client whose service this is: it is shown and changed for nobody else.';
    private const FOR_STAFF = 'Log in to the admin area of WHMCS: this is for staff only.';
    private const CHANGED = 'Brand&new="1';

    private Service $service;
    private Addon $addon;

    /** Client 10 has service 200 and its addon 300; client 11 has service 201. */
    protected function setUp(): void
    {
        parent::setUp();
        Host::addClient(['id' => 11, 'email' => 'bob@example.com']);
        $this->service = $this->created();
        $definition = Host::addAddonDefinition(['name' => 'Comet', 'module' => 'cometbackup', 'type' => 'other'], []);
        $this->addon = Host::serviceAddon(Host::addServiceAddon([
            'id' => 300, 'hostingid' => 200, 'addonid' => $definition, 'orderid' => 600, 'userid' => 10, 'server' => 1, 'status' => 'Pending',
        ]));
        $this->assertSame('success', $this->module->create($this->addon, ['password' => 'Add0n-passw0rd']));
        $this->service(['id' => 201, 'userid' => 11, 'domainstatus' => 'Active']);
        Capsule::table('tblactivitylog')->delete();
    }

    /** @return array<string, array{string}> */
    public static function ofAnother(): array
    {
        return ['a service' => ['service'], 'an addon' => ['addon'], 'an addon beside a service of his own' => ['mixed']];
    }

    /** @return array<string, mixed> */
    private function params(string $what): array
    {
        return match ($what) {
            'service' => $this->module->paramsFor(Host::service(200)),
            'addon' => $this->module->paramsFor(Host::serviceAddon(300)),
            // As an unguarded WHMCS mixes them: the service is the visitor's.
            'mixed' => $this->module->paramsFor(Host::serviceAddon(300), ['serviceid' => 201, 'accountid' => 201, 'userid' => 11]),
        };
    }

    /** @dataProvider ofAnother */
    public function test_another_client_gets_one_sentence_and_nothing_is_asked(string $what): void
    {
        $params = $this->params($what);
        $rows = $this->whmcsNow();
        $_SESSION = ['uid' => 11];

        $asked = $this->during(function () use ($params): void {
            foreach ([[], ['downloadResponseLinux' => '1']] as $query) {
                $_GET = $query;
                $vars = $this->module->call('ClientArea', $params)['vars'];
                $this->assertSame(['unavailable', self::REFUSAL], [$vars['accountState'], $vars['stateMessage']]);
                $this->assertStringNotContainsString(self::NAME, (string) json_encode($vars));
            }
            $_GET = [];
            $this->assertSame(['success' => false, 'errorMsg' => self::REFUSAL], $this->module->call('ServiceSingleSignOn', $params));
            foreach (['ChangePassword', 'Reconcile'] as $function) {
                $this->assertSame(self::REFUSAL, $this->module->call($function, ['password' => self::CHANGED] + $params), $function);
            }
            $this->assertSame([], $this->module->call('AdminCustomButtonArray', $params));
            $this->assertSame([], $this->module->call('AdminServicesTabFields', $params));
        });

        $this->assertSame([], $asked);
        $this->assertSame($rows, $this->whmcsNow());
        $this->assertStringContainsString('User ID: 11', Host::activityLog()[0]);
    }

    /** @dataProvider ofAnother */
    public function test_the_owner_and_staff_are_served(string $what): void
    {
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);
        Capsule::table('tblhostingaddons')->update(['status' => 'Active']);
        $params = $this->params($what);
        foreach ([['uid' => 10], ['adminid' => 1], ['adminid' => 1, 'uid' => 11]] as $session) {
            $_SESSION = $session;
            $this->assertSame('active', $this->module->call('ClientArea', $params)['vars']['accountState']);
            $this->assertTrue($this->module->call('ServiceSingleSignOn', $params)['success']);
            $this->assertSame('success', $this->module->call('ChangePassword', ['password' => self::CHANGED] + $params));
        }
        $this->assertSame([], $this->module->call('AdminServicesTabFields', []));
    }

    /** What records an account is for staff: a custom field that names it is the customer's to fill. */
    public function test_the_owner_records_no_account(): void
    {
        $params = $this->params('service');
        $_SESSION = ['uid' => 10];
        $rows = $this->whmcsNow();

        $asked = $this->during(function () use ($params): void {
            $this->assertSame(self::FOR_STAFF, $this->module->call('CheckAccount', $params));
        });

        $this->assertSame([[], $rows, []], [$asked, $this->whmcsNow(), Host::activityLog()]);
    }

    public function test_cron_and_the_api_change_a_password_and_show_nothing(): void
    {
        $params = $this->params('service');
        $_SESSION = [];

        $this->assertSame('success', $this->module->call('ChangePassword', ['password' => self::CHANGED] + $params));
        $this->assertSame(self::REFUSAL, $this->module->call('ClientArea', $params)['vars']['stateMessage']);
        $this->assertSame(self::REFUSAL, $this->module->call('ServiceSingleSignOn', $params)['errorMsg']);
        $this->assertSame([], $this->module->call('AdminServicesTabFields', $params));
    }

    /** The page that a payment returns to may be open in another client's session. */
    public function test_what_whmcs_provisions_runs_in_any_session(): void
    {
        $_SESSION = ['uid' => 11];
        $service = $this->service(['id' => 202]);
        $this->assertSame('success', $this->module->create($service));
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertSame('success', $this->module->unsuspend($service));
        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertSame('success', $this->module->terminate($service));
    }

    public function test_whmcs_says_who_is_logged_in_where_it_can(): void
    {
        $params = $this->params('service');
        $state = fn (): string => $this->module->call('ClientArea', $params)['vars']['stateMessage'];
        $_SESSION = ['uid' => 10, 'adminid' => 1];
        [CurrentUser::$clientId, CurrentUser::$isAdmin] = [11, false];
        $this->assertSame(self::REFUSAL, $state());
        // A person without a client is nobody's owner, and not cron.
        CurrentUser::$clientId = 0;
        $this->assertSame(self::REFUSAL, $state());
        $this->assertSame(self::REFUSAL, $this->module->call('ChangePassword', ['password' => self::CHANGED] + $params));
        // What WHMCS cannot say is in its session.
        CurrentUser::$failure = new \RuntimeException('no');
        $_SESSION = ['uid' => 11];
        $this->assertSame(self::REFUSAL, $state());
        $this->assertSame(self::REFUSAL, $this->module->call('ChangePassword', ['password' => self::CHANGED] + $params));
        $_SESSION = ['uid' => 10];
        $this->assertNotSame(self::REFUSAL, $state());
    }

    protected function tearDown(): void
    {
        $_GET = [];
    }
}
