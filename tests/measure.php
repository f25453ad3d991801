<?php

declare(strict_types=1);

// Prints some figures of docs/performance.md: size, start-up time, idle memory, cost of a database connection.
// Runs with and without alternate, so that whatever else the machine does hits both; medians are shown.

use Tests\Host\Host;
use Tests\Support\ChildProcess;

require __DIR__ . '/bootstrap.php';

$library = $argv[1];
putenv("TEST_EXTENSION=$library");

/** @param array<int, float> $values */
function median(array $values): float
{
    sort($values);
    return $values[intdiv(count($values), 2)];
}

/** @param array<int, string> $arguments */
function milliseconds(array $arguments): float
{
    $begun = hrtime(true);
    $process = proc_open([PHP_BINARY, '-n', ...$arguments], [], $pipes);
    proc_close($process);
    return (hrtime(true) - $begun) / 1e6;
}

/**
 * Memory of a PHP that does nothing and that no other process can share with it.
 *
 * @param array<int, string> $arguments
 */
function privateKilobytes(array $arguments): float
{
    $code = 'preg_match("/^Private_Dirty:\\\\s+(\\\\d+)/m", file_get_contents("/proc/self/smaps_rollup"), $m); echo $m[1];';
    $process = proc_open([PHP_BINARY, '-n', ...$arguments, '-r', $code], [1 => ['pipe', 'w']], $pipes);
    $kilobytes = (float) stream_get_contents($pipes[1]);
    proc_close($process);
    return $kilobytes;
}

function residentKilobytes(int $pid): int
{
    preg_match('/VmRSS:\s+(\d+)/', (string) file_get_contents("/proc/$pid/status"), $match);
    return (int) $match[1];
}

$extension = ['-d', "extension=$library"];
$with = $without = $delta = $memory = $bare = [];
for ($round = 0; $round < 200; $round++) {
    $without[] = milliseconds(['-r', '']);
    $with[] = milliseconds([...$extension, '-r', '']);
    $delta[] = end($with) - end($without);
}
for ($round = 0; $round < 11; $round++) {
    $bare[] = privateKilobytes([]);
    $memory[] = privateKilobytes($extension);
}
printf("size of the library             %.2f MB\n", filesize($library) / 1e6);
printf(
    "php -n -r '' without / with     %.1f / %.1f ms, added %.2f ms (median of %d pairs)\n",
    median($without),
    median($with),
    median($delta),
    count($delta)
);
printf(
    "private memory without / with   %.0f / %.0f kB, added %.0f kB (idle process)\n",
    median($bare),
    median($memory),
    median($memory) - median($bare)
);

Host::boot(Host::connectionFromEnvironment());
Host::createTables();
$first = $later = [];
// WHMCS has its own connection open, and its classes loaded, before it calls a module.
$code = <<<'PHP'
    WHMCS\Database\Capsule::connection()->select('SELECT 1');
    $times = [];
    for ($call = 0; $call < 3; $call++) {
        $begun = hrtime(true);
        jetpack_DefaultApiToken();
        $times[] = (hrtime(true) - $begun) / 1e6;
    }
    echo json_encode($times);
    PHP;
for ($round = 0; $round < 31; $round++) {
    $times = json_decode(ChildProcess::start($code)->wait()['output'], true);
    $first[] = $times[0];
    $later[] = $times[2];
}
printf(
    "first call of a request         %.2f ms, opens the database connection; later calls %.2f ms (same two statements)\n",
    median($first),
    median($later)
);

$server = (int) getenv('TEST_DB_PID');
$connections = [];
$before = residentKilobytes($server);
$dsn = 'mysql:unix_socket=' . getenv('TEST_DB_SOCKET') . ';dbname=' . getenv('TEST_DB_NAME');
for ($number = 0; $number < 100; $number++) {
    $connections[] = $connection = new PDO($dsn, (string) getenv('TEST_DB_USER'), (string) getenv('TEST_DB_PASSWORD'));
    $connection->query('SELECT 1')->fetchAll();
}
printf(
    "100 idle connections            %.1f MB at the database server, of its 151\n",
    (residentKilobytes($server) - $before) / 1000
);
