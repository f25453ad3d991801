<?php

declare(strict_types=1);

// index.php?m=NAME: the public page of an addon module, which anyone may open.

namespace Tests\Workbench;

use Tests\Host\Configuration;

final class AddonClientPage
{
    public static function show(): Screen
    {
        $name = Input::text('m');
        $isActive = in_array($name, explode(',', Configuration::get('ActiveAddonModules')), true);
        $addon = $name === '' || !$isActive ? null : World::module('addons', $name);
        $html = $addon === null ? '' : $addon->addonClientPage($name, [], $_GET);

        return $html === '' ? Screen::go('/') : Screen::client($name, $html);
    }
}
