<?php

// Unit of metrics counted in numbers with a fraction.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class FloatingPoint extends AbstractUnit
{
}
