<?php

declare(strict_types=1);

// The services of the workbench in each state, and what went wrong with some of them.

namespace Tests\Workbench;

use RuntimeException;
use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class SeedServices
{
    /** Ids of the clients, in the order of Seeds. */
    private const ADA = 1;
    private const JUERGEN = 2;
    private const MALLORY = 3;
    private const LAYLA = 4;
    private const LONG = 5;
    private const MARIA = 6;

    /** @param array{int, int} $servers */
    public function __construct(private readonly Seeds $seeds, private readonly Catalog $catalog, private readonly array $servers)
    {
    }

    public function sow(): void
    {
        // WHMCS notices the hooks of a module when the settings of a product are saved.
        $this->seeds->jetpack->saveConfigOptions($this->catalog->security, []);
        $this->seeds->comet->saveConfigOptions($this->catalog->backup, []);
        $this->accounts();
        $this->licenses();
        $this->addons();
        $this->troubles();
        $this->dailyRun();
    }

    private function accounts(): void
    {
        // Those of the PHP module, which the first daily run takes over.
        $names = ['ada-office' => self::ADA, 'northwind-4127' => self::ADA, 'juergen-gmbh' => self::JUERGEN, 'mallory-shop' => self::MALLORY,
            'maria-new' => self::MARIA];
        foreach ($names as $name => $client) {
            $id = $this->backup($client, ['username' => $name, 'domainstatus' => 'Active', 'regdate' => '2020-01-01']);
            $this->limits($id, 5, 100);
        }
        $suspended = $this->backup(self::LONG, ['username' => 'a-name-of-its-own']);
        $this->limits($suspended, 2, 50);
        $this->created($this->seeds->comet, Host::service($suspended));
        $this->must($this->seeds->comet->suspend(Host::service($suspended), 'overdue'));
        $ended = $this->backup(self::LAYLA, ['packageid' => $this->catalog->backupKept]);
        $this->limits($ended, 1, 10);
        $this->created($this->seeds->comet, Host::service($ended));
        $this->must($this->seeds->comet->terminate(Host::service($ended)));
        $older = $this->backup(self::JUERGEN, ['packageid' => $this->catalog->backupOlder, 'server' => $this->servers[1]]);
        $this->limits($older, 1, 10);
        $this->created($this->seeds->comet, Host::service($older));
        $this->limits($this->backup(self::ADA, []), 3, 50);
    }

    private function licenses(): void
    {
        $jetpack = $this->seeds->jetpack;
        $active = $this->license(self::ADA, 'ada.example');
        $this->created($jetpack, $active);
        $suspended = $this->license(self::JUERGEN, 'gross-und-soehne.example');
        $this->created($jetpack, $suspended);
        $this->must($jetpack->suspend($suspended, 'overdue'));
        $ended = $this->license(self::MARIA, 'maria.example');
        $this->created($jetpack, $ended);
        $this->must($jetpack->terminate($ended));
        $this->license(self::MARIA, 'later.example');
        // Staff ended the service without the module: the license is paid for and not wanted.
        $notWanted = $this->license(self::LAYLA, 'layla.example');
        $this->created($jetpack, $notWanted);
        $notWanted->forceFill(['domainstatus' => 'Cancelled'])->save();
        // No WordPress with Jetpack answers at the site yet.
        $waiting = $this->license(self::MALLORY, 'mallory.example', $this->catalog->connected);
        $this->created($jetpack, $waiting);
    }

    private function addons(): void
    {
        $hosting = Host::addService([
            'userid' => self::ADA, 'packageid' => $this->catalog->hosting, 'domain' => 'ada.example', 'domainstatus' => 'Active', 'username' => 'adaexamp',
        ]);
        $this->created($this->seeds->jetpack, $this->addon($hosting, $this->catalog->licenseAddon));
        $own = (int) Capsule::table('tblhosting')->where('username', 'a-name-of-its-own')->value('id');
        $this->addon($own, $this->catalog->moreStorage);
    }

    private function troubles(): void
    {
        $jetpack = $this->seeds->jetpack;
        $sandbox = JetpackSandbox::fromEnvironment();
        // The license is issued, its answer is lost, and another one is as new: a person decides.
        $lost = $this->license(self::JUERGEN, 'lost.example');
        $sandbox->fault(['match' => ['method' => 'POST', 'path' => '/license'], 'fault' => 'status', 'status' => 502, 'body' => '', 'act' => true]);
        $jetpack->create($lost);
        $sandbox->issuedElsewhere(['age' => 20 * Accounts::DAY]);
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
        $jetpack->create($lost);
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        // Refused by Comet: it waits in the module queue.
        $failed = $this->backup(self::MARIA, []);
        $this->limits($failed, 1, 10);
        CometSandbox::fromEnvironment()->faultOn('add-user', ['fault' => 'status', 'status' => 502, 'body' => '<h1>Bad Gateway</h1>']);
        $this->seeds->comet->create(Host::service($failed));
        // A service that was given to another client.
        $moved = $this->backup(self::ADA, []);
        $this->limits($moved, 1, 10);
        $this->created($this->seeds->comet, Host::service($moved));
        Host::service($moved)->forceFill(['userid' => self::MARIA])->save();
    }

    private function dailyRun(): void
    {
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
        foreach ($this->servers as $server) {
            $this->seeds->comet->call('UsageUpdate', $this->seeds->comet->serverParams($server));
        }
        $this->seeds->comet->call('Reconcile', []);
        $this->seeds->jetpack->call('Reconcile', []);
    }

    /** @param array<string, mixed> $row */
    private function backup(int $client, array $row): int
    {
        return Host::addService($row + [
            'userid' => $client, 'packageid' => $this->catalog->backup, 'server' => $this->servers[0], 'domainstatus' => 'Pending',
            'password' => 'Correct-Horse-1',
        ]);
    }

    private function license(int $client, string $domain, ?int $product = null): Service
    {
        return Host::service(Host::addService([
            'userid' => $client, 'packageid' => $product ?? $this->catalog->security, 'domain' => $domain, 'domainstatus' => 'Pending',
        ]));
    }

    private function addon(int $service, int $definition): Addon
    {
        return Host::serviceAddon(Host::addServiceAddon(['hostingid' => $service, 'addonid' => $definition, 'status' => 'Pending']));
    }

    private function limits(int $service, int $devices, int $storage): void
    {
        $product = (int) Capsule::table('tblhosting')->where('id', $service)->value('packageid');
        foreach (OrderForm::optionsOf($product) as $option) {
            Host::chooseOption($service, (int) $option->id, str_starts_with($option->optionname, 'number_of_devices') ? $devices : $storage);
        }
    }

    private function created(Module $module, Service|Addon $model): void
    {
        $this->must($module->create($model));
    }

    private function must(mixed $answer): void
    {
        if ($answer !== 'success') {
            throw new RuntimeException('The workbench could not be filled: ' . print_r($answer, true));
        }
    }
}
