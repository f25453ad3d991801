<?php

/**
 * install.sh as an administrator runs it, on a throwaway WHMCS whose PHP module it replaces and brings back.
 */

declare(strict_types=1);

namespace Tests\Install;

use Tests\Support\InstallTestCase;

final class InstallTest extends InstallTestCase
{
    public function test_a_fresh_install_places_modules_library_and_ini_file(): void
    {
        $said = $this->succeed('install');

        self::assertSame(self::OUR_MODULE, $this->moduleFiles());
        self::assertFileEquals($this->library, $this->installedLibrary());
        self::assertStringContainsString(
            "extension=\"{$this->installedLibrary()}\"\n",
            (string) file_get_contents($this->iniFile())
        );
        self::assertMatchesRegularExpression('/Placed .*jetpack\n(.*\n)*Placed .*so\n(.*\n)*Placed .*ini\n/', $said);
        self::assertSame([], glob("$this->place/WHMCS root/modules/servers/.jetpack*"));
    }

    public function test_modules_get_the_owner_and_modes_of_the_servers_folder(): void
    {
        chmod("$this->place/release/servers/jetpack/jetpack.php", 0700);
        $servers = "$this->place/WHMCS root/modules/servers";
        if (posix_geteuid() === 0) {
            chown($servers, 12345);
            chgrp($servers, 12346);
        }

        $this->succeed('install', ['STATE_DIR' => "$this->place/state"]);

        foreach (["$servers/jetpack" => 0755, "$servers/jetpack/jetpack.php" => 0644] as $path => $mode) {
            self::assertSame($mode, fileperms($path) & 07777, $path);
            self::assertSame([fileowner($servers), filegroup($servers)], [fileowner($path), filegroup($path)], $path);
        }
    }

    public function test_the_old_module_is_replaced_as_a_whole_and_backed_up_outside_the_web_root(): void
    {
        $this->writeOldModule();

        $this->succeed('install');

        self::assertSame(self::OUR_MODULE, $this->moduleFiles());
        self::assertSame(
            $this->sorted(self::OLD_MODULE),
            $this->files("$this->place/backup/replaced/module/servers/jetpack")
        );
        self::assertSame(0700, fileperms("$this->place/backup") & 07777);
        self::assertStringContainsString(
            "root $this->place/WHMCS root\nmodule-replaced servers/jetpack\nfile-added {$this->installedLibrary()}\n",
            (string) file_get_contents("$this->place/backup/manifest")
        );
    }

    /** @return iterable<string, array{array<string, string>, string}> */
    public static function refusals(): iterable
    {
        yield 'a backup inside the web root' => [['BACKUP_DIR' => '%/WHMCS root/backup'], 'must be outside'];
        yield 'a detour into the web root' => [['BACKUP_DIR' => '%/conf.d/../WHMCS root/x/y'], 'must be outside'];
        yield 'a backup folder with other files' => [['BACKUP_DIR' => '%/release'], 'is not empty'];
        yield 'no WHMCS root' => [['WHMCS_ROOT' => ''], 'WHMCS_ROOT is not a WHMCS folder'];
        yield 'a root that is not WHMCS' => [['WHMCS_ROOT' => '%/release'], 'is not a WHMCS folder'];
        yield 'a missing library' => [['LIBRARY' => '%/none.so'], 'is missing or not readable'];
        yield 'a library that PHP cannot load' => [['LIBRARY' => '%/WHMCS root/init.php'], 'does not take'];
        yield 'an unknown argument' => [['WHMCS_ROT' => '%'], 'is not known'];
        yield 'an extension folder that is below a file' => [['EXTENSION_DIR' => '%/WHMCS root/init.php/x'], 'is no folder'];
        yield 'a php-config that cannot be run' => [['PHP_CONFIG' => '%/none'], 'cannot be run'];
    }

    /**
     * @dataProvider refusals
     * @param array<string, string> $arguments
     */
    public function test_it_refuses_in_one_sentence_and_changes_nothing(array $arguments, string $sentence): void
    {
        $this->writeOldModule();
        $before = $this->files($this->place);

        [$code, $output] = $this->installer('install', str_replace('%', $this->place, $arguments));

        self::assertSame(1, $code, $output);
        self::assertMatchesRegularExpression('/^Problem: .*' . preg_quote($sentence, '/') . '/m', $output);
        self::assertSame($before, $this->files($this->place));
    }

