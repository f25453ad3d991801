<?php

declare(strict_types=1);

// check --report writes an archive for support, which nobody else may read and which holds no secret; the doctor is asked
// with the rights of WHMCS's user.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class ReportTest extends EmulatedMachine
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->php('Plesk', '8.2', "doctor='note\tclock\tThe clock is 3 seconds late.'", ['cli', 'fpm']);
        $this->pages('Plesk', '8.2');
        $this->cron('Plesk', '8.2');
        mkdir($this->home(), 0755, true);
    }

    private function home(): string
    {
        return $this->machine . posix_getpwuid(posix_geteuid())['dir'];
    }

    public function test_the_archive_is_private_and_holds_no_secret(): void
    {
        $this->succeed('install');
        $ini = $this->ini('Plesk', '8.2') . '/30-whmcs_provisioning.ini';
        file_put_contents($ini, "whmcs_provisioning.database_url=\"mysql://whmcs:hunter2@localhost/whmcs\"\n"
            . "; the password is hunter2\n;whmcs_provisioning.database_url=mysql://whmcs:hunter2@localhost/whmcs\n"
            . "whmcs_provisioning.proxy=\"http://me:hunter2@proxy:3128\"\n", FILE_APPEND);
        file_put_contents("$this->machine" . self::SITE . '/configuration.php', '<?php $db_password = "hunter2";');
        $this->write('machine' . self::SITE . "/modules/servers/jetpack/\e[2J.tpl", 'x');
        $this->crontab("* * * * * MYSQL_PWD=hunter2 /opt/plesk/php/8.2/bin/php $this->machine" . self::SITE . "/crons/cron.php\n");

        $said = $this->succeed('check', ['--report' => '']);

        preg_match('~Report +(\S.*\.tar\.gz), for support~', $said, $found);
        self::assertStringStartsWith($this->home() . '/whmcs_provisioning-report.', $found[1] ?? $said);
        self::assertSame(0600, fileperms($found[1]) & 07777);
        $all = shell_exec('tar -xzOf ' . escapeshellarg($found[1]));
        foreach (['hunter2', 'open sesame', 'db_password', "\e"] as $secret) {
            self::assertStringNotContainsString($secret, $all);
        }
        foreach (['API20220829,NTS', 'whmcs_provisioning.database_url= (cut)', 'servers/jetpack', 'Check       of PHP 8.2'] as $fact) {
            self::assertStringContainsString($fact, $all);
        }
        $names = array_filter(explode("\n", (string) shell_exec('tar -tzf ' . escapeshellarg($found[1]))), fn ($name) => str_ends_with($name, '.txt'));
        foreach ($names as $name) {
            self::assertStringContainsString(basename($name) . ', ', $said);
        }
        self::assertCount(1, glob($this->home() . '/{,.}whmcs_provisioning*', GLOB_BRACE));
    }

    public function test_a_folder_where_others_may_write_gets_no_report(): void
    {
        $this->succeed('install');
        chmod($this->home(), 0777);

        [$code, $said] = $this->installer('check', ['--report' => '']);

        self::assertSame(posix_geteuid() === 0 ? 1 : 0, $code, $said);
        posix_geteuid() !== 0 || self::assertStringContainsString('others than root may write to', $said);
    }

    public function test_check_says_what_the_doctor_finds(): void
    {
        $this->succeed('install');

        $said = $this->succeed('check');
        $this->php('Plesk', '8.2', "doctor='fault\tdatabase.rights\tThe user may not create tables.'", ['cli', 'fpm']);
        [$code, $fault] = $this->installer('check');

        self::assertStringContainsString('  advice    clock: The clock is 3 seconds late.', $said);
        self::assertStringContainsString('  FAULT     database.rights: The user may not create tables.', $fault);
        self::assertSame(2, $code);
    }

    /** WHMCS's files are its owner's: they are loaded with his rights, and what they print commands nothing. */
    public function test_whmcs_is_never_loaded_as_root(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root has rights to lose.');
        $proof = "$this->place/proof";
        touch($proof);
        chmod($proof, 0666);
        $this->php('Plesk', '8.2', "case \" \$* \" in *' -r '*) id -u >>'$proof'; doctor='note\tx\t\033[2J';; esac", ['cli', 'fpm']);
        $this->succeed('install');

        [, $said] = $this->installer('check');

        self::assertSame([(string) $this->user], array_values(array_unique(file($proof, FILE_IGNORE_NEW_LINES))));
        self::assertStringNotContainsString("\033", $said);
    }
}
