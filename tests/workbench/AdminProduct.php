<?php

declare(strict_types=1);

// admin/configproducts.php and admin/configaddons.php: products and product addons with their module settings, simple and advanced.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Database\Capsule;

final class AdminProduct
{
    public static function show(): Screen
    {
        $isAddon = str_contains((string) $_SERVER['REQUEST_URI'], '/configaddons.php');
        $row = Capsule::table(self::table($isAddon))->find(Input::id('id'));
        if ($row === null) {
            return self::lists();
        }
        $module = World::module('servers', (string) ($isAddon ? $row->module : $row->servertype));
        if (Router::isPosted('save')) {
            return self::save($row, $module, $isAddon);
        }

        return Screen::admin(($isAddon ? 'Product Addon: ' : 'Product: ') . $row->name, self::page($row, $module, $isAddon));
    }

    private static function lists(): Screen
    {
        $html = '';
        foreach ([false, true] as $isAddon) {
            $rows = Capsule::table(self::table($isAddon))->orderBy('id')->get()->map(static fn (object $row): array => [
                Html::link(self::address((int) $row->id, $isAddon), "#$row->id $row->name"),
                Html::text($isAddon ? $row->module : $row->servertype),
                $row->hidden ? 'hidden' : '',
                Html::text($isAddon ? "for products $row->packages" : "set up: $row->autosetup"),
            ])->all();
            $html .= Html::card($isAddon ? 'Product Addons' : 'Products/Services', Html::table(['Name', 'Module', '', ''], $rows));
        }

        return Screen::admin('Products/Services', $html);
    }

    private static function save(object $row, ?Module $module, bool $isAddon): Screen
    {
        $change = ['name' => Input::text('name'), 'hidden' => isset($_POST['hidden']) ? 1 : 0];
        $change[$isAddon ? 'server_group_id' : 'servergroup'] = Input::id('servergroup');
        $change[$isAddon ? 'autoactivate' : 'autosetup'] = Input::text('autosetup');
        $change['welcomeemail'] = Input::id('welcomeemail');
        Capsule::table(self::table($isAddon))->where('id', $row->id)->update($change);
        $new = World::module('servers', Input::text('servertype'));
        if ($new === null || $new->name !== $module?->name) {
            Capsule::table(self::table($isAddon))->where('id', $row->id)->update([$isAddon ? 'module' : 'servertype' => $new->name ?? '']);
        } else {
            // A field in place of which an error was shown is not sent, and stays as it is.
            $values = Input::texts('packageconfigoption');
            foreach (Input::texts('packageticks') as $position => $unused) {
                $values[$position] = isset($values[$position]) ? 'on' : '';
            }
            ksort($values);
            $new->saveConfigOptions((int) $row->id, $values, $isAddon);
        }

        return Screen::go(self::address((int) $row->id, $isAddon, Input::text('mode')), 'success', 'Changes Saved Successfully!');
    }

    private static function page(object $row, ?Module $module, bool $isAddon): string
    {
        $groups = ['0' => 'None'] + Capsule::table('tblservergroups')->orderBy('id')->pluck('name', 'id')->all();
        $mails = ['0' => 'None'] + Capsule::table('tblemailtemplates')->where(['type' => 'product', 'language' => ''])->pluck('name', 'id')->all();
        $modules = ['' => 'None'];
        foreach (World::modules('servers') as $one) {
            $modules[$one->name] = (string) ($one->metaData()['DisplayName'] ?? $one->name);
        }
        $setups = $isAddon ? ['' => 'no', 'on' => 'yes', 'payment' => 'on payment', 'order' => 'on order']
            : ['' => 'never', 'on' => 'when staff accept the order', 'payment' => 'on payment', 'order' => 'on order'];
        $fields = [
            'Name' => Html::input('name', $row->name),
            'Module' => Html::select('servertype', $modules, $isAddon ? $row->module : $row->servertype),
            'Server Group' => Html::select('servergroup', $groups, $isAddon ? $row->server_group_id : $row->servergroup),
            'Set up' => Html::select('autosetup', $setups, $isAddon ? $row->autoactivate : $row->autosetup),
            'Welcome Email' => Html::select('welcomeemail', $mails, $row->welcomeemail),
            'Hidden' => Html::tick('hidden', (bool) $row->hidden, 'not in the shop'),
        ];
        $mode = Input::text('mode') === 'advanced' ? 'advanced' : 'simple';
        $settings = $module === null ? '' : Html::card('Module Settings', ModuleSettingsForm::html($module, (int) $row->id, $isAddon, $mode));

        return Html::form(
            self::address((int) $row->id, $isAddon),
            ['save' => '1', 'mode' => $mode],
            Html::fields($fields) . $settings . Html::button('Save Changes', '', '', 'primary')
        );
    }

    public static function address(int $id, bool $isAddon, string $mode = ''): string
    {
        return ($isAddon ? "/admin/configaddons.php?action=manage&id=$id" : "/admin/configproducts.php?action=edit&id=$id")
            . ($mode === '' ? '' : "&mode=$mode");
    }

    private static function table(bool $isAddon): string
    {
        return $isAddon ? 'tbladdons' : 'tblproducts';
    }
}
