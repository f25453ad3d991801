<?php

// Unit of metrics counted in bytes.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class Bytes extends FloatingPoint
{
}
