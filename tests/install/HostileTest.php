<?php

declare(strict_types=1);

// What a customer of the machine can put in root's way: programs, ini folders, files of his site and his choices.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class HostileTest extends EmulatedMachine
{
    private string $proof;

    protected function setUp(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root has rights to lose.');
        parent::setUp();
        $this->php('Plesk', '8.2', '', ['cli', 'fpm']);
        $this->pages('Plesk', '8.2');
        $this->proof = "$this->place/proof";
        touch($this->proof);
        chmod($this->proof, 0666);
    }

    protected function tearDown(): void
    {
        isset($this->place) && parent::tearDown();
    }

    /** @return iterable<string, array{callable}> */
    public static function replaceable(): iterable
    {
        yield 'his own file' => [fn (string $php) => chown($php, self::USER)];
        yield 'a file that anyone may write to' => [fn (string $php) => chmod($php, 0777)];
        yield 'in a folder of his' => [fn (string $php) => chown(dirname($php), self::USER)];
        yield 'in a folder of a group' => [fn (string $php) => chmod(dirname($php), 0775) && chgrp(dirname($php), self::USER)];
    }

    /** @dataProvider replaceable */
    public function test_a_php_that_others_may_replace_is_not_run(callable $arrange): void
    {
        $this->php('cPanel', '8.1', "id -u >>'$this->proof'", ['cli']);
        $php = $this->binary('cPanel', '8.1', 'cli');
        $arrange($php);
        $before = $this->state();

        [, $said] = $this->installer('check');
        [$code, $named] = $this->installer('install', ['PHP' => $php]);

        self::assertSame('', file_get_contents($this->proof));
        self::assertStringContainsString("$php is not run, because others than root may replace", $said);
        self::assertSame(1, $code, $named);
        self::assertSame($before, $this->state());
    }

    /** What its ini files load would run with root's rights otherwise. */
    public function test_a_php_reads_its_ini_files_with_the_rights_of_the_sites_user_only(): void
    {
        $this->php('Plesk', '8.2', "case \" \$* \" in *' -n '*) ;; *) id -u >>'$this->proof' ;; esac", ['cli', 'fpm']);

        $this->succeed('install');
        $this->succeed('check');
        $this->installer('check', ['WHMCS_ROOT' => '']);
        $this->succeed('uninstall');

        $users = array_unique(file($this->proof, FILE_IGNORE_NEW_LINES));
        sort($users);
        self::assertSame(['65534', (string) self::USER], $users);
    }

    /** The site's user can read the environment of his processes. */
    public function test_roots_environment_is_not_handed_on(): void
    {
        $this->php('Plesk', '8.2', "env >>'$this->proof'", ['cli', 'fpm']);

        [$code, $said] = $this->installer('check', [], ['SECRET_OF_ROOT' => 'x']);

        self::assertSame(2, $code, $said);
        self::assertStringContainsString('PATH=', (string) file_get_contents($this->proof));
        self::assertStringNotContainsString('SECRET_OF_ROOT', (string) file_get_contents($this->proof));
    }

    /** @return iterable<string, array{string, string}> */
    public static function places(): iterable
    {
        yield 'ini files' => ['/opt/plesk/php/8.2/etc/php.d', 'INI_DIRS'];
        yield 'extensions' => ['/opt/plesk/php/8.2/lib64/php/modules', 'EXTENSION_DIR'];
        yield 'the package that stays' => ['/usr/local/lib', 'KEEP_DIR'];
        yield 'backups' => ['/var', 'BACKUP_DIR'];
    }

    /** @dataProvider places */
    public function test_root_writes_to_no_folder_of_another_user(string $folder, string $setting): void
    {
        chown($this->machine . $folder, self::USER);
        $before = $this->state();

        [$code, $said] = $this->installer('install', ['STATE_DIR' => "$this->place/state"]);

        self::assertSame(1, $code, $said);
        self::assertStringContainsString("others than root may write to $this->machine$folder: name another place with $setting=", $said);
        self::assertSame($before, $this->state());
    }

    public function test_an_htaccess_that_is_a_link_to_roots_file_or_a_pipe_is_not_read_as_root(): void
    {
        $this->php('cPanel', '8.1', '', ['cli']);
        $this->write('of root', "AddHandler application/x-httpd-ea-php81 .php\n");
        chmod("$this->place/of root", 0600);
        symlink("$this->place/of root", "$this->machine" . self::SITE . '/.htaccess');
        posix_mkfifo("$this->machine/home/shop/public_html/.htaccess", 0666);

        $said = $this->succeed('install');

        self::assertStringNotContainsString('the handler', $said);
    }

    /** A module that pretends to be a PHP module of another WHMCS, through links to what never ends. */
    public function test_another_site_cannot_make_it_wait(): void
    {
        $this->site('/home/other/whmcs', 954329);
        mkdir("$this->machine/home/other/whmcs/modules/servers/jetpack");
        symlink('/dev/zero', "$this->machine/home/other/whmcs/modules/servers/jetpack/jetpack.php");
        posix_mkfifo("$this->machine/home/other/whmcs/modules/servers/cpanel/pipe", 0666);

        $started = microtime(true);
        $this->succeed('install');

        self::assertLessThan(60, microtime(true) - $started);
    }

    /** Text of a user becomes no command and no pattern. */
    public function test_a_crontab_is_only_compared(): void
    {
        $this->write('bait', '');
        $this->crontab("* * * * * \$(touch '$this->place/bait2') `touch $this->place/bait3` /opt/*/php* ;php82;/x/cron.php\n"
            . "PATH=\$(touch $this->place/bait4):/\e[2J\n* * * * * \e[2Jphp /x/cron.php\n");

        [, $said] = $this->installer('install');

        self::assertSame(["$this->place/bait"], glob("$this->place/bait*"));
        self::assertStringNotContainsString("\e", $said);
    }

    /** @return iterable<string, array{callable}> */
    public static function packages(): iterable
    {
        $library = 'lib/API20220829,NTS/' . php_uname('m') . '/whmcs_provisioning.so';
        yield 'its folder' => [fn (string $package) => chown($package, self::USER)];
        yield 'a library' => [fn (string $package) => chown("$package/$library", self::USER)];
        yield 'modules that anyone may write to' => [fn (string $package) => chmod("$package/modules", 0777)];
    }

    /**
     * Its libraries run with root's rights when they are tried.
     *
     * @dataProvider packages
     */
    public function test_a_package_that_others_may_replace_is_not_installed(callable $arrange): void
    {
        $arrange("$this->place/package");
        $before = $this->state();

        [$code, $said] = $this->installer('install');
        [$sudo, $accepted] = $this->installer('install', ['--dry-run' => ''], ['SUDO_UID' => (string) self::USER]);

        self::assertSame(1, $code, $said);
        self::assertStringContainsString("others than root may replace $this->place/package", $said);
        self::assertSame($before, $this->state());
        self::assertSame(str_contains($this->dataName(), 'anyone') ? 1 : 0, $sudo, $accepted);
    }

    public function test_a_php_config_that_others_may_replace_is_not_run(): void
    {
        $this->write('php-config', "#!/bin/sh\nid -u >>'$this->proof'\n");
        chmod("$this->place/php-config", 0755);
        chown("$this->place/php-config", self::USER);

        [$code, $said] = $this->installer('install', ['PHP_CONFIG' => "$this->place/php-config"]);

        self::assertSame(1, $code, $said);
        self::assertStringContainsString("php-config is not run, because others than root may replace $this->place/php-config", $said);
        self::assertSame('', file_get_contents($this->proof));
    }

    /** Root is mostly below /root, where the site's user cannot look. */
    public function test_it_runs_where_only_root_may_look(): void
    {
        mkdir("$this->place/of root", 0700);

        $this->succeed('install', [], 'cd "of root" && exec "$@"');
        $this->succeed('uninstall', [], 'cd "of root" && exec "$@"');

        self::assertFileDoesNotExist($this->installed('Plesk', '8.2'));
    }

    /** What a process of the site's user says on its way out is his text, as what it finds is. */
    public function test_what_the_users_processes_say_cannot_command_the_terminal(): void
    {
        // A program of the site's user, who can take over each of his processes.
        $real = trim((string) shell_exec('command -v mktemp'));
        $this->write('bin/mktemp', "#!/bin/sh\n[ \"\$(id -u)\" = 0 ] || printf '\\033[2J\\n' >&2\nexec $real \"\$@\"\n");
        chmod("$this->place/bin/mktemp", 0755);

        [$code, $said] = $this->installer('install', [], ['PATH' => "$this->place/bin:" . getenv('PATH')]);

        self::assertSame(0, $code, $said);
        self::assertStringContainsString('?[2J', $said);
        self::assertStringNotContainsString("\e", $said);
    }

    public function test_the_package_stays_roots_and_the_backup_private(): void
    {
        $this->succeed('install');

        $kept = "$this->machine/usr/local/lib/whmcs_provisioning";
        foreach ([...self::entries($kept), $kept] as $entry) {
            self::assertSame([0, 0], [fileowner($entry), fileperms($entry) & 0022], $entry);
        }
        foreach (glob("$this->machine/var/backups/whmcs_provisioning/*") as $backup) {
            self::assertSame([0, 0700], [fileowner($backup), fileperms($backup) & 07777]);
        }
        self::assertSame(0700, fileperms("$this->machine/run/whmcs_provisioning") & 07777);
    }

    /** The folder for the package is replaced, and removed by uninstall. */
    public function test_a_folder_of_others_files_is_not_taken_for_the_package(): void
    {
        $this->write('machine/usr/local/lib/of others/file', 'x');
        $before = $this->state();

        [$code, $said] = $this->installer('install', ['KEEP_DIR' => "$this->machine/usr/local/lib/of others"]);

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('of others is not empty, and no package of this kind', $said);
        self::assertSame($before, $this->state());
    }

    public function test_where_selinux_is_on_the_placed_files_get_their_labels_and_the_command_for_the_rest_is_said(): void
    {
        foreach (['selinuxenabled' => 'exit 0', 'restorecon' => "echo \"\$*\" >>'$this->proof'"] as $name => $script) {
            $this->write("machine/usr/sbin/$name", "#!/bin/sh\n$script\n");
            chmod("$this->machine/usr/sbin/$name", 0755);
        }

        $said = $this->succeed('install');

        $ini = $this->ini('Plesk', '8.2') . '/30-whmcs_provisioning.ini';
        self::assertSame([$this->installed('Plesk', '8.2'), $ini], file($this->proof, FILE_IGNORE_NEW_LINES));
        self::assertStringContainsString("semanage fcontext -a -t httpd_sys_rw_content_t '$this->machine/var/lib/whmcs_provisioning/", $said);
    }
}
