<?php

declare(strict_types=1);

// Starts the workbench: its WHMCS, filled; a second Comet Server; nginx and PHP-FPM. Stops them when it is told to. Started by tests/bin/workbench.

use Tests\Host\Configuration;
use Tests\Host\Host;
use Tests\Support\SandboxControl;
use Tests\Support\SandboxProcess;
use Tests\Workbench\Seeds;
use Tests\Workbench\Server;
use Tests\Workbench\World;

require __DIR__ . '/../bootstrap.php';

$options = getopt('', ['json', 'while-stdin', 'workers:', 'ini:']);
$ini = [];
foreach ((array) ($options['ini'] ?? []) as $line) {
    [$name, $value] = explode('=', $line, 2) + [1 => ''];
    $ini[$name] = $value;
}
$stops = false;
pcntl_async_signals(true);
foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
    pcntl_signal($signal, static function () use (&$stops): void {
        $stops = true;
    });
}

$port = Server::freePort();
$second = SandboxProcess::start('second-comet');
World::writeRoot();
Host::boot(Host::connectionFromEnvironment());
Host::writeConfiguration(World::root());
Host::createTables();
Configuration::set('SystemURL', "http://127.0.0.1:$port/");
(new Seeds($second))->sow();
$server = Server::start($port, max(1, (int) ($options['workers'] ?? 4)), $ini);

$card = [
    'address' => $server->address(),
    'control' => SandboxControl::about()['control'],
    'second_control' => json_decode((string) file_get_contents($second->card()), true)['control'],
    'folder' => $server->folder,
    'theme' => World::theme(),
    'pid' => getmypid(),
];
echo isset($options['json'])
    ? json_encode($card, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR) . "\n"
    : "The workbench is at {$card['address']}\nCtrl-C stops it and leaves nothing.\n";

$input = isset($options['while-stdin']) ? STDIN : null;
while (!$stops && ($failure = $server->failure()) === null) {
    if ($input === null) {
        usleep(100_000);
        continue;
    }
    $read = [$input];
    $write = $except = null;
    if (@stream_select($read, $write, $except, 0, 100_000) > 0 && (string) fread($input, 8192) === '' && feof($input)) {
        break;
    }
}
$server->stop();
$second->stop();
if (($failure ?? null) !== null && !$stops) {
    fwrite(STDERR, "$failure\n");
    exit(1);
}
