<?php

declare(strict_types=1);

// The changing functions of the Jetpack module, each with its start, its retry, what staff do, and the end it must reach.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class JetpackSweepTestCase extends JetpackTestCase
{
    use Sweep;

    protected const BYSTANDER = 99;
    private const COMPLETE = 'jetpack-complete';
    private const SCAN = 'jetpack-scan';
    private const WITH_LIST = "ini_set('whmcs_provisioning.jetpack_license_list', '1');";
    private const REVOKING_PRODUCT = 2;
    private const OTHER_PRODUCT = 3;
    private const ACTIVATING_PRODUCT = 4;
    private const HOSTING_PRODUCT = 7;
    private const SITE = 'https://customer.example';

    /** @var array<int, string> service ⇒ the key that its lost answer stood for */
    protected array $lostKeys = [];
    /** @var array<string, mixed> its row; empty where there is none */
    private array $bystander = [];

    /** Function ⇒ what the service holds in the end. @return array<string, array{string, list<string>}> */
    public static function functions(): array
    {
        $ends = [
            'Create' => [self::COMPLETE, self::COMPLETE],
            'Suspend' => [],
            'Unsuspend' => [self::COMPLETE],
            'Terminate' => [],
            'ChangePackage' => [self::SCAN],
            'IssueAgain' => [self::COMPLETE],
            'EnterKey' => [self::COMPLETE],
            'CreateActive' => [self::COMPLETE],
            'CheckActive' => [self::COMPLETE],
            'CreateByList' => [self::COMPLETE],
        ];

        return array_combine(array_keys($ends), array_map(null, array_keys($ends), $ends));
    }

    protected function setUp(): void
    {
        parent::setUp();
        $this->world();
    }

    protected function world(): void
    {
        Host::addProduct($this->product(self::REVOKING_PRODUCT, self::COMPLETE, [self::ON_SUSPENSION => 'revoke']));
        Host::addProduct($this->product(self::OTHER_PRODUCT, self::SCAN));
        Host::addProduct($this->product(self::ACTIVATING_PRODUCT, self::COMPLETE, [self::ATTACH => 'connect']));
        Host::addProduct(['id' => self::HOSTING_PRODUCT, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Host::addService(['userid' => 10, 'packageid' => self::HOSTING_PRODUCT, 'domainstatus' => 'Active', 'domain' => 'customer.example']);
        $this->issued($this->service(['id' => self::BYSTANDER, 'orderid' => 499]));
        $this->bystander = $this->activeRows()[0];
    }

    /** A fresh service, as it is before the function. */
    protected function prepare(string $function, int $id): void
    {
        $row = ['id' => $id, 'orderid' => 1000 + $id, 'domainstatus' => 'Pending'];
        $ready = function (array $more = []) use ($row): Service {
            $service = $this->service($more + $row);
            $this->assertSame('success', $this->module->create($service));

            return $service;
        };
        match ($function) {
            'Create' => $this->service(['qty' => 2] + $row),
            'Suspend' => $ready(['packageid' => self::REVOKING_PRODUCT]),
            'Unsuspend' => $this->assertSame('success', $this->module->suspend($ready(['packageid' => self::REVOKING_PRODUCT]))),
            'Terminate' => $ready(['qty' => 2]),
            'ChangePackage' => Capsule::table('tblhosting')->where('id', $ready()->id)->update(['packageid' => self::OTHER_PRODUCT]),
            'CreateActive' => $this->service(['packageid' => self::ACTIVATING_PRODUCT] + $row),
            'CheckActive' => $this->withoutSite(fn () => $ready(['packageid' => self::ACTIVATING_PRODUCT])),
            'IssueAgain' => $this->loseAnswer($this->service($row), 'drop'),
            'EnterKey', 'CreateByList' => $this->loseAnswer($this->service($row), 'act_and_drop'),
        };
    }

    /** What WHMCS runs, first and again. */
    protected function code(string $function, int $id): string
    {
        $service = "Tests\\Host\\Host::service($id)";

        return match ($function) {
            'IssueAgain' => "return \$module->custom($service, 'IssueAgain');",
            'EnterKey' => "\$module->saveAdminTab($service, ['jetpack_found_license_key' => '{$this->lostKeys[$id]}']);",
            'CreateActive' => "return \$module->create($service);",
            'CheckActive' => "return \$module->custom($service, 'CheckLicense');",
            // Jetpack's list settles what became of the lost answer.
            'CreateByList' => self::WITH_LIST . "return \$module->create($service);",
            default => 'return $module->' . lcfirst($function) . "($service);",
        };
    }

    /** The same without WHMCS's own work after it, for a database that is away by then. */
    protected function bareCode(string $function, int $id): string
    {
        $service = "Tests\\Host\\Host::service($id)";
        $name = match ($function) {
            'EnterKey' => null,
            'Create', 'Suspend', 'Unsuspend', 'Terminate' => "{$function}Account",
            'CreateActive' => 'CreateAccount',
            'CheckActive' => 'CheckLicense',
            'CreateByList' => 'CreateAccount',
            default => $function,
        };

        return $name === null
            ? $this->code($function, $id)
            : ($function === 'CreateByList' ? self::WITH_LIST : '') . "return \$module->call('$name', \$module->paramsFor($service, ['action' => '$name']));";
    }

    /** Between the failure and the retry: nothing doubled, everything known, nobody else touched. */
    protected function assertNothingLost(int $id, array $end): void
    {
        $unknown = $this->unknownLicenses();
        $asks = static fn (array $row): bool => $row['operation'] === 'issue' && in_array($row['state'], ['sent', 'unknown'], true);
        $questions = array_filter($this->journalOf($id), $asks);
        $this->assertLessThanOrEqual(count($questions), count($unknown), implode(', ', $unknown));
        $own = array_filter($this->activeRows(), static fn (array $row): bool => (int) $row['service_id'] === $id);
        $this->assertLessThanOrEqual(max(2, count($end)), count($own) + count($unknown));
        $this->assertBystanderIsUntouched();
    }

    /** WHMCS's retry, and what its answer tells staff to do, until it succeeds. */
    protected function finish(string $function, int $id, array $end): void
    {
        $answer = $this->answerOfNewProcess($this->code($function, $id));
        for ($turn = 0; $turn < 4 && $answer !== 'success'; $turn++) {
            if (is_string($answer)) {
                $this->assertSentence($answer);
            }
            $this->decideLostAnswer($id);
            // The sentences of the two others name Create as what is next.
            $next = in_array($function, ['IssueAgain', 'EnterKey'], true) ? 'Create' : $function;
            $answer = $this->answerOfNewProcess($this->code($next, $id));
        }
        $this->assertSame('success', $answer);
        $this->assertEnd($id, $end);
    }

    protected function assertEnd(int $id, array $end): void
    {
        $own = $this->assertHolds($id, $end);
        if (isset($this->lostKeys[$id])) {
            $this->assertSame([$this->lostKeys[$id]], array_column($own, 'license_key'));
        }
        $this->assertSame(implode(', ', array_column($own, 'license_key')), $this->keptKey(Host::service($id)));
        $this->assertIsActiveWhereWanted($id, $own);
        $this->assertEveryLicenseIsKnown();
        $this->assertNothingIsOpen($id);
        $this->assertBystanderIsUntouched();
    }

    protected function withoutBystander(): void
    {
        $this->bystander = [];
    }

    /** @return list<string> keys that live at Jetpack and stand in no row of ours */
    protected function unknownLicenses(): array
    {
        $active = array_column($this->sandbox->activeLicenses(), 'license_key');

        return array_values(array_diff($active, array_column($this->rows(), 'license_key')));
    }

    /** @param list<string> $end @return list<array<string, mixed>> the active rows of the service */
    protected function assertHolds(int $id, array $end): array
    {
        $own = array_values(array_filter($this->activeRows(), static fn (array $row): bool => (int) $row['service_id'] === $id));
        $this->assertSame($end, array_column($own, 'product_slug'));

        return $own;
    }

    /** Connected, attached, and no step left, here and at Jetpack. @param list<array<string, mixed>> $own */
    private function assertIsActiveWhereWanted(int $id, array $own): void
    {
        if ((int) Host::service($id)->packageid !== self::ACTIVATING_PRODUCT) {
            return;
        }
        $this->assertSame([self::SITE, null], [$own[0]['site'], $own[0]['site_step']]);
        $this->assertNotNull($own[0]['connected_at']);
        $remote = array_column($this->sandbox->licenses(), 'site', 'license_key');
        $this->assertSame(self::SITE, $remote[$own[0]['license_key']]);
    }

    /** The license is issued while its site does not answer. */
    private function withoutSite(callable $create): void
    {
        $this->faultOn('POST', '/site-connection', ['fault' => 'json', 'status' => 403, 'act' => false, 'body' => ['code' => 'no', 'message' => 'No.']]);
        $create();
    }

    private function assertBystanderIsUntouched(): void
    {
        if ($this->bystander === []) {
            return;
        }
        $this->assertSame($this->bystander, $this->rows()[0]);
        $this->assertContains($this->bystander['license_key'], array_column($this->sandbox->activeLicenses(), 'license_key'));
        $this->assertSame(['done'], array_column($this->journalOf(self::BYSTANDER), 'state'));
    }

    /** Staff open the service page, look into the partner portal, and end the question. */
    private function decideLostAnswer(int $id): void
    {
        $service = Host::service($id);
        if (!isset($this->module->adminTab($service)['Lost Answer'])) {
            return;
        }
        $unknown = $this->unknownLicenses();
        if ($unknown !== []) {
            $this->module->saveAdminTab($service, ['jetpack_found_license_key' => $unknown[0]]);
            return;
        }
        $this->minutesPass(2);
        $this->module->custom($service, 'IssueAgain');
    }

    private function loseAnswer(Service $service, string $fault): void
    {
        $this->faultOn('POST', '/license', ['fault' => $fault]);
        $this->assertSentence($this->module->create($service), 'It is not known whether');
        $this->minutesPass(2);
        if ($fault === 'act_and_drop') {
            $licenses = $this->sandbox->licenses();
            $this->lostKeys[(int) $service->id] = end($licenses)['license_key'];
        }
    }
}
