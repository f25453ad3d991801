<?php

/**
 * WHMCS includes this file on every page and cron run: here hooks are registered, and nothing else happens.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

// What it finds is in the Activity Log and on the pages of the services.
add_hook('DailyCronJob', 1, static function () {
    if (in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
        jetpack_Reconcile([]);

        return;
    }
    logActivity('Jetpack reconciliation: The PHP extension whmcs_provisioning is not loaded in this PHP ('
        . PHP_VERSION . ', ' . PHP_SAPI . '), so nothing was compared. '
        . 'As root run /usr/local/lib/whmcs_provisioning/install.sh install WHMCS_ROOT='
        . (defined('ROOTDIR') ? ROOTDIR : dirname(__DIR__, 3)) . '.');
});

// What only concerned a service goes with it, where nothing is active or undecided there. A client's services are still
// known before the client is deleted.
(static function (): void {
    $deletions = [
        'ServiceDelete' => ['service', 'serviceid'],
        'AddonDeleted' => ['addon', 'id'],
        'PreDeleteClient' => ['client', 'userid'],
        'ClientDelete' => ['client', 'userid'],
    ];
    foreach ($deletions as $hook => [$kind, $id]) {
        add_hook($hook, 1, static function ($vars) use ($kind, $id) {
            if (in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
                jetpack_Forget($kind, $vars[$id] ?? 0);
            }
        });
    }
})();

// What a customer enters on the order form is checked before he pays; the mails of a service have merge fields: names for
// the editor, and values.
(static function (): void {
    $functions = [
        'ShoppingCartValidateProductUpdate' => 'jetpack_ValidateOrder',
        'EmailTplMergeFields' => 'jetpack_MailFieldNames',
        'EmailPreSend' => 'jetpack_MailFields',
    ];
    foreach ($functions as $hook => $function) {
        add_hook($hook, 1, static function ($vars) use ($function) {
            // Until it is reloaded, PHP may have loaded an extension that is older than this file.
            $isThere = in_array('whmcs_provisioning', get_loaded_extensions(), true) && function_exists($function);

            return $isThere ? ($function($vars) ?: null) : null;
        });
    }
})();
