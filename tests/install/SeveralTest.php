<?php

declare(strict_types=1);

// Several WHMCS on one PHP: each has it, or the one that would end with "Cannot redeclare" is named.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class SeveralTest extends EmulatedMachine
{
    private const SECOND = '/home/second/public_html/billing';
    private const OTHER = 954322;

    protected function setUp(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root installs for two users.');
        parent::setUp();
        $this->php('Plesk', '8.2', '', ['cli', 'fpm']);
        $this->pages('Plesk', '8.2');
        $this->site(self::SECOND, self::OTHER);
        $this->write('machine/opt/plesk/php/8.2/etc/php-fpm.d/second.conf', "[second]\nuser = " . self::OTHER . "\n");
    }

    protected function tearDown(): void
    {
        isset($this->place) && parent::tearDown();
    }

    private function phpModuleIn(string $site, int $user): void
    {
        $this->write("machine$site/modules/servers/jetpack/jetpack.php", self::OLD_MODULE['jetpack.php']);
        $this->give("$this->machine$site/modules/servers/jetpack", $user);
    }

    private function iniText(): string
    {
        return (string) file_get_contents("$this->machine/opt/plesk/php/8.2/etc/php.d/30-whmcs_provisioning.ini");
    }

    public function test_one_that_has_the_php_module_and_the_same_php_is_refused_by_name(): void
    {
        $this->phpModuleIn(self::SECOND, self::OTHER);
        $before = $this->state();

        [$code, $said] = $this->installer('install');

        self::assertSame(1, $code, $said);
        self::assertStringContainsString("Problem: $this->machine" . self::SECOND . ' has the PHP module servers/jetpack and the same PHP', $said);
        self::assertSame($before, $this->state());
    }

    public function test_one_whose_pages_run_with_another_php_is_no_obstacle(): void
    {
        $this->php('Plesk', '8.3', '', ['cli', 'fpm']);
        unlink("$this->machine/opt/plesk/php/8.2/etc/php-fpm.d/second.conf");
        $this->write('machine/opt/plesk/php/8.3/etc/php-fpm.d/second.conf', "[second]\nuser = " . self::OTHER . "\n");
        $this->phpModuleIn(self::SECOND, self::OTHER);

        $this->succeed('install');

        self::assertFileDoesNotExist($this->installed('Plesk', '8.3'));
    }

    public function test_both_that_have_the_php_module_are_named_together_and_come_back(): void
    {
        $this->phpModuleIn(self::SITE, $this->user);
        $this->phpModuleIn(self::SECOND, self::OTHER);
        $before = $this->state();
        $both = ['WHMCS_ROOT=' . $this->machine . self::SITE, 'WHMCS_ROOT=' . $this->machine . self::SECOND, "MACHINE_ROOT=$this->machine"];

        [$code, $said] = $this->execute(["$this->place/package/install.sh", 'install', ...$both]);
        $installed = [];
        foreach ([self::SITE, self::SECOND] as $site) {
            $installed[] = file_get_contents("$this->machine$site/modules/servers/jetpack/jetpack.php");
        }
        $ini = $this->iniText();
        [$refused, $first] = $this->installer('uninstall');

        self::assertSame(0, $code, $said);
        self::assertSame([self::OUR_MODULE['jetpack.php'], self::OUR_MODULE['jetpack.php']], $installed);
        self::assertSame(2, substr_count($ini, '; root: '), $ini);
        self::assertSame(1, $refused);
        self::assertStringContainsString(self::SECOND . ' needs the extension in the same PHP', $first);
        self::assertNotSame($before, $this->state());
    }

    /** Two users cannot share a private directory: each has the default of his number, and no ini file names one. */
    public function test_a_second_one_gets_a_private_directory_of_its_own_and_either_can_go(): void
    {
        $before = $this->state();
        $this->succeed('install', ['STATE_DIR' => "$this->machine/var/lib/own"]);
        $one = $this->iniText();
        $second = ['WHMCS_ROOT' => $this->machine . self::SECOND];
        $said = $this->succeed('install', $second);
        $two = $this->iniText();
        $owners = array_map('fileowner', glob("$this->machine/var/lib/whmcs_provisioning/*"));

        $this->succeed('uninstall');
        $left = $this->iniText();
        $this->succeed('uninstall', $second);

        self::assertStringContainsString('state_dir=', $one);
        self::assertStringNotContainsString('state_dir=', $two);
        self::assertStringContainsString('each has a private directory of his own', $said);
        self::assertSame([$this->user, self::OTHER], $owners);
        self::assertStringNotContainsString(self::SITE . "\n", $left);
        self::assertStringContainsString(self::SECOND . "\n", $left);
        self::assertSame($before, $this->state());
    }

    public function test_two_within_a_second_have_a_backup_each(): void
    {
        $this->write('bin/date', "#!/bin/sh\necho 2026-01-02T030405\n");
        chmod("$this->place/bin/date", 0755);
        $path = ['PATH' => "$this->place/bin:" . getenv('PATH')];

        $codes = [
            $this->installer('install', [], $path)[0],
            $this->installer('install', ['WHMCS_ROOT' => $this->machine . self::SECOND], $path)[0],
        ];

        self::assertSame([0, 0], $codes);
        self::assertCount(2, glob("$this->machine/var/backups/whmcs_provisioning/*/manifest"));
    }

    public function test_for_one_pool_only_no_ini_file_is_written_and_the_lines_are_said(): void
    {
        $this->phpModuleIn(self::SECOND, self::OTHER);

        $said = $this->succeed('install', ['INI_DIRS' => 'none']);

        self::assertSame([], glob("$this->machine/opt/plesk/php/8.2/etc/php.d/*"));
        self::assertStringContainsString('php_admin_value[extension] = ' . $this->installed('Plesk', '8.2'), $said);
        self::assertStringContainsString('/bin/php -d extension=' . $this->installed('Plesk', '8.2'), $said);
        $this->succeed('uninstall', ['INI_DIRS' => 'none']);
        self::assertFileDoesNotExist($this->installed('Plesk', '8.2'));
    }
}
