<?php

declare(strict_types=1);

// What every PHP test and the demo start from: the WHMCS host and our own support classes.

require_once __DIR__ . '/host/bootstrap.php';

foreach (['Sandbox', 'ChildProcess', 'JetpackTestCase'] as $class) {
    require_once __DIR__ . "/support/$class.php";
}