    public function test_two_installs_and_an_uninstall_bring_the_old_module_back_byte_for_byte(): void
    {
        $this->writeOldModule();
        $this->succeed('install');
        $this->write('release/servers/jetpack/lib/new_in_this_release.php', "<?php\n");
        $second = $this->succeed('install', ['BACKUP_DIR' => "$this->place/another backup"]);

        $output = $this->succeed('uninstall', ['BACKUP_DIR' => '']);

        self::assertStringContainsString("$this->place/backup stays what uninstall goes back to", $second);
        self::assertDirectoryDoesNotExist("$this->place/another backup");
        self::assertSame($this->sorted(self::OLD_MODULE), $this->moduleFiles());
        self::assertFileDoesNotExist($this->installedLibrary());
        self::assertFileDoesNotExist($this->iniFile());
        self::assertStringContainsString('the license table stays', $output);
    }

    /** A file size that no library has: what is copied first fails, as on a disk that is full. */
    public function test_where_a_copy_cannot_be_completed_nothing_is_changed(): void
    {
        $this->writeOldModule();
        $before = self::entries($this->place);
        [$code, $output] = $this->installer('install', [], [], 'ulimit -f 64; exec "$@"');
        $after = self::entries($this->place);
        $this->succeed('install');

        self::assertSame(1, $code, $output);
        self::assertStringContainsString('This could not be prepared. Nothing was changed.', $output);
        self::assertSame($before, $after);
    }

    public function test_an_uninstall_of_a_fresh_install_leaves_nothing_behind(): void
    {
        $before = self::entries($this->place);
        $this->succeed('install');

        $this->succeed('uninstall');

        self::assertSame($before, self::entries($this->place));
    }

    public function test_a_changed_template_is_kept_by_an_upgrade_and_by_an_uninstall(): void
    {
        $this->succeed('install');
        $this->write('WHMCS root/modules/servers/jetpack/templates/clientarea.tpl', 'ours, first');
        $upgrade = $this->succeed('install');
        $this->write('WHMCS root/modules/servers/jetpack/templates/my own.tpl', 'ours, second');

        $uninstall = $this->succeed('uninstall');

        self::assertStringContainsString('clientarea.tpl, which was changed here', $upgrade);
        self::assertStringContainsString('my own.tpl, which was changed here', $uninstall);
        $kept = $this->files("$this->place/backup/changed");
        self::assertEqualsCanonicalizing(['ours, first', 'ours, second'], array_values($kept));
        self::assertDirectoryDoesNotExist("$this->place/WHMCS root/modules/servers/jetpack");
    }

    public function test_texts_of_the_host_stay_where_they_are(): void
    {
        $folder = 'WHMCS root/modules/servers/jetpack/lang/overrides';
        $this->succeed('install');
        $this->write("$folder/german.json", '{"a": "first"}');
        $upgrade = $this->succeed('install');
        $between = $this->files("$this->place/$folder");
        $this->write("$folder/german.json", '{"a": "second"}');
        $check = $this->succeed('check');

        $uninstall = $this->succeed('uninstall');

        self::assertSame(['german.json' => '{"a": "first"}'], $between);
        self::assertStringNotContainsString('changed here', $upgrade . $uninstall);
        self::assertStringNotContainsString('overrides', $check);
        self::assertStringContainsString('lang/overrides, which is not ours', $uninstall);
        self::assertSame(['lang/overrides/german.json' => '{"a": "second"}'], $this->files("$this->place/WHMCS root/modules/servers/jetpack"));
        self::assertDirectoryDoesNotExist("$this->place/backup");
    }

    public function test_the_folder_of_an_addon_module_is_placed_as_well(): void
    {
        $this->write('release/addons/whmcs_provisioning/whmcs_provisioning.php', "<?php\n");
        $this->write('release/addons/whmcs_provisioning/assets/pages.css', "a {}\n");
        $this->succeed('install');
        $placed = $this->files("$this->place/WHMCS root/modules/addons/whmcs_provisioning");

        $this->succeed('uninstall');

        self::assertSame(['assets/pages.css' => "a {}\n", 'whmcs_provisioning.php' => "<?php\n"], $placed);
        self::assertDirectoryDoesNotExist("$this->place/WHMCS root/modules/addons/whmcs_provisioning");
    }

