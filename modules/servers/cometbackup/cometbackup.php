<?php

/**
 * WHMCS provisioning module "Comet Backup": metadata and settings.
 *
 * All other cometbackup_… functions come from the PHP extension whmcs_provisioning.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** The version of these files, and the number that is raised when they and an extension of another number cannot work together. */
const COMETBACKUP_FILES_VERSION = '0.1.0';
const COMETBACKUP_FILES_CONTRACT = 1;

// No extension_loaded(): opcache decides it when it compiles, and keeps that in its file cache.
if (!in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
    require_once __DIR__ . '/lib/extension_missing.php';
}

/** @return array<string, mixed> */
function cometbackup_MetaData()
{
    return [
        'DisplayName' => 'Comet Backup',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
        'DefaultNonSSLPort' => 8060,
        'DefaultSSLPort' => 443,
        'ServiceSingleSignOnLabel' => 'Open Comet Backup',
        'AdminSingleSignOnLabel' => 'Open Comet Server',
        'ListAccountsUniqueIdentifierField' => 'username',
        'ListAccountsUniqueIdentifierDisplayName' => 'Comet user name',
        'ListAccountsProductField' => 'configoption1',
    ];
}

/**
 * The usage metrics; WHMCS loads the class from lib/.
 *
 * @return \WHMCS\Module\Server\Cometbackup\MetricProvider|null nothing on a WHMCS before 7.9, which has no usage billing
 */
function cometbackup_MetricProvider($params = [])
{
    if (!interface_exists('WHMCS\UsageBilling\Contracts\Metrics\ProviderInterface')) {
        return null;
    }

    return new \WHMCS\Module\Server\Cometbackup\MetricProvider($params);
}

/**
 * WHMCS's actions for a service (since 8.5). They only lead on; who may is checked at the click.
 *
 * @param array<string, mixed> $params
 * @return iterable<\WHMCS\Module\Server\CustomAction>
 */
function cometbackup_CustomActions($params = [])
{
    if (!class_exists('WHMCS\Module\Server\CustomActionCollection') || !class_exists('WHMCS\Module\Server\CustomAction')) {
        return [];
    }
    $actions = new \WHMCS\Module\Server\CustomActionCollection();
    foreach (cometbackup_CustomActionParts($params) as $part) {
        $actions->add(\WHMCS\Module\Server\CustomAction::factory(
            $part['identifier'],
            $part['label'],
            $part['function'],
            [$params],
            $part['permissions']
        ));
    }

    return $actions;
}

/**
 * Position is identity: products have stored values under these numbers. New settings go to the end.
 *
 * @return array<string, array<string, mixed>>
 */
function cometbackup_ConfigOptions()
{
    return [
        'PolicyGroupGUID' => [
            'FriendlyName' => 'Policy Group',
            'Type' => 'dropdown',
            'Loader' => 'cometbackup_ConfigOptionsPolicyGroupLoader',
            'SimpleMode' => true,
        ],
        'StorageProviderID' => [
            'FriendlyName' => 'Storage Vault',
            'Type' => 'dropdown',
            'Loader' => 'cometbackup_ConfigOptionsStorageProvidersLoader',
            'SimpleMode' => true,
        ],
        'RequirePasswordChange' => [
            'FriendlyName' => 'Require password change at initial login',
            'Type' => 'dropdown',
            'Loader' => 'cometbackup_ConfigOptionsRequirePasswordChange',
            'SimpleMode' => true,
        ],
        'Message' => [
            'FriendlyName' => 'Note',
            'Description' => 'Limits come from configurable options: number_of_devices, protected_item_quota_gb,'
                . ' protected_item_quota_tb, storage_vault_quota_gb, storage_vault_quota_tb, microsoft365_accounts, hyperv_guests,'
                . ' vmware_guests, proxmox_guests; the storage template from storage_template.',
            'SimpleMode' => true,
        ],
        'LimitsNotSet' => [
            'FriendlyName' => 'Limits the product does not set',
            'Type' => 'dropdown',
            'Options' => [
                'leave' => 'A package change leaves them as they are',
                'reset' => 'A package change lifts them and takes the policy group away',
            ],
            'Default' => 'leave',
        ],
        'VaultQuota' => [
            'FriendlyName' => 'Storage vault quota is for',
            'Type' => 'dropdown',
            'Options' => ['provided' => 'The vault of the plan', 'all' => 'Each vault of the account'],
            'Default' => 'provided',
        ],
        'Termination' => [
            'FriendlyName' => 'Termination',
            'Type' => 'dropdown',
            'Options' => [
                'delete' => 'Deletes the account; its backups can never be read again',
                'suspend' => 'Suspends the account and keeps it',
            ],
            'Default' => 'delete',
        ],
        'UserNames' => [
            'FriendlyName' => 'User names',
            'Type' => 'dropdown',
            'Options' => [
                'email' => 'The e-mail address of the client',
                'service' => 'The user name of the service',
                'name' => 'First name and service id',
            ],
            'Default' => 'email',
            'Description' => 'Where the custom field Username is empty',
        ],
        'Uninstall' => [
            'FriendlyName' => 'Uninstall on termination',
            'Type' => 'yesno',
            'Description' => 'Ask connected devices to remove the backup software',
        ],
        'Organization' => [
            'FriendlyName' => 'Tenant',
            'Type' => 'dropdown',
            'Loader' => 'cometbackup_ConfigOptionsOrganizationLoader',
        ],
        'Sells' => [
            'FriendlyName' => 'As a product addon',
            'Type' => 'dropdown',
            'Options' => [
                'account' => 'An account of its own',
                'extra' => 'More for the account of its service',
            ],
            'Default' => 'account',
        ],
        'LimitBelowUsage' => [
            'FriendlyName' => 'A limit below what is used',
            'Type' => 'dropdown',
            'Options' => ['set' => 'Is set all the same', 'refuse' => 'Is refused'],
            'Default' => 'set',
        ],
        'DeleteAfter' => [
            'FriendlyName' => 'Delete after (days)',
            'Type' => 'text',
            'Size' => '5',
            'Default' => '0',
            'Description' => 'Where termination deletes the account: suspended first, deleted by the daily run. 0: at once',
        ],
        'DeletionNotice' => [
            'FriendlyName' => 'Mail before the deletion',
            'Type' => 'dropdown',
            'Loader' => 'cometbackup_ConfigOptionsMailTemplateLoader',
        ],
        'BackupOverdue' => [
            'FriendlyName' => 'Days without a good backup',
            'Type' => 'text',
            'Size' => '5',
            'Default' => '0',
            'Description' => 'After so many, and at 90 % of a quota, the notice below goes out once. 0: never',
        ],
        'BackupNotice' => [
            'FriendlyName' => 'Notice of failing backups',
            'Type' => 'dropdown',
            'Loader' => 'cometbackup_ConfigOptionsBackupNoticeLoader',
        ],
        'Adds' => [
            'FriendlyName' => 'What one unit adds',
            'Type' => 'text',
            'Size' => '50',
            'Description' => 'Of a product addon that is more for its service: storage_vault_quota_gb=100, number_of_devices=1',
        ],
    ];
}
