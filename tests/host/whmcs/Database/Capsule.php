<?php

// WHMCS's database access.

declare(strict_types=1);

namespace WHMCS\Database;

use Illuminate\Database\Capsule\Manager;

class Capsule extends Manager
{
}
