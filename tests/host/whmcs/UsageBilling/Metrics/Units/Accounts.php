<?php

// Unit of metrics counted in accounts.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class Accounts extends WholeNumber
{
}
