<?php

// Builds the $params a module function gets.

declare(strict_types=1);

namespace Tests\Host;

use Illuminate\Support\Collection;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;
use WHMCS\User\Client;

final class ModuleParams
{
    public function __construct(private readonly Module $module)
    {
    }

    /**
     * @param array<string, mixed> $extra replaces what is there
     * @return array<string, mixed>
     */
    public function forModel(Service|Addon $model, array $extra = []): array
    {
        $own = $model instanceof Service ? $this->ofService($model) : $this->ofAddon($model);
        $serverId = (int) $model->server;
        $params = $extra + $own + $this->ofServer($serverId) + [
            'userid' => (int) $model->userid,
            'clientsdetails' => $this->clientsDetails($model->client),
            'moduletype' => $this->module->name,
            'whmcsVersion' => Host::VERSION,
        ];

        return ['model' => $params['model']] + $this->asDelivered(array_diff_key($params, ['model' => true]));
    }

    /** @return array<string, mixed> what TestConnection, AdminLink, UsageUpdate and the like get */
    public function forServer(int $serverId): array
    {
        return $this->asDelivered($this->ofServer($serverId) + ['whmcsVersion' => Host::VERSION]);
    }

    /**
     * @param array<string, mixed> $form values of the server form, saved or not: columns of tblservers in plain text
     * @return array<string, mixed>
     */
    public function forServerForm(array $form): array
    {
        return $this->asDelivered($this->serverPart((object) $form, (string) ($form['password'] ?? '')));
    }

    /** @return array<string, mixed> */
    private function ofService(Service $service): array
    {
        $product = $service->product;
        $params = [
            'model' => $service,
            'serviceid' => (int) $service->id,
            'accountid' => (int) $service->id,
            'addonId' => 0,
            'pid' => (int) $service->packageid,
            'packageid' => (int) $service->packageid,
            'domain' => (string) $service->domain,
            'username' => (string) $service->username,
            'password' => decrypt($service->password),
            'status' => (string) $service->domainstatus,
            'type' => (string) $product?->type,
            'producttype' => (string) $product?->type,
            'configoptions' => $this->configurableOptions($service),
            'customfields' => $this->customFields('product', (int) $service->packageid, (int) $service->id),
        ];
        foreach (range(1, 24) as $n) {
            $params["configoption$n"] = (string) $product?->getAttribute("configoption$n");
        }

        return $params;
    }

    /** @return array<string, mixed> */
    private function ofAddon(Addon $addon): array
    {
        $parent = $addon->service;
        $settings = Capsule::table('tblmodule_configuration')
            ->where(['entity_type' => 'addon', 'entity_id' => $addon->addonid])
            ->pluck('value', 'setting_name');
        $customFields = $this->customFields('addon', (int) $addon->addonid, (int) $addon->id);
        $params = [
            'model' => $addon,
            'serviceid' => (int) $addon->hostingid,
            'accountid' => (int) $addon->hostingid,
            'addonId' => (int) $addon->id,
            'pid' => (int) $parent?->packageid,
            'packageid' => (int) $parent?->packageid,
            'domain' => $customFields['Domain'] ?? '',
            'username' => $customFields['Username'] ?? '',
            'password' => $customFields['Password'] ?? '',
            'status' => (string) $addon->status,
            'type' => (string) $addon->productAddon?->type,
            'producttype' => (string) $addon->productAddon?->type,
            'configoptions' => [],
            'customfields' => $customFields,
        ];
        foreach (range(1, 24) as $n) {
            $params["configoption$n"] = (string) ($settings["configoption$n"] ?? '');
        }

        return $params;
    }

    /** @return array<string, mixed> */
    private function ofServer(int $serverId): array
    {
        $server = Capsule::table('tblservers')->find($serverId);

        return $this->serverPart($server, decrypt($server->password ?? ''));
    }

