<?php

declare(strict_types=1);

// What the workbench sells: products and product addons of both modules, with their settings, options, fields, prices and mails.

namespace Tests\Workbench;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

final class Catalog
{
    /** The storage template of the sandbox's sample. */
    private const TEMPLATE = '39fc8baf-46c9-49d1-adfd-26694ca5eb2d';

    public int $backup;
    public int $backupKept;
    public int $backupOlder;
    public int $security;
    public int $connected;
    public int $scan;
    public int $hosting;
    public int $moreStorage;
    public int $licenseAddon;

    /** @param array{int, int} $servers */
    public function __construct(private readonly array $servers)
    {
    }

    public function sow(): void
    {
        $mails = $this->mails();
        $groups = array_map(static fn (int $server): int => Host::addServerGroup([$server]), $this->servers);
        $comet = ['servertype' => 'cometbackup', 'autosetup' => 'payment', 'servergroup' => $groups[0], 'welcomeemail' => $mails['Backup Welcome']];
        $notices = ['configoption15' => '3', 'configoption16' => (string) $mails['Backup Notice']];
        $this->backup = $this->product($comet + $notices + [
            'name' => 'Backup', 'description' => 'Backup of your computers', 'configoption2' => self::TEMPLATE,
        ], 9.0);
        $this->backupKept = $this->product($comet + [
            'name' => 'Backup, kept for two weeks', 'description' => 'Deleted 14 days after its end', 'configoption2' => self::TEMPLATE,
            'configoption13' => '14', 'configoption14' => (string) $mails['Backup Deletion'],
        ], 12.0);
        $this->backupOlder = $this->product(['servergroup' => $groups[1]] + $comet + [
            'name' => 'Backup on the older server', 'description' => 'A Comet Server that lacks what newer ones have', 'configoption2' => 'vault-2',
        ], 5.0);
        foreach ([$this->backup, $this->backupKept, $this->backupOlder] as $product) {
            $this->limitsAndFields($product);
        }
        $jetpack = ['servertype' => 'jetpack', 'autosetup' => 'payment', 'configoption1' => JetpackSandbox::TOKEN,
            'welcomeemail' => $mails['Jetpack Welcome']];
        $this->security = $this->product($jetpack + [
            'name' => 'Jetpack Security', 'description' => 'Scan and daily backups of a WordPress site', 'showdomainoptions' => 1,
            'configoption2' => 'jetpack-security-daily', 'configoption4' => 'revoke',
        ], 9.95);
        $this->connected = $this->product($jetpack + [
            'name' => 'Jetpack Security, active at once', 'description' => 'Attached to the site of your domain', 'showdomainoptions' => 1,
            'configoption2' => 'jetpack-security-daily', 'configoption4' => 'keep', 'configoption5' => 'connect',
        ], 14.95);
        Host::addCustomField(['relid' => $this->connected, 'fieldname' => 'Site URL', 'description' => 'Address of your WordPress site']);
        $this->scan = $this->product($jetpack + ['name' => 'Jetpack Scan', 'configoption2' => 'jetpack-scan', 'configoption4' => 'keep', 'hidden' => 1], 3.95);
        $this->hosting = $this->product(['name' => 'Web hosting', 'type' => 'hostingaccount', 'servertype' => 'cpanel', 'hidden' => 1], 4.0);
        $this->addons($groups[0]);
    }

    /** @return array<string, int> */
    private function mails(): array
    {
        $texts = [
            'Backup Welcome' => 'Your backup account {$comet_user_name} is ready. The software asks for the server {$comet_server_address}.',
            'Backup Notice' => 'The backups of {$backup_username} need a look: {$backup_problem}',
            'Backup Deletion' => 'The account {$backup_username} is deleted in {$deletion_days} days, on {$deletion_date}.',
            'Jetpack Welcome' => 'Your license {$jetpack_license_key} is ready. Enter it at {$jetpack_activation_address}.',
        ];
        $ids = [];
        foreach ($texts as $name => $text) {
            $ids[$name] = Host::addMailTemplate(['name' => $name, 'subject' => $name, 'message' => "Dear customer,\n\n$text"]);
        }

        return $ids;
    }

    private function limitsAndFields(int $product): void
    {
        foreach (['number_of_devices|Devices' => [1, 50], 'storage_vault_quota_gb|Storage (GB)' => [10, 5000]] as $name => [$least, $most]) {
            $option = Host::addConfigurableOption($product, ['optionname' => $name, 'qtyminimum' => $least, 'qtymaximum' => $most]);
            $choice = (int) Capsule::table('tblproductconfigoptionssub')->where('configid', $option)->value('id');
            $this->price('configoptions', $choice, 1.0);
        }
        Host::addCustomField(['relid' => $product, 'fieldname' => 'Username', 'description' => 'at least six characters, or empty']);
        $hint = 'at least eight characters, or empty';
        Host::addCustomField(['relid' => $product, 'fieldname' => 'Password', 'fieldtype' => 'password', 'description' => $hint]);
    }

    private function addons(int $group): void
    {
        $this->moreStorage = Host::addAddonDefinition(
            ['name' => '100 GB more', 'module' => 'cometbackup', 'packages' => "$this->backup,$this->backupKept", 'server_group_id' => $group],
            ['configoption11' => 'extra', 'configoption17' => 'storage_vault_quota_gb=100']
        );
        $this->licenseAddon = Host::addAddonDefinition(
            ['name' => 'Jetpack Backup', 'module' => 'jetpack', 'packages' => "$this->hosting,$this->security"],
            ['configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-backup-daily', 'configoption4' => 'revoke']
        );
        foreach ([$this->moreStorage, $this->licenseAddon] as $addon) {
            $this->price('addon', $addon, 4.0);
        }
    }

    /** @param array<string, mixed> $row */
    private function product(array $row, float $monthly): int
    {
        $id = Host::addProduct($row);
        $this->price('product', $id, $monthly);

        return $id;
    }

    private function price(string $type, int $id, float $monthly): void
    {
        foreach (Capsule::table('tblcurrencies')->pluck('id') as $currency) {
            Capsule::table('tblpricing')->insert(['type' => $type, 'relid' => $id, 'currency' => $currency, 'monthly' => $monthly]);
        }
    }
}
