<?php

declare(strict_types=1);

// What is wrong with the archive, the machine or a PHP is said in one sentence, and nothing is changed.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class PackageTest extends EmulatedMachine
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->php('Plesk', '8.2');
        $this->pages('Plesk', '8.2');
    }

    /** @return iterable<string, array{callable, string}> */
    public static function faults(): iterable
    {
        $library = 'lib/API20220829,NTS/' . php_uname('m') . '/whmcs_provisioning.so';
        yield 'half a copy: a file is missing' => [
            fn (string $place) => unlink("$place/package/$library"),
            "the package is not whole: $library is missing or wrong",
        ];
        yield 'half a copy: the sums are missing' => [
            fn (string $place) => unlink("$place/package/SHA256SUMS"),
            'SHA256SUMS is missing: the archive was not unpacked as a whole',
        ];
        yield 'a file that was changed' => [
            fn (string $place) => file_put_contents("$place/package/modules/servers/jetpack/jetpack.php", '<?php // other'),
            'the package is not whole: modules/servers/jetpack/jetpack.php is missing or wrong',
        ];
        yield 'sums that are none' => [
            fn (string $place) => file_put_contents("$place/package/SHA256SUMS", "nothing\n"),
            'the package is not whole: SHA256SUMS is missing or wrong',
        ];
        yield 'a file of another release' => [
            fn (string $place) => file_put_contents("$place/package/modules/servers/jetpack/old.php", '<?php'),
            'package/modules/servers/jetpack/old.php is not in SHA256SUMS',
        ];
    }

    /** @dataProvider faults */
    public function test_an_archive_that_is_not_whole_is_refused(callable $spoil, string $sentence): void
    {
        $spoil($this->place);

        $this->refuses($sentence);
    }

    public function test_a_php_that_hangs_is_ended_and_named(): void
    {
        $this->php('cPanel', '8.1', 'hang=yes');

        $said = $this->succeed('install', ['PHP_LIMIT' => '1']);

        self::assertStringContainsString('Left out    ' . $this->binary('cPanel', '8.1', 'cli') . ' did not answer within 1 seconds, and was ended', $said);
    }

    public function test_a_php_that_is_named_and_hangs_is_refused(): void
    {
        $this->emulate('/opt/own/php', '8.1', ['sapi' => 'x', 'extension_dir' => '/x', 'scan_dir' => '/x'], 'hang=yes');

        $this->refuses('/opt/own/php did not answer within 1 seconds', ['PHP' => "$this->machine/opt/own/php", 'PHP_LIMIT' => '1']);
    }

    public function test_a_php_without_a_folder_of_ini_files_is_refused(): void
    {
        $facts = ['sapi' => self::SAPIS['cli'], 'extension_dir' => "$this->place", 'scan_dir' => '(none)'];
        $this->emulate('/opt/own/php', '8.2', $facts);

        $this->refuses('/opt/own/php reads no folder of ini files: name one with INI_DIRS=', ['PHP' => "$this->machine/opt/own/php"]);
    }

    public function test_a_php_of_musl_is_named(): void
    {
        $facts = ['sapi' => self::SAPIS['cli'], 'extension_dir' => "$this->place", 'scan_dir' => "$this->place"];
        $this->emulate('/opt/own/php', '8.2', $facts, '# /lib/ld-musl-x86_64.so.1');

        $this->refuses('it is built with musl, and the libraries are for glibc', ['PHP' => "$this->machine/opt/own/php"]);
    }

    public function test_a_package_for_another_architecture_is_named(): void
    {
        $folder = "$this->place/package/lib/API20220829,NTS";
        rename("$folder/" . php_uname('m'), "$folder/riscv64");
        $this->sign();

        $this->refuses('its library is for riscv64, and this machine is ' . php_uname('m'));
    }

    public function test_a_library_of_another_architecture_is_named(): void
    {
        $other = php_uname('m') === 'aarch64' ? ["\x3e\0", 'x86_64'] : ["\xb7\0", 'aarch64'];
        $this->write('other.so', "\x7fELF" . str_repeat("\0", 14) . $other[0]);

        $this->refuses("other.so is for $other[1], and this machine is", ['LIBRARY' => "$this->place/other.so"]);
    }

    /** Its API numbers are what the host needs to know. */
    public function test_a_library_for_another_minor_is_named_with_both_builds(): void
    {
        $this->write('other.so', "API20230831,NTS\n");

        $this->refuses(
            "other.so: PHP Startup: whmcs_provisioning: Unable to initialize module Module compiled with build ID=API20230831,NTS "
            . 'PHP compiled with build ID=API20220829,NTS These options need to match',
            ['LIBRARY' => "$this->place/other.so"]
        );
    }

    /** Of the same minor or not: each is named for what it is. */
    public function test_with_a_library_of_ones_own_other_phps_are_named_with_their_reason(): void
    {
        $this->php('cPanel', '8.2');
        $this->php('cPanel', '8.3');
        $this->write('own.so', "API20220829,NTS\n");

        $said = $this->succeed('install', ['LIBRARY' => "$this->place/own.so"]);

        self::assertMatchesRegularExpression('/Left out +PHP 8\.2\.30 \(cPanel, .*\): nothing says/', $said);
        self::assertMatchesRegularExpression('/Left out +PHP 8\.3\.30 \(cPanel, .*\): it does not take .*ID=API20220829,NTS .*ID=API20230831,NTS/', $said);
    }

    public function test_where_there_is_no_space_it_says_how_much_is_needed(): void
    {
        $this->write('bin/df', "#!/bin/sh\necho head\necho /dev/x 9 9 100 99% /tmp\n");
        chmod("$this->place/bin/df", 0755);

        $this->refuses('the file system of /tmp has 0 MB free, and', [], ['PATH' => "$this->place/bin:" . getenv('PATH')]);
    }

    public function test_another_user_is_refused_where_the_rights_do_not_reach(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root becomes another user.');

        $this->refuses('is not writable: run this as root', [], [], 'exec setpriv --reuid=12345 --regid=12345 --clear-groups -- "$@"');
    }

    /** @requires OS Linux */
    public function test_two_runs_at_once_take_place_one_after_the_other(): void
    {
        $said = $this->installer('install', [], [], '"$@" >/dev/null 2>&1 & "$@"; code=$?; wait $! && exit $code');

        self::assertSame(0, $said[0], $said[1]);
        self::assertFileExists($this->installed('Plesk', '8.2'));
        self::assertSame([], glob($this->machine . self::SITE . '/modules/servers/.whmcs_provisioning*'));
        self::assertCount(1, glob("$this->machine/var/backups/whmcs_provisioning/*"));
    }

    /**
     * @param array<string, string> $arguments
     * @param array<string, string> $environment
     */
    private function refuses(string $sentence, array $arguments = [], array $environment = [], string $within = ''): void
    {
        $before = $this->state();

        [$code, $output] = $this->installer('install', $arguments, $environment, $within);

        self::assertSame(1, $code, $output);
        self::assertMatchesRegularExpression('/^Problem: .*' . preg_quote($sentence, '/') . '/m', $output);
        self::assertStringContainsString('Nothing was changed.', $output);
        self::assertSame($before, $this->state());
    }
}
