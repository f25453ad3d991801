<?php

declare(strict_types=1);

// The test bootstrap, and the classes of the bench.

require_once dirname(__DIR__) . '/bootstrap.php';
require_once dirname(__DIR__) . '/cometbackup/FastCgi.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . substr($class, strlen('Tests\Bench\\')) . '.php';
    if (str_starts_with($class, 'Tests\Bench\\') && is_file($file)) {
        require_once $file;
    }
});
