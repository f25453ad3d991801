<?php

declare(strict_types=1);

// Writes the pages of which docs/images has pictures, all or those that are named, for tests/browser/shoot.mjs to take them:
// screenshots.php FOLDER [NAME…]

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Host\Page;
use Tests\Support\ChildProcess;
use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;
use Tests\Support\Themes;
use WHMCS\Database\Capsule;

require __DIR__ . '/bootstrap.php';

Host::boot(Host::connectionFromEnvironment());
Host::createTables();
$sandbox = JetpackSandbox::fromEnvironment();
$sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => [
    'jetpack-security-daily_xZjtE12WIVwBus4n2wbIrYcIM', 'jetpack-security-daily_lOsT7qGd2vNc8WmZ1yRkE5tUa',
    'jetpack-security-daily_Q4rT8yU1iOpA5sD7fGhJkL2zX', 'jetpack-security-daily_b3NmV6cXzL9kJhG1fDsA2qWeR',
]]);
$module = new Module('servers', 'jetpack', dirname(__DIR__) . '/modules');
$client = Host::addClient(['firstname' => 'Ada', 'lastname' => 'Lovelace']);
$product = Host::addProduct([
    'name' => 'Site protection',
    'servertype' => 'jetpack',
    'configoption1' => JetpackSandbox::TOKEN,
    'configoption2' => 'jetpack-security-daily',
    'configoption3' => 'on',
    'configoption4' => 'keep',
]);
$owner = ['userid' => $client, 'packageid' => $product, 'domain' => 'ada.example', 'domainstatus' => 'Pending'];
$service = Host::service(Host::addService($owner));
$module->create($service);
$module->custom($service, 'CheckLicense');

$lost = Host::service(Host::addService($owner));
$sandbox->fault(['match' => ['method' => 'POST', 'path' => '/license'], 'fault' => 'status', 'status' => 502, 'body' => '', 'act' => true]);
$module->create($lost);
// Somebody else uses the token, so that what the list shows waits for a person.
$sandbox->issuedElsewhere(['age' => 20 * 86400]);
ini_set('whmcs_provisioning.jetpack_license_list', '1');
$module->create($lost);
ini_set('whmcs_provisioning.jetpack_license_list', '0');

