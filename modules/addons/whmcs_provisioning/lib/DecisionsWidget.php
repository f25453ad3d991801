<?php

namespace WHMCS\Module\Addon\Whmcs_provisioning;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The widget of the dashboard: what waits for a person in both server modules. The figures are the extension's, from what is
 * stored; it asks no remote API.
 */
class DecisionsWidget extends \WHMCS\Module\AbstractWidget
{
    protected $title = 'Jetpack and Comet Backup';
    protected $description = 'What waits for a person in both modules.';
    protected $weight = 150;
    protected $columns = 1;
    protected $cache = true;
    protected $cacheExpiry = 300;
    protected $requiredPermission = '';

    private const LINES = [
        'decisions' => ['Waits for a decision', 'decisions'],
        'failed_operations' => ['Operations that failed within a day', 'overview'],
        'failing_backups' => ['Accounts without a good backup since a failure', 'overview'],
        'licenses_not_wanted' => ['Licenses that are paid for and not wanted', 'decisions'],
    ];

    /** @return array<string, mixed> this part is kept by WHMCS */
    public function getData()
    {
        if (!in_array('whmcs_provisioning', get_loaded_extensions(), true)) {
            return ['error' => 'The PHP extension whmcs_provisioning is not loaded in this PHP (' . PHP_VERSION . ', ' . PHP_SAPI . ').'];
        }

        // A PHP that was not reloaded since the upgrade has an extension without it.
        if (!in_array('whmcs_provisioning_widget', get_extension_funcs('whmcs_provisioning') ?: [], true)) {
            return ['error' => 'The PHP extension whmcs_provisioning is older than these files: reload PHP.'];
        }

        return whmcs_provisioning_widget();
    }

    /** @param mixed $data */
    public function generateOutput($data)
    {
        if (!is_array($data) || isset($data['error']) || !isset($data['decisions'])) {
            $why = is_array($data) && is_string($data['error'] ?? null) ? $data['error'] : 'The figures are not known.';

            return '<div class="widget-content-padded">' . htmlspecialchars($why, ENT_QUOTES) . '</div>';
        }
        $rows = '';
        foreach (self::LINES as $key => [$text, $page]) {
            $number = (int) ($data[$key] ?? 0);
            $rows .= '<tr><td><a href="addonmodules.php?module=whmcs_provisioning&amp;page=' . $page . '">' . $text . '</a></td>'
                . '<td class="text-right">' . ($number > 0 ? '<strong>' . $number . '</strong>' : '0') . '</td></tr>';
        }

        return '<div class="widget-content-padded"><table class="table table-condensed"><tbody>' . $rows . '</tbody></table></div>';
    }
}
