<?php

// Unit of metrics counted in megabytes.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class MegaBytes extends Bytes
{
}
