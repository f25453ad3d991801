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
    function jetpack_extensionMissing()
    {
        // The command that installs into each PHP that WHMCS uses now, this one too.
        return 'JETPACK_PROVISIONING_MODULE_ERROR: The PHP extension whmcs_provisioning is not loaded in this PHP ('
            . PHP_VERSION . ', ' . PHP_SAPI . '). As root run /usr/local/lib/whmcs_provisioning/install.sh install WHMCS_ROOT='
            . (defined('ROOTDIR') ? ROOTDIR : dirname(__DIR__, 4))
            . (PHP_SAPI === 'cli' ? '' : ' and reload PHP') . '; nothing was done.';
    }

    function jetpack_CreateAccount()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_SuspendAccount()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_UnsuspendAccount()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_TerminateAccount()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_ChangePackage()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_Renew()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_CheckLicense()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_AttachToSite()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_AttachLicense()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_ConnectSite()
    {
        return jetpack_extensionMissing();
    }

    /** Customers read that it did not work, not why. */
    function jetpack_AttachToMySite()
    {
        return jetpack_extensionMissingTexts()['error.general'] ?? 'This could not be completed just now.';
    }

    /** In the session's language, a host's own texts first. */
    function jetpack_extensionMissingTexts()
    {
        $name = isset($_SESSION['Language']) && is_string($_SESSION['Language']) ? strtolower($_SESSION['Language']) : '';
        $texts = [];
        foreach ([preg_match('/^[a-z]+(-[a-z]+)*$/D', $name) ? $name : 'english', 'english'] as $language) {
            foreach (["overrides/$language.json", "$language.json"] as $file) {
                $read = @file_get_contents(__DIR__ . "/../lang/$file", false, null, 0, 262144);
                $texts += array_filter((array) json_decode((string) $read, true), 'is_string');
            }
        }

        return $texts;
    }

    function jetpack_DetachFromSite()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_IssueAgain()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_Reconcile()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_InstallationMoved()
    {
        return jetpack_extensionMissing();
    }

    function jetpack_InstallationIsCopy()
    {
        return jetpack_extensionMissing();
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function jetpack_FetchProducts()
    {
        throw new Exception(jetpack_extensionMissing());
    }

    /** @throws Exception which the companion addon module takes for "not created" */
    function jetpack_FetchProductDescriptions()
    {
        throw new Exception(jetpack_extensionMissing());
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function jetpack_CreateLicensesTable()
    {
        throw new Exception(jetpack_extensionMissing());
    }

    function jetpack_DefaultApiToken()
    {
        return '';
    }

    function jetpack_AdminServicesTabFields()
    {
        return ['License Key' => jetpack_extensionMissing()];
    }

    function jetpack_AdminServicesTabFieldsSave()
    {
    }

    function jetpack_Forget()
    {
    }

    function jetpack_ValidateOrder()
    {
        return [];
    }

    function jetpack_MailFieldNames()
    {
        return [];
    }

    function jetpack_MailFields()
    {
        return [];
    }

    function jetpack_AdminCustomButtonArray()
    {
        return [];
    }

    function jetpack_ClientAreaAllowedFunctions()
    {
        return [];
    }

    /** Customers read that the page is not available, not why. */
    function jetpack_ClientArea($params = null)
    {
        if (!is_array($params) || empty($params['serviceid'])) {
            return [];
        }
        $texts = jetpack_extensionMissingTexts();
        $page = [];
        foreach ($texts as $key => $text) {
            if (strpos((string) $key, 'page.') === 0) {
                $page[substr($key, 5)] = str_replace('{brand}', $texts['page.brand'] ?? 'Jetpack', $text);
            }
        }
        return [
            'templatefile' => 'jetpack_license',
            'vars' => [
                'jetpackState' => 'unavailable',
                'jetpackMessage' => '',
                'jetpackLicenses' => [],
                'jetpackSite' => null,
                'license_key' => 'No License Key Found',
                'domain' => null,
                'jetpackAddPage' => null,
                'text' => $page,
                'assetVersion' => JETPACK_FILES_VERSION,
            ],
        ];
    }
}
