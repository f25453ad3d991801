<?php

declare(strict_types=1);

// A clean world for each test: a WHMCS with one Comet server and product, an empty Comet Server.

namespace Tests\Support;

use Tests\Host\Host;
use Tests\Host\Module;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class CometTestCase extends WorldTestCase
{
    protected const MODULE = 'cometbackup';
    protected const SERVICE = 200;
    protected const ACCOUNTS = 'mod_cometbackup_accounts';
    protected const PAGES = 'mod_cometbackup_pages';
    protected const MARKER = '[Using custom field]';
    protected const NAME = 'ada@example.com';
    protected const PASSWORD = 'Serv1ce&Pass="ü"';
    protected const SECRETS = [CometSandbox::PASSWORD, self::PASSWORD];
    protected const GB = 1024 ** 3;
    protected const TB = 1024 ** 4;
    /** Numbers of the module settings. */
    protected const POLICY = 'configoption1';
    protected const VAULT = 'configoption2';
    protected const FIRST_LOGIN = 'configoption3';
    protected const UNSET_LIMITS = 'configoption5';
    protected const VAULT_QUOTA = 'configoption6';
    protected const TERMINATION = 'configoption7';
    protected const USER_NAMES = 'configoption8';
    protected const UNINSTALL = 'configoption9';
    /** The storage template that the sandbox offers. */
    protected const TEMPLATE = 'tmpl-1';
    protected const NEW = '25.9.8';
    protected const OLD = '18.9.2';

    protected const ADD = 'add-user';
    protected const READ = 'get-user-profile-and-hash';
    protected const WRITE = 'set-user-profile-hash';
    protected const REQUEST_VAULT = 'request-storage-vault';

    protected CometSandbox $comet;

    protected function prepareWorld(): void
    {
        $this->comet = CometSandbox::fromEnvironment();
        $this->world();
        Host::addClient(['id' => 10]);
        Host::addServer($this->server(1));
        Host::addProduct(['id' => 20, 'servertype' => 'cometbackup']);
    }

    /** A fresh Comet Server. @param array<string, mixed> $settings */
    protected function world(array $settings = []): void
    {
        $this->comet->reset($settings + ['version' => self::NEW, 'templates' => [self::TEMPLATE => 'Local storage']]);
    }

    /** @param array<string, mixed> $changes @return array<string, mixed> a row of tblservers */
    protected function server(int $id, array $changes = []): array
    {
        return $changes + [
            'id' => $id,
            'type' => 'cometbackup',
            'hostname' => '127.0.0.1',
            'port' => $this->comet->port(),
            'secure' => '',
            'username' => CometSandbox::ADMIN,
            'password' => CometSandbox::PASSWORD,
        ];
    }

    /** @param array<string, mixed> $row */
    protected function service(array $row = []): Service
    {
        $id = Host::addService($row + [
            'id' => 200,
            'userid' => 10,
            'orderid' => 600,
            'packageid' => 20,
            'server' => 1,
            'domainstatus' => 'Pending',
            'password' => self::PASSWORD,
        ]);

        return Host::service($id);
    }

    /** Since the services whose accounts wait for their deletion were terminated. */
    protected function aDayPasses(): void
    {
        Capsule::table(self::ACCOUNTS)->whereNotNull('delete_asked_at')
            ->update(['delete_asked_at' => Capsule::raw('delete_asked_at - INTERVAL 1 DAY')]);
    }

    /** A service whose account exists; the transcript starts after it. @param array<string, mixed> $row */
    protected function created(array $row = [], array $settings = [], array $choices = []): Service
    {
        $this->settings($settings);
        $service = $this->service($row);
        $this->choose((int) $service->id, $choices);
        $this->assertSame('success', $this->module->create($service));

        return $service;
    }

    /** A service of the PHP module, which kept no record but the user name. @param array<string, mixed> $row */
    protected function legacy(array $row = [], array $account = []): Service
    {
        $this->world(['accounts' => [$account + ['Username' => 'adaservice', 'Password' => 'Old-Passw0rd']]]);

        return $this->service($row + ['username' => 'adaservice', 'domainstatus' => 'Active']);
    }

    /** Module settings of product 20. @param array<string, string> $settings */
    protected function settings(array $settings): void
    {
        if ($settings !== []) {
            Capsule::table('tblproducts')->where('id', 20)->update($settings);
        }
    }

    /** Configurable options of a service. @param array<string, int|string> $choices a text is a choice of a dropdown */
    protected function choose(int $service, array $choices): void
    {
        foreach ($choices as $name => $choice) {
            $known = Capsule::table('tblproductconfigoptions')->where('optionname', $name)->value('id');
            $type = is_int($choice) ? '4' : '1';
            $subs = is_int($choice) ? [] : [$choice];
            $id = $known ?? Host::addConfigurableOption(20, ['optionname' => $name, 'optiontype' => $type], $subs);
            Host::chooseOption($service, (int) $id, $choice);
        }
    }

    /** Custom fields of product 20 with their values for a service. @param array<string, string> $values */
    protected function customFields(array $values, int $service = 200): void
    {
        foreach ($values as $name => $value) {
            Host::addCustomField(['relid' => 20, 'fieldname' => $name], [$service => $value]);
        }
    }

    /** The account as recorded for service 200. @return array<string, mixed> */
    protected function record(int $service = 200): array
    {
        return (array) Capsule::table(self::ACCOUNTS)->where('service_id', $service)->orderByDesc('id')->first();
    }

    /** @return array{string, string} user name and password that WHMCS holds */
    protected function login(Service $service): array
    {
        $row = Host::service((int) $service->id);

        return [(string) $row->username, decrypt($row->password)];
    }

    /** What is kept of customers' pages is older by this. */
    protected function pagesAge(int $minutes = 2): void
    {
        if (Capsule::schema()->hasTable(self::PAGES)) {
            Capsule::table(self::PAGES)->update(['read_at' => Capsule::raw("read_at - INTERVAL $minutes MINUTE")]);
        }
    }

    /** Endpoints asked while something runs. @return list<string> */
    protected function during(callable $work): array
    {
        $before = count($this->comet->requests());
        $work();

        return array_slice($this->comet->endpoints(), $before);
    }

    /** The rows of WHMCS that a failure must leave alone. @return array<string, mixed> */
    protected function whmcsNow(): array
    {
        $tables = ['tblhosting', 'tblcustomfields', 'tblcustomfieldsvalues', 'tblhostingaddons', 'tblhostingconfigoptions'];

        return array_combine($tables, array_map(
            static fn (string $table): array => Capsule::table($table)->get()->map(fn (object $row) => (array) $row)->all(),
            $tables
        ));
    }

    /** One plain sentence for staff. */
    protected function assertSentence(mixed $answer, string ...$mentions): void
    {
        parent::assertSentence($answer, ...$mentions);
        $this->assertMatchesRegularExpression('/^[A-Z].*[.]$/u', $answer);
        $this->assertDoesNotMatchRegularExpression('/[{}]/', $answer);
        $this->assertLessThan(600, strlen($answer), $answer);
    }

    /** The profile is the one of before, but for these values. @param array<string, mixed> $changes by path, a/b/c */
    protected function assertProfileChanged(string $before, string $after, array $changes): void
    {
        $expected = json_decode($before);
        foreach ($changes as $path => $value) {
            $steps = explode('/', $path);
            $last = array_pop($steps);
            $place = $expected;
            foreach ($steps as $step) {
                $place = $place->{$step};
            }
            $place->{$last} = $value;
        }
        $this->assertEquals($expected, json_decode($after));
    }

    protected function assertOnlyAccount(string $name): void
    {
        $this->assertSame([$name], $this->comet->accountNames());
    }
}
