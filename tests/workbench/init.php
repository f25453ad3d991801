<?php

declare(strict_types=1);

// WHMCS's init.php: what files of a module that are requested by themselves start with.

use Tests\Host\Strict;
use Tests\Workbench\Html;
use Tests\Workbench\World;

require_once __DIR__ . '/../bootstrap.php';

World::open();
// The file prints its page by itself: what it did against the contract stands at its end.
register_shutdown_function(static function (): void {
    foreach (Strict::faults() as $fault) {
        echo '<p class="workbench-faults" role="alert">', Html::text($fault), '</p>';
    }
});
