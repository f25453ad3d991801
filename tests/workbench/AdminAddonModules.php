<?php

declare(strict_types=1);

// admin/configaddonmods.php: addon modules are activated here, get their settings, and who may open them.

namespace Tests\Workbench;

use Tests\Host\Configuration;
use Tests\Host\Host;
use Tests\Host\Module;
use WHMCS\Database\Capsule;

final class AdminAddonModules
{
    public static function show(): Screen
    {
        $module = World::module('addons', Input::text('module'));
        if ($module !== null && Router::isPosted('do')) {
            return self::handle($module);
        }
        $html = '';
        foreach (World::modules('addons') as $one) {
            $html .= self::card($one);
        }

        return Screen::admin('Addon Modules', $html === '' ? '<p>There is no addon module.</p>' : $html);
    }

    public static function isActive(Module $module): bool
    {
        return in_array($module->name, explode(',', Configuration::get('ActiveAddonModules')), true);
    }

    /** @return array<string, string> what WHMCS stores when the module is activated */
    public static function defaults(Module $module): array
    {
        return array_map(static fn (array $field): string => (string) ($field['Default'] ?? ''), $module->config()['fields'] ?? []);
    }

    private static function handle(Module $module): Screen
    {
        $answer = match (Input::text('do')) {
            'activate' => $module->activate(self::defaults($module)),
            'deactivate' => $module->deactivate(),
            default => self::save($module),
        };
        $kind = ($answer['status'] ?? 'success') === 'error' ? 'danger' : 'success';

        return Screen::go('/admin/configaddonmods.php', $kind, (string) ($answer['description'] ?? 'Done.'));
    }

    /** @return array<string, string> */
    private static function save(Module $module): array
    {
        $settings = ['access' => Input::text('access')];
        foreach (array_keys($module->config()['fields'] ?? []) as $name) {
            $settings[$name] = Input::texts('fields')[$name] ?? '';
        }
        Host::setAddonModule($module->name, $settings);

        return ['description' => 'Changes Saved Successfully!'];
    }

    private static function card(Module $module): string
    {
        $config = $module->config();
        $address = "/admin/configaddonmods.php?module=$module->name";
        $html = '<p>' . ($config['description'] ?? '') . ' Version ' . Html::text($config['version'] ?? '') . ', ' . ($config['author'] ?? '') . '</p>';
        if (!self::isActive($module)) {
            return Html::card((string) ($config['name'] ?? $module->name), $html . Html::form($address, [], Html::button('Activate', 'do', 'activate')));
        }
        $stored = Capsule::table('tbladdonmodules')->where('module', $module->name)->pluck('value', 'setting')->all();
        $rows = [];
        foreach ($config['fields'] ?? [] as $name => $field) {
            $value = $stored[$name] ?? $field['Default'] ?? '';
            $type = strtolower((string) ($field['Type'] ?? 'text'));
            $input = $type === 'yesno' ? Html::tick("fields[$name]", $value === 'on', (string) $name)
                : Html::input("fields[$name]", $value, $type === 'password' ? 'password' : 'text', (string) $name);
            $rows[(string) ($field['FriendlyName'] ?? $name)] = $input . ' ' . ($field['Description'] ?? '');
        }
        $rows['Access Control'] = Html::input('access', $stored['access'] ?? '', 'text', 'Roles that may open it') . ' numbers of roles, with commas';
        $buttons = Html::button('Save Changes', 'do', 'save', 'primary') . Html::button('Deactivate', 'do', 'deactivate')
            . Html::link("/admin/addonmodules.php?module=$module->name", 'open');

        return Html::card((string) ($config['name'] ?? $module->name), $html . Html::form($address, [], Html::fields($rows) . $buttons));
    }
}
