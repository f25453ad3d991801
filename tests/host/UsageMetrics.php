<?php

// Usage metrics as WHMCS reads them from a module's MetricProvider, and matches them with services.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;
use WHMCS\UsageBilling\Contracts\Metrics\MetricInterface;
use WHMCS\UsageBilling\Contracts\Metrics\ProviderInterface;
use WHMCS\UsageBilling\Contracts\Metrics\UnitInterface;

trait UsageMetrics
{
    /** @var array<string, string> by metric: type, unit and its label, as WHMCS stored them with prices */
    private array $definitions = [];

    /** @param array<string, mixed>|null $params those of a page or of a server; none is a pricing page without a server */
    public function metricProvider(?array $params = null): ProviderInterface
    {
        $provider = $this->call('MetricProvider', $params ?? []);
        if (!$provider instanceof ProviderInterface) {
            throw new \UnexpectedValueException('MetricProvider returned ' . get_debug_type($provider) . '.');
        }

        return $provider;
    }

    /** @return array<string, MetricInterface> by system name; the same list always */
    public function metrics(?array $params = null): array
    {
        $metrics = [];
        foreach ($this->metricProvider($params)->metrics() as $metric) {
            self::mustBeMetric($metric);
            $name = $metric->systemName();
            if (isset($metrics[$name]) || $metric->usage() !== null) {
                throw new \UnexpectedValueException("metrics() has $name twice, or with a usage.");
            }
            $metrics[$name] = $metric;
        }
        $definitions = array_map(self::definition(...), $metrics);
        if ($this->definitions !== [] && $definitions !== $this->definitions) {
            throw new \UnexpectedValueException('metrics() has changed, and WHMCS has stored prices and usage under the old names.');
        }
        $this->definitions = $definitions;

        return $metrics;
    }

    /** The daily cron: every tenant of a server. @return array<string, array<string, int|float>> */
    public function collectUsage(int $serverId): array
    {
        $usage = $this->metricProvider($this->serverParams($serverId))->usage();
        if (!is_array($usage)) {
            throw new \UnexpectedValueException('usage() returned ' . get_debug_type($usage) . '.');
        }

        return array_map($this->valuesOf(...), $usage);
    }

    /** "Refresh" of one service. @param array<string, mixed> $params @return array<string, int|float> */
    public function tenantUsage(array $params, mixed $tenant): array
    {
        return $this->valuesOf($this->metricProvider($params)->tenantUsage($tenant));
    }

    /**
     * What WHMCS would bill: the tenant is the value of the field that ListAccountsUniqueIdentifierField names, compared
     * as the database compares.
     *
     * @return array<int, array<string, int|float>> by service
     */
    public function billedUsage(int $serverId): array
    {
        $field = $this->metaData()['ListAccountsUniqueIdentifierField'] ?? 'domain';
        $billed = [];
        foreach ($this->collectUsage($serverId) as $tenant => $values) {
            $services = Capsule::table('tblhosting')
                ->where(['server' => $serverId, $field => (string) $tenant])
                ->whereIn('domainstatus', ['Active', 'Suspended', 'Completed']);
            foreach ($services->pluck('id') as $id) {
                $billed[$id] = $values;
            }
        }
        ksort($billed);

        return $billed;
    }

    /** @return array<string, int|float> */
    private function valuesOf(mixed $usages): array
    {
        if (!is_array($usages) || !array_is_list($usages)) {
            throw new \UnexpectedValueException('The metrics of a tenant are no list.');
        }
        $metrics = $this->definitions ?: array_map(self::definition(...), $this->metrics());
        $values = [];
        foreach ($usages as $metric) {
            self::mustBeMetric($metric);
            $name = $metric->systemName();
            if (self::definition($metric) !== ($metrics[$name] ?? null) || isset($values[$name])) {
                throw new \UnexpectedValueException("$name is not among metrics(), differs from it, or is there twice.");
            }
            $value = $metric->usage()?->value();
            if (!is_int($value) && !is_float($value) || $value < 0 || !is_finite((float) $value)) {
                throw new \UnexpectedValueException("$name has no usage that can be billed.");
            }
            $values[$name] = $value;
        }

        return $values;
    }

    private static function mustBeMetric(mixed $metric): void
    {
        if (!$metric instanceof MetricInterface || !$metric->units() instanceof UnitInterface) {
            throw new \UnexpectedValueException(get_debug_type($metric) . ' is no metric with a unit.');
        }
    }

    private static function definition(MetricInterface $metric): string
    {
        return implode(' ', [$metric->type(), $metric->units()::class, $metric->units()->name(), $metric->displayName()]);
    }
}
