<?php

declare(strict_types=1);

// The WHMCS of the workbench: its folder, its modules, and what one request of it starts with.

namespace Tests\Workbench;

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Host\Strict;
use Tests\Host\Template;

final class World
{
    public static function folder(): string
    {
        return getenv('TEST_DIR') . '/workbench';
    }

    /** The root of WHMCS, as the web server has it. */
    public static function root(): string
    {
        return self::folder() . '/www';
    }

    /** Templates in it, laid out as in a theme of WHMCS, take the place of the modules' own. */
    public static function theme(): string
    {
        return self::folder() . '/theme';
    }

    /** A root in which the modules are links to the real ones, and to those of WORKBENCH_MODULES. */
    public static function writeRoot(): void
    {
        $root = self::root();
        foreach (array_filter([dirname(__DIR__, 2) . '/modules', (string) getenv('WORKBENCH_MODULES')]) as $source) {
            foreach (glob("$source/{servers,addons}/*", GLOB_BRACE | GLOB_ONLYDIR) ?: [] as $module) {
                $folder = "$root/modules/" . basename(dirname($module));
                is_dir($folder) || mkdir($folder, 0700, true);
                symlink((string) realpath($module), "$folder/" . basename($module));
            }
        }
        // The files of a module that are requested by themselves start WHMCS with this.
        file_put_contents("$root/init.php", '<?php require_once ' . var_export(__DIR__ . '/init.php', true) . ";\n");
    }

    /** Database, session, modules and hooks, strictly. */
    public static function open(): void
    {
        session_name('WHMCSworkbench');
        session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
        self::openForCron();
    }

    /** Cron has no session. */
    public static function openForCron(): void
    {
        $_SESSION ??= [];
        defined('ROOTDIR') || define('ROOTDIR', self::root());
        Strict::start();
        Host::boot(Host::connectionFromEnvironment());
        Template::$theme = self::theme();
        Template::keepCompiledIn(self::folder() . '/templates');
        foreach (self::modules() as $module) {
            $module->includeHooks();
        }
    }

    /** @return list<Module> */
    public static function modules(?string $type = null): array
    {
        static $modules = null;
        $modules ??= array_map(
            static fn (string $folder): Module => new Module(basename(dirname($folder)), basename($folder), self::root() . '/modules'),
            glob(self::root() . '/modules/*/*', GLOB_ONLYDIR) ?: []
        );

        return array_values(array_filter($modules, static fn (Module $one): bool => $type === null || $one->type === $type));
    }

    public static function module(string $type, string $name): ?Module
    {
        foreach (self::modules($type) as $module) {
            if ($module->name === $name) {
                return $module;
            }
        }

        return null;
    }
}
