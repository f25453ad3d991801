<?php

declare(strict_types=1);

// The changing functions of the Comet module, each with its start, its retry, and the end it must reach.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;

abstract class CometSweepTestCase extends CometTestCase
{
    use Sweep;

    protected const BYSTANDER = 99;
    /** Commands of a product addon that adds to the account of its service. */
    private const OF_ADDONS = ['AddExtra' => 'create', 'EndExtra' => 'terminate'];
    private const SECOND_FACTOR = ['AllowPasswordLogin' => false, 'AllowPasswordAndTOTPLogin' => true];
    private const NEW_PASSWORD = 'N3w&Passw0rd';

    /** @var array{record: array<string, mixed>, account: array<string, mixed>} */
    private array $bystander;
    /** @var array<string, array<string, mixed>> the accounts at the server when it was last looked at; each look is slow */
    private array $accounts;

    /** @return array<string, array{string}> */
    public static function functions(): array
    {
        $names = [
            'Create', 'Suspend', 'Unsuspend', 'ChangePackage', 'ChangePassword', 'RemoveOldDevice', 'Terminate', 'TerminateAndKeep',
            ...array_keys(self::OF_ADDONS),
        ];

        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    protected function setUp(): void
    {
        parent::setUp();
        $this->newWorld();
    }

    /** The server, and a service whose account nobody may touch. */
    protected function newWorld(): void
    {
        $this->world();
        $this->plan(self::BYSTANDER);
        $this->assertSame('success', $this->module->create(Host::service(self::BYSTANDER)));
        // The daily run records which server it is.
        $this->module->call('Reconcile', []);
        $this->lookAtTheServer();
        $this->bystander = $this->bystanderNow();
    }

    /** A fresh service, as it is before the function. */
    protected function prepare(string $function, int $id): void
    {
        $this->plan($id);
        if ($function === 'Create') {
            return;
        }
        $this->assertSame('success', $this->module->create(Host::service($id)));
        match ($function) {
            'Unsuspend' => $this->assertSame('success', $this->module->suspend(Host::service($id))),
            'ChangePackage' => $this->upgrade($id),
            'RemoveOldDevice' => $this->useLongAgo($id),
            'SwitchOffSecondFactor' => $this->comet->changeAccount(self::nameOf($id), ['merge' => self::SECOND_FACTOR]),
            'AddExtra' => $this->extra($id),
            'EndExtra' => $this->assertSame('success', $this->module->create($this->extra($id))),
            'TerminateAndKeep' => Capsule::table('tblproducts')->where('id', $id)->update([self::TERMINATION => 'suspend']),
            'TerminateLater' => $this->daysOfGrace($id, 5),
            'Revive' => $this->terminateLater($id, 5),
            'DailyDeletion' => $this->terminateLater($id, 1),
            default => null,
        };
    }

    private function daysOfGrace(int $id, int $days): void
    {
        Capsule::table('tblproducts')->where('id', $id)->update(['configoption13' => (string) $days]);
    }

    /** Terminated, and nobody else waits for his deletion. */
    private function terminateLater(int $id, int $days): void
    {
        $this->daysOfGrace($id, $days);
        $this->assertSame('success', $this->module->terminate(Host::service($id)));
        $this->aDayPasses();
    }

    /** What WHMCS runs, first and again. */
    protected function code(string $function, int $id): string
    {
        $service = "Tests\\Host\\Host::service($id)";
        if (isset(self::OF_ADDONS[$function])) {
            return 'return $module->' . self::OF_ADDONS[$function] . "(Tests\\Host\\Host::serviceAddon($id));";
        }

        return match ($function) {
            'ChangePassword' => "return \$module->changePassword($service, '" . self::NEW_PASSWORD . "');",
            'TerminateAndKeep', 'TerminateLater' => "return \$module->terminate($service);",
            'Revive' => "return \$module->create($service);",
            // A run that could not do it says so on the service page.
            'DailyDeletion' => "\$said = \$module->call('Reconcile', []); return WHMCS\\Database\\Capsule::table('" . self::ACCOUNTS
                . "')->where(['service_id' => $id, 'state' => 'created'])->exists() ? \$said : 'success';",
            'RemoveOldDevice' => "\$_SESSION = ['uid' => $id]; \$form = ['token' => generate_token('plain'), 'comet_device' => 'old'];"
                . " return Tests\\Host\\Request::run([], \$form, fn () => \$module->call('RemoveOldDevice', \$module->paramsFor($service)));",
            'SwitchOffSecondFactor' => "return \$module->custom($service, '$function');",
            default => 'return $module->' . lcfirst($function) . "($service);",
        };
    }

    /** The same without WHMCS's own work after it, for a database that is away by then. */
    protected function bareCode(string $function, int $id): string
    {
        if ($function === 'RemoveOldDevice') {
            return $this->code($function, $id);
        }
        if ($function === 'DailyDeletion') {
            return "return \$module->call('Reconcile', []);";
        }
        $name = match ($function) {
            'ChangePassword', 'ChangePackage' => $function,
            'TerminateAndKeep', 'EndExtra', 'TerminateLater' => 'TerminateAccount',
            'AddExtra', 'Revive' => 'CreateAccount',
            default => "{$function}Account",
        };
        $extra = var_export(['action' => $name] + ($function === 'ChangePassword' ? ['password' => self::NEW_PASSWORD] : []), true);

        $model = isset(self::OF_ADDONS[$function]) ? 'serviceAddon' : 'service';

        return "return \$module->call('$name', \$module->paramsFor(Tests\\Host\\Host::$model($id), $extra));";
    }

    /** @return list<string> the points of a run that nobody disturbs */
    protected function pointsOfFunction(string $function): array
    {
        // What is made or learned once, tables and the server's version, is there before the points are counted.
        $this->prepare($function, 97);
        $this->assertSame('success', $this->answerOfNewProcess($this->code($function, 97)));
        $this->prepare($function, 98);
        $points = $this->pointsOf($this->code($function, 98));
        $this->assertEnd($function, 98);

        return $points;
    }

    /** Between the failure and the retry: nothing doubled, everything known, nobody else touched. */
    protected function assertNothingLost(string $function, int $id): void
    {
        $this->lookAtTheServer();
        $accounts = $this->accountsOf($id);
        $this->assertLessThanOrEqual(1, count($accounts));
        $records = $this->recordsOf($id);
        $this->assertLessThanOrEqual(1, count($records));
        foreach ($accounts as $name) {
            $this->assertSame([$name], array_column($records, 'username'));
            $this->assertLessThanOrEqual(1, count($this->accounts[$name]['profile']['Destinations']));
            if ($records[0]['state'] === 'planned') {
                $this->assertContains($this->stateOfLast($id, 'add account'), ['sent', 'unknown']);
            }
        }
        $mayBeGone = in_array($function, ['Create', 'Terminate', 'DailyDeletion'], true);
        $this->assertTrue($mayBeGone || count($accounts) === 1, 'The account is gone.');
        $this->assertBystanderIsUntouched();
    }

    /** WHMCS's retry. */
    protected function finish(string $function, int $id): void
    {
        $this->assertSame('success', $this->answerOfNewProcess($this->code($function, $id)));
        if ($function === 'DailyDeletion') {
            // The lock of a run that died after all was done is the next command's to close.
            $this->assertSame('success', $this->answerOfNewProcess($this->code('Terminate', $id)));
        }
        $this->assertEnd($function, $id);
    }

    protected function assertEnd(string $function, int $id): void
    {
        $this->assertHeld($function, $id);
        if (!in_array($function, ['Terminate', 'DailyDeletion'], true)) {
            $this->assertSame([self::nameOf($id), self::passwordAfter($function)], $this->login(Host::service($id)));
        }
        $this->assertNothingIsOpen($id);
    }

    /** What the server and our table hold in the end. */
    protected function assertHeld(string $function, int $id): void
    {
        $this->lookAtTheServer();
        $this->assertBystanderIsUntouched();
        $name = self::nameOf($id);
        $records = $this->recordsOf($id);
        $isGone = in_array($function, ['Terminate', 'DailyDeletion'], true);
        $this->assertSame([[$name, $isGone ? 'ended' : 'created']], array_map(
            static fn (array $record): array => [$record['username'], $record['state']],
            $records
        ));
        $this->assertSame($isGone ? [] : [$name], $this->accountsOf($id));
        if ($isGone) {
            return;
        }
        ['profile' => $profile, 'password' => $password] = $this->accounts[$name];
        $isChanged = $function === 'ChangePackage';
        $this->assertSame($profile['CreationGUID'], $records[0]['creation_guid']);
        $this->assertSame([$records[0]['vault_id']], array_keys($profile['Destinations']));
        $this->assertSame($isChanged ? 7 : ($function === 'AddExtra' ? 4 : 3), $profile['MaximumDevices']);
        $this->assertSame($isChanged ? "WHMCS_new$id" : "WHMCS_$id", $profile['PolicyID']);
        $this->assertSame(in_array($function, ['Suspend', 'TerminateAndKeep', 'TerminateLater'], true), $profile['IsSuspended']);
        $this->assertSame($function === 'TerminateLater' ? '5' : '', (string) $records[0]['delete_days']);
        $this->assertSame(self::passwordAfter($function), $password);
        if ($function === 'RemoveOldDevice') {
            $this->assertSame(['new'], array_keys($profile['Devices']));
        }
        if ($function === 'SwitchOffSecondFactor') {
            $this->assertSame([true, false], [$profile['AllowPasswordLogin'], $profile['AllowPasswordAndTOTPLogin']]);
        }
    }

    private static function passwordAfter(string $function): string
    {
        return $function === 'ChangePassword' ? self::NEW_PASSWORD : self::PASSWORD;
    }

    private function lookAtTheServer(): void
    {
        $this->accounts = $this->comet->state()['accounts'];
    }

    /** Client, product with a policy group of its own, and service of one id. */
    private function plan(int $id): void
    {
        Host::addClient(['id' => $id, 'email' => self::nameOf($id)]);
        Host::addProduct(['id' => $id, 'servertype' => 'cometbackup', self::POLICY => "WHMCS_$id", self::VAULT => self::TEMPLATE]);
        $option = Host::addConfigurableOption($id, ['optionname' => 'number_of_devices', 'optiontype' => '4']);
        $this->service(['id' => $id, 'userid' => $id, 'packageid' => $id, 'orderid' => 1000 + $id]);
        Host::chooseOption($id, $option, 3);
    }

    private function extra(int $id): Addon
    {
        $settings = ['configoption11' => 'extra', 'configoption17' => 'number_of_devices=1'];
        Host::addAddonDefinition(['id' => $id, 'name' => 'One more', 'module' => 'cometbackup'], $settings);
        Host::addServiceAddon(['id' => $id, 'hostingid' => $id, 'addonid' => $id, 'status' => 'Pending']);

        return Host::serviceAddon($id);
    }

    private function upgrade(int $id): void
    {
        Capsule::table('tblproducts')->where('id', $id)->update([self::POLICY => "WHMCS_new$id"]);
        Capsule::table('tblhostingconfigoptions')->where('relid', $id)->update(['qty' => 7]);
    }

    /** Of two devices one was last seen long ago. */
    private function useLongAgo(int $id): void
    {
        Capsule::table('tblhosting')->where('id', $id)->update(['domainstatus' => 'Active']);
        $this->comet->changeAccount(self::nameOf($id), ['merge' => [
            'Devices' => ['old' => ['FriendlyName' => 'Old laptop', 'RegistrationTime' => 1_750_000_000], 'new' => ['FriendlyName' => 'Server']],
            'Sources' => ['s1' => ['OwnerDevice' => 'old', 'Statistics' => ['LastBackupJob' => ['StartTime' => 1_750_000_000]]]],
        ]]);
    }

    private static function nameOf(int $id): string
    {
        return "customer$id@example.com";
    }

    /** Also under a name with a suffix. @return list<string> */
    private function accountsOf(int $id): array
    {
        $ours = static fn (string $name): bool => str_starts_with($name, self::nameOf($id));

        return array_values(array_filter(array_map('strval', array_keys($this->accounts)), $ours));
    }

    /** @return list<array<string, mixed>> */
    private function recordsOf(int $id): array
    {
        if (!Capsule::schema()->hasTable(self::ACCOUNTS)) {
            return [];
        }

        return Capsule::table(self::ACCOUNTS)->where('service_id', $id)->get()->map(static fn (object $row): array => (array) $row)->all();
    }

    private function stateOfLast(int $id, string $operation): ?string
    {
        $rows = array_filter($this->journalOf($id), static fn (array $row): bool => $row['operation'] === $operation);

        return end($rows)['state'] ?? null;
    }

    /** @return array{record: array<string, mixed>, account: array<string, mixed>} */
    private function bystanderNow(): array
    {
        return [
            'record' => $this->recordsOf(self::BYSTANDER)[0],
            'account' => $this->accounts[self::nameOf(self::BYSTANDER)] ?? [],
        ];
    }

    private function assertBystanderIsUntouched(): void
    {
        $this->assertSame($this->bystander, $this->bystanderNow());
    }
}
