<?php

declare(strict_types=1);

// WHMCS around the services of a sequence: its rows, and what an admin changes in them.

namespace Tests\Reliability;

use PDO;
use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\CometSandbox;
use WHMCS\Database\Capsule;

final class World
{
    /** The user name that two customers and an addon wish. */
    public const WISH = 'wished-name';
    /** Of a license that belongs to none of the services. */
    public const BYSTANDER = 'Bystander0000000000000000';
    public const GB = 1024 ** 3;
    public const JOURNAL = 'mod_whmcs_provisioning_journal';
    public const LICENSES = 'jetpack_product_licenses';
    public const ACCOUNTS = 'mod_cometbackup_accounts';
    private const FOUND = 'mod_whmcs_provisioning_found_licenses';

    private const SLUGS = ['jetpack-complete', 'jetpack-scan'];
    private const LICENSE_PRODUCTS = [1, 2];
    private const BACKUP_PRODUCTS = [20, 21];
    private const HOSTING_PRODUCT = 30;
    private const LICENSE_ADDON = 50;
    private const BACKUP_ADDON = 51;
    private const OPTIONS = ['number_of_devices' => 60, 'storage_vault_quota_gb' => 61];
    /** What a sequence leaves behind. */
    private const EMPTIED = [
        'tblhosting', 'tblhostingaddons', 'tblorders', 'tblcustomfieldsvalues', 'tblhostingconfigoptions',
        'tblactivitylog', 'tblmodulelog', 'tblmodulequeue', self::LICENSES, self::JOURNAL, self::ACCOUNTS,
        'mod_cometbackup_signon',
    ];

    /** @var array<int, array<string, int>> ids of the custom fields by owner and name */
    private array $fields = [];

    /** @var array<string, list<array<string, mixed>>> rows by table */
    private array $seen = [];

    /** @var array<string, mixed> what the last command was told */
    public array $told = [];

    /** Whether an admin has changed the settings of products. */
    private bool $isChanged = true;

    /** @var array<string, ?bool> tables that are there */
    private array $made = [];

    public function __construct()
    {
        // One round trip for a statement of the host, where speed is all that matters.
        Host::boot(Host::connectionFromEnvironment() + ['options' => [PDO::ATTR_EMULATE_PREPARES => true]]);
        Host::createTables();
        Host::switchModuleLog(true);
        foreach (['Create', 'Suspend', 'Unsuspend', 'Terminate', 'Renew', 'ChangePackage', 'ChangePassword', 'Custom'] as $action) {
            add_hook("PreModule$action", 1, function (array $of): void {
                $this->told = $of['params'];
            });
        }
        new Module('servers', 'jetpack', dirname(__DIR__, 2) . '/modules');
        new Module('servers', 'cometbackup', dirname(__DIR__, 2) . '/modules');
        Host::addClient(['id' => 10]);
        Host::addClient(['id' => 11, 'firstname' => 'Grace', 'email' => 'grace@example.com']);
        $comet = CometSandbox::fromEnvironment();
        Host::addServer([
            'id' => 1, 'type' => 'cometbackup', 'hostname' => '127.0.0.1', 'port' => $comet->port(), 'secure' => '',
            'username' => CometSandbox::ADMIN, 'password' => CometSandbox::PASSWORD,
        ]);
        $this->makeProducts();
        // The tables that the module makes by itself.
        Module::installed('jetpack')->call('CreateLicensesTable', []);
    }

