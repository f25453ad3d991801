<?php

declare(strict_types=1);

// Writes the pages of the documentation as HTML files into the folder named; tests/bin/screenshots takes the pictures.

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Host\Page;
use Tests\Support\CometSandbox;
use Tests\Support\Sandbox;

require __DIR__ . '/bootstrap.php';

$folder = $argv[1];
Host::boot(Host::connectionFromEnvironment());
Host::createTables();
$sandbox = Sandbox::fromEnvironment();
$sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => ['jetpack-security-daily_xZjtE12WIVwBus4n2wbIrYcIM']]);
$module = new Module('servers', 'jetpack', dirname(__DIR__) . '/modules');
$client = Host::addClient(['firstname' => 'Ada', 'lastname' => 'Lovelace']);
$product = Host::addProduct([
    'name' => 'Site protection',
    'servertype' => 'jetpack',
    'configoption1' => Sandbox::TOKEN,
    'configoption2' => 'jetpack-security-daily',
]);
$owner = ['userid' => $client, 'packageid' => $product, 'domain' => 'ada.example', 'domainstatus' => 'Pending'];
$service = Host::service(Host::addService($owner));
$module->create($service);
$module->custom($service, 'CheckLicense');

$lost = Host::service(Host::addService($owner));
$sandbox->fault(['match' => ['method' => 'POST', 'path' => '/license'], 'fault' => 'status', 'status' => 502, 'body' => '', 'act' => true]);
$module->create($lost);

$pages = [
    'client-area' => Page::client($module->clientArea($service), 'Site protection'),
    'module-settings' => Page::admin([], [], $module->configOptions($product)),
    'service-page' => Page::admin($module->adminTab($service), $module->adminButtons($service), []),
    'lost-answer' => Page::admin($module->adminTab($lost), $module->adminButtons($lost), []),
];

$comet = CometSandbox::fromEnvironment();
$comet->reset(['sample' => true]);
$server = Host::addServer([
    'name' => 'Comet', 'type' => 'cometbackup', 'hostname' => $comet->address(),
    'username' => CometSandbox::ADMIN, 'password' => CometSandbox::PASSWORD,
]);
$backup = new Module('servers', 'cometbackup', dirname(__DIR__) . '/modules');
$backupProduct = Host::addProduct([
    'name' => 'Backup', 'servertype' => 'cometbackup', 'servergroup' => Host::addServerGroup([$server]),
]);
// The sample with devices, vaults and jobs.
$account = array_key_first(array_filter($comet->state()['accounts'], fn (array $a) => count($a['profile']['Devices'] ?? []) > 1));
$customer = Host::service(Host::addService([
    'userid' => $client, 'packageid' => $backupProduct, 'server' => $server, 'domainstatus' => 'Active', 'username' => $account,
]));
$pages['comet-client-area'] = Page::client($backup->clientArea($customer), 'Backup');
$pages['comet-settings'] = Page::admin([], [], $backup->configOptions($backupProduct));
foreach ($pages as $name => $html) {
    file_put_contents("$folder/$name.html", $html);
}
