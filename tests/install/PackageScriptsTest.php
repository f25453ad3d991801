<?php

declare(strict_types=1);

// The scripts that make a release (packaging/), without building one.

namespace Tests\Install;

use PHPUnit\Framework\TestCase;

final class PackageScriptsTest extends TestCase
{
    private const SCRIPTS = __DIR__ . '/../../packaging';

    private string $place;

    protected function setUp(): void
    {
        $this->place = sys_get_temp_dir() . '/package test ' . bin2hex(random_bytes(4));
        mkdir($this->place);
    }

    protected function tearDown(): void
    {
        exec('rm -rf -- ' . escapeshellarg($this->place));
    }

    public function test_a_library_is_named_by_what_php_says_of_itself(): void
    {
        self::assertSame([0, 'API20240924,TS,debug/x86_64'], $this->run_script('php-abi', $this->php_that_says('API20240924,TS,debug')));
        self::assertSame([0, 'API20220829,NTS/x86_64'], $this->run_script('php-abi', $this->php_that_says('API20220829,NTS')));
        [$code, $said] = $this->run_script('php-abi', $this->php_that_says('../API,NTS'));
        self::assertSame(1, $code);
        self::assertStringContainsString("does not say which extensions it loads (PHP Extension Build: '../API,NTS')", $said);
    }

    public function test_every_php_with_headers_is_found_once(): void
    {
        $minor = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        [$code, $said] = $this->run_script('find-phps');
        self::assertSame(0, $code, $said);
        self::assertSame(1, preg_match_all('/^' . preg_quote($minor) . '=\/\S+:\/\S+$/m', $said), $said);
    }

    public function test_a_library_of_this_machine_is_refused(): void
    {
        $library = (string) realpath(getenv('TEST_EXTENSION') ?: __DIR__ . '/../../target/debug/libwhmcs_provisioning.so');
        [$code, $said] = $this->run_script('check-library', $library);
        self::assertSame(1, $code);
        self::assertMatchesRegularExpression('/needs GLIBC_2\.\d+, hosts have GLIBC_2\.17\./', $said);
        self::assertStringContainsString('needs libgcc_s.so.1.', $said);
        self::assertStringContainsString('which is not glibc\'s.', $said);
        self::assertStringContainsString('holds stop points of the test build.', $said);
        self::assertMatchesRegularExpression('/has \d+ bytes, at most 7000000 are allowed\./', $said);
    }

    public function test_a_library_for_every_host_is_accepted(): void
    {
        $library = "$this->place/small.so";
        $build = 'echo "int one(void) { return 1; }" | gcc -shared -nostdlib -x c -o ' . escapeshellarg($library) . ' -';
        exec($build, $lines, $code);
        self::assertSame(0, $code);
        [$code, $said] = $this->run_script('check-library', $library);
        self::assertSame(0, $code, $said);
    }

    public function test_the_file_of_checksums_names_every_other_file(): void
    {
        $files = ['a b/c.txt', 'B', 'lib/API20220829,NTS/x86_64/whmcs_provisioning.so', '.hidden'];
        $this->write($files);
        self::assertSame(0, $this->run_script('checksums', $this->place)[0]);
        // A second time it does not name itself either.
        self::assertSame(0, $this->run_script('checksums', $this->place)[0]);
        $named = array_map(static fn (string $line): string => substr($line, 66), file("$this->place/SHA256SUMS", FILE_IGNORE_NEW_LINES));
        sort($files, SORT_STRING);
        self::assertSame($files, $named);
        $check = 'cd ' . escapeshellarg($this->place) . ' && sha256sum --quiet -c SHA256SUMS 2>&1';
        exec($check, $lines, $code);
        self::assertSame(0, $code, implode("\n", $lines));
        file_put_contents("$this->place/B", 'other');
        exec($check, $lines, $code);
        self::assertSame(1, $code);
    }