    /** @return array<string, mixed> */
    private function serverPart(?object $server, string $password): array
    {
        $metaData = $this->module->metaData();
        $secure = in_array($server->secure ?? '', ['on', '1', 1, true], true);
        $defaultPort = $metaData[$secure ? 'DefaultSSLPort' : 'DefaultNonSSLPort'] ?? '';

        return [
            'server' => $server !== null,
            'serverid' => (int) ($server->id ?? 0),
            'serverip' => (string) ($server->ipaddress ?? ''),
            'serverhostname' => (string) ($server->hostname ?? ''),
            'serverusername' => (string) ($server->username ?? ''),
            'serverpassword' => $password,
            'serveraccesshash' => (string) ($server->accesshash ?? ''),
            'serversecure' => $secure,
            'serverhttpprefix' => $secure ? 'https' : 'http',
            'serverport' => (string) (($server->port ?? '') ?: $defaultPort),
        ];
    }

    /** @return array<string, int|string> the part of the name before `|` ⇒ quantity or name of the choice */
    private function configurableOptions(Service $service): array
    {
        $rows = Capsule::table('tblhostingconfigoptions as chosen')
            ->join('tblproductconfigoptions as option', 'option.id', '=', 'chosen.configid')
            ->join('tblproductconfiglinks as link', 'link.gid', '=', 'option.gid')
            ->leftJoin('tblproductconfigoptionssub as choice', 'choice.id', '=', 'chosen.optionid')
            ->where(['chosen.relid' => $service->id, 'link.pid' => $service->packageid])
            ->orderBy('option.order')
            ->orderBy('option.id')
            ->get(['option.optionname', 'option.optiontype', 'chosen.qty', 'choice.optionname as choice']);

        return self::byKey($rows, 'optionname', static fn (object $row): int|string =>
            in_array((int) $row->optiontype, [3, 4], true) ? (int) $row->qty : self::keyOf((string) $row->choice));
    }

    /** @return array<string, string> the part of the name before `|` ⇒ value */
    private function customFields(string $type, int $ownerId, int $relId): array
    {
        $rows = Capsule::table('tblcustomfields as field')
            ->leftJoin('tblcustomfieldsvalues as given', static fn ($join) => $join
                ->on('given.fieldid', '=', 'field.id')
                ->where('given.relid', '=', $relId))
            ->where(['field.type' => $type, 'field.relid' => $ownerId])
            ->orderBy('field.sortorder')
            ->orderBy('field.id')
            ->get(['field.id', 'field.fieldname', 'given.value']);

        return self::byKey($rows, 'fieldname', static fn (object $row): string => (string) $row->value);
    }

    /** @return array<string, mixed> */
    private function clientsDetails(?Client $client): array
    {
        if ($client === null) {
            return [];
        }
        $details = array_diff_key($client->getAttributes(), ['created_at' => true, 'updated_at' => true]);
        $details += ['userid' => $details['id'], 'client_id' => $details['id'], 'fullname' => $client->fullName];
        $details += ['fullstate' => $details['state'], 'countrycode' => $details['country'], 'customfields' => []];
        $fields = Capsule::table('tblcustomfields')->where(['type' => 'client'])->orderBy('sortorder')->orderBy('id');
        foreach ($fields->pluck('id') as $position => $fieldId) {
            $value = (string) Capsule::table('tblcustomfieldsvalues')
                ->where(['fieldid' => $fieldId, 'relid' => $client->id])
                ->value('value');
            $details['customfields' . ($position + 1)] = $value;
            $details['customfields'][] = ['id' => $fieldId, 'value' => $value];
        }

        return $details;
    }

    /**
     * @param array<string, mixed> $params
     * @return array<string, mixed> in the types and encoding the host's options ask for
     */
    private function asDelivered(array $params): array
    {
        if (Host::$looseTypes) {
            array_walk_recursive($params, static function (mixed &$value): void {
                $value = is_bool($value) ? ($value ? 'on' : '') : (is_int($value) ? (string) $value : $value);
            });
        }

        return Host::encoded($params);
    }

    /**
     * @param callable(object): (int|string) $value
     * @return array<string, mixed>
     */
    private static function byKey(Collection $rows, string $column, callable $value): array
    {
        $values = [];
        foreach ($rows as $row) {
            $values[self::keyOf($row->{$column})] = $value($row);
        }

        return $values;
    }

    private static function keyOf(string $name): string
    {
        return trim(explode('|', $name, 2)[0]);
    }
}
