<?php

// Unit of metrics counted in kilobytes.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class KiloBytes extends Bytes
{
}
