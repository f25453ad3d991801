<?php

declare(strict_types=1);

// Which PHPs WHMCS uses is found out, or named; every other one is named with the reason.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class ChoiceTest extends EmulatedMachine
{
    private const UNUSED = 'nothing says that this WHMCS uses it';

    protected function setUp(): void
    {
        parent::setUp();
        foreach (['8.1', '8.2', '8.3'] as $minor) {
            $this->php('cPanel', $minor, '', ['cli']);
        }
    }

    /** The minors that would get it, and what is said. @return array{list<string>, string} */
    private function chosen(): array
    {
        $said = $this->succeed('install', ['--dry-run' => '']);
        preg_match_all('/^Checked .* loads in PHP (\d\.\d)/m', $said, $found);

        return [$found[1], $said];
    }

    /** @return list<string> minors that have the library */
    private function minors(): array
    {
        return array_values(array_filter(
            array_keys(self::BUILDS),
            fn (string $minor): bool => file_exists($this->installed('cPanel', $minor))
        ));
    }

    public function test_a_pool_of_another_user_says_nothing(): void
    {
        $this->pages('cPanel', '8.2');
        $this->write('machine/opt/cpanel/ea-php83/root/etc/php-fpm.d/other.conf', "[other]\nuser = other\n");

        [$minors, $said] = $this->chosen();

        self::assertSame(['8.2'], $minors, $said);
        self::assertMatchesRegularExpression('/Left out +PHP 8\.3\.30 .*: ' . self::UNUSED . '/', $said);
    }

    public function test_a_handler_in_htaccess_and_a_process_of_the_user_count(): void
    {
        $this->php('cPanel', '8.3', '', ['lsphp']);
        $this->write('machine/home/shop/public_html/.htaccess', "AddHandler application/x-httpd-ea-php81 .php\n");
        $this->process(4711, $this->binary('cPanel', '8.3', 'lsphp'));

        [$minors, $said] = $this->chosen();

        self::assertSame(['8.1', '8.3'], $minors, $said);
        self::assertStringContainsString("pages: the handler ea-php81 in $this->machine/home/shop/public_html/.htaccess", $said);
        self::assertStringContainsString('pages: a process of ' . $this->binary('cPanel', '8.3', 'lsphp'), $said);
    }

    public function test_what_a_user_has_chosen_in_cloudlinux_selector_counts(): void
    {
        $this->php('CloudLinux', '8.2', '', ['cli', 'lsphp']);
        mkdir("$this->machine/var/cagefs/21/$this->user/etc/cl.selector", 0755, true);
        symlink('/opt/alt/php82/usr/bin/lsphp', "$this->machine/var/cagefs/21/$this->user/etc/cl.selector/lsphp");
        $this->write('machine/usr/sbin/cagefsctl', '');

        $said = $this->succeed('install');

        self::assertSame([], $this->minors(), $said);
        self::assertFileExists($this->installed('CloudLinux', '8.2'));
        self::assertStringContainsString('CageFS      cagefsctl --force-update', $said);
        self::assertStringContainsString('users of the PHP Selector with PHP 8.2', $said);
    }

    public function test_apaches_module_counts(): void
    {
        $this->php('Debian', '8.2');
        $this->write('machine/etc/apache2/mods-enabled/php8.2.load', "LoadModule php_module …\n");
        mkdir("$this->machine/etc/php/8.2/apache2/conf.d", 0755, true);

        $said = $this->succeed('install');

        self::assertFileExists("$this->machine/etc/php/8.2/apache2/conf.d/30-whmcs_provisioning.ini");
        self::assertStringContainsString('ok        Apache, by its ini file', $said);
        self::assertStringContainsString('systemctl reload apache2', $said);
    }

    public function test_php_may_be_named_several_times_and_then_nothing_else_counts(): void
    {
        $this->pages('cPanel', '8.1');
        $arguments = array_map(fn (string $minor) => 'PHP=' . $this->binary('cPanel', $minor, 'cli'), ['8.2', '8.3']);
        $site = 'WHMCS_ROOT=' . $this->machine . self::SITE;

        [$code, $said] = $this->execute(
            ["$this->place/package/install.sh", 'install', $site, "MACHINE_ROOT=$this->machine", "STATE_DIR=$this->place/state", ...$arguments]
        );

        self::assertSame(0, $code, $said);
        self::assertSame(['8.2', '8.3'], $this->minors(), $said);
    }

    public function test_where_nothing_says_which_runs_the_pages_it_asks_for_a_name_and_changes_nothing(): void
    {
        $before = $this->state();

        [$code, $said] = $this->installer('install');

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('nothing says which PHP runs WHMCS\'s pages: name it', $said);
        self::assertStringContainsString(' PHP=' . $this->binary('cPanel', '8.3', 'cli'), $said);
        self::assertSame($before, $this->state());
    }

    /** @return iterable<string, array{string, string}> */
    public static function crontabs(): iterable
    {
        yield 'a name with a prefix' => ['*/5 * * * * /usr/local/bin/ea-php83 -q %/crons/cron.php', '8.3'];
        yield 'in the PATH of the crontab' => ["PATH=/opt/cpanel/ea-php83/root/usr/bin:/bin\n*/5 * * * * php %/crons/cron.php do --X", '8.3'];
        yield 'after another command' => ['* * * * * cd / && "/opt/cpanel/ea-php83/root/usr/bin/php" -f %/crons/cron.php >/dev/null', '8.3'];
        yield 'commented out' => ['# */5 * * * * /usr/local/bin/ea-php83 -q %/crons/cron.php', ''];
        yield 'no cron.php' => ['*/5 * * * * /usr/local/bin/ea-php83 -q %/crons/other.php', ''];
    }

    /** @dataProvider crontabs */
    public function test_the_php_of_cron_is_read_from_the_crontab_of_the_user(string $crontab, string $minor): void
    {
        $this->pages('cPanel', '8.2');
        $this->crontab(str_replace('%', $this->machine . self::SITE, $crontab) . "\n");

        [$minors, $said] = $this->chosen();

        self::assertSame($minor === '' ? ['8.2'] : ['8.2', $minor], $minors, $said);
    }

    public function test_the_crontab_of_another_site_says_nothing_and_that_of_root_does(): void
    {
        $this->pages('cPanel', '8.2');
        $this->write('machine/etc/cron.d/other', "* * * * * other /usr/local/bin/ea-php81 /home/other/crons/cron.php\n");
        $this->write('machine/etc/cron.d/whmcs', "* * * * * root /usr/local/bin/ea-php83 /srv/crons/cron.php\n");

        [$minors, $said] = $this->chosen();

        self::assertSame(['8.2', '8.3'], $minors, $said);
    }

    public function test_a_php_of_cron_without_a_library_is_named_and_the_code_is_2(): void
    {
        $this->php('cPanel', '7.4', '', ['cli']);
        $this->pages('cPanel', '8.2');
        $this->cron('cPanel', '7.4');

        [$code, $said] = $this->installer('install');

        self::assertSame(2, $code, $said);
        self::assertSame(['8.2'], $this->minors());
        self::assertMatchesRegularExpression('/MISSING +PHP 7\.4\.30 .*: this package has no library for API20190902,NTS, though cron: /', $said);
    }

    /** cPanel's plain php, for one, is a program of its own that runs another. */
    public function test_where_plain_php_is_a_wrapper_fpm_and_lsphp_are_found_all_the_same(): void
    {
        $this->php('cPanel', '8.2');
        $this->pages('cPanel', '8.2');
        $this->write('machine/usr/local/bin/php', "#!/bin/sh\nexec '" . $this->binary('cPanel', '8.2', 'cli') . "' \"\$@\"\n");
        chmod("$this->machine/usr/local/bin/php", 0755);

        $said = $this->succeed('install');
        unlink($this->ini('cPanel', '8.2') . '/30-whmcs_provisioning.ini');
        [$code, $checked] = $this->installer('check');

        foreach (['cli', 'cgi', 'fpm', 'lsphp'] as $sapi) {
            self::assertStringContainsString('ok        ' . $this->binary('cPanel', '8.2', $sapi), $said);
            self::assertStringContainsString('MISSING   ' . $this->binary('cPanel', '8.2', $sapi), $checked);
        }
        self::assertSame(2, $code);
    }

    public function test_each_kind_of_process_is_reloaded_as_it_needs(): void
    {
        $this->php('cPanel', '8.2');
        $this->pages('cPanel', '8.2');
        $fpm = $this->binary('cPanel', '8.2', 'fpm');
        $this->write('machine/etc/systemd/system/ea-php82-php-fpm.service', "[Service]\nExecStart=$fpm --nodaemonize\n");

        $without = $this->succeed('install');
        mkdir("$this->machine/usr/local/lsws/admin/tmp", 0755, true);
        $with = $this->succeed('install');

        self::assertStringContainsString('systemctl reload ea-php82-php-fpm.service', $without);
        self::assertStringContainsString('end the processes of lsphp', $without);
        self::assertStringContainsString('touch ' . $this->machine . '/usr/local/lsws/admin/tmp/.lsphp_restart.txt', $with);
    }

    public function test_an_upgrade_says_from_which_version_and_install_comes_first(): void
    {
        $this->pages('cPanel', '8.2');
        [$code, $first] = $this->installer('upgrade');
        $this->succeed('install');
        $this->write('machine/opt/cpanel/ea-php82/root/etc/php.d/30-whmcs_provisioning.ini', str_replace(
            'extension=',
            "whmcs_provisioning.request_timeout=20\nextension=",
            (string) file_get_contents($this->ini('cPanel', '8.2') . '/30-whmcs_provisioning.ini')
        ));
        $this->write('package/VERSION', "0.2.0\n");
        $this->sign();

        $said = $this->succeed('upgrade');

        self::assertSame(1, $code);
        self::assertStringContainsString('is known: use install', $first);
        self::assertStringContainsString('Upgrade     from version 0.1.0 to 0.2.0', $said);
        self::assertStringContainsString('request_timeout=20', (string) file_get_contents($this->ini('cPanel', '8.2') . '/30-whmcs_provisioning.ini'));
    }

    /** The host switches WHMCS to another minor: the package that was kept has its library. */
    public function test_after_a_switch_to_another_minor_the_kept_package_installs_there(): void
    {
        $this->pages('cPanel', '8.2');
        $this->succeed('install');
        $this->pages('cPanel', '8.3');
        $kept = posix_geteuid() === 0 ? "$this->machine/usr/local/lib/whmcs_provisioning" : "$this->place/package";
        $arguments = ['WHMCS_ROOT=' . $this->machine . self::SITE, "MACHINE_ROOT=$this->machine"];

        [$code, $said] = $this->execute(["$kept/install.sh", 'install', ...$arguments]);

        self::assertSame(0, $code, $said);
        self::assertStringEqualsFile($this->installed('cPanel', '8.3'), "API20230831,NTS\n");
    }

    public function test_a_dry_run_says_what_it_would_do_and_changes_nothing(): void
    {
        $this->pages('cPanel', '8.2');
        $before = $this->state();

        $said = $this->succeed('install', ['--dry-run' => '']);

        self::assertStringContainsString('Would       write ' . $this->installed('cPanel', '8.2'), $said);
        self::assertStringContainsString('Nothing     was changed', $said);
        self::assertSame($before, $this->state());
        self::assertDirectoryDoesNotExist("$this->machine/var/backups");
    }
}
