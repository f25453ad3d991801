<?php

declare(strict_types=1);

// A throwaway WHMCS and install.sh, as an administrator runs it.

namespace Tests\Support;

use FilesystemIterator;
use PHPUnit\Framework\TestCase;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;

abstract class InstallTestCase extends TestCase
{
    protected const REPOSITORY = __DIR__ . '/../..';
    protected const OLD_MODULE = [
        'jetpack.php' => "<?php\nfunction jetpack_CreateAccount(array \$params) { return 'success'; }\n",
        'vendor/autoload.php' => "<?php\n// the PHP module's own dependencies\n",
        'vendor/deep er/Client.php' => "<?php\nclass Client {}\n",
        'lib/old.php' => "<?php\n\n",
        'templates/.hidden' => "\x00\xff\r\n",
    ];
    protected const OUR_MODULE = [
        'jetpack.php' => "<?php\n// metadata only\n",
        'lib/extension_missing.php' => "<?php\n",
        'templates/clientarea.tpl' => "<p>{\$jetpackState}</p>\n",
    ];

    protected string $place;
    protected string $library;

    protected function setUp(): void
    {
        $this->library = self::library((string) realpath(
            getenv('TEST_EXTENSION') ?: self::REPOSITORY . '/target/debug/libwhmcs_provisioning.so'
        ));
        self::assertFileExists($this->library, 'Build the extension first.');
        $this->place = (string) realpath(sys_get_temp_dir()) . '/install test ' . bin2hex(random_bytes(4));
        $this->write('WHMCS root/init.php', "<?php\n");
        $this->write('WHMCS root/modules/servers/cpanel/cpanel.php', "<?php\n");
        mkdir("$this->place/extension dir");
        mkdir("$this->place/conf.d");
        foreach (self::OUR_MODULE as $file => $text) {
            $this->write("release/servers/jetpack/$file", $text);
        }
    }

    protected function tearDown(): void
    {
        foreach (self::entries($this->place) as $entry) {
            is_dir($entry) && !is_link($entry) ? rmdir($entry) : unlink($entry);
        }
        rmdir($this->place);
    }

    /** Without what is for debuggers, which is most of it: the library is copied dozens of times. */
    private static function library(string $built): string
    {
        static $stripped = null;
        if ($stripped === null) {
            $stripped = (string) tempnam(sys_get_temp_dir(), 'stripped');
            exec('strip -o ' . escapeshellarg($stripped) . ' ' . escapeshellarg($built) . ' 2>/dev/null', $output, $code);
            $code === 0 || copy($built, $stripped);
            register_shutdown_function(static fn () => unlink($stripped));
        }

        return $stripped;
    }

    protected static function version(): string
    {
        return PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
    }

    protected function installedLibrary(): string
    {
        return "$this->place/extension dir/whmcs_provisioning.so";
    }

    protected function iniFile(): string
    {
        return "$this->place/conf.d/30-whmcs_provisioning.ini";
    }

    /** @param array<string, string> $arguments */
    protected function succeed(string $action, array $arguments = [], string $within = ''): string
    {
        [$code, $output] = $this->installer($action, $arguments, [], $within);
        self::assertSame(0, $code, $output);
        return $output;
    }

    /**
     * @param array<string, string> $arguments
     * @param array<string, string> $environment
     * @return array{int, string}
     */
    protected function installer(string $action, array $arguments = [], array $environment = [], string $within = ''): array
    {
        $arguments += [
            'WHMCS_ROOT' => "$this->place/WHMCS root",
            'BACKUP_DIR' => "$this->place/backup",
            'LIBRARY' => $this->library,
            'MODULES_DIR' => "$this->place/release",
            'EXTENSION_DIR' => "$this->place/extension dir",
            'INI_DIRS' => "$this->place/conf.d",
            'KEEP_DIR' => "$this->place/kept",
            // There may be others on this machine.
            'PHP' => PHP_BINARY,
        ];
        // Without root there is no default place for it.
        $arguments += posix_geteuid() === 0 ? [] : ['STATE_DIR' => "$this->place/state"];
        $command = [self::REPOSITORY . '/install.sh', $action];
        foreach ($arguments as $name => $value) {
            $command[] = "$name=$value";
        }
        if ($within !== '') {
            $command = ['bash', '-c', $within, 'bash', ...$command];
        }
        // Who has the sources may not be who runs the tests.
        $environment += ['SUDO_UID' => (string) fileowner(self::REPOSITORY)];
        $environment += ['PHP_INI_SCAN_DIR' => "$this->place/conf.d", 'PATH' => (string) getenv('PATH')];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, $this->place, $environment);
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        return [proc_close($process), $output];
    }

    protected function write(string $path, string $text): void
    {
        $folder = dirname("$this->place/$path");
        is_dir($folder) || mkdir($folder, 0755, true);
        file_put_contents("$this->place/$path", $text);
    }

    protected function writeOldModule(): void
    {
        foreach (self::OLD_MODULE as $file => $text) {
            $this->write("WHMCS root/modules/servers/jetpack/$file", $text);
        }
    }

    /** @return array<string, string> */
    protected function moduleFiles(): array
    {
        return $this->files("$this->place/WHMCS root/modules/servers/jetpack");
    }

    /** @return array<string, string> contents by path */
    protected function files(string $folder): array
    {
        $files = [];
        foreach (self::entries($folder) as $path) {
            if (is_file($path)) {
                $files[substr($path, strlen($folder) + 1)] = (string) file_get_contents($path);
            }
        }
        return $this->sorted($files);
    }

    /**
     * @param array<string, string> $files
     * @return array<string, string>
     */
    protected function sorted(array $files): array
    {
        ksort($files);
        return $files;
    }

    /** @return list<string> what is below a folder, the contents of a folder before itself */
    protected static function entries(string $folder): array
    {
        $entries = [];
        $below = new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS);
        foreach (new RecursiveIteratorIterator($below, RecursiveIteratorIterator::CHILD_FIRST) as $entry) {
            $entries[] = $entry->getPathname();
        }
        return $entries;
    }
}
