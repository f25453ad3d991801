<?php

declare(strict_types=1);

// crates.php LICENSES SBOM: what the library is made of. Copies the license texts of every crate, of Rust's standard library and of
// what Zig links into the folder LICENSES, and writes the list of all crates to SBOM (CycloneDX 1.5). The same lock file gives the
// same bytes: no random number, no time but SOURCE_DATE_EPOCH.

const TARGET = 'x86_64-unknown-linux-gnu';

chdir(dirname(__DIR__));
[, $licenses, $sbom] = $argv + [1 => null, null];
$sbom !== null || fail('Usage: crates.php LICENSES SBOM');

function fail(string $why): never
{
    fwrite(STDERR, "crates.php: $why\n");
    exit(1);
}

/** Returns what a command prints. */
function output_of(string $command): string
{
    exec($command, $lines, $code);
    $code === 0 || fail("this failed: $command");

    return implode("\n", $lines);
}

/**
 * Returns "name version" of the crates that are reached by these kinds of dependencies, as keys. By `cargo tree`, because what
 * `cargo metadata` resolves has optional crates in it that no feature asks for.
 *
 * @return array<string, true>
 */
function crates_by(string $kinds): array
{
    $tree = output_of('cargo tree --locked --no-default-features --features php --prefix none -f {p} --target ' . TARGET . " -e $kinds");
    preg_match_all('/^(\S+) v(\S+)/m', $tree, $found, PREG_SET_ORDER);

    return array_fill_keys(array_map(static fn (array $crate): string => "$crate[1] $crate[2]", $found), true);
}

/** Returns the crates with what `cargo metadata` knows of them, by "name version", sorted. */
function packages(array $crates): array
{
    $metadata = json_decode(output_of('cargo metadata --locked --format-version 1 --filter-platform ' . TARGET), true, 512, JSON_THROW_ON_ERROR);
    $packages = [];
    foreach ($metadata['packages'] as $package) {
        $packages[$package['name'] . ' ' . $package['version']] = $package;
    }
    $nodes = array_column($metadata['resolve']['nodes'], null, 'id');
    $packages = array_intersect_key($packages, $crates);
    ksort($packages);
    foreach ($packages as &$package) {
        $package['dependencies'] = $nodes[$package['id']]['dependencies'];
    }

    return $packages;
}

/** Returns the license files in a crate's folder, by name. */
function license_files(string $folder): array
{
    $names = preg_grep('/^(licen[cs]e|copying|copyright|notice|unlicense)/i', scandir($folder));

    return array_filter(array_map(static fn (string $name): string => "$folder/$name", $names), 'is_file');
}

/** Copies the texts of a crate; where it has none of its own, those of another crate of the same repository. */
function copy_licenses(array $package, array $packages, string $to): void
{
    $files = license_files(dirname($package['manifest_path']));
    foreach ($packages as $other) {
        if ($files === [] && $package['repository'] !== null && $other['repository'] === $package['repository']) {
            $files = license_files(dirname($other['manifest_path']));
        }
    }
    $files !== [] || fail("there is no license text of {$package['name']} {$package['version']}.");
    copy_all($files, "$to/{$package['name']}-{$package['version']}");
}

function copy_all(array $files, string $folder): void
{
    is_dir($folder) || mkdir($folder, 0755, true) || fail("$folder cannot be made.");
    foreach ($files as $file) {
        copy($file, $folder . '/' . basename($file)) || fail("$file cannot be copied.");
    }
}

/** Copies the texts for what is linked and is no crate. */
function copy_other_licenses(string $to): void
{
    $rust = output_of('rustc --print sysroot') . '/share/doc/rust';
    is_file("$rust/COPYRIGHT-library.html") || fail("$rust has no licenses of the standard library.");
    copy_all(["$rust/COPYRIGHT-library.html"], "$to/rust-standard-library");
    $zig = dirname(output_of('packaging/zig'));
    copy_all(["$zig/LICENSE"], "$to/zig-compiler-rt");
    copy_all(["$zig/lib/libunwind/LICENSE.TXT"], "$to/zig-libunwind");
    copy_all(["$zig/lib/libc/glibc/LICENSES"], "$to/glibc-start-files");
}

