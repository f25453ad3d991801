<?php

/**
 * WHMCS includes this file on every page and cron run: here a hook is registered, and nothing else happens.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

add_hook('AdminHomeWidgets', 1, static function () {
    // On the dashboard only: elsewhere the class that it extends need not be there.
    require_once __DIR__ . '/lib/DecisionsWidget.php';

    return new \WHMCS\Module\Addon\Whmcs_provisioning\DecisionsWidget();
});
