<?php

declare(strict_types=1);

// The changing functions of the module cometbackup, each in the world it is called in.

namespace Tests\Reliability;

use Tests\Host\Host;
use Tests\Host\Request;
use WHMCS\Database\Capsule;

trait CometScenarios
{
    /** @return array<string, Scenario> */
    private function scenarios(): array
    {
        return $this->orders() + $this->holds() + $this->changes() + $this->devices() + $this->ends() + $this->extras();
    }

    /** @return array<string, Scenario> */
    private function orders(): array
    {
        $create = fn (): string => $this->module->create($this->subject());
        $whole = [self::POLICY => self::NEW_POLICY, self::VAULT => self::TEMPLATE];

        return [
            'cometbackup_CreateAccount, nothing but the account' => new Scenario(fn () => $this->ordered(), $create),
            'cometbackup_CreateAccount, new policy group and vault' => new Scenario(
                fn () => $this->ordered($whole, self::LIMITS),
                $create
            ),
            'cometbackup_CreateAccount, policy group of others' => new Scenario(
                fn () => $this->ordered([self::POLICY => self::OTHER_POLICY]),
                $create,
                only: 'policies/list'
            ),
        ];
    }

    /** @return array<string, Scenario> */
    private function holds(): array
    {
        return [
            'cometbackup_SuspendAccount' => new Scenario(
                fn () => $this->delivered(),
                fn (): string => $this->module->suspend($this->subject())
            ),
            'cometbackup_UnsuspendAccount' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->assertSame('success', $this->module->suspend($this->subject()));
                },
                fn (): string => $this->module->unsuspend($this->subject())
            ),
        ];
    }

    /** @return array<string, Scenario> */
    private function changes(): array
    {
        $change = fn (): string => $this->module->changePackage($this->subject());

        return [
            'cometbackup_ChangePackage, other limits' => new Scenario(
                function (): void {
                    $this->delivered([self::VAULT => self::TEMPLATE], self::LIMITS);
                    $this->choose(self::SUBJECT, self::MORE);
                },
                $change
            ),
            'cometbackup_ChangePackage, another policy group' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->settings([self::POLICY => self::NEW_POLICY]);
                },
                $change
            ),
            'cometbackup_ChangePassword' => new Scenario(
                fn () => $this->delivered(),
                fn (): string => $this->module->changePassword($this->subject(), self::NEW_PASSWORD)
            ),
        ];
    }

    /** @return array<string, Scenario> */
    private function devices(): array
    {
        return [
            'cometbackup_RemoveOldDevice' => new Scenario(
                fn () => $this->withOldDevice(),
                fn (): string => $this->removeOldDevice(),
                only: 'revoke-device'
            ),
            'cometbackup_SwitchOffSecondFactor' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->comet->changeAccount(self::NAME, ['merge' => ['AllowPasswordLogin' => false, 'AllowPasswordAndTOTPLogin' => true]]);
                },
                fn (): string => $this->module->custom($this->subject(), 'SwitchOffSecondFactor'),
                only: 'disable-user-totp'
            ),
        ];
    }

    private function withOldDevice(): void
    {
        $this->delivered();
        Capsule::table('tblhosting')->where('id', self::SUBJECT)->update(['domainstatus' => 'Active']);
        $then = 1_750_000_000;
        $this->comet->changeAccount(self::NAME, ['merge' => [
            'Devices' => ['old' => ['FriendlyName' => 'Old laptop', 'RegistrationTime' => $then]],
            'Sources' => ['s1' => ['OwnerDevice' => 'old', 'Statistics' => ['LastBackupJob' => ['StartTime' => $then]]]],
        ]]);
    }

    private function removeOldDevice(): string
    {
        $before = $_SESSION;
        $_SESSION = ['uid' => 10];
        try {
            $form = ['token' => generate_token('plain'), 'comet_device' => 'old'];

            return Request::run([], $form, fn (): string => $this->module->call('RemoveOldDevice', $this->module->paramsFor($this->subject())));
        } finally {
            $_SESSION = $before;
        }
    }

    /** @return array<string, Scenario> */
    private function ends(): array
    {
        $terminate = fn (): string => $this->module->terminate($this->subject());

        $daily = function (): string {
            $said = $this->module->call('Reconcile', []);

            return ($this->record(self::SUBJECT)['state'] ?? '') === 'ended' ? 'success' : $said;
        };

        return [
            'cometbackup_Reconcile, a deletion that is due' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->settings(['configoption13' => '1']);
                    $this->assertSame('success', $this->module->terminate($this->subject()));
                    $this->aDayPasses();
                },
                $daily,
                only: 'delete-user'
            ),
            'cometbackup_TerminateAccount, delete' => new Scenario(fn () => $this->delivered(), $terminate),
            'cometbackup_TerminateAccount, suspend and keep' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->settings([self::TERMINATION => 'suspend']);
                },
                $terminate
            ),
        ];
    }

    /** A product addon that adds to the limits of the service's account. @return array<string, Scenario> */
    private function extras(): array
    {
        return [
            'cometbackup_CreateAccount, product addon that adds' => new Scenario(
                fn () => $this->withExtra(),
                fn (): string => $this->module->create(Host::serviceAddon(self::EXTRA))
            ),
            'cometbackup_TerminateAccount, product addon that added' => new Scenario(
                function (): void {
                    $this->withExtra();
                    $this->assertSame('success', $this->module->create(Host::serviceAddon(self::EXTRA)));
                },
                fn (): string => $this->module->terminate(Host::serviceAddon(self::EXTRA))
            ),
        ];
    }

    /** Each cell begins without the addon. */
    private function withoutExtra(): void
    {
        foreach (['tblhostingaddons', 'tbladdons'] as $table) {
            Capsule::table($table)->where('id', self::EXTRA)->delete();
        }
        Capsule::table('tblmodule_configuration')->where('entity_id', self::EXTRA)->delete();
        if (Capsule::schema()->hasTable('mod_cometbackup_extras')) {
            Capsule::table('mod_cometbackup_extras')->delete();
        }
    }

    private function withExtra(): void
    {
        $this->delivered([self::VAULT => self::TEMPLATE], self::LIMITS);
        $settings = ['configoption11' => 'extra', 'configoption17' => 'number_of_devices=1, storage_vault_quota_gb=100'];
        Host::addAddonDefinition(['id' => self::EXTRA, 'name' => 'More', 'module' => 'cometbackup'], $settings);
        Host::addServiceAddon(['id' => self::EXTRA, 'hostingid' => self::SUBJECT, 'addonid' => self::EXTRA, 'qty' => 2, 'status' => 'Pending']);
    }

    /** @param array<string, string> $settings @param array<string, int> $limits */
    private function ordered(array $settings = [], array $limits = []): void
    {
        $this->settings($settings);
        $this->service(['id' => self::SUBJECT]);
        $this->choose(self::SUBJECT, $limits);
    }

    /** @param array<string, string> $settings @param array<string, int> $limits */
    private function delivered(array $settings = [], array $limits = []): void
    {
        $this->ordered($settings, $limits);
        $this->assertSame('success', $this->module->create($this->subject()));
    }
}
