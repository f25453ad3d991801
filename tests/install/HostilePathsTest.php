<?php

declare(strict_types=1);

// Names and links of a customer that root comes by: none of them is a command, a line of a file or a way to another place.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class HostilePathsTest extends EmulatedMachine
{
    private const PAGES = '/home/shop/public_html';
    private const OTHER = 954322;

    protected function setUp(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root has rights to lose.');
        parent::setUp();
        $this->php('Plesk', '8.2', '', ['cli']);
        $this->php('Plesk', '8.2', '', ['fpm']);
        $this->pages('Plesk', '8.2');
        $this->give("$this->machine/home/shop", self::USER);
    }

    protected function tearDown(): void
    {
        isset($this->place) && parent::tearDown();
    }

    /** The folder that root names becomes a link of the customer's to another. */
    private function siteElsewhere(string $name): void
    {
        $this->site("/home/shop/$name/whmcs");
        rename($this->machine . self::SITE, $this->machine . self::PAGES . '/former');
        symlink("$this->machine/home/shop/$name/whmcs", $this->machine . self::SITE);
        lchown($this->machine . self::SITE, self::USER);
    }

    public function test_a_command_in_a_path_is_not_run(): void
    {
        // In the folder that it is run in, because a blank would end the name of a file.
        $this->siteElsewhere('x$(touch proof)`touch proof`');

        $this->succeed('install');
        $this->succeed('uninstall');

        self::assertFileDoesNotExist("$this->place/proof");
    }

    /** It would stand in the ini file of every PHP, and in the manifest that uninstall obeys. */
    public function test_a_line_break_in_a_path_is_refused(): void
    {
        $this->siteElsewhere("x\nauto_prepend_file=/home/shop/evil.php\n;");
        $before = $this->state();

        [$code, $said] = $this->installer('install');

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('evil.php?;/whmcs has a control character in its name.', $said);
        self::assertSame($before, $this->state());
    }

    /** What the link leads to is root's alone, until the customer makes it lead elsewhere. */
    public function test_behind_a_link_of_the_customer_root_has_his_rights_only(): void
    {
        mkdir("$this->machine/usr/share/empty", 0755, true);
        $this->link('modules/servers', "$this->machine/usr/share/empty");
        $before = $this->state();

        [$code, $said] = $this->installer('install');

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('/modules/servers is not writable for its owner (user ' . self::USER . ')', $said);
        self::assertSame($before, $this->state());
    }

    public function test_a_link_to_another_customers_site_is_refused(): void
    {
        $this->site('/home/other/whmcs', self::OTHER);
        $this->link('modules/servers', "$this->machine/home/other/whmcs/modules/servers");
        $before = $this->state();

        [$code, $said] = $this->installer('install');

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('a link of the user ' . self::USER, $said);
        self::assertStringContainsString('/home/other/whmcs/modules/servers, which is the user ' . self::OTHER . "'s", $said);
        self::assertSame($before, $this->state());
    }

    public function test_a_module_that_is_a_link_is_replaced_and_comes_back(): void
    {
        $this->write('machine/home/shop/git/jetpack.php', "<?php\n");
        $this->give("$this->machine/home/shop", self::USER);
        symlink("$this->machine/home/shop/git", $this->machine . self::SITE . '/modules/servers/jetpack');
        lchown($this->machine . self::SITE . '/modules/servers/jetpack', self::USER);
        $before = $this->state();

        $this->succeed('install');
        self::assertFalse(is_link($this->machine . self::SITE . '/modules/servers/jetpack'));
        $this->succeed('uninstall');

        self::assertSame($before, $this->state());
    }

    /** Everything that its owner can read would be copied into the backup. */
    public function test_a_link_in_place_of_an_installed_module_is_kept_as_a_link(): void
    {
        $this->succeed('install');
        $this->link('modules/servers/jetpack', '/etc');

        $said = $this->succeed('install');

        self::assertStringContainsString('/modules/servers/jetpack, which was changed here', $said);
        $kept = glob("$this->machine/var/backups/whmcs_provisioning/*/changed/*/servers/*");
        self::assertSame(['/etc'], array_map('readlink', $kept));
        self::assertFileExists($this->machine . self::SITE . '/modules/servers/jetpack/jetpack.php');
    }

    /** A PHP of root's whose ini files are in a customer's folder, as he can make his own PHP say. */
    public function test_an_ini_file_of_a_customer_names_no_backup(): void
    {
        $this->succeed('install');
        $this->iniFilesOfTheCustomer();
        $this->site('/home/shop/second');
        $this->write('of root', 'root');
        $this->write('machine/home/shop/ini/30-whmcs_provisioning.ini', "; root: $this->machine/home/shop/second\n; backup: $this->machine/home/shop/b\n");
        $this->write(
            'machine/home/shop/b/manifest',
            "root $this->machine/home/shop/second\nfile-shared {$this->installed('Plesk', '8.2')}\n* * * * * root x\n"
        );
        symlink("$this->place/of root", "$this->machine/home/shop/b/manifest.new");
        $this->give("$this->machine/home/shop", self::USER);

        $said = $this->succeed('uninstall');

        self::assertStringEqualsFile("$this->place/of root", 'root');
        self::assertStringNotContainsString('/home/shop/second', $said);
        self::assertFileDoesNotExist($this->installed('Plesk', '8.2'));
    }

    public function test_a_pipe_among_the_ini_files_of_a_customer_is_not_waited_for(): void
    {
        $this->iniFilesOfTheCustomer();
        posix_mkfifo("$this->machine/home/shop/ini/30-whmcs_provisioning.ini", 0644);

        $this->succeed('install', [], 'exec timeout 60 "$@"');
        $this->succeed('uninstall', [], 'exec timeout 60 "$@"');

        self::assertFileDoesNotExist($this->installed('Plesk', '8.2'));
    }

    /** Its init.php would run with the rights of the other. */
    public function test_a_configuration_of_another_user_does_not_say_whom_whmcs_runs_as(): void
    {
        chown($this->machine . self::SITE . '/configuration.php', self::OTHER);

        [$code, $said] = $this->installer('check');
        [$named, $accepted] = $this->installer('install', ['WHMCS_USER' => (string) self::USER]);

        self::assertSame(1, $code, $said);
        self::assertStringContainsString("its configuration.php the user " . self::OTHER . "'s: name whom WHMCS runs as with WHMCS_USER=", $said);
        self::assertSame(0, $named, $accepted);
    }

    /** The user can make his PHP say anything. */
    public function test_root_makes_no_directory_because_a_php_names_it(): void
    {
        $says = "case \" \$* \" in *' -n '*) ;; *) echo 'whmcs_provisioning.state_dir => $this->machine/etc/x => x' ;; esac";
        mkdir("$this->machine/etc");
        $this->php('Plesk', '8.2', $says, ['cli', 'fpm']);

        $this->succeed('install');

        self::assertFileDoesNotExist("$this->machine/etc/x");
        self::assertFileExists("$this->machine/var/lib/whmcs_provisioning/" . self::USER);
    }

    private function link(string $path, string $target): void
    {
        $path = $this->machine . self::SITE . "/$path";
        rename($path, dirname($path, 2) . '/former');
        symlink($target, $path);
        lchown($path, self::USER);
    }

    private function iniFilesOfTheCustomer(): void
    {
        $this->emulate('/opt/plesk/php/8.3/bin/php', '8.3', [
            'sapi' => self::SAPIS['cli'], 'extension_dir' => "$this->machine/usr/lib", 'scan_dir' => "$this->machine/home/shop/ini",
        ]);
        mkdir("$this->machine/home/shop/ini");
        $this->give("$this->machine/home/shop", self::USER);
    }
}
