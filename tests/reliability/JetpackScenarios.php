<?php

declare(strict_types=1);

// The changing functions of the module jetpack, each in the world it is called in.

namespace Tests\Reliability;

use Tests\Host\Host;
use Tests\Host\Request;
use WHMCS\Database\Capsule;

trait JetpackScenarios
{
    /** @return array<string, Scenario> */
    private function scenarios(): array
    {
        return $this->orders() + $this->holds() + $this->ends() + $this->changes() + $this->decisions() + $this->sites();
    }

    /** @return array<string, Scenario> */
    private function orders(): array
    {
        $create = fn (): string => $this->module->create($this->subject());

        return [
            'jetpack_CreateAccount, one license' => new Scenario(fn () => $this->ordered(), $create),
            'jetpack_CreateAccount, two licenses' => new Scenario(fn () => $this->ordered(['qty' => 2]), $create, null, 2),
            'jetpack_CreateAccount, attached at once' => new Scenario(
                function (): void {
                    $this->ordered();
                    $this->setting(self::ATTACH, 'on');
                },
                $this->createAndAttach(...),
                $this->createAndAttach(...)
            ),
            'jetpack_CreateAccount, connected and attached' => new Scenario(
                function (): void {
                    $this->ordered();
                    $this->setting(self::ATTACH, 'connect');
                },
                $this->createAndAttach(...),
                $this->createAndAttach(...),
                1,
                self::CONNECTING
            ),
        ];
    }

