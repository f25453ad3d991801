<?php

// The unit a metric is counted in.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Contracts\Metrics;

interface UnitInterface
{
    public function name();
}
