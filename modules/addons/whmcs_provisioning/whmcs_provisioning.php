<?php

/**
 * WHMCS addon module "Provisioning": metadata.
 *
 * All other whmcs_provisioning_… functions come from the PHP extension whmcs_provisioning.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** The version of these files, and the number that is raised when they and an extension of another number cannot work together. */
const WHMCS_PROVISIONING_FILES_VERSION = '0.1.0';
const WHMCS_PROVISIONING_FILES_CONTRACT = 1;

// No extension_loaded(): opcache decides it when it compiles, and keeps that in its file cache.
if (!in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
    require_once __DIR__ . '/lib/extension_missing.php';
}

/** @return array<string, mixed> */
function whmcs_provisioning_config()
{
    return [
        'name' => 'Provisioning: Jetpack and Comet Backup',
        'description' => 'One place for what the server modules Jetpack and Comet Backup need of a person: '
            . 'decisions, findings, the state of servers and daily runs.',
        'version' => WHMCS_PROVISIONING_FILES_VERSION,
        'author' => 'whmcs_provisioning contributors',
        'language' => 'english',
        'fields' => [],
    ];
}