    /** @return array<string, Scenario> */
    private function holds(): array
    {
        return [
            'jetpack_SuspendAccount, revoking' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->setting(self::ON_SUSPENSION, 'revoke');
                },
                fn (): string => $this->module->suspend($this->subject())
            ),
            'jetpack_UnsuspendAccount, after a revocation' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->setting(self::ON_SUSPENSION, 'revoke');
                    $this->assertSame('success', $this->module->suspend($this->subject()));
                },
                fn (): string => $this->module->unsuspend($this->subject())
            ),
        ];
    }

    /** @return array<string, Scenario> */
    private function ends(): array
    {
        $terminate = fn (): string => $this->module->terminate($this->subject());

        return [
            'jetpack_TerminateAccount, one license' => new Scenario(fn () => $this->delivered(), $terminate),
            'jetpack_TerminateAccount, two licenses' => new Scenario(fn () => $this->delivered(['qty' => 2]), $terminate, null, 2),
        ];
    }

    /** @return array<string, Scenario> */
    private function changes(): array
    {
        $change = fn (): string => $this->module->changePackage($this->subject());
        $sold = fn (int $before, array $after): \Closure => function () use ($before, $after): void {
            $this->delivered(['qty' => $before]);
            Capsule::table('tblhosting')->where('id', self::SUBJECT)->update($after);
        };

        return [
            'jetpack_ChangePackage, another product' => new Scenario($sold(1, ['packageid' => 2]), $change, null, 2),
            'jetpack_ChangePackage, one license more' => new Scenario($sold(1, ['qty' => 2]), $change, null, 2),
            'jetpack_ChangePackage, one license less' => new Scenario($sold(2, ['qty' => 1]), $change, null, 2),
        ];
    }

    /** @return array<string, Scenario> */
    private function decisions(): array
    {
        $create = fn (): string => $this->module->create($this->subject());

        return [
            'jetpack_IssueAgain' => new Scenario(
                function (): void {
                    $this->lost('drop');
                    $this->minutesPass(2);
                },
                fn (): string => $this->module->custom($this->subject(), 'IssueAgain'),
                $create
            ),
            'jetpack_CreateAccount, a lost answer that the list settles' => new Scenario(
                function (): void {
                    $this->lost('act_and_drop');
                    $this->withList();
                },
                $create
            ),
            'jetpack_CreateAccount, with the list' => new Scenario(
                function (): void {
                    $this->ordered();
                    $this->withList();
                },
                $create
            ),
            'jetpack_AdminServicesTabFieldsSave, a license adopted' => new Scenario(
                $this->unassigned(...),
                $this->adopt(...)
            ),
            'jetpack_AdminServicesTabFieldsSave, the key entered' => new Scenario(
                fn () => $this->lost('act_and_drop'),
                $this->enterKey(...)
            ),
        ];
    }

    /** @return array<string, Scenario> */
    private function sites(): array
    {
        return [
            'jetpack_AttachToSite' => new Scenario(fn () => $this->delivered(), $this->attach(...)),
            'jetpack_ConnectSite' => new Scenario(
                $this->waitsForSite(...),
                fn (): string => $this->module->custom($this->subject(), 'ConnectSite')
            ),
            'jetpack_CheckLicense, a step is open at the site' => new Scenario($this->waitsForSite(...), $this->checkAndAttach(...)),
            'jetpack_AttachToMySite' => new Scenario($this->waitsForSite(...), $this->click(...), null, 1, self::CONNECTING),
            'jetpack_DetachFromSite' => new Scenario(
                function (): void {
                    $this->delivered();
                    $this->assertSame('success', $this->attach());
                },
                fn (): string => $this->module->custom($this->subject(), 'DetachFromSite')
            ),
        ];
    }

    /** @param array<string, mixed> $row */
    private function ordered(array $row = []): void
    {
        $this->service($row + ['id' => self::SUBJECT, 'domainstatus' => 'Pending']);
    }

    /** @param array<string, mixed> $row */
    private function delivered(array $row = []): void
    {
        $this->ordered($row);
        $this->assertSame('success', $this->module->create($this->subject()));
    }

    /** The answer to the first order was lost. */
    private function lost(string $fault): void
    {
        $this->ordered();
        $this->faultOn('POST', '/license', ['fault' => $fault]);
        $this->assertSentence($this->module->create($this->subject()), 'It is not known whether');
        Capsule::table('tblhosting')->where('id', self::SUBJECT)->update(['domainstatus' => 'Active']);
    }

    /** Somebody else has issued a license, and the daily run has seen it. */
    private function unassigned(): void
    {
        $this->ordered();
        Capsule::table('tblhosting')->where('id', self::SUBJECT)->update(['domainstatus' => 'Active']);
        $this->sandbox->issuedElsewhere(['age' => 90_000]);
        $this->withList();
        $this->module->call('Reconcile', []);
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
    }

    /** Staff choose it; where it is theirs already, there is nothing to choose. */
    private function adopt(): string
    {
        $row = Capsule::table('mod_jetpack_unassigned')->whereNull('adopted_at')->value('id');
        $before = count(Host::activityLog());
        if ($row !== null) {
            $this->module->saveAdminTab($this->subject(), ['jetpack_adopt' => (string) $row]);
        }
        $told = array_slice(Host::activityLog(), $before);
        $failed = array_values(array_filter($told, static fn (string $line): bool => str_starts_with($line, self::PREFIX)));

        return $failed[0] ?? 'success';
    }

    private function withList(): void
    {
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
    }

    private function setting(string $setting, string $value): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([$setting => $value]);
    }

    private function attach(): string
    {
        return $this->module->custom($this->subject(), 'AttachToSite');
    }

    /** The license is there, its site is not, and the product connects sites. */
    private function waitsForSite(): void
    {
        $this->delivered();
        $this->setting(self::ATTACH, 'connect');
        Capsule::table(self::TABLE)->where('service_id', self::SUBJECT)->update(['site_step' => 'open']);
    }

    private function createAndAttach(): string
    {
        return $this->orderToStaff(fn (): string => $this->module->create($this->subject()));
    }

    private function checkAndAttach(): string
    {
        return $this->orderToStaff(fn (): string => $this->module->custom($this->subject(), 'CheckLicense'));
    }

    /** A site that is not ready fails no command: the Activity Log names the button, which staff press. */
    private function orderToStaff(\Closure $command): string
    {
        $before = count(Host::activityLog());
        $answer = $command();
        $told = array_slice(Host::activityLog(), $before);
        if ($answer !== 'success') {
            return $answer;
        }
        $asked = array_values(array_filter($told, static fn (string $line): bool => str_contains($line, 'press Attach to site')));

        return $asked[0] ?? $answer;
    }

    /** The customer, who has waited for a minute. His sentences have no prefix. */
    private function click(): string
    {
        Capsule::table(self::TABLE)->where('service_id', self::SUBJECT)->update(['site_tried_at' => null]);
        $before = $_SESSION;
        $_SESSION = ['uid' => 10];
        try {
            $form = ['token' => generate_token('plain')];
            $answer = Request::run([], $form, fn (): string => $this->module->call('AttachToMySite', $this->module->paramsFor($this->subject())));
        } finally {
            $_SESSION = $before;
        }

        return $answer === 'success' ? $answer : self::PREFIX . " $answer";
    }

    /** The form answers nothing: a refusal is in the Activity Log. */
    private function enterKey(): string
    {
        $before = count(Host::activityLog());
        $this->look();
        $this->module->saveAdminTab($this->subject(), [self::FIELD => $this->ownLicenses()[0]['license_key']]);

        return array_slice(Host::activityLog(), $before)[0] ?? 'success';
    }
}
