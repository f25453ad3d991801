<?php

/**
 * The page behind "Open Comet Backup": hands a session to Comet's web interface, once, for the visitor who asked.
 */

require_once __DIR__ . '/../../../init.php';

$page = function_exists('cometbackup_SignOnPage') ? cometbackup_SignOnPage() : [];
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

echo isset($page['html'])
    ? $page['html']
    : 'The PHP extension whmcs_provisioning is not loaded in the PHP of this web server.';
