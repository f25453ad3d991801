<?php

// The stand-in for a WHMCS installation: database, options and the rows a test starts from.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Authentication\CurrentUser;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class Host
{
    use Builders;

    public const VERSION = '8.13.1-release.1';

    /** Above it a table is emptied sooner by TRUNCATE than by DELETE. */
    private const MANY_ROWS = 5000;

    /** Text reaches modules HTML-entity encoded, as from older forms and imports. */
    public static bool $encodeEntities = false;

    /** The session of most tests: staff at work. Cron and the API have none, a client has `uid`. */
    public const STAFF = ['adminid' => 1];

    /** Module parameters have numbers as text and flags as `on` or an empty string. */
    public static bool $looseTypes = false;

    /** @param array<string, mixed> $connection illuminate's connection settings */
    public static function boot(array $connection): void
    {
        $charset = $connection['charset'] ?? 'utf8';
        $capsule = new Capsule();
        $capsule->addConnection($connection + [
            'driver' => 'mysql',
            'host' => 'localhost',
            'charset' => $charset,
            'collation' => $charset . '_unicode_ci',
            'prefix' => '',
            'strict' => false,
        ]);
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
        Configuration::forget();
        $_SESSION ??= self::STAFF;
    }

    /** @return array<string, mixed> */
    public static function connectionFromEnvironment(): array
    {
        $read = static fn (string $name): string => (string) getenv('TEST_DB_' . $name);
        if ($read('NAME') === '') {
            throw new \RuntimeException('TEST_DB_NAME is not set: tests need a database of their own.');
        }

        return array_filter([
            'unix_socket' => $read('SOCKET'),
            'host' => $read('HOST') ?: 'localhost',
            'port' => $read('PORT'),
            'database' => $read('NAME'),
            'username' => $read('USER') ?: 'root',
        ]) + ['password' => $read('PASSWORD')];
    }

    public static function createTables(): void
    {
        $statements = explode(";\n", (string) file_get_contents(__DIR__ . '/schema.sql'));
        $connection = Capsule::connection();
        $charset = " DEFAULT CHARSET={$connection->getConfig('charset')} COLLATE={$connection->getConfig('collation')}";
        foreach (array_filter(array_map('trim', $statements)) as $statement) {
            $connection->unprepared($statement . $charset);
        }
        self::seed();
    }

    /** A clean world: no rows, no hooks, no session, all options as at the start. */
    public static function truncate(bool $dropModuleTables = false): void
    {
        $tables = Capsule::connection()->select(
            'SELECT TABLE_NAME AS name, AUTO_INCREMENT AS next FROM information_schema.TABLES'
            . ' WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = "BASE TABLE"'
        );
        foreach ($tables as $table) {
            // Which installation this is outlives a test: the WHMCS stays where it is. What a copy of it asked does not.
            if ($table->name === 'mod_whmcs_provisioning_installation') {
                $own = (int) Capsule::table($table->name)->min('number');
                Capsule::table($table->name)->where('number', '>', $own)->delete();
                continue;
            }
            $ofModule = str_starts_with($table->name, 'mod_') || $table->name === 'jetpack_product_licenses';
            if ($ofModule && $dropModuleTables) {
                Capsule::schema()->drop($table->name);
            } elseif ($table->next > self::MANY_ROWS) {
                Capsule::table($table->name)->truncate();
            } elseif ($table->next === null || $table->next > 1) {
                // Quicker than TRUNCATE, which makes the table anew.
                Capsule::table($table->name)->delete();
                Capsule::connection()->unprepared("ALTER TABLE `$table->name` AUTO_INCREMENT = 1");
            }
        }
        self::$encodeEntities = false;
        self::$looseTypes = false;
        Hooks::clear();
        $_SESSION = self::STAFF;
        if (class_exists(CurrentUser::class)) {
            CurrentUser::forget();
        }
        self::seed();
    }

    public static function service(int $id): Service
    {
        return Service::findOrFail($id);
    }

    public static function serviceAddon(int $id): Addon
    {
        return Addon::findOrFail($id);
    }

    /** @return list<string> messages, oldest first */
    public static function activityLog(): array
    {
        return Capsule::table('tblactivitylog')->orderBy('id')->pluck('description')->all();
    }

    /** @return list<object> rows, oldest first */
    public static function moduleLog(): array
    {
        return Capsule::table('tblmodulelog')->orderBy('id')->get()->all();
    }

    /** @return list<object> rows, oldest first */
    public static function moduleQueue(): array
    {
        return Capsule::table('tblmodulequeue')->orderBy('id')->get()->all();
    }

    public static function switchModuleLog(bool $on): void
    {
        Configuration::set('ModuleDebugMode', $on ? 'on' : '');
    }

    /** Writes configuration.php as WHMCS has it in its root; the constant ROOTDIR names that folder. */
    public static function writeConfiguration(string $root): string
    {
        $connection = Capsule::connection();
        $settings = [
            'license' => 'stand-in',
            'db_host' => $connection->getConfig('unix_socket') ?: $connection->getConfig('host'),
            'db_port' => (string) $connection->getConfig('port'),
            'db_username' => $connection->getConfig('username'),
            'db_password' => $connection->getConfig('password'),
            'db_name' => $connection->getConfig('database'),
            'cc_encryption_hash' => Encryption::$installationKey,
            'mysql_charset' => $connection->getConfig('charset'),
        ];
        $lines = ['<?php'];
        foreach ($settings as $name => $value) {
            $lines[] = '$' . $name . ' = ' . var_export($value, true) . ';';
        }
        $file = $root . '/configuration.php';
        file_put_contents($file, implode("\n", $lines) . "\n");
        defined('ROOTDIR') || define('ROOTDIR', $root);

        return $file;
    }

    /**
     * @param array<mixed> $values
     * @return array<mixed> with the text in it entity-encoded when the host's option says so
     */
    public static function encoded(array $values): array
    {
        if (self::$encodeEntities) {
            array_walk_recursive($values, static function (mixed &$value): void {
                $value = is_string($value) ? htmlspecialchars($value, ENT_QUOTES | ENT_SUBSTITUTE) : $value;
            });
        }

        return $values;
    }

    private static function seed(): void
    {
        Configuration::forget();
        Capsule::table('tblcurrencies')->insertOrIgnore(
            ['id' => 1, 'code' => 'USD', 'prefix' => '$', 'suffix' => ' USD', 'default' => 1]
        );
        $settings = [
            'Version' => self::VERSION,
            'SystemURL' => 'https://whmcs.example/',
            'Language' => 'english',
            'Template' => 'twenty-one',
            'ModuleDebugMode' => '',
            'ModuleHooks' => '',
            'ActiveAddonModules' => '',
        ];
        foreach ($settings as $setting => $value) {
            Capsule::table('tblconfiguration')->insertOrIgnore(['setting' => $setting, 'value' => $value]);
        }
    }
}
