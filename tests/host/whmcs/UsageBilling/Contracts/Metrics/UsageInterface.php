<?php

// A value of a metric.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Contracts\Metrics;

interface UsageInterface
{
    public function value();
}
