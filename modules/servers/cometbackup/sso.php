<?php

/**
 * The page behind "Open Comet Backup": hands a session to Comet's web interface, once, for the visitor who asked.
 */

// Where the module's folder is a symbolic link, PHP resolves it in __DIR__; the address that was asked for is below WHMCS.
$roots = [dirname(__DIR__, 3)];
if (isset($_SERVER['SCRIPT_FILENAME'])) {
    array_unshift($roots, dirname($_SERVER['SCRIPT_FILENAME'], 4));
}
foreach ($roots as $root) {
    if (is_file("$root/init.php")) {
        require_once "$root/init.php";
        break;
    }
}

// No extension_loaded(): opcache decides it when it compiles, and keeps that in its file cache.
$isLoaded = in_array('whmcs_provisioning', get_loaded_extensions(), true);
$page = defined('WHMCS') && $isLoaded ? cometbackup_SignOnPage() : [];
$nonce = isset($page['nonce']) ? $page['nonce'] : '';

http_response_code(isset($page['status']) ? $page['status'] : 503);
header('Content-Type: text/html; charset=utf-8');
header('Cache-Control: no-store');
header('Referrer-Policy: no-referrer');
header('X-Frame-Options: DENY');
header('X-Content-Type-Options: nosniff');
// Another policy would cut the line between this page and the window it opens.
header('Cross-Origin-Opener-Policy: unsafe-none');
header("Content-Security-Policy: default-src 'none'; script-src 'nonce-$nonce'; style-src 'nonce-$nonce';"
    . " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

if (!isset($page['html'])) {
    error_log('sso.php of cometbackup: ' . (defined('WHMCS')
        ? 'the PHP extension whmcs_provisioning is not loaded in the PHP of this web server'
        : 'the init.php of WHMCS was found in none of ' . implode(', ', $roots)));
}
echo isset($page['html'])
    ? $page['html']
    : 'This could not be completed just now. Try again in a few minutes, and ask our support if it stays so.';