    private function makeProducts(): void
    {
        foreach (self::LICENSE_PRODUCTS as $id) {
            Host::addProduct(['id' => $id, 'servertype' => 'jetpack']);
        }
        foreach (self::BACKUP_PRODUCTS as $id) {
            Host::addProduct(['id' => $id, 'servertype' => 'cometbackup']);
        }
        Host::addProduct(['id' => self::HOSTING_PRODUCT, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Capsule::table('tblproductconfiggroups')->insert(['id' => 1, 'name' => 'Options']);
        foreach (self::BACKUP_PRODUCTS as $id) {
            Capsule::table('tblproductconfiglinks')->insert(['gid' => 1, 'pid' => $id]);
        }
        foreach (self::OPTIONS as $name => $id) {
            Host::addConfigurableOption(self::BACKUP_PRODUCTS[0], ['id' => $id, 'optionname' => $name, 'optiontype' => '4']);
        }
        $none = array_fill_keys(array_map(static fn (int $n): string => "configoption$n", range(1, 9)), '');
        Host::addAddonDefinition(['id' => self::LICENSE_ADDON, 'name' => 'Jetpack', 'module' => 'jetpack'], $none);
        Host::addAddonDefinition(['id' => self::BACKUP_ADDON, 'name' => 'Comet', 'module' => 'cometbackup'], $none);
        foreach ([...self::BACKUP_PRODUCTS, self::BACKUP_ADDON] as $owner) {
            foreach (['Username', 'Password'] as $name) {
                $type = $owner === self::BACKUP_ADDON ? 'addon' : 'product';
                $this->fields[$owner][$name] = Host::addCustomField(['type' => $type, 'relid' => $owner, 'fieldname' => $name]);
            }
        }
    }

    /** @param list<Part> $cast */
    public function reset(array $cast, string $token): void
    {
        $this->lookAgain();
        foreach (self::EMPTIED as $table) {
            if (str_starts_with($table, 'tbl') || $this->read($table) !== []) {
                Capsule::connection()->getPdo()->exec("DELETE FROM $table");
            }
        }
        if (isset($this->made[self::FOUND]) || Capsule::schema()->hasTable(self::FOUND)) {
            $this->made[self::FOUND] = true;
            Capsule::connection()->getPdo()->exec('DELETE FROM ' . self::FOUND);
        }
        $_SESSION = Host::STAFF;
        if ($this->isChanged) {
            $this->resetSettings();
        }
        Capsule::table('tblproducts')->where('servertype', 'jetpack')->update(['configoption1' => $token]);
        $this->setAddon(self::LICENSE_ADDON, ['configoption1' => $token]);
        foreach ($cast as $part) {
            $this->sell($part);
        }
        // The site of one client is hosted here; that of the other is not.
        Host::addService([
            'id' => 900, 'userid' => 10, 'packageid' => self::HOSTING_PRODUCT, 'domainstatus' => 'Active',
            'domain' => 'customer' . Part::License->id() . '.example',
        ]);
    }

    private function resetSettings(): void
    {
        $this->isChanged = false;
        $licenses = ['configoption4' => '', 'configoption5' => ''];
        foreach (self::LICENSE_PRODUCTS as $at => $id) {
            Capsule::table('tblproducts')->where('id', $id)->update($licenses + ['configoption2' => self::SLUGS[$at]]);
        }
        $backups = ['configoption1' => 'gold', 'configoption2' => 'tmpl-1', 'configoption7' => ''];
        Capsule::table('tblproducts')->where('id', 20)->update($backups);
        Capsule::table('tblproducts')->where('id', 21)->update(['configoption1' => 'silver', 'configoption5' => 'reset'] + $backups);
        $this->setAddon(self::LICENSE_ADDON, $licenses + ['configoption2' => self::SLUGS[1]]);
        $this->setAddon(self::BACKUP_ADDON, $backups);
    }

    private function sell(Part $part): void
    {
        $own = ['id' => $part->id(), 'userid' => $part->client(), 'orderid' => 500 + $part->client()];
        if ($part->isAddon()) {
            $parent = $part === Part::LicenseAddon ? Part::License : Part::Backup;
            if (!Capsule::table('tblhosting')->where('id', $parent->id())->exists()) {
                $this->sell($parent);
            }
            $definition = $part->isLicense() ? self::LICENSE_ADDON : self::BACKUP_ADDON;
            $server = $part->isLicense() ? 0 : 1;
            Host::addServiceAddon($own + ['hostingid' => $parent->id(), 'addonid' => $definition, 'status' => 'Pending', 'server' => $server]);
        } elseif (!Capsule::table('tblhosting')->where('id', $part->id())->exists()) {
            Host::addService($own + [
                'packageid' => $part->isLicense() ? 1 : 20,
                'server' => $part->isLicense() ? 0 : 1,
                'domain' => "customer{$part->id()}.example",
                'password' => "Serv1ce-{$part->id()}-Passw0rd",
            ]);
        }
        if (!$part->isLicense()) {
            $this->type($part, 'Username', self::WISH);
            $this->type($part, 'Password', $part->isAddon() ? 'Serv1ce-400-Passw0rd' : '');
        }
    }

    /** An admin, or the customer at the order, fills a custom field. */
    public function type(Part $part, string $field, string $value): void
    {
        $owners = $part->isAddon() ? [self::BACKUP_ADDON] : self::BACKUP_PRODUCTS;
        foreach ($owners as $owner) {
            Capsule::table('tblcustomfieldsvalues')->updateOrInsert(
                ['fieldid' => $this->fields[$owner][$field], 'relid' => $part->id()],
                ['value' => $value]
            );
        }
    }

    public function setPassword(Part $part, string $password): void
    {
        if ($part->isAddon()) {
            $this->type($part, 'Password', $password);
        } else {
            $this->update($part, ['password' => encrypt($password)]);
        }
    }

    public function setProduct(Part $part, int $which): void
    {
        $this->isChanged = true;
        match ($part) {
            Part::LicenseAddon => $this->setAddon(self::LICENSE_ADDON, ['configoption2' => self::SLUGS[$which]]),
            Part::BackupAddon => $this->setAddon(self::BACKUP_ADDON, ['configoption1' => ['gold', 'silver'][$which]]),
            default => $this->update($part, ['packageid' => ($part->isLicense() ? self::LICENSE_PRODUCTS : self::BACKUP_PRODUCTS)[$which]]),
        };
    }

    public function setQuantity(Part $part, int $quantity): void
    {
        $this->update($part, ['qty' => $quantity]);
    }

    /** A module setting of the product that the service has now. */
    public function setSetting(Part $part, int $number, string $value): void
    {
        $this->isChanged = true;
        if ($part->isAddon()) {
            $this->setAddon($part->isLicense() ? self::LICENSE_ADDON : self::BACKUP_ADDON, ["configoption$number" => $value]);
        } else {
            Capsule::table('tblproducts')->where('id', $part->model()->packageid)->update(["configoption$number" => $value]);
        }
    }

    public function choose(Part $part, string $option, int $quantity): void
    {
        if (!$part->isAddon()) {
            Host::chooseOption($part->id(), self::OPTIONS[$option], $quantity);
        }
    }

    /** @return array<string, mixed> what the module is told */
    public function params(Part $part): array
    {
        return $part->loaded()->paramsFor($part->model());
    }

    /** @return list<array<string, mixed>> */
    public function journal(Part $part, ?string $state = null, ?string $operation = null): array
    {
        return $this->rows(self::JOURNAL, $part->owner() + array_filter(['state' => $state, 'operation' => $operation]));
    }

    /** @param array<string, mixed> $where @return list<array<string, mixed>> as they were when last looked at */
    public function rows(string $table, array $where): array
    {
        $this->seen[$table] ??= $this->read($table);
        $fits = static fn (array $row): bool => array_intersect_key($row, $where) == $where;

        return array_values(array_filter($this->seen[$table], $fits));
    }

    /** Something has been done: what was seen may be different now. */
    public function lookAgain(): void
    {
        $this->seen = [];
    }

    /** @return list<array<string, mixed>> */
    private function read(string $table): array
    {
        $this->made[$table] ??= Capsule::schema()->hasTable($table) ?: null;

        return isset($this->made[$table])
            ? Capsule::connection()->getPdo()->query("SELECT * FROM $table ORDER BY id")->fetchAll(PDO::FETCH_ASSOC)
            : [];
    }

    /** Time enough for a person to have looked into the partner portal, and for late requests to have come. */
    public function minutesPass(Part $part): void
    {
        $earlier = static fn (string $column) => Capsule::raw("$column - INTERVAL 2 MINUTE");
        Capsule::table(self::JOURNAL)->where($part->owner())->update([
            'begun_at' => $earlier('begun_at'), 'sent_at' => $earlier('sent_at'), 'ended_at' => $earlier('ended_at'),
            'expires_at' => $earlier('expires_at'),
        ]);
        $this->lookAgain();
    }

    /** All that happened until now happened so much earlier, in the tables. */
    public function pass(int $minutes): void
    {
        $columns = ['begun_at', 'sent_at', 'ended_at', 'expires_at'];
        $earlier = static fn (string $column): string => "$column=$column - INTERVAL $minutes MINUTE";
        $connection = Capsule::connection();
        $connection->statement('UPDATE ' . self::JOURNAL . ' SET ' . implode(', ', array_map($earlier, $columns)));
        $connection->statement('UPDATE ' . self::LICENSES . ' SET ' . $earlier('issued_at'));
        $this->lookAgain();
    }

    /** As WHMCS's daily cron calls it. */
    public function dailyRun(): string
    {
        $told = Module::installed('jetpack')->call('Reconcile', []);
        $this->lookAgain();

        return $told;
    }

    /** Everything that people read without being asked for a password. */
    public function logs(): string
    {
        $text = '';
        foreach (['tblactivitylog', 'tblmodulelog', 'tblmodulequeue', self::JOURNAL] as $table) {
            foreach ($this->read($table) as $row) {
                $text .= implode("\n", $row) . "\n";
            }
        }

        return $text;
    }

    /** @param array<string, mixed> $values */
    private function update(Part $part, array $values): void
    {
        Capsule::table($part->isAddon() ? 'tblhostingaddons' : 'tblhosting')->where('id', $part->id())->update($values);
    }

    /** @param array<string, string> $settings */
    private function setAddon(int $definition, array $settings): void
    {
        foreach ($settings as $name => $value) {
            Capsule::table('tblmodule_configuration')->updateOrInsert(
                ['entity_type' => 'addon', 'entity_id' => $definition, 'setting_name' => $name],
                ['value' => $value]
            );
        }
    }
}
