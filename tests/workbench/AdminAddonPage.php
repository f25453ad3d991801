<?php

declare(strict_types=1);

// admin/addonmodules.php: the pages of an addon module, for the roles that may open it.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;

final class AdminAddonPage
{
    public static function show(): Screen
    {
        $module = World::module('addons', Input::text('module'));
        if ($module === null || !AdminAddonModules::isActive($module)) {
            return Screen::go('/admin/configaddonmods.php');
        }
        $access = (string) Capsule::table('tbladdonmodules')->where(['module' => $module->name, 'setting' => 'access'])->value('value');
        if (!in_array((string) Visitor::roleId(), explode(',', $access), true)) {
            return Screen::refused('admin', 'Access Denied', 'You do not have permission to access this addon module.', 403);
        }
        $output = $module->addonOutput($_GET, $_POST);
        $sidebar = $module->has('sidebar') ? $module->call('sidebar', $module->addonVars()) : '';
        $beside = "<div class=\"row\"><div class=\"col-md-2 workbench-sidebar\">$sidebar</div><div class=\"col-md-10\">";
        $html = $sidebar === '' ? $output : "$beside$output</div></div>";

        return Screen::admin((string) ($module->config()['name'] ?? $module->name), $html);
    }
}
