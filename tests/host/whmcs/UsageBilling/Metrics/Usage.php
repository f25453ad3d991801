<?php

// A value of a metric, in the unit of the metric.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics;

use WHMCS\UsageBilling\Contracts\Metrics\UsageInterface;

class Usage implements UsageInterface
{
    public function __construct(private readonly int|float|string $value)
    {
    }

    public function value(): int|float|string
    {
        return $this->value;
    }
}
