<?php

declare(strict_types=1);

// Accounts that no row of ours knows: whose they are is decided by what the PHP module wrote, not by a name that somebody typed.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class AdoptionTest extends CometReconcileTestCase
{
    private const VICTIM = ['Username' => 'victim', 'Password' => 'Victims-Own-1',
        'Devices' => ['d1' => ['FriendlyName' => 'VICTIMS-LAPTOP']]];
    private const HELD = 'The Comet account ' . self::NAME . ' belongs to another service (Service ID: 200). Correct the user name of this service.';
    private const COMMANDS = ['SuspendAccount', 'UnsuspendAccount', 'ChangePackage', 'TerminateAccount', 'ChangePassword', 'CreateAccount'];

    /**
     * A service of client 11 that names the account of somebody else.
     *
     * @return array<string, array{callable(self): void, string, string}>
     */
    public static function wishes(): array
    {
        $field = static fn (self $t, string $name) => $t->customFields(['Username' => $name], 201);

        return [
            'a service that was never created, by its custom field' => [
                static function (self $t) use ($field): void {
                    $t->world(['accounts' => [self::VICTIM]]);
                    $t->service(['id' => 201, 'userid' => 11, 'domainstatus' => 'Active', 'username' => '']);
                    $field($t, 'victim');
                },
                'only a custom field names it, which customers fill in',
                'victim',
            ],
            'the marker, and a field that names an older account' => [
                static function (self $t) use ($field): void {
                    $t->world(['accounts' => [['CreateTime' => time() - 30 * 86400] + self::VICTIM]]);
                    $t->service(['id' => 201, 'userid' => 11, 'domainstatus' => 'Suspended', 'username' => self::MARKER]);
                    $field($t, 'victim');
                },
                'it is older than the service',
                'victim',
            ],
            'a generated name that is a foreign account\'s' => [
                static function (self $t): void {
                    $t->world(['accounts' => [['CreateTime' => time() - 3 * 86400] + self::VICTIM]]);
                    $t->service(['id' => 201, 'userid' => 11, 'domainstatus' => 'Active', 'username' => 'victim']);
                },
                'it is older than the service',
                'victim',
            ],
            'two services of the PHP module with one name' => [
                static function (self $t) use ($field): void {
                    $t->world(['accounts' => [self::VICTIM]]);
                    $t->service(['id' => 200, 'domainstatus' => 'Active', 'username' => 'victim']);
                    $t->service(['id' => 201, 'userid' => 11, 'domainstatus' => 'Active', 'username' => self::MARKER]);
                    $field($t, 'victim');
                },
                'other services have its name, too (Service ID: 200)',
                'victim',
            ],
            'a second server entry, and the account of a recorded service' => [
                static function (self $t) use ($field): void {
                    $t->created(['domainstatus' => 'Active']);
                    Host::addServer($t->server(2, ['hostname' => 'localhost']));
                    $t->service(['id' => 201, 'userid' => 11, 'server' => 2, 'domainstatus' => 'Active', 'username' => self::NAME]);
                },
                self::HELD,
                self::NAME,
            ],
        ];
    }

    /** @dataProvider wishes */
    public function test_no_command_reaches_an_account_that_may_be_anothers(callable $given, string $why, string $name): void
    {
        Host::addClient(['id' => 11, 'firstname' => 'Eve', 'email' => 'eve@example.com']);
        $given($this);
        $eve = Host::service(201);
        $before = $this->comet->account($name);
        $rows = $this->rows(self::ACCOUNTS);

        foreach (array_diff(self::COMMANDS, ['ChangePassword', 'CreateAccount']) as $function) {
            $answer = $this->module->call($function, $this->module->paramsFor($eve));

            if ($why === self::HELD) {
                $this->assertSame($why, $answer);
            } else {
                $this->assertSentence($answer, "the account $name may be another's, because $why. Press Check at Comet to see it and to record it.");
            }
            $this->assertSame($before, $this->comet->account($name), $function);
        }
        $this->assertSentence($this->module->call('ChangePassword', $this->module->paramsFor($eve)), "Press Check at Comet to see the account $name");
        $this->assertSame([$before, $rows], [$this->comet->account($name), $this->rows(self::ACCOUNTS)]);
    }

    /** @dataProvider wishes */
    public function test_nothing_that_a_customer_can_open_shows_it(callable $given, string $why, string $name): void
    {
        Host::addClient(['id' => 11, 'firstname' => 'Eve', 'email' => 'eve@example.com']);
        $given($this);
        $eve = Host::service(201);
        $rows = $this->rows(self::ACCOUNTS);
        $_SESSION = ['uid' => 11];

        $page = $this->module->call('ClientArea', $this->module->paramsFor($eve));
        $signOn = $this->module->call('ServiceSingleSignOn', $this->module->paramsFor($eve));

        $this->assertSame('unavailable', $page['vars']['accountState'] ?? null);
        $this->assertStringNotContainsString('VICTIMS-LAPTOP', (string) json_encode($page));
        $this->assertFalse($signOn['success']);
        $this->assertSame($rows, $this->rows(self::ACCOUNTS));
        $this->assertNotContains('account/session-start-as-user', $this->comet->endpoints());
    }

    /** @dataProvider wishes */
    public function test_staff_see_it_before_they_take_it(callable $given, string $why, string $name): void
    {
        Host::addClient(['id' => 11, 'firstname' => 'Eve', 'email' => 'eve@example.com']);
        $given($this);
        $eve = Host::service(201);
        $before = $this->rows(self::ACCOUNTS);
        $devices = $name === 'victim' ? '1 device' : 'no devices';
        $created = gmdate('Y-m-d', $this->comet->profile($name)['CreateTime']);
        $sentence = $why === self::HELD ? $why : "The Comet account $name (created on $created, $devices) is not recorded for this service: $why. "
            . "If it is this service's, press Check at Comet to record it; if not, correct the user name of this service.";

        $this->assertSame($sentence, $this->module->custom($eve, 'CheckAccount'));
        $this->assertSame($before, $this->rows(self::ACCOUNTS));
        if ($why === self::HELD) {
            $this->assertSame($why, $this->module->custom($eve, 'CheckAccount'));

            return;
        }
        $fields = $this->module->call('AdminServicesTabFields', $this->module->paramsFor($eve));
        $this->assertStringContainsString("press Check at Comet to record it", $fields['Reconciliation']);

        $answer = $this->module->custom($eve, 'CheckAccount');

        $this->assertContains($answer, ['success', "The Comet account $name is active, and the service is suspended. Run Suspend or Unsuspend."]);
        $this->assertSame([$name, 'created'], [$this->record(201)['username'], $this->record(201)['state']]);
        $this->assertArrayNotHasKey('Reconciliation', $this->module->call('AdminServicesTabFields', $this->module->paramsFor($eve)));
    }

    public function test_the_daily_run_shows_it_and_records_what_the_php_module_made(): void
    {
        $this->world(['accounts' => [self::VICTIM, ['Username' => 'adaservice']]]);
        $this->service(['domainstatus' => 'Active', 'username' => 'adaservice']);
        $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => '']);
        $this->customFields(['Username' => 'victim'], 201);

        $this->reconcile();

        $this->assertSame(['unrecorded'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'The Comet account victim (created on', '1 device', 'press Check at Comet');
        $this->assertSame(['adaservice', 'created'], [$this->record()['username'], $this->record()['state']]);
        $this->assertSame([], $this->record(201));
        $this->assertSame('success', $this->module->custom(Host::service(201), 'CheckAccount'), 'it was shown');
    }

    public function test_another_account_of_the_name_is_shown_anew(): void
    {
        $this->world(['accounts' => [self::VICTIM]]);
        $eve = $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => '']);
        $this->customFields(['Username' => 'victim'], 201);
        $this->assertSentence($this->module->custom($eve, 'CheckAccount'), 'press Check at Comet');
        $this->comet->changeAccount('victim', ['CreationGUID' => 'another']);

        $this->assertSentence($this->module->custom($eve, 'CheckAccount'), 'press Check at Comet');

        $this->assertSame([], $this->record(201));
    }

    public function test_the_page_shows_an_account_of_the_php_module_and_records_nothing(): void
    {
        $service = $this->legacy();

        $page = $this->module->call('ClientArea', $this->module->paramsFor($service));

        $this->assertSame(['active', 'adaservice'], [$page['vars']['accountState'], $page['vars']['Username']]);
        $this->assertSame([], $this->rows(self::ACCOUNTS));
    }

    public function test_figures_of_an_account_that_may_be_anothers_are_not_imported(): void
    {
        $statistics = ['ClientProvidedSize' => ['Size' => 5 << 20, 'MeasureCompleted' => 9]];
        $vault = ['Destinations' => ['v' => ['DestinationType' => 1003, 'Statistics' => $statistics]]];
        $this->world(['accounts' => [$vault + self::VICTIM, ['Username' => 'older', 'CreateTime' => time() - 9 * 86400] + $vault]]);
        $this->service(['domainstatus' => 'Active', 'username' => '']);
        $this->customFields(['Username' => 'victim']);
        $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => 'older']);

        $this->module->call('UsageUpdate', $this->module->serverParams(1));

        $this->assertSame([0, 0], Capsule::table('tblhosting')->orderBy('id')->pluck('diskusage')->map(intval(...))->all());
    }
}
