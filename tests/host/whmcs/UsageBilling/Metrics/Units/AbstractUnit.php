<?php

// Base of the units.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

use WHMCS\UsageBilling\Contracts\Metrics\UnitInterface;

abstract class AbstractUnit implements UnitInterface
{
    public function __construct(private readonly string $name = '')
    {
    }

    public function name(): string
    {
        return $this->name;
    }
}
