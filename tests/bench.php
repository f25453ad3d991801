<?php

declare(strict_types=1);

// What the extension costs and saves, in one table; docs/performance.md says how to read it. Ends with 1 where a bar fails.

use Tests\Bench\Bars;
use Tests\Bench\Cold;
use Tests\Bench\Growth;
use Tests\Bench\Installer;
use Tests\Bench\Licenses;
use Tests\Bench\Load;
use Tests\Bench\Report;
use Tests\Bench\Rounds;
use Tests\Bench\World;
use Tests\Host\Host;
use Tests\Support\ChildProcess;

require __DIR__ . '/bootstrap.php';

const NEAR_ROUNDS = 15;
const FAR_ROUNDS = 9;
const LATENCY = 50;
/** Bytes a second. */
const GIGABIT = 125_000_000;

function part(string $name, callable $work): mixed
{
    $begun = microtime(true);
    $result = $work();
    fprintf(STDERR, "%-12s %5.1f s\n", $name, microtime(true) - $begun);

    return $result;
}

Host::boot(Host::connectionFromEnvironment());
Host::createTables();
mkdir(getenv('TEST_DIR') . '/templates_c');

$report = new Report(new Bars());
$world = World::fresh();
$rounds = new Rounds($world, $world->fpm());
part('warm-up', $rounds->warmUp(...));
$near = part('0 ms', static fn (): array => $rounds->run(NEAR_ROUNDS, 0));
$far = part('50+50 ms', static fn (): array => $rounds->run(FAR_ROUNDS, LATENCY));
$report->functions($near, $far);
$report->cold(part('first calls', static fn (): array => Cold::run(FAR_ROUNDS, LATENCY)));
$report->growth(part('jobs', Growth::ofJobs(...)), part('accounts', Growth::ofAccounts(...)));
$report->licenses(part('licenses', Licenses::compared(...)));
$gigabit = part('1 Gbit/s', static fn (): array => Installer::run(3, GIGABIT));
$report->installer($gigabit, part('installer', static fn (): array => Installer::run(5)));
$starts = part('starts', Load::starts(...));
$workers = part('workers', Load::workers(...));
$report->load(filesize(ChildProcess::extension()), $starts, $workers, part('pages', Load::pages(...)));

echo "\nMilliseconds: median (p10–p90). req, new, kB, sql: requests, new connections, bytes and statements of one call.\n\n", $report->table;
$failures = $report->bars->failures;
echo $failures === 0 ? "\nAll bars hold.\n" : "\n$failures of the bars FAIL.\n";
exit($failures === 0 ? 0 : 1);
