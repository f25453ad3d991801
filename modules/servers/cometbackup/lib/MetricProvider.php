<?php

/**
 * The usage metrics of Comet Backup, by which WHMCS bills. All figures come from the PHP extension whmcs_provisioning.
 */

namespace WHMCS\Module\Server\Cometbackup;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\UsageBilling\Contracts\Metrics\MetricInterface;
use WHMCS\UsageBilling\Contracts\Metrics\ProviderInterface;
use WHMCS\UsageBilling\Metrics\Metric;
use WHMCS\UsageBilling\Metrics\Units\GigaBytes;
use WHMCS\UsageBilling\Metrics\Units\WholeNumber;
use WHMCS\UsageBilling\Metrics\Usage;

final class MetricProvider implements ProviderInterface
{
    /** WHMCS stores prices and usage under these names: none may change. All are a state, which nothing resets. */
    private const COUNTED = [
        'devices' => ['Devices', 'Devices'],
        'storage_vaults' => ['Storage Vaults', 'Vaults'],
        'microsoft365_accounts' => ['Microsoft 365 Accounts', 'Accounts'],
        'hyperv_guests' => ['Hyper-V Guests', 'Guests'],
        'vmware_guests' => ['VMware Guests', 'Guests'],
        'proxmox_guests' => ['Proxmox Guests', 'Guests'],
    ];

    /** @var array<string, mixed> of the server alone: what WHMCS passes may be a service's, its password among it */
    private $server;

    /** @param mixed $params */
    public function __construct($params)
    {
        $this->server = array_filter(
            is_array($params) ? $params : [],
            static function ($name) {
                return strpos((string) $name, 'server') === 0;
            },
            ARRAY_FILTER_USE_KEY
        );
    }

    /** @return array<string, mixed> no login in what a page or a log dumps */
    public function __debugInfo()
    {
        return ['serverid' => $this->server['serverid'] ?? 0];
    }

    /** @return list<MetricInterface> */
    public function metrics()
    {
        $metrics = [
            new Metric('stored_data', 'Stored Data', MetricInterface::TYPE_SNAPSHOT, new GigaBytes('GB')),
            new Metric('protected_data', 'Protected Data', MetricInterface::TYPE_SNAPSHOT, new GigaBytes('GB')),
        ];
        foreach (self::COUNTED as $name => [$label, $unit]) {
            $metrics[] = new Metric($name, $label, MetricInterface::TYPE_SNAPSHOT, new WholeNumber($unit));
        }

        return $metrics;
    }

    /** @return array<string, list<MetricInterface>> by user name */
    public function usage()
    {
        return array_map([$this, 'withUsage'], cometbackup_MetricUsage($this->server));
    }

    /** @return list<MetricInterface> */
    public function tenantUsage($tenant)
    {
        $tenant = is_scalar($tenant) ? (string) $tenant : '';

        return $this->withUsage(cometbackup_MetricTenantUsage($this->server, $tenant)[$tenant] ?? []);
    }

    /**
     * @param array<string, int|float> $values a metric without one is not known
     * @return list<MetricInterface>
     */
    private function withUsage(array $values)
    {
        $known = [];
        foreach ($this->metrics() as $metric) {
            if (isset($values[$metric->systemName()])) {
                $known[] = $metric->withUsage(new Usage($values[$metric->systemName()]));
            }
        }

        return $known;
    }
}
