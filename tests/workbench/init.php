<?php

declare(strict_types=1);

// WHMCS's init.php: what files of a module that are requested by themselves start with.

use Tests\Workbench\World;

require_once __DIR__ . '/../bootstrap.php';

World::open();
