<?php

// Unit of metrics counted in domains.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class Domains extends WholeNumber
{
}