    public function test_a_former_library_and_ini_file_come_back_and_settings_stay_over_an_upgrade(): void
    {
        file_put_contents($this->installedLibrary(), 'former');
        $former = "extension=whmcs_provisioning\nwhmcs_provisioning.connect_timeout=7\n";
        file_put_contents($this->iniFile(), $former);

        $this->succeed('install');
        $this->succeed('install');
        $between = (string) file_get_contents($this->iniFile());
        $this->succeed('uninstall');

        self::assertStringContainsString("whmcs_provisioning.connect_timeout=7\n", $between);
        self::assertSame(1, preg_match_all('/^extension=/m', $between));
        self::assertStringEqualsFile($this->installedLibrary(), 'former');
        self::assertStringEqualsFile($this->iniFile(), $former);
    }

    public function test_the_php_module_waits_for_processes_that_still_have_the_extension(): void
    {
        $this->writeOldModule();
        $this->succeed('install');
        $php = proc_open(
            [PHP_BINARY, '-n', '-d', "extension={$this->installedLibrary()}", '-r', 'echo "up"; fgets(STDIN);'],
            [['pipe', 'r'], ['pipe', 'w']],
            $pipes
        );
        self::assertIsResource($php);
        self::assertSame('up', fread($pipes[1], 2));

        [$code, $output] = $this->installer('uninstall');
        $while = $this->moduleFiles();
        fclose($pipes[0]);
        proc_close($php);
        $this->succeed('uninstall');

        self::assertSame(2, $code, $output);
        self::assertStringContainsString('Waiting', $output);
        self::assertSame(self::OUR_MODULE, $while);
        self::assertSame($this->sorted(self::OLD_MODULE), $this->moduleFiles());
    }

    public function test_check_names_each_php_and_ends_with_2_when_one_does_not_load_it(): void
    {
        $this->succeed('install');

        [$seen, $loaded] = $this->installer('check');
        [$unseen, $missing] = $this->installer('check', [], ['PHP_INI_SCAN_DIR' => "$this->place/release"]);

        $binaries = array_filter([realpath(PHP_BINARY), realpath('/usr/sbin/php-fpm' . self::version())]);
        foreach ($binaries as $binary) {
            $line = '/' . preg_quote($binary, '/') . ' \(.*\)';
            self::assertMatchesRegularExpression("/^  ok +" . substr($line, 1) . ': whmcs_provisioning \d/m', $loaded);
            self::assertMatchesRegularExpression('/^  MISSING +' . substr($line, 1) . ': not loaded/m', $missing);
        }
        self::assertSame([0, 2], [$seen, $unseen]);
    }

    public function test_check_advises_to_keep_arguments_out_of_traces(): void
    {
        $this->succeed('install');
        mkdir("$this->place/traces");
        file_put_contents("$this->place/traces/traces.ini", "zend.exception_ignore_args=0\n");

        [, $output] = $this->installer('check', [], ['PHP_INI_SCAN_DIR' => ":$this->place/traces"]);

        self::assertMatchesRegularExpression('/  advice .*zend\.exception_ignore_args=0 puts API tokens and passwords into/', $output);
    }

    public function test_check_sees_an_old_module_beside_the_extension(): void
    {
        $this->succeed('install');
        $this->write('WHMCS root/modules/servers/jetpack/jetpack.php', self::OLD_MODULE['jetpack.php']);

        [$code, $output] = $this->installer('check');

        self::assertSame(2, $code);
        self::assertMatchesRegularExpression('/MISSING .*jetpack\.php of this version/', $output);
    }

    public function test_under_destdir_everything_is_below_it_and_named_without_it(): void
    {
        rename("$this->place/WHMCS root", "$this->place/whmcs");
        mkdir("$this->place/image/srv", 0755, true);
        rename("$this->place/whmcs", "$this->place/image/srv/whmcs");
        $below = ['DESTDIR' => "$this->place/image", 'WHMCS_ROOT' => '/srv/whmcs', 'BACKUP_DIR' => '/srv/backup',
            'EXTENSION_DIR' => '/usr/lib/extensions', 'INI_DIRS' => '/etc/php.d'];
        $this->succeed('install', $below);

        self::assertFileEquals($this->library, "$this->place/image/usr/lib/extensions/whmcs_provisioning.so");
        self::assertStringEqualsFile(
            "$this->place/image/etc/php.d/30-whmcs_provisioning.ini",
            "; priority=30\nextension=\"/usr/lib/extensions/whmcs_provisioning.so\"\n"
            . "; root: /srv/whmcs\n; backup: /srv/backup\n"
        );
        $this->succeed('uninstall', $below);
        self::assertDirectoryDoesNotExist("$this->place/image/srv/backup");
    }
}
