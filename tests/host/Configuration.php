<?php

// General settings of the installation (tblconfiguration), which WHMCS reads once for a request.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

final class Configuration
{
    /** @var ?array<string, string> as far as they were read */
    private static ?array $settings = null;

    public static function get(string $setting): string
    {
        self::$settings ??= Capsule::table('tblconfiguration')->pluck('value', 'setting')->all();

        return (string) (self::$settings[$setting] ?? '');
    }

    public static function set(string $setting, string $value): void
    {
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => $setting], ['value' => $value]);
        self::forget();
    }

    /** For a new request, or another database. */
    public static function forget(): void
    {
        self::$settings = null;
    }
}
