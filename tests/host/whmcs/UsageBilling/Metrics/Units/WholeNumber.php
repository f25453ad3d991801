<?php

// Unit of metrics counted in whole numbers.

declare(strict_types=1);

namespace WHMCS\UsageBilling\Metrics\Units;

class WholeNumber extends AbstractUnit
{
}
