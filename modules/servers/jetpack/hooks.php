<?php

/**
 * WHMCS includes this file on every page and cron run: here a hook is registered, and nothing else happens.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

// What it finds is in the Activity Log and on the pages of the services.
add_hook('DailyCronJob', 1, static function () {
    if (extension_loaded('whmcs_provisioning')) {
        jetpack_Reconcile([]);

        return;
    }
    logActivity('Jetpack reconciliation: The PHP extension whmcs_provisioning is not loaded in this PHP ('
        . PHP_VERSION . ', ' . PHP_SAPI . '), so nothing was compared. Add extension=whmcs_provisioning.so to the php.ini of the command line, which cron uses.');
});
