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
    function cometbackup_extensionMissing()
    {
        // The command that installs into each PHP that WHMCS uses now, this one too.
        return 'The PHP extension whmcs_provisioning is not loaded in this PHP ('
            . PHP_VERSION . ', ' . PHP_SAPI . '). As root run /usr/local/lib/whmcs_provisioning/install.sh install WHMCS_ROOT='
            . (defined('ROOTDIR') ? ROOTDIR : dirname(__DIR__, 4))
            . (PHP_SAPI === 'cli' ? '' : ' and reload PHP') . '; nothing was done.';
    }

    /** A client reads that it cannot be done now, staff and cron why. */
    function cometbackup_extensionMissingForVisitor()
    {
        if (empty($_SESSION['uid']) || !empty($_SESSION['adminid'])) {
            return cometbackup_extensionMissing();
        }
        logActivity('Comet Backup: ' . cometbackup_extensionMissing());

        return cometbackup_extensionMissingText('error.general');
    }

    /** In the session's language, a host's own text first. */
    function cometbackup_extensionMissingText($key)
    {
        $name = isset($_SESSION['Language']) && is_string($_SESSION['Language']) ? strtolower($_SESSION['Language']) : '';
        foreach ([preg_match('/^[a-z]+(-[a-z]+)*$/D', $name) ? $name : 'english', 'english'] as $language) {
            foreach (["overrides/$language.json", "$language.json"] as $file) {
                $texts = json_decode((string) @file_get_contents(__DIR__ . "/../lang/$file", false, null, 0, 262144), true);
                if (isset($texts[$key]) && is_string($texts[$key])) {
                    return $texts[$key];
                }
            }
        }

        return 'This could not be completed just now.';
    }

    function cometbackup_CreateAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_SuspendAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_UnsuspendAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_TerminateAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_ChangePassword()
    {
        return cometbackup_extensionMissingForVisitor();
    }

    function cometbackup_ChangePackage()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_Renew()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_TransferAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_CheckAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_ConfirmServer()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_WriteUserNames()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_RecordImported()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_PutMarkersBack()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_ConfirmDeletion()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_Reconcile()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_InstallationMoved()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_InstallationIsCopy()
    {
        return cometbackup_extensionMissing();
    }

    /** WHMCS shows nobody what a daily import returns. */
    function cometbackup_UsageUpdate()
    {
        logActivity('Comet Backup disk usage: ' . cometbackup_extensionMissing());
    }

    function cometbackup_ListAccounts()
    {
        return ['success' => false, 'error' => cometbackup_extensionMissing()];
    }

    /** No figures: what is not known is not billed. */
    function cometbackup_MetricUsage()
    {
        logActivity('Comet Backup usage metrics: ' . cometbackup_extensionMissing());

        return [];
    }

    function cometbackup_MetricTenantUsage()
    {
        return [];
    }

    function cometbackup_Forget()
    {
    }

    function cometbackup_ValidateOrder()
    {
        return [];
    }

    function cometbackup_MailFieldNames()
    {
        return [];
    }

    function cometbackup_MailFields()
    {
        return [];
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function cometbackup_ConfigOptionsPolicyGroupLoader()
    {
        throw new Exception(cometbackup_extensionMissing());
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function cometbackup_ConfigOptionsStorageProvidersLoader()
    {
        throw new Exception(cometbackup_extensionMissing());
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function cometbackup_ConfigOptionsRequirePasswordChange()
    {
        throw new Exception(cometbackup_extensionMissing());
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function cometbackup_ConfigOptionsOrganizationLoader()
    {
        throw new Exception(cometbackup_extensionMissing());
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function cometbackup_ConfigOptionsMailTemplateLoader()
    {
        throw new Exception(cometbackup_extensionMissing());
    }

    /** @throws Exception whose message WHMCS shows in place of the field */
    function cometbackup_ConfigOptionsBackupNoticeLoader()
    {
        throw new Exception(cometbackup_extensionMissing());
    }

    function cometbackup_TestConnection()
    {
        return ['success' => false, 'error' => cometbackup_extensionMissing()];
    }

    function cometbackup_ServiceSingleSignOn()
    {
        return ['success' => false, 'errorMsg' => cometbackup_extensionMissingForVisitor()];
    }

    function cometbackup_AdminSingleSignOn()
    {
        return ['success' => false, 'errorMsg' => cometbackup_extensionMissing()];
    }

    function cometbackup_CustomActionParts()
    {
        return [];
    }

    function cometbackup_DownloadForThisComputer()
    {
        return ['success' => false, 'errorMsg' => cometbackup_extensionMissingForVisitor()];
    }

    function cometbackup_OpenProductPage()
    {
        return ['success' => false, 'errorMsg' => cometbackup_extensionMissingForVisitor()];
    }

    function cometbackup_RemoveOldDevice()
    {
        return cometbackup_extensionMissingForVisitor();
    }

    function cometbackup_ClientAreaAllowedFunctions()
    {
        return [];
    }

    function cometbackup_AdminLink()
    {
        return '';
    }

    function cometbackup_AdminServicesTabFields()
    {
        return ['Comet Account' => cometbackup_extensionMissing()];
    }

    function cometbackup_MoveAccount()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_AdminServicesTabFieldsSave()
    {
    }

    function cometbackup_SwitchOffSecondFactor()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_RefetchProfile()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_ResumeCreation()
    {
        return cometbackup_extensionMissing();
    }

    function cometbackup_AdminCustomButtonArray()
    {
        return [];
    }

    /** Customers read that the page is not available, not why. */
    function cometbackup_ClientArea($params = null)
    {
        if (!is_array($params) || empty($params['serviceid'])) {
            return [];
        }
        return '<p>' . htmlspecialchars(cometbackup_extensionMissingText('message.unavailable'), ENT_QUOTES) . '</p>';
    }
}
