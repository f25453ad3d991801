<?php

// Unit of metrics counted in gigabytes.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class GigaBytes extends Bytes
{
}
