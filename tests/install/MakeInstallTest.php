<?php

declare(strict_types=1);

// `make install` hands the installer a library or the package, and builds only where neither is there.

namespace Tests\Install;

use PHPUnit\Framework\TestCase;

final class MakeInstallTest extends TestCase
{
    private const REPOSITORY = __DIR__ . '/../..';

    private string $place;

    protected function setUp(): void
    {
        $this->place = (string) realpath(sys_get_temp_dir()) . '/make test ' . bin2hex(random_bytes(4));
        mkdir("$this->place/bin", 0755, true);
        mkdir("$this->place/target");
        copy(self::REPOSITORY . '/Makefile', "$this->place/Makefile");
        symlink((string) realpath(self::REPOSITORY . '/packaging'), "$this->place/packaging");
        // The build's check of what it built.
        mkdir("$this->place/target/release");
        touch("$this->place/target/release/libwhmcs_provisioning.so");
        $this->program('bin/cargo', 'echo "cargo $1 $2"');
        $this->program('install.sh', 'echo "installer $* PHP=$PHP PHP_CONFIG=$PHP_CONFIG"');
    }

    protected function tearDown(): void
    {
        exec('rm -rf -- ' . escapeshellarg($this->place));
    }

    /** @return iterable<string, array{string, list<string>, list<string>}> the package, arguments, lines */
    public static function ways(): iterable
    {
        $root = 'WHMCS_ROOT=/srv/w h';
        yield 'a library' => ['', ['LIBRARY=/srv/a b.so'], ["installer install $root LIBRARY=/srv/a b.so PHP= PHP_CONFIG="]];
        yield 'the package' => ['target/package/lib', [], ["installer install $root PHP= PHP_CONFIG="]];
        yield 'the package into a PHP that is named' => ['target/package/lib', ['PHP=/x/php'], ["installer install $root PHP=/x/php PHP_CONFIG="]];
        $built = ['cargo rustc --release', "installer install $root PHP=/x/php PHP_CONFIG=/x/config"];
        yield 'neither' => ['', ['PHP=/x/php', 'PHP_CONFIG=/x/config'], $built];
    }

    /**
     * @dataProvider ways
     * @param list<string> $arguments
     * @param list<string> $lines
     */
    public function test_it_builds_only_where_there_is_nothing_to_install(string $package, array $arguments, array $lines): void
    {
        $package === '' || mkdir("$this->place/$package", 0755, true);

        self::assertSame($lines, $this->make('install', ...$arguments));
    }

    public function test_check_and_uninstall_build_nothing(): void
    {
        self::assertSame(['installer check WHMCS_ROOT=/srv/w h PHP=/x/php PHP_CONFIG='], $this->make('check-install', 'PHP=/x/php', 'PHP_CONFIG='));
        self::assertSame(['installer uninstall WHMCS_ROOT=/srv/w h PHP=/x/php PHP_CONFIG='], $this->make('uninstall', 'PHP=/x/php', 'PHP_CONFIG='));
    }

    /** @return list<string> */
    private function make(string $target, string ...$arguments): array
    {
        $command = ['make', '-s', '--no-print-directory', '-C', $this->place, $target, 'WHMCS_ROOT=/srv/w h', ...$arguments];
        // Of this run alone, whatever `make` has started the tests.
        $environment = 'env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u PHP -u PHP_CONFIG -u LIBRARY PATH='
            . escapeshellarg("$this->place/bin:" . getenv('PATH'));
        exec("$environment " . implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1', $lines, $code);
        self::assertSame(0, $code, implode("\n", $lines));

        return $lines;
    }

    private function program(string $name, string $script): void
    {
        file_put_contents("$this->place/$name", "#!/bin/sh\n$script\n");
        chmod("$this->place/$name", 0755);
    }
}
