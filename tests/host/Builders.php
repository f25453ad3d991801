<?php

// Rows a test starts from. Each builder takes column ⇒ value over sensible defaults and returns the id.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

trait Builders
{
    /** @param array<string, mixed> $row */
    public static function addClient(array $row = []): int
    {
        $id = self::insert('tblclients', $row + [
            'uuid' => self::uuid(),
            'firstname' => 'Ada',
            'lastname' => 'Lovelace',
            'email' => 'ada@example.com',
            'country' => 'GB',
            'language' => 'english',
        ]);
        $client = Capsule::table('tblclients')->find($id);
        $userId = self::insert('tblusers', [
            'first_name' => $client->firstname,
            'last_name' => $client->lastname,
            'email' => $client->email,
        ]);
        self::insert('tblusers_clients', ['auth_user_id' => $userId, 'client_id' => $id, 'owner' => 1]);

        return $id;
    }

    /** A mail template, for a product where nothing else is said. @param array<string, mixed> $row */
    public static function addMailTemplate(array $row): int
    {
        return self::insert('tblemailtemplates', $row + ['type' => 'product', 'subject' => 'Mail', 'message' => 'Dear customer', 'custom' => 1]);
    }

    /** @param array<string, mixed> $row */
    public static function addProduct(array $row = []): int
    {
        return self::insert('tblproducts', $row + ['type' => 'other', 'name' => 'Product', 'paytype' => 'recurring']);
    }

    /**
     * @param array<string, mixed> $row
     * @param array<string, string> $moduleConfiguration configoptionN ⇒ value
     */
    public static function addAddonDefinition(array $row = [], array $moduleConfiguration = []): int
    {
        $id = self::insert('tbladdons', $row + ['name' => 'Addon', 'type' => 'other', 'billingcycle' => 'recurring']);
        foreach ($moduleConfiguration as $setting => $value) {
            self::insert('tblmodule_configuration', [
                'entity_type' => 'addon',
                'entity_id' => $id,
                'setting_name' => $setting,
                'value' => $value,
            ]);
        }

        return $id;
    }

    /** @param array<string, mixed> $row the password is given in plain text */
    public static function addServer(array $row = []): int
    {
        $row['password'] = Encryption::encrypt((string) ($row['password'] ?? ''));

        return self::insert('tblservers', $row + ['name' => 'Server', 'active' => 1]);
    }

    /** @param list<int> $serverIds */
    public static function addServerGroup(array $serverIds): int
    {
        $id = self::insert('tblservergroups', ['name' => 'Group']);
        foreach ($serverIds as $serverId) {
            self::insert('tblservergroupsrel', ['groupid' => $id, 'serverid' => $serverId]);
        }

        return $id;
    }

    /** @param array<string, mixed> $row the password is given in plain text; the order is made when it does not exist */
    public static function addService(array $row = []): int
    {
        $row['password'] = Encryption::encrypt((string) ($row['password'] ?? ''));
        $row['orderid'] = self::orderFor($row);

        return self::insert('tblhosting', $row + [
            'regdate' => date('Y-m-d'),
            'created_at' => date('Y-m-d H:i:s'),
            'billingcycle' => 'Monthly',
            'paymentmethod' => 'banktransfer',
            'nextduedate' => date('Y-m-d', strtotime('+1 month')),
        ]);
    }

    /** @param array<string, mixed> $row client and order are the parent's unless given */
    public static function addServiceAddon(array $row): int
    {
        $parent = Capsule::table('tblhosting')->find($row['hostingid'] ?? 0);
        $definition = Capsule::table('tbladdons')->find($row['addonid'] ?? 0);
        $row += ['userid' => $parent->userid ?? 0, 'orderid' => $parent->orderid ?? null];
        $row['orderid'] = self::orderFor($row);

        return self::insert('tblhostingaddons', $row + [
            'name' => $definition->name ?? '',
            'regdate' => date('Y-m-d'),
            'created_at' => date('Y-m-d H:i:s'),
            'billingcycle' => 'Monthly',
            'paymentmethod' => 'banktransfer',
            'nextduedate' => date('Y-m-d', strtotime('+1 month')),
        ]);
    }

    /**
     * @param array<string, mixed> $row `type` is product, addon or client; `relid` the product, the addon definition, or 0
     * @param array<int, string> $values service, addon or client id ⇒ value
     */
    public static function addCustomField(array $row, array $values = []): int
    {
        $id = self::insert('tblcustomfields', $row + ['type' => 'product', 'fieldtype' => 'text']);
        foreach ($values as $relId => $value) {
            self::insert('tblcustomfieldsvalues', ['fieldid' => $id, 'relid' => $relId, 'value' => $value]);
        }

        return $id;
    }

    /**
     * @param array<string, mixed> $row optionname (`key|Label`), optiontype (1 dropdown, 2 radio, 3 yes/no, 4 quantity)
     * @param list<string> $choices names of the sub-options of a dropdown or radio
     */
    public static function addConfigurableOption(int $productId, array $row, array $choices = []): int
    {
        $groupId = Capsule::table('tblproductconfiglinks')->where('pid', $productId)->value('gid');
        if ($groupId === null) {
            $groupId = self::insert('tblproductconfiggroups', ['name' => 'Options']);
            self::insert('tblproductconfiglinks', ['gid' => $groupId, 'pid' => $productId]);
        }
        $id = self::insert('tblproductconfigoptions', $row + ['gid' => $groupId, 'optiontype' => '4']);
        foreach ($choices ?: [''] as $position => $choice) {
            self::insert('tblproductconfigoptionssub', [
                'configid' => $id,
                'optionname' => $choice,
                'sortorder' => $position,
            ]);
        }

        return $id;
    }

    /** @param int|string $choice the quantity (yes/no: 1 or 0), or the name of a sub-option */
    public static function chooseOption(int $serviceId, int $optionId, int|string $choice): void
    {
        $subOptions = Capsule::table('tblproductconfigoptionssub')->where('configid', $optionId);
        if (is_string($choice)) {
            $subOptions->where('optionname', $choice);
        }
        Capsule::table('tblhostingconfigoptions')->updateOrInsert(
            ['relid' => $serviceId, 'configid' => $optionId],
            ['optionid' => (int) $subOptions->value('id'), 'qty' => is_int($choice) ? $choice : 0]
        );
    }

    /** @param array<string, string> $settings */
    public static function setAddonModule(string $module, array $settings): void
    {
        foreach ($settings as $setting => $value) {
            Capsule::table('tbladdonmodules')
                ->updateOrInsert(['module' => $module, 'setting' => $setting], ['value' => $value]);
        }
    }

    /** @param array<string, mixed> $row */
    private static function insert(string $table, array $row): int
    {
        $id = Capsule::table($table)->insertGetId($row);

        return (int) ($row['id'] ?? $id);
    }

    /** @param array<string, mixed> $row */
    private static function orderFor(array $row): int
    {
        $id = $row['orderid'] ?? null;
        if ($id !== null && Capsule::table('tblorders')->where('id', $id)->exists()) {
            return (int) $id;
        }
        $order = [
            'ordernum' => random_int(1000000000, 9999999999),
            'userid' => $row['userid'] ?? 0,
            'date' => date('Y-m-d H:i:s'),
            'status' => 'Active',
        ];

        return self::insert('tblorders', $id === null ? $order : $order + ['id' => $id]);
    }

    private static function uuid(): string
    {
        $hex = bin2hex(random_bytes(16));

        return preg_replace('/^(.{8})(.{4})(.{4})(.{4})(.{12})$/', '$1-$2-$3-$4-$5', $hex);
    }
}
