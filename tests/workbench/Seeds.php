<?php

declare(strict_types=1);

// What the workbench starts with: staff, clients, products of both modules, orders in each state, a year of backups and a few troubles.

namespace Tests\Workbench;

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;
use Tests\Support\SandboxProcess;
use WHMCS\Database\Capsule;

final class Seeds
{
    /** Remote names and clients are what strangers choose. */
    public const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    public const RIGHT_TO_LEFT = "ليلى \u{202E}gnp.exe\u{202C} שלום";
    public const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsbetriebsrechner';
    public const EMOJI = '🎉🦄 Laptop 👩‍💻';

    public readonly Module $jetpack;
    public readonly Module $comet;

    public function __construct(private readonly SandboxProcess $second)
    {
        foreach (World::modules('servers') as $module) {
            if ($module->name === 'jetpack') {
                $this->jetpack = $module;
            } elseif ($module->name === 'cometbackup') {
                $this->comet = $module;
            }
        }
    }

    public function sow(): void
    {
        $this->people();
        $this->remoteSides();
        $servers = $this->servers();
        $catalog = new Catalog($servers);
        $catalog->sow();
        (new SeedServices($this, $catalog, $servers))->sow();
        foreach (World::modules('addons') as $addon) {
            $addon->activate(AdminAddonModules::defaults($addon));
            Host::setAddonModule($addon->name, ['access' => '1']);
        }
    }

    private function people(): void
    {
        foreach (['admin' => 1, 'support' => 2] as $name => $role) {
            Capsule::table('tbladmins')->insert([
                'username' => $name, 'roleid' => $role, 'firstname' => ucfirst($name), 'lastname' => 'Example', 'email' => "$name@host.example",
            ]);
        }
        Capsule::table('tblcurrencies')->insert(['code' => 'EUR', 'prefix' => '€', 'suffix' => ' EUR', 'rate' => 0.9]);
        Capsule::table('tblticketdepartments')->insert(['name' => 'Support', 'email' => 'support@host.example']);
        $clients = [
            ['Ada', 'Lovelace', 'ada@example.com', 'english', ''],
            ['Jürgen', 'Groß', 'juergen@example.de', 'german', 'Groß & Söhne GmbH'],
            [self::HOSTILE, '<b>Mallory</b>', 'mallory@example.com', 'english', self::HOSTILE],
            [self::RIGHT_TO_LEFT, 'לוי', 'layla@example.org', 'arabic', ''],
            [self::LONG, self::LONG, 'long@example.net', 'french', str_repeat(self::LONG, 2)],
            ['María', 'Núñez', 'maria@example.es', 'spanish', ''],
        ];
        foreach ($clients as [$first, $last, $mail, $language, $company]) {
            Host::addClient(['firstname' => $first, 'lastname' => $last, 'email' => $mail, 'language' => $language, 'companyname' => $company]);
        }
    }

    private function remoteSides(): void
    {
        JetpackSandbox::fromEnvironment()->reset(['sites' => [
            'attach_needs_connection' => true, 'list' => [['url' => 'https://mallory.example', 'condition' => 'unknown']],
        ]]);
        $sandbox = CometSandbox::fromEnvironment();
        $sandbox->reset(['sample' => true, 'jobs' => Jobs::ofAYear(), 'accounts' => Accounts::all()]);
        Remotes::onSecond($this->second->card(), static fn () => $sandbox->reset([
            'version' => '24.3.1', 'templates' => ['vault-2' => 'Older storage'], 'accounts' => [['Username' => 'nobody-owns-me']],
        ]));
    }

    /** @return array{int, int} the ids of the two Comet Servers */
    private function servers(): array
    {
        $add = static fn (string $name, string $address): int => Host::addServer([
            'name' => $name, 'type' => 'cometbackup', 'hostname' => $address, 'username' => CometSandbox::ADMIN, 'password' => CometSandbox::PASSWORD,
        ]);

        return [$add('Comet 1', CometSandbox::fromEnvironment()->address()), $add('Comet 2 (older)', $this->second->url())];
    }
}
