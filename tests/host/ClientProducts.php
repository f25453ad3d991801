<?php

// Commands of the internal API about services and addons.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class ClientProducts
{
    /** Parameters that are called otherwise than their column. */
    private const RENAMED = [
        'pid' => 'packageid',
        'serverid' => 'server',
        'status' => 'domainstatus',
        'serviceusername' => 'username',
        'recurringamount' => 'amount',
    ];

    private const SAME_NAME = [
        'regdate', 'nextduedate', 'domain', 'firstpaymentamount', 'paymentmethod', 'subscriptionid', 'billingcycle',
        'notes', 'promoid', 'overideautosuspend', 'overidesuspenduntil', 'ns1', 'ns2', 'dedicatedip', 'assignedips',
        'diskusage', 'disklimit', 'bwusage', 'bwlimit', 'lastupdate', 'suspendreason',
    ];

    private const ADDON_PARAMETERS = [
        'status', 'name', 'notes', 'billingcycle', 'nextduedate', 'regdate', 'paymentmethod', 'recurring', 'setupfee',
        'addonid', 'subscriptionid',
    ];

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    public static function update(array $values): array
    {
        $service = Service::find((int) ($values['serviceid'] ?? 0));
        if ($service === null) {
            return LocalApi::error('Service ID Not Found');
        }
        $columns = self::RENAMED + array_combine(self::SAME_NAME, self::SAME_NAME);
        foreach (array_intersect_key($values, $columns) as $name => $value) {
            $service->setAttribute($columns[$name], $value);
        }
        foreach ((array) ($values['unset'] ?? []) as $name) {
            $service->setAttribute($columns[$name] ?? $name, '');
        }
        if (isset($values['servicepassword'])) {
            $service->password = encrypt($values['servicepassword']);
        }
        $service->save();
        self::saveCustomFields($service, (string) ($values['customfields'] ?? ''));
        self::saveConfigurableOptions($service, (string) ($values['configoptions'] ?? ''));
        Hooks::run('ServiceEdit', ['userid' => (int) $service->userid, 'serviceid' => (int) $service->id]);

        return LocalApi::success(['serviceid' => (int) $service->id]);
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    public static function updateAddon(array $values): array
    {
        $addon = Addon::find((int) ($values['id'] ?? 0));
        if ($addon === null) {
            return LocalApi::error('Addon ID Not Found');
        }
        foreach (array_intersect_key($values, array_flip(self::ADDON_PARAMETERS)) as $name => $value) {
            $addon->setAttribute($name, $value);
        }
        $addon->save();

        return LocalApi::success(['id' => (int) $addon->id]);
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    public static function list(array $values): array
    {
        $services = Service::query()->orderBy('id');
        $filters = ['clientid' => 'userid', 'serviceid' => 'id', 'pid' => 'packageid', 'domain' => 'domain'];
        foreach ($filters as $name => $column) {
            if (isset($values[$name])) {
                $services->where($column, $values[$name]);
            }
        }
        $total = $services->count();
        $start = (int) ($values['limitstart'] ?? 0);
        $page = $services->offset($start)->limit((int) ($values['limitnum'] ?? 25))->get();

        return LocalApi::success([
            'clientid' => $values['clientid'] ?? null,
            'serviceid' => $values['serviceid'] ?? null,
            'pid' => $values['pid'] ?? null,
            'domain' => $values['domain'] ?? null,
            'totalresults' => $total,
            'startnumber' => $start,
            'numreturned' => $page->count(),
            'products' => ['product' => $page->map(static fn (Service $service): array => self::shown($service))->all()],
        ]);
    }

    /** @return array<string, mixed> */
    private static function shown(Service $service): array
    {
        $fields = Capsule::table('tblcustomfields')->where(['type' => 'product', 'relid' => $service->packageid])->get();
        $server = Capsule::table('tblservers')->find($service->server);

        return [
            'id' => $service->id,
            'qty' => $service->qty,
            'clientid' => $service->userid,
            'orderid' => $service->orderid,
            'ordernumber' => $service->order?->ordernum,
            'pid' => $service->packageid,
            'regdate' => $service->regdate,
            'name' => $service->product?->name,
            'domain' => $service->domain,
            'dedicatedip' => $service->dedicatedip,
            'serverid' => $service->server,
            'servername' => $server->name ?? '',
            'serverip' => $server->ipaddress ?? '',
            'serverhostname' => $server->hostname ?? '',
            'suspensionreason' => $service->suspendreason,
            'firstpaymentamount' => $service->firstpaymentamount,
            'recurringamount' => $service->amount,
            'paymentmethod' => $service->paymentmethod,
            'billingcycle' => $service->billingcycle,
            'nextduedate' => $service->nextduedate,
            'status' => $service->domainstatus,
            'username' => $service->username,
            'password' => decrypt($service->password),
            'diskusage' => $service->diskusage,
            'disklimit' => $service->disklimit,
            'bwusage' => $service->bwusage,
            'bwlimit' => $service->bwlimit,
            'lastupdate' => $service->lastupdate,
            'notes' => $service->notes,
            'customfields' => ['customfield' => $fields->map(static fn (object $field): array => [
                'id' => $field->id,
                'name' => $field->fieldname,
                'value' => (string) Capsule::table('tblcustomfieldsvalues')
                    ->where(['fieldid' => $field->id, 'relid' => $service->id])
                    ->value('value'),
            ])->all()],
        ];
    }

    /** Fields are known by id; names and ids of other products are ignored. */
    private static function saveCustomFields(Service $service, string $encoded): void
    {
        foreach (self::decoded($encoded) as $fieldId => $value) {
            $field = ['id' => $fieldId, 'type' => 'product', 'relid' => $service->packageid];
            if (is_int($fieldId) && Capsule::table('tblcustomfields')->where($field)->exists()) {
                Capsule::table('tblcustomfieldsvalues')
                    ->updateOrInsert(['fieldid' => $fieldId, 'relid' => $service->id], ['value' => (string) $value]);
            }
        }
    }

    private static function saveConfigurableOptions(Service $service, string $encoded): void
    {
        foreach (self::decoded($encoded) as $optionId => $value) {
            $chosen = is_array($value)
                ? ['optionid' => (int) ($value['optionid'] ?? 0), 'qty' => (int) ($value['qty'] ?? 0)]
                : ['optionid' => (int) $value];
            Capsule::table('tblhostingconfigoptions')
                ->updateOrInsert(['relid' => $service->id, 'configid' => (int) $optionId], $chosen);
        }
    }

    /** @return array<mixed> */
    private static function decoded(string $encoded): array
    {
        $values = $encoded === '' ? [] : unserialize((string) base64_decode($encoded), ['allowed_classes' => false]);

        return is_array($values) ? $values : [];
    }
}