    public function test_an_archive_does_not_depend_on_when_and_by_whom_it_is_made(): void
    {
        putenv('SOURCE_DATE_EPOCH=1700000000');
        foreach ([['one', ['x', 'y']], ['two', ['y', 'x']]] as $at => [$folder, $files]) {
            $this->write(array_map(static fn (string $file): string => "$folder/top/$file", $files));
            touch("$this->place/$folder/top/x", 1000000000 + $at);
            self::assertSame(0, $this->run_script('archive', "$this->place/$folder", 'top', "$this->place/$folder.tar.gz")[0]);
        }
        putenv('SOURCE_DATE_EPOCH');
        self::assertFileEquals("$this->place/one.tar.gz", "$this->place/two.tar.gz");
    }

    public function test_pie_finds_its_files_by_tag_minor_and_kind(): void
    {
        $libraries = ['API20210902,NTS/x86_64', 'API20240924,TS,debug/x86_64', 'API20250925,NTS/aarch64'];
        $this->write(array_map(static fn (string $abi): string => "lib/$abi/whmcs_provisioning.so", $libraries));
        putenv('SOURCE_DATE_EPOCH=1700000000');
        [$code, $said] = $this->run_script('pie', '1.2.3', "$this->place/lib", $this->place);
        putenv('SOURCE_DATE_EPOCH');
        self::assertSame(0, $code, $said);
        self::assertSame([
            'php_whmcs_provisioning-v1.2.3_php8.1-x86_64-linux-glibc.tgz',
            'php_whmcs_provisioning-v1.2.3_php8.4-x86_64-linux-glibc-debug-zts.tgz',
            'php_whmcs_provisioning-v1.2.3_php8.5-arm64-linux-glibc.tgz',
        ], array_map('basename', glob("$this->place/*.tgz")));
        exec('tar -tzf ' . escapeshellarg(glob("$this->place/*.tgz")[0]), $entries);
        self::assertSame(['whmcs_provisioning.so'], $entries);
    }

    public function test_a_tag_is_the_version(): void
    {
        [, $version] = $this->run_script('version');
        self::assertSame([0, $version], $this->run_script('version', "v$version"));
        self::assertSame(1, $this->run_script('version', 'v99.0.0')[0]);
    }

    public function test_a_signature_is_checked_with_the_public_key(): void
    {
        $this->write(['SHA256SUMS']);
        $place = escapeshellarg($this->place);
        exec("cd $place && openssl ecparam -name prime256v1 -genkey -noout -out key.pem && openssl ec -in key.pem -pubout -out public.pem 2>&1");
        self::assertSame(0, $this->run_script('sign', "$this->place/key.pem", "$this->place/SHA256SUMS")[0]);
        $check = "cd $place && openssl dgst -sha256 -verify public.pem -signature SHA256SUMS.sig SHA256SUMS 2>&1";
        exec($check, $lines, $code);
        self::assertSame([0, 'Verified OK'], [$code, $lines[0]]);
        file_put_contents("$this->place/SHA256SUMS", 'more', FILE_APPEND);
        exec($check, $lines, $code);
        self::assertSame(1, $code);
    }

    /** Returns a program that is a PHP to the scripts: it says what it is built as, and for what machine. */
    private function php_that_says(string $build): string
    {
        $php = "$this->place/php" . bin2hex(random_bytes(4));
        file_put_contents($php, "#!/bin/sh\ncase \"\$*\" in\n*-i*) echo 'PHP Extension Build => $build' ;;\n*) echo x86_64 ;;\nesac\n");
        chmod($php, 0755);

        return $php;
    }

    /** Writes files with their name as text. */
    private function write(array $files): void
    {
        foreach ($files as $file) {
            @mkdir(dirname("$this->place/$file"), 0755, true);
            file_put_contents("$this->place/$file", basename($file));
        }
    }

    /** Returns the exit code of a script, and what it says. */
    private function run_script(string $script, string ...$arguments): array
    {
        exec(implode(' ', array_map('escapeshellarg', [self::SCRIPTS . "/$script", ...$arguments])) . ' 2>&1', $lines, $code);

        return [$code, implode("\n", $lines)];
    }
}
