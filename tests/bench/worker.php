<?php

declare(strict_types=1);

// Runs in PHP-FPM: makes one call as the query says, and tells its time, memory, statements and traffic.

use Tests\Bench\Clicks;
use Tests\Bench\Growth;
use Tests\Bench\Licenses;
use Tests\Bench\Lives;
use Tests\Bench\Page;
use Tests\Bench\PlainClient;
use Tests\Bench\Probe;
use Tests\Host\Configuration;
use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

require dirname(__DIR__) . '/bootstrap.php';

Host::boot(Host::connectionFromEnvironment());
[$name, $function, $id, $who] = [$_GET['module'], $_GET['function'], (int) $_GET['service'], $_GET['who']];
// WHMCS has its settings in memory before it calls a module.
Configuration::get('Version');
$service = Host::service($id);
// What a client can reach is measured as a client's, with the look whose service it is.
$ofClients = ['ClientArea', 'ServiceSingleSignOn', 'SignOnPage', 'ChangePassword', 'ClientAreaAllowedFunctions', 'CustomActionParts', 'RemoveOldDevice'];
$byClient = in_array($function, $ofClients, true);
$_SESSION = ['uid' => (int) $service->userid] + ($byClient ? [] : ['adminid' => 1]);
$step = isset($_GET['all']) ? Licenses::reconcile() : Lives::all()[$name][$function] ?? Clicks::all()[$function] ?? Growth::usageUpdate();
$module = new Module('servers', $name, dirname(__DIR__, 2) . '/modules');
if ($who === 'ours') {
    $work = $step->ours($module, $service);
} else {
    $comet = CometSandbox::fromEnvironment();
    $sandbox = JetpackSandbox::fromEnvironment();
    $login = ['Username' => CometSandbox::ADMIN, 'AuthType' => 'Password', 'Password' => CometSandbox::PASSWORD];
    $plain = new PlainClient($comet->address(), $login, $sandbox->httpsApiUrl(), JetpackSandbox::TOKEN, $sandbox->caFile());
    $work = static fn () => ($step->plain)($plain, $service);
}
$measured = Probe::measure(isset($_GET['page']) ? static fn () => Page::of($work()) : $work);
if ($step->status !== null) {
    Capsule::table('tblhosting')->where('id', $id)->update(['domainstatus' => $step->status]);
}
header('Content-Type: application/json');
echo json_encode($measured, JSON_INVALID_UTF8_SUBSTITUTE);