// A license that waits for its site, and one whose site was connected.
Capsule::table('tblproducts')->where('id', $product)->update(['configoption5' => 'connect']);
$sandbox->fault(['match' => ['method' => 'POST', 'path' => '/license/'], 'fault' => 'status', 'status' => 400]);
$waiting = Host::service(Host::addService($owner));
$module->create($waiting);
$sites = ['attach-to-my-site' => Page::client($module->clientArea($waiting), 'Site protection')];
$hosting = Host::addProduct(['name' => 'Hosting', 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
Host::addService(['userid' => $client, 'packageid' => $hosting, 'domain' => 'shop.example', 'domainstatus' => 'Active']);
$connected = Host::service(Host::addService(['domain' => 'shop.example'] + $owner));
$module->create($connected);
$sites['connected-site'] = Page::admin($module->adminTab($connected), $module->adminButtons($connected), []);
Capsule::table('tblproducts')->where('id', $product)->update(['configoption5' => '']);

// A host that moves in: its licenses are at Jetpack, and in no row yet.
$scan = Host::addProduct(['name' => 'Scan', 'servertype' => 'jetpack', 'configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-scan',
    'configoption3' => 'on', 'configoption4' => 'keep']);
foreach (['blog.example', 'ada.example'] as $domain) {
    $movedIn = Host::service(Host::addService(['packageid' => $scan, 'domain' => $domain, 'domainstatus' => 'Active'] + $owner));
    $sandbox->issuedElsewhere(['product' => 'jetpack-scan', 'age' => 40 * 86400, 'site' => "https://$domain"]);
}
$sandbox->issuedElsewhere(['product' => 'jetpack-scan', 'age' => 90 * 86400]);
ini_set('whmcs_provisioning.jetpack_license_list', '1');
$module->call('Reconcile', []);
ini_set('whmcs_provisioning.jetpack_license_list', '0');
$sites['unassigned-licenses'] = Page::admin($module->adminTab($movedIn), $module->adminButtons($movedIn), []);

$pages = $sites + [
    'client-area' => Page::client($module->clientArea($service), 'Site protection'),
    'module-settings' => Page::admin([], [], $module->configOptions($product)),
    'service-page' => Page::admin($module->adminTab($service), $module->adminButtons($service), []),
    'lost-answer' => Page::admin($module->adminTab($lost), $module->adminButtons($lost), []),
];

$comet = CometSandbox::fromEnvironment();
$comet->reset(['sample' => true]);
// The sample with devices and vaults; its jobs are too old for the page.
$account = array_key_first(array_filter($comet->state()['accounts'], fn (array $a) => count($a['profile']['Devices'] ?? []) > 1));
$profile = $comet->profile($account);
$jobs = [];
$statistics = [];
foreach (array_keys($profile['Sources']) as $row => $item) {
    for ($day = 0; $day < 14; $day++) {
        $status = ["0 12" => 7004, "1 5" => 7001, "2 9" => 7002][$row . ' ' . $day] ?? 5000;
        $begun = time() - $day * 86400 - (3 + $row) * 3600;
        $jobs[] = [
            'GUID' => "job-$row-$day", 'Username' => $account, 'Classification' => 4001, 'Status' => $status,
            'StartTime' => $begun, 'EndTime' => $begun + 187 * ($row + 3), 'SourceGUID' => $item,
            'DestinationGUID' => array_key_first($profile['Destinations']), 'DeviceID' => $profile['Sources'][$item]['OwnerDevice'],
            'TotalFiles' => 48_211 >> $row, 'TotalSize' => 248_085_592_065 >> $row, 'UploadSize' => 3_145_728 << $row, 'DownloadSize' => 900,
        ];
    }
    $last = $jobs[count($jobs) - 14];
    $statistics[$item] = ['Statistics' => ['LastBackupJob' => $last, 'LastSuccessfulBackupJob' => $last]];
}
usort($jobs, static fn (array $one, array $other): int => $other['StartTime'] <=> $one['StartTime']);
$comet->reset(['sample' => true, 'jobs' => $jobs]);
$measured = static fn (): array => ['Statistics' => ['ClientProvidedSize' => ['MeasureCompleted' => time() - 7200]]];
$comet->changeAccount($account, ['merge' => ['Sources' => $statistics, 'Destinations' => array_map($measured, $profile['Destinations'])]]);
$server = Host::addServer([
    'name' => 'Comet', 'type' => 'cometbackup', 'hostname' => $comet->address(),
    'username' => CometSandbox::ADMIN, 'password' => CometSandbox::PASSWORD,
]);
$backup = new Module('servers', 'cometbackup', dirname(__DIR__) . '/modules');
$backupProduct = Host::addProduct([
    'name' => 'Backup', 'servertype' => 'cometbackup', 'servergroup' => Host::addServerGroup([$server]),
]);
$customer = Host::service(Host::addService([
    'userid' => $client, 'packageid' => $backupProduct, 'server' => $server, 'domainstatus' => 'Active', 'username' => $account,
    'regdate' => '2020-01-01',
]));
// The daily run records whose account it is; a page never does.
$backup->call('Reconcile', []);
$area = $backup->clientArea($customer);
$pages['comet-client-area'] = Page::client($area, 'Backup');
// The jobs of one device end long ago, and its form is open.
$gone = array_key_first($profile['Devices']);
$long = ['StartTime' => time() - 80 * 86400, 'EndTime' => time() - 80 * 86400 + 900];
$items = array_filter($profile['Sources'], static fn (array $item): bool => $item['OwnerDevice'] === $gone);
$comet->changeAccount($account, ['merge' => [
    'Devices' => [$gone => ['RegistrationTime' => time() - 300 * 86400]],
    'Sources' => array_map(static fn (): array => ['Statistics' => ['LastBackupJob' => $long, 'LastSuccessfulBackupJob' => $long]], $items),
]]);
$comet->faultOn('get-jobs-for-custom-search', ['fault' => 'json', 'act' => false, 'body' => []]);
Capsule::table('mod_cometbackup_pages')->delete();
$pages['comet-old-device'] = Page::client(str_replace('<details>', '<details open>', $backup->clientArea($customer)), 'Backup');
$pages['comet-settings'] = Page::admin([], [], $backup->configOptions($backupProduct));

// What staff see of an account whose service, or whose server, is not what it was created for.
$staff = static fn (int $id): string => Page::admin($backup->adminTab(Host::service($id)), $backup->adminButtons(Host::service($id)));
$created = Host::service(Host::addService([
    'userid' => $client, 'packageid' => $backupProduct, 'server' => $server, 'domainstatus' => 'Pending', 'password' => 'Correct-Horse-1',
]));
if ($backup->create($created) !== 'success') {
    throw new RuntimeException('No Comet account was created: ' . implode("\n", Host::activityLog()));
}
$created->forceFill(['domainstatus' => 'Active'])->save();
$backup->custom($created, 'CheckAccount');
$backup->custom($customer, 'CheckAccount');
$pages['comet-service-page'] = $staff((int) $customer->id);
// An account that waits for its deletion.
Capsule::table('tblproducts')->where('id', $backupProduct)->update(['configoption13' => '14']);
$leaving = Host::service(Host::addService([
    'userid' => $client, 'packageid' => $backupProduct, 'server' => $server, 'domainstatus' => 'Pending', 'password' => 'Correct-Horse-1',
]));
$backup->create($leaving);
$backup->terminate($leaving);
$backup->call('Reconcile', []);
$pages['comet-pending-deletion'] = $staff((int) $leaving->id);
Capsule::table('tblproducts')->where('id', $backupProduct)->update(['configoption13' => '0']);
$grace = Host::addClient(['firstname' => 'Grace', 'lastname' => 'Hopper', 'email' => 'grace@example.com']);
$created->forceFill(['userid' => $grace])->save();
$backup->call('Reconcile', []);
$pages['comet-transfer'] = $staff((int) $created->id);
$created->forceFill(['userid' => $client])->save();
$backup->call('Reconcile', []);
Capsule::table('tblservers')->where('id', $server)->update(['hostname' => 'localhost:' . parse_url('//' . $comet->address(), PHP_URL_PORT)]);
$pages['comet-other-server'] = $staff((int) $created->id);

// In a process that has not looked yet which installation this is.
Capsule::table('mod_whmcs_provisioning_installation')->update(['system_url' => 'billing.example']);
$pages['installation'] = ChildProcess::start(
    '$module = new Tests\\Host\\Module("servers", "jetpack", ' . var_export($module->root, true) . ");"
    . "\$service = Tests\\Host\\Host::service({$service->id});"
    . 'echo Tests\\Host\\Page::admin($module->adminTab($service), $module->adminButtons($service));'
)->wait()['output'];

$heights = ['client-area' => 1150, 'attach-to-my-site' => 1300, 'comet-client-area' => 1900, 'comet-old-device' => 1900, 'comet-settings' => 1100];
[, $folder] = $argv;
$named = array_slice($argv, 2);
$pictures = [];
$take = static function (string $name, string $html, int $width, int $height) use (&$pictures, $folder, $named): void {
    if ($named === [] || in_array($name, $named, true)) {
        file_put_contents("$folder/$name.html", $html);
        $pictures[] = ['name' => $name, 'width' => $width, 'height' => $height];
    }
};
foreach ($pages as $name => $html) {
    $take($name, $html, 1100, $heights[$name] ?? 660);
}
foreach (Themes::all() as $theme => $style) {
    $html = Page::themed($area, 'Backup', $style);
    $take("comet-$theme-phone", $html, 390, 2600);
    $take("comet-$theme-desktop", $html, 1440, 1800);
}
file_put_contents("$folder/pictures.json", json_encode($pictures, JSON_THROW_ON_ERROR));
