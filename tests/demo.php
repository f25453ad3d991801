<?php

declare(strict_types=1);

// The main job, seen from WHMCS: the whole life of a license, as a service and as a product addon.

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

require __DIR__ . '/bootstrap.php';
require __DIR__ . '/support/printing.php';

$realToken = getenv('JETPACK_API_TOKEN') ?: null;
$product = getenv('JETPACK_PRODUCT') ?: 'jetpack-scan';
$token = $realToken ?? JetpackSandbox::TOKEN;
$failures = 0;

/** One command as WHMCS runs it; what it answers, and what is in the table after it. */
function step(string $label, Service|Addon $owner, callable $command): void
{
    global $failures;
    $answer = $command();
    $failures += $answer === 'success' ? 0 : 1;
    shown($label, $answer);
    $isAddon = $owner instanceof Addon;
    foreach (table() as $row) {
        $mine = $isAddon ? $row->addon_id == $owner->id : $row->service_id == $owner->id && !$row->addon_id;
        if ($mine) {
            $state = $row->revoked_at ? "revoked $row->revoked_at ($row->revoked_for)" : "issued $row->issued_at";
            shown('', "row $row->id  $row->license_key  $state");
        }
    }
}

/** @return array<int, object> */
function table(): array
{
    return Capsule::schema()->hasTable('jetpack_product_licenses')
        ? Capsule::table('jetpack_product_licenses')->orderBy('id')->get()->all()
        : [];
}

Host::boot(Host::connectionFromEnvironment());
Host::createTables();
if ($realToken === null) {
    JetpackSandbox::fromEnvironment()->reset();
}
$module = new Module('servers', 'jetpack', dirname(__DIR__) . '/modules');
$client = Host::addClient(['firstname' => 'Ada', 'lastname' => 'Lovelace', 'email' => 'ada@example.com']);
$settings = ['servertype' => 'jetpack', 'configoption1' => $token];
$first = Host::addProduct($settings + ['name' => 'Site protection', 'configoption2' => $product, 'configoption4' => 'revoke']);
$second = Host::addProduct($settings + ['name' => 'Everything', 'configoption2' => 'jetpack-complete', 'configoption4' => 'revoke']);

heading('The module settings, as the admin opens them');
foreach ($module->configOptions($first) as $name => $field) {
    $value = $name === 'API Token' ? '(set, not shown)' : ($field['choices'][$field['submits']] ?? ($field['value'] ?: '(empty)'));
    shown($name, $field['error'] ?? (string) $value);
    if ($name === 'Jetpack Product' && $field['error'] === null) {
        shown('', count($field['choices']) . ' products: ' . implode(', ', array_slice($field['choices'], 0, 3)) . ', …');
    }
}

$service = Host::service(Host::addService([
    'userid' => $client, 'packageid' => $first, 'domain' => 'ada.example', 'domainstatus' => 'Pending',
]));

heading("A service (id $service->id)");
step('Create', $service, fn () => $module->create($service));
if ($realToken !== null) {
    step('Check at Jetpack', $service, fn () => $module->custom($service, 'CheckLicense'));
    step('Terminate', $service, fn () => $module->terminate($service));
    exit($failures === 0 ? 0 : 1);
}
step('Create again', $service, fn () => $module->create($service));
step('Check at Jetpack', $service, fn () => $module->custom($service, 'CheckLicense'));

heading('What staff see on the service page');
foreach ($module->adminTab($service) as $label => $html) {
    shown($label, plainText($html));
}
shown('Buttons', implode(', ', array_keys($module->adminButtons($service))));

heading('What the customer sees');
shown('Client area', plainText($module->clientArea($service)));

heading('The rest of its life (setting 4: a suspension revokes the license)');
step('Suspend', $service, fn () => $module->suspend($service, 'overdue'));
step('Unsuspend', $service, fn () => $module->unsuspend($service));
$service->packageid = $second;
$service->save();
$service = Host::service($service->id);
step('Change package', $service, fn () => $module->changePackage($service));
step('Renew', $service, fn () => $module->renew($service));
step('Terminate', $service, fn () => $module->terminate($service));

$definition = Host::addAddonDefinition(
    ['name' => 'Jetpack Backup', 'module' => 'jetpack', 'type' => 'other'],
    ['configoption1' => $token, 'configoption2' => 'jetpack-backup-daily']
);
$addon = Host::serviceAddon(Host::addServiceAddon(['hostingid' => $service->id, 'addonid' => $definition, 'userid' => $client]));

heading("A product addon on it (id $addon->id)");
step('Create', $addon, fn () => $module->create($addon));
step('Suspend', $addon, fn () => $module->suspend($addon));
step('Unsuspend', $addon, fn () => $module->unsuspend($addon));
step('Renew', $addon, fn () => $module->renew($addon));
step('Terminate', $addon, fn () => $module->terminate($addon));

$sandbox = JetpackSandbox::fromEnvironment();
$hosting = Host::addProduct(['name' => 'Hosting', 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
Host::addService(['userid' => $client, 'packageid' => $hosting, 'domain' => 'shop.example', 'domainstatus' => 'Active']);
$active = Host::addProduct($settings + ['name' => 'Active at once', 'configoption2' => $product, 'configoption5' => 'connect']);
$order = ['userid' => $client, 'packageid' => $active, 'domainstatus' => 'Pending'];
$site = Host::service(Host::addService($order + ['domain' => 'shop.example']));

heading('A site that is hosted here is connected, and the license attached to it (setting 5)');
step('Create', $site, fn () => $module->create($site));
shown('Site', plainText($module->adminTab($site)['Site']));
$other = Host::service(Host::addService($order + ['domain' => 'elsewhere.example']));
$sandbox->fault(['match' => ['method' => 'POST', 'path' => '/license/'], 'fault' => 'status', 'status' => 400]);

heading('One that is hosted elsewhere waits for staff, and for the customer');
step('Create', $other, fn () => $module->create($other));
shown('Site', plainText($module->adminTab($other)['Site']));
step('Connect site', $other, fn () => $module->custom($other, 'ConnectSite'));
shown('Site', plainText($module->adminTab($other)['Site']));

ini_set('whmcs_provisioning.jetpack_license_list', '1');
$lost = Host::service(Host::addService([
    'userid' => $client, 'packageid' => $first, 'domain' => 'lost.example', 'domainstatus' => 'Pending',
]));

heading("A lost answer settles itself (service id $lost->id): the license is issued, and the connection breaks before the answer");
$sandbox->fault(['fault' => 'act_and_drop', 'match' => ['method' => 'POST', 'path' => '/license']]);
step('Create', $lost, fn () => $module->create($lost));
foreach (preg_grep('/lost answer/', Host::activityLog()) as $line) {
    shown('Activity Log', $line);
}

heading('At Jetpack');
shown('Licenses', count($sandbox->licenses()) . ' issued, ' . count($sandbox->activeLicenses()) . ' of them active');
shown('Sites', implode(', ', array_map(fn (array $known): string => "$known[url] $known[condition]", $sandbox->sites())));
shown('Requests', count($sandbox->requests()) . ' on ' . $sandbox->connections() . ' connections');
heading($failures === 0 ? 'All commands answered success.' : "$failures commands failed.");
exit($failures === 0 ? 0 : 1);