function purl(array $package): string
{
    return "pkg:cargo/{$package['name']}@{$package['version']}";
}

/** Returns the component of a crate; what only the build runs has the scope `excluded`. */
function component(array $package, bool $isLinked, array $checksums): array
{
    $key = $package['name'] . ' ' . $package['version'];

    return array_filter([
        'type' => 'library',
        'bom-ref' => purl($package),
        'name' => $package['name'],
        'version' => $package['version'],
        'scope' => $isLinked ? 'required' : 'excluded',
        'hashes' => isset($checksums[$key]) ? [['alg' => 'SHA-256', 'content' => $checksums[$key]]] : null,
        'licenses' => [license($package)],
        'purl' => purl($package),
        'externalReferences' => $package['repository'] === null ? null : [['type' => 'vcs', 'url' => $package['repository']]],
    ]);
}

/** Returns the license of a crate: an expression, or where its text is. Cargo's older way to write "or" is a slash. */
function license(array $package): array
{
    return $package['license'] === null
        ? ['license' => ['name' => "see licenses/{$package['name']}-{$package['version']}"]]
        : ['expression' => str_replace('/', ' OR ', $package['license'])];
}

/** Returns the SHA-256 of each crate's archive, from the lock file. */
function checksums(): array
{
    preg_match_all('/name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"/', (string) file_get_contents('Cargo.lock'), $found, PREG_SET_ORDER);
    $checksums = [];
    foreach ($found as [, $name, $version, $checksum]) {
        $checksums["$name $version"] = $checksum;
    }

    return $checksums;
}

/** Returns what compiled and linked the library. */
function tools(): array
{
    preg_match('/^rustc (\S+)/', output_of('rustc --version'), $rust);
    preg_match('/^ziglang==(\S+)/m', (string) file_get_contents('packaging/zig.txt'), $zig);

    return [
        ['type' => 'application', 'name' => 'rustc', 'version' => $rust[1]],
        ['type' => 'application', 'name' => 'zig', 'version' => $zig[1]],
    ];
}

function bill_of_materials(array $packages, array $linked): array
{
    $byId = array_column($packages, null, 'id');
    $checksums = checksums();
    $components = $dependencies = [];
    foreach ($packages as $key => $package) {
        $components[$key] = component($package, isset($linked[$key]), $checksums);
        $needs = array_map('purl', array_values(array_intersect_key($byId, array_flip($package['dependencies']))));
        sort($needs);
        $dependencies[] = ['ref' => purl($package), 'dependsOn' => $needs];
    }
    $own = array_key_first(array_filter($packages, static fn (array $package): bool => $package['source'] === null));
    $root = ['scope' => null] + $components[$own];
    unset($components[$own]);

    return [
        'bomFormat' => 'CycloneDX',
        'specVersion' => '1.5',
        'version' => 1,
        'metadata' => [
            'timestamp' => gmdate('Y-m-d\TH:i:s\Z', (int) getenv('SOURCE_DATE_EPOCH')),
            'tools' => ['components' => tools()],
            'component' => array_filter($root),
        ],
        'components' => array_values($components),
        'dependencies' => $dependencies,
    ];
}

$packages = packages(crates_by('normal,build'));
foreach ($packages as $package) {
    // Our own license is at the top.
    $package['source'] === null || copy_licenses($package, $packages, $licenses);
}
copy_other_licenses($licenses);
$bill = json_encode(bill_of_materials($packages, crates_by('normal,no-proc-macro')), JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
file_put_contents($sbom, "$bill\n") !== false || fail("$sbom cannot be written.");
