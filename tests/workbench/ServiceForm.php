<?php

declare(strict_types=1);

// WHMCS's own fields of a service or product addon on the page of staff, and saving them.

namespace Tests\Workbench;

use Tests\Host\Hooks;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class ServiceForm
{
    private const STATUSES = ['Pending', 'Active', 'Suspended', 'Terminated', 'Cancelled', 'Fraud', 'Completed'];

    /** @return array<string, string> label ⇒ HTML */
    public static function fields(Service|Addon $model): array
    {
        $statuses = array_combine(self::STATUSES, self::STATUSES);
        $servers = ['0' => 'None'] + Capsule::table('tblservers')->orderBy('id')->pluck('name', 'id')->all();
        $common = ['Server' => Html::select('server', $servers, $model->server, 'Server')];
        if ($model instanceof Addon) {
            return $common + [
                'Status' => Html::select('status', $statuses, $model->status, 'Status'),
                'Quantity' => Html::input('qty', $model->qty, 'number', 'Quantity'),
            ] + self::customFields('addon', (int) $model->addonid, (int) $model->id);
        }
        $products = Capsule::table('tblproducts')->orderBy('id')->pluck('name', 'id')->all();
        $clients = Capsule::table('tblclients')->orderBy('id')->pluck('email', 'id')->all();

        return [
            'Client' => Html::select('userid', $clients, $model->userid, 'Client'),
            'Product/Service' => Html::select('packageid', $products, $model->packageid, 'Product/Service'),
        ] + $common + [
            'Domain' => Html::input('domain', $model->domain, 'text', 'Domain'),
            'Username' => Html::input('username', $model->username, 'text', 'Username'),
            'Password' => Html::input('password', decrypt($model->password), 'text', 'Password'),
            'Status' => Html::select('domainstatus', $statuses, $model->domainstatus, 'Status') . ' ' . Html::text($model->suspendreason),
            'Quantity' => Html::input('qty', $model->qty, 'number', 'Quantity'),
            'Disk and bandwidth' => Html::text("$model->diskusage of $model->disklimit MB, $model->bwusage of $model->bwlimit MB, updated $model->lastupdate"),
        ] + self::options($model) + self::customFields('product', (int) $model->packageid, (int) $model->id);
    }

    public static function save(Service|Addon $model): void
    {
        $columns = $model instanceof Service
            ? ['userid', 'packageid', 'server', 'domain', 'username', 'domainstatus', 'qty']
            : ['server', 'status', 'qty'];
        foreach ($columns as $column) {
            if (isset($_POST[$column]) && is_string($_POST[$column])) {
                $model->setAttribute($column, $_POST[$column]);
            }
        }
        if ($model instanceof Service && is_string($_POST['password'] ?? null)) {
            $model->password = encrypt($_POST['password']);
        }
        $model->save();
        foreach (Input::texts('customfield') as $field => $value) {
            Capsule::table('tblcustomfieldsvalues')->updateOrInsert(['fieldid' => (int) $field, 'relid' => $model->id], ['value' => $value]);
        }
        foreach ($model instanceof Service ? Input::texts('configoption') : [] as $option => $value) {
            self::saveOption($model, (int) $option, $value);
        }
        if ($model instanceof Service) {
            Hooks::run('ServiceEdit', ['userid' => (int) $model->userid, 'serviceid' => (int) $model->id]);
        }
        $model->refresh();
    }

    /** @return array<string, string> */
    private static function customFields(string $type, int $owner, int $id): array
    {
        $html = [];
        foreach (Capsule::table('tblcustomfields')->where(['type' => $type, 'relid' => $owner])->orderBy('sortorder')->orderBy('id')->get() as $field) {
            $value = (string) Capsule::table('tblcustomfieldsvalues')->where(['fieldid' => $field->id, 'relid' => $id])->value('value');
            $label = OrderForm::labelOf($field->fieldname);
            $html[$label . ($field->adminonly === 'on' ? ' (staff)' : '')] = Html::input("customfield[$field->id]", $value, 'text', $label);
        }

        return $html;
    }

    /** @return array<string, string> */
    public static function options(Service $service): array
    {
        $html = [];
        foreach (OrderForm::optionsOf((int) $service->packageid) as $option) {
            $chosen = Capsule::table('tblhostingconfigoptions')->where(['relid' => $service->id, 'configid' => $option->id])->first();
            $label = OrderForm::labelOf($option->optionname);
            $choices = Capsule::table('tblproductconfigoptionssub')->where('configid', $option->id)->pluck('optionname', 'id')
                ->map(OrderForm::labelOf(...))->all();
            $html[$label] = in_array((int) $option->optiontype, [3, 4], true)
                ? Html::input("configoption[$option->id]", (int) ($chosen->qty ?? 0), 'number', $label)
                : Html::select("configoption[$option->id]", $choices, $chosen->optionid ?? 0, $label);
        }

        return $html;
    }

    public static function saveOption(Service $service, int $option, string $value): void
    {
        $type = (int) Capsule::table('tblproductconfigoptions')->where('id', $option)->value('optiontype');
        $isQuantity = in_array($type, [3, 4], true);
        $first = (int) Capsule::table('tblproductconfigoptionssub')->where('configid', $option)->min('id');
        Capsule::table('tblhostingconfigoptions')->updateOrInsert(
            ['relid' => $service->id, 'configid' => $option],
            $isQuantity ? ['optionid' => $first, 'qty' => (int) $value] : ['optionid' => (int) $value, 'qty' => 0]
        );
    }
}
