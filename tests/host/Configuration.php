<?php

// General settings of the installation (tblconfiguration).

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

final class Configuration
{
    public static function get(string $setting): string
    {
        return (string) Capsule::table('tblconfiguration')->where('setting', $setting)->value('value');
    }

    public static function set(string $setting, string $value): void
    {
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => $setting], ['value' => $value]);
    }
}
