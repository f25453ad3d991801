<?php

/**
 * WHMCS provisioning module "Jetpack": metadata and settings.
 *
 * All other jetpack_… functions come from the PHP extension whmcs_provisioning.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** The version of these files, and the number that is raised when they and an extension of another number cannot work together. */
const JETPACK_FILES_VERSION = '0.1.0';
const JETPACK_FILES_CONTRACT = 1;

// No extension_loaded(): opcache decides it when it compiles, and keeps that in its file cache.
if (!in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
    require_once __DIR__ . '/lib/extension_missing.php';
}

/** @return array<string, mixed> */
function jetpack_MetaData()
{
    return [
        'DisplayName' => 'Jetpack by Automattic',
        'APIVersion' => '1.1',
        'RequiresServer' => false,
    ];
}

/**
 * Position is identity: products have stored values under these numbers. New settings go to the end.
 *
 * @return array<string, array<string, mixed>>
 */
function jetpack_ConfigOptions()
{
    return [
        'API Token' => [
            'Type' => 'password',
            'Size' => '256',
            'Default' => jetpack_DefaultApiToken(),
            'SimpleMode' => true,
            'Description' => 'Token of your Jetpack partner account. Save it before choosing a product to see your own list and prices.',
        ],
        'Jetpack Product' => [
            'Type' => 'dropdown',
            'Size' => '256',
            'Loader' => 'jetpack_FetchProducts',
            'SimpleMode' => true,
        ],
        'Licensing Table' => [
            'Type' => 'dropdown',
            'Loader' => 'jetpack_CreateLicensesTable',
            'SimpleMode' => true,
            'Description' => 'Where issued licenses are kept. Opening this page creates or upgrades it. '
                . 'The PHP module of 2022 reads what is stored here as its setting Show User License: saving keeps it.',
        ],
        'On suspension' => [
            'Type' => 'dropdown',
            'Options' => [
                'keep' => 'Keep the license',
                'revoke' => 'Revoke the license, issue a new one on unsuspension',
            ],
            'Default' => 'keep',
            'SimpleMode' => true,
            'Description' => 'A revoked license can never be used again; Jetpack stops billing it.',
        ],
        "Attach to the service's domain" => [
            'FriendlyName' => 'Activation on the site',
            'Type' => 'dropdown',
            // What was stored while this was a tick box is among them.
            'Options' => [
                '' => 'Leave it to the customer',
                'on' => "Attach to the service's domain",
                'connect' => 'Connect the site and attach',
            ],
            'Default' => '',
            'SimpleMode' => true,
            'Description' => 'Attaching makes the license active on the site at the domain of the service, or at its custom field Site URL. '
                . 'Connecting also connects that site to Jetpack, without a login at WordPress.com. Jetpack has to allow both for your '
                . 'partner account.',
        ],
    ];
}
