<?php

/**
 * Stands in for the extension where PHP has not loaded it: each function says how to load it, and none is fatal.
 */

if (!defined('WHMCS')) {
    exit;
}

// Declared inside a condition: PHP declares what stands at the top of a file before it runs the first line, and where the
// extension is loaded the functions exist. No extension_loaded(): opcache decides it when it compiles.
if (!in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
    function whmcs_provisioning_extensionMissing()
    {
        // The command that installs into each PHP that WHMCS uses now, this one too.
        return 'The PHP extension whmcs_provisioning is not loaded in this PHP (' . PHP_VERSION . ', ' . PHP_SAPI
            . '). As root run /usr/local/lib/whmcs_provisioning/install.sh install WHMCS_ROOT='
            . (defined('ROOTDIR') ? ROOTDIR : dirname(__DIR__, 4))
            . (PHP_SAPI === 'cli' ? '' : ' and reload PHP') . '; nothing was done.';
    }

    /** The list of the doctor, as the extension returns it: the one fault there is. */
    function whmcs_provisioning_check()
    {
        return [['check' => 'version.extension', 'state' => 'fault', 'text' => whmcs_provisioning_extensionMissing()]];
    }

    function whmcs_provisioning_output()
    {
        if (!empty($_SESSION['adminid'])) {
            echo '<div class="alert alert-danger" role="alert">',
                htmlspecialchars(whmcs_provisioning_extensionMissing(), ENT_QUOTES), '</div>';
        }
    }

    function whmcs_provisioning_sidebar()
    {
        return '';
    }

    function whmcs_provisioning_widget()
    {
        return ['error' => whmcs_provisioning_extensionMissing()];
    }

    function whmcs_provisioning_activate()
    {
        return ['status' => 'error', 'description' => whmcs_provisioning_extensionMissing()];
    }

    /** Nothing is removed, with the extension or without it. */
    function whmcs_provisioning_deactivate()
    {
        return [
            'status' => 'success',
            'description' => 'The addon\'s pages are off. All records of licenses, accounts and operations were kept.',
        ];
    }

    function whmcs_provisioning_upgrade()
    {
    }
}
