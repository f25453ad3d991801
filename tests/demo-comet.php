<?php

declare(strict_types=1);

// The life of a Comet account, seen from WHMCS. With COMET_URL, COMET_USERNAME and COMET_PASSWORD set: test, create,
// client area and terminate against that server.

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\CometSandbox;
use WHMCS\Database\Capsule;

require __DIR__ . '/bootstrap.php';
require __DIR__ . '/support/printing.php';

$realUrl = getenv('COMET_URL') ?: null;
$failures = 0;

function step(string $label, callable $command): void
{
    global $failures;
    $answer = $command();
    $failures += $answer === 'success' ? 0 : 1;
    shown($label, $answer);
}

Host::boot(Host::connectionFromEnvironment());
Host::createTables();
$sandbox = CometSandbox::fromEnvironment();
if ($realUrl === null) {
    $sandbox->reset(['templates' => ['1' => 'Backup storage'], 'policies' => (object) []]);
}
$server = Host::addServer([
    'name' => 'Comet',
    'type' => 'cometbackup',
    'hostname' => $realUrl ?? $sandbox->address(),
    'username' => getenv('COMET_USERNAME') ?: CometSandbox::ADMIN,
    'password' => getenv('COMET_PASSWORD') ?: CometSandbox::PASSWORD,
]);
$module = new Module('servers', 'cometbackup', dirname(__DIR__) . '/modules');
$client = Host::addClient(['firstname' => 'Ada', 'lastname' => 'Lovelace', 'email' => 'ada+backup@example.com']);
$product = Host::addProduct([
    'name' => 'Backup',
    'servertype' => 'cometbackup',
    'configoption1' => $realUrl === null ? 'WHMCS_demo' : '',
    'configoption2' => $realUrl === null ? '1' : '',
]);
$devices = Host::addConfigurableOption($product, ['optionname' => 'number_of_devices|Devices']);
$storage = Host::addConfigurableOption($product, ['optionname' => 'storage_vault_quota_gb|Storage (GB)']);

heading('The server');
$verdict = $module->call('TestConnection', $module->serverParams($server));
$failures += $verdict['success'] ? 0 : 1;
shown('Test connection', $verdict['success'] ? 'success' : $verdict['error']);

$id = Host::addService([
    'userid' => $client, 'packageid' => $product, 'server' => $server, 'domainstatus' => 'Pending',
    'password' => 'A-long-enough-1',
]);
Host::chooseOption($id, $devices, 3);
Host::chooseOption($id, $storage, 50);

heading("A service (id $id)");
step('Create', fn () => $module->create(Host::service($id)));
shown('', 'user name in WHMCS: ' . Host::service($id)->username);
if ($realUrl !== null) {
    shown('Client area', plainText($module->clientArea(Host::service($id))));
    step('Terminate', fn () => $module->terminate(Host::service($id)));
    exit($failures === 0 ? 0 : 1);
}
step('Create again', fn () => $module->create(Host::service($id)));
step('Suspend', fn () => $module->suspend(Host::service($id), 'overdue'));
step('Unsuspend', fn () => $module->unsuspend(Host::service($id)));
Host::chooseOption($id, $storage, 200);
step('Change package', fn () => $module->changePackage(Host::service($id)));
step('Change password', fn () => $module->changePassword(Host::service($id), 'Another-long-1'));

heading('What staff see on the service page');
foreach ($module->adminTab(Host::service($id)) as $label => $html) {
    shown($label, plainText($html));
}

heading('What the customer sees');
shown('Client area', plainText($module->clientArea(Host::service($id))));

heading('What WHMCS bills and matches');
foreach ($module->collectUsage($server) as $tenant => $usage) {
    shown("Metrics of $tenant", implode(', ', array_map(static fn ($name, $value) => "$name $value", array_keys($usage), $usage)));
}
$sync = $module->serverSync($server);
shown('Server Sync', is_string($sync) ? $sync : count($sync['matched']) . ' matched, ' . count($sync['unknown']) . ' unknown, '
    . count($sync['missing']) . ' missing');

heading('At the Comet Server');
$account = Capsule::table('mod_cometbackup_accounts')->value('username');
$profile = $sandbox->profile($account);
shown('Account', "$account, devices {$profile['MaximumDevices']}, policy {$profile['PolicyID']}");
foreach ($profile['Destinations'] as $vault) {
    shown('Storage vault', $vault['Description'] . ', ' . $vault['StorageLimitBytes'] / 1024 ** 3 . ' GB');
}
step('Terminate', fn () => $module->terminate(Host::service($id)));
shown('Accounts left', (string) count($sandbox->accountNames()));
shown('Requests', count($sandbox->requests()) . ': ' . implode(', ', $sandbox->endpoints()));
heading($failures === 0 ? 'All commands answered success.' : "$failures commands failed.");
exit($failures === 0 ? 0 : 1);
