<?php

declare(strict_types=1);

// What every PHP test and the demo start from: the WHMCS host and our own support classes.

require_once __DIR__ . '/host/bootstrap.php';

spl_autoload_register(static function (string $class): void {
    foreach (['support', 'reliability'] as $folder) {
        $prefix = 'Tests\\' . ucfirst($folder) . '\\';
        $file = __DIR__ . "/$folder/" . substr($class, strlen($prefix)) . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require_once $file;
        }
    }
});
