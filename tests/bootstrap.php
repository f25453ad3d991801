<?php

declare(strict_types=1);

// What every PHP test and the demo start from: the WHMCS host and our own support classes.

require_once __DIR__ . '/host/bootstrap.php';

spl_autoload_register(static function (string $class): void {
    // Tests\Support\ChildProcess is in support/ChildProcess.php; the folders of the host have an autoloader of their own.
    if (preg_match('~^Tests\\\\(\w+)\\\\(\w+)$~', $class, $found) === 1) {
        $file = __DIR__ . '/' . strtolower($found[1]) . "/$found[2].php";
        if (is_file($file)) {
            require_once $file;
        }
    }
});
