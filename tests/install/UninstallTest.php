<?php

declare(strict_types=1);

// Going back with several minors: the PHP module comes back only when no process of any PHP has the extension.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class UninstallTest extends EmulatedMachine
{
    protected function setUp(): void
    {
        parent::setUp();
        foreach (['8.2', '8.3'] as $minor) {
            $this->php('Plesk', $minor, '', ['cli']);
        }
        $this->pages('Plesk', '8.2');
        $this->cron('Plesk', '8.3');
        $this->write('machine' . self::SITE . '/modules/servers/jetpack/jetpack.php', self::OLD_MODULE['jetpack.php']);
        $this->give($this->machine . self::SITE, $this->user);
    }

    private function module(): string
    {
        return (string) file_get_contents($this->machine . self::SITE . '/modules/servers/jetpack/jetpack.php');
    }

    /** @return iterable<string, array{string}> */
    public static function minors(): iterable
    {
        yield 'the first' => ['8.2'];
        yield 'the last' => ['8.3'];
    }

    /** @dataProvider minors */
    public function test_it_waits_for_processes_of_every_minor(string $minor): void
    {
        $this->succeed('install');
        // A process that has the library mapped, whatever is in it.
        $process = proc_open(
            [PHP_BINARY, '-n', '-d', 'extension=ffi', '-r', '$f = FFI::cdef("void *mmap(void*, size_t, int, int, int, long); int open(const char*, int);");'
                . '$m = $f->mmap(null, 4096, 1, 2, $f->open($argv[1], 0), 0); echo "up"; fgets(STDIN);', $this->installed('Plesk', $minor)],
            [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes,
        );
        self::assertIsResource($process);
        if (fread($pipes[1], 2) !== 'up') {
            proc_close($process);
            self::markTestSkipped('FFI is needed to map a file.');
        }

        [$code, $said] = $this->installer('uninstall');
        $while = $this->module();
        fclose($pipes[0]);
        proc_close($process);
        $this->succeed('uninstall');

        self::assertSame(2, $code, $said);
        self::assertStringContainsString('Waiting', $said);
        self::assertSame(self::OUR_MODULE['jetpack.php'], $while);
        self::assertSame(self::OLD_MODULE['jetpack.php'], $this->module());
    }

    /** A line of the host's own, in another file. */
    public function test_it_waits_where_a_php_still_loads_it(): void
    {
        $this->succeed('install');
        $folder = dirname($this->installed('Plesk', '8.3'));
        file_put_contents("$folder/copy.so", "API20230831,NTS\n");

        file_put_contents($this->ini('Plesk', '8.3') . '/own.ini', "extension=\"$folder/whmcs_provisioning-copy.so\"\n");
        rename("$folder/copy.so", "$folder/whmcs_provisioning-copy.so");
        [$code, $said] = $this->installer('uninstall');
        $while = $this->module();
        unlink($this->ini('Plesk', '8.3') . '/own.ini');
        $this->succeed('uninstall');

        self::assertSame(2, $code, $said);
        self::assertStringContainsString($this->binary('Plesk', '8.3', 'cli') . ' (its php.ini)', $said);
        self::assertSame(self::OUR_MODULE['jetpack.php'], $while);
        self::assertSame(self::OLD_MODULE['jetpack.php'], $this->module());
    }

    public function test_it_takes_out_of_every_minor_even_if_whmcs_uses_another_by_now(): void
    {
        $this->succeed('install');
        $this->crontab('');
        unlink("$this->machine/opt/plesk/php/8.2/etc/php-fpm.d/shop.example.conf");

        $this->succeed('uninstall');

        foreach (['8.2', '8.3'] as $minor) {
            self::assertFileDoesNotExist($this->installed('Plesk', $minor));
            self::assertSame([], glob($this->ini('Plesk', $minor) . '/*'));
        }
        self::assertDirectoryDoesNotExist("$this->machine/usr/local/lib/whmcs_provisioning");
    }

    /** The PHP module would send what is encrypted to Jetpack. */
    public function test_it_refuses_while_api_tokens_are_hidden(): void
    {
        $this->succeed('install');
        $hidden = "fine\tjobs.deletions\tNo Comet account waits.\n\n\x1enote\ttokens.hidden\t2 products hidden.";
        $this->php('Plesk', '8.2', "doctor='$hidden'", ['cli']);

        [$code, $said] = $this->installer('uninstall');

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('Problem: 2 products hidden.', $said);
        self::assertStringContainsString('Nothing was changed.', $said);
        self::assertSame(self::OUR_MODULE['jetpack.php'], $this->module());

        $this->php('Plesk', '8.2', "doctor='fine\ttokens.hidden\tNo API token is hidden.'", ['cli']);
        $this->succeed('uninstall');
        self::assertSame(self::OLD_MODULE['jetpack.php'], $this->module());
    }

    /** Nobody deletes them afterwards. */
    public function test_it_says_which_accounts_wait_for_their_deletion_and_nothing_else_of_the_doctor(): void
    {
        $this->succeed('install');
        $doctor = "note\tclock\tThe clock is late.\n\n\x1enote\tjobs.deletions\t2 Comet accounts wait.";
        $this->php('Plesk', '8.2', "doctor='$doctor'", ['cli', 'fpm']);

        $said = $this->succeed('uninstall', ['--dry-run' => '']);

        self::assertStringContainsString('Pending     2 Comet accounts wait.', $said);
        self::assertStringNotContainsString('The clock', $said);
    }

    /** @return iterable<string, array{string, string}> what the PHPs say of WHMCS, and the line about deletions */
    public static function pendingDeletions(): iterable
    {
        $unknown = 'Pending     whether Comet accounts wait for their deletion is not known: ';
        $clock = "note\tclock\tThe clock is late.\n\n\036";
        yield 'one waits' => ["doctor='{$clock}note\tjobs.deletions\t1 Comet account waits.'", 'Pending     1 Comet account waits.'];
        yield 'none waits' => ["doctor='{$clock}fine\tjobs.deletions\tNo Comet account waits.'", ''];
        yield 'no database' => ["doctor='fault\tdatabase.connection\tAccess denied.'", "{$unknown}WHMCS's database could not be read in "];
        yield 'no WHMCS' => ["case \" \$* \" in *' -r '*) printf '\\n\\036asked\\n'; exit 255;; esac", "{$unknown}WHMCS did not load or did not end in "];
    }

    /** @dataProvider pendingDeletions */
    public function test_it_says_once_which_deletions_nobody_will_carry_out_and_goes_on(string $php, string $line): void
    {
        $this->succeed('install');
        foreach (['8.2', '8.3'] as $minor) {
            $this->php('Plesk', $minor, $php, ['cli']);
        }

        $said = $this->succeed('uninstall');

        self::assertSame($line === '' ? 0 : 1, substr_count($said, 'Pending'), $said);
        self::assertStringContainsString($line, $said);
        self::assertSame(self::OLD_MODULE['jetpack.php'], $this->module());
    }

    /** Moved or deleted, while its PHPs still load the extension. */
    public function test_of_a_whmcs_that_is_gone_it_takes_out_what_is_outside_and_keeps_the_php_module(): void
    {
        $this->succeed('install');
        rename($this->machine . self::SITE, "$this->machine/elsewhere");

        $before = $this->state();
        $planned = $this->succeed('uninstall', ['--dry-run' => '']);
        self::assertSame($before, $this->state());
        $said = $this->succeed('uninstall');

        self::assertStringContainsString('has no modules folder: only what is outside of it is taken out', $planned);
        self::assertStringNotContainsString('servers/jetpack', $planned);
        self::assertStringNotContainsString('Pending', $said);
        foreach (['8.2', '8.3'] as $minor) {
            self::assertFileDoesNotExist($this->installed('Plesk', $minor));
            self::assertSame([], glob($this->ini('Plesk', $minor) . '/*'));
        }
        self::assertDirectoryDoesNotExist($this->machine . self::SITE);
        [$kept] = glob("$this->machine/var/backups/whmcs_provisioning/*/replaced/module/servers/jetpack/jetpack.php") ?: [''];
        self::assertStringEqualsFile($kept, self::OLD_MODULE['jetpack.php']);
        self::assertStringContainsString('stays in ' . substr($kept, 0, (int) strpos($kept, '/replaced/')), $said);
        self::assertSame(self::OUR_MODULE['jetpack.php'], file_get_contents("$this->machine/elsewhere/modules/servers/jetpack/jetpack.php"));
    }

    /** A slip of the hand is not a WHMCS that is gone. */
    public function test_of_a_folder_that_no_installation_names_it_says_that_it_is_no_whmcs(): void
    {
        $this->succeed('install');

        $before = $this->state();
        [$code, $said] = $this->installer('uninstall', ['WHMCS_ROOT' => "$this->machine/home/nobody"]);

        self::assertSame(1, $code, $said);
        self::assertStringContainsString('is not a WHMCS folder', $said);
        self::assertSame($before, $this->state());
    }
}
