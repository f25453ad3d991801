<?php

declare(strict_types=1);

// install.sh makes one private directory for all PHPs of a WHMCS, of the user they run as, and check looks at it as he does.

namespace Tests\Install;

use Tests\Support\InstallTestCase;

final class InstallStateDirTest extends InstallTestCase
{
    /** Of nobody on any machine, so that its directory is not there yet. */
    private const WEB_USER = 954321;

    private string $state;

    protected function setUp(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root makes it for another user.');
        parent::setUp();
        $this->state = "$this->place/of the web/state";
        mkdir(dirname($this->state));
        $this->write('WHMCS root/configuration.php', "<?php\n");
        chown("$this->place/WHMCS root/configuration.php", self::WEB_USER);
    }

    protected function tearDown(): void
    {
        isset($this->place) && parent::tearDown();
    }

    public function test_it_is_private_to_the_owner_of_the_configuration_and_named_in_the_ini_file(): void
    {
        $output = $this->succeed('install', ['STATE_DIR' => $this->state]);
        $again = $this->succeed('install');

        self::assertStringContainsString("Made        $this->state, private to the user " . self::WEB_USER, $output);
        self::assertStringNotContainsString('Made', $again);
        self::assertSame([self::WEB_USER, 0700], [fileowner($this->state), fileperms($this->state) & 07777]);
        $ini = (string) file_get_contents($this->iniFile());
        self::assertSame(1, substr_count($ini, "whmcs_provisioning.state_dir=\"$this->state\"\n"), $ini);
    }

    public function test_without_a_name_it_is_below_var_lib(): void
    {
        $state = '/var/lib/whmcs_provisioning/' . self::WEB_USER;
        try {
            $this->succeed('install');
            $made = [fileowner($state), fileperms($state) & 07777, fileowner(dirname($state)), fileperms(dirname($state)) & 07777];
            $this->succeed('uninstall');
            clearstatcache();
            $left = file_exists($state);
        } finally {
            @rmdir($state);
            @rmdir(dirname($state));
        }

        self::assertSame([self::WEB_USER, 0700, 0, 0755], $made);
        self::assertFalse($left);
    }

    public function test_check_looks_at_it_with_the_rights_of_the_web_user(): void
    {
        $good = $this->succeed('install', ['STATE_DIR' => $this->state]);
        chown($this->state, 0);

        [$code, $output] = $this->installer('check');

        self::assertStringNotContainsString('MISSING', $good);
        self::assertSame(2, $code, $output);
        self::assertMatchesRegularExpression(
            '/MISSING .*\(Command Line Interface, .*\): the directory ' . preg_quote($this->state, '/')
            . ' \(whmcs_provisioning\.state_dir\) cannot be used: it belongs to the user 0, and this PHP runs as ' . self::WEB_USER . '/',
            $output
        );
    }

    public function test_uninstall_takes_what_may_be_lost_and_leaves_licenses(): void
    {
        $this->succeed('install', ['STATE_DIR' => $this->state]);
        foreach (['mark', 'down-1', 'license-1'] as $file) {
            file_put_contents("$this->state/$file", 'x');
        }

        $output = $this->succeed('uninstall');

        self::assertSame(['license-1' => 'x'], $this->files($this->state));
        self::assertStringContainsString("Kept        $this->state, which holds licenses", $output);
        self::assertDirectoryDoesNotExist("$this->place/backup");
    }

    /** @return iterable<string, array{string, string}> */
    public static function refusals(): iterable
    {
        yield 'in the web folder' => ['%/WHMCS root/state', 'STATE_DIR must be a full path outside'];
        yield 'where it could not be quoted' => ['%/a"b', 'STATE_DIR must be a full path outside'];
        yield 'no full path' => ['state', 'STATE_DIR must be a full path outside'];
        yield 'where others may write' => ['%/open/state', 'others than root may write to'];
    }

    /** @dataProvider refusals */
    public function test_a_place_that_is_not_private_is_refused(string $state, string $sentence): void
    {
        mkdir("$this->place/open");
        chown("$this->place/open", 12345);
        $before = self::entries($this->place);

        [$code, $output] = $this->installer('install', ['STATE_DIR' => str_replace('%', $this->place, $state)]);

        self::assertSame(1, $code, $output);
        self::assertStringContainsString($sentence, $output);
        self::assertSame($before, self::entries($this->place));
    }
}
