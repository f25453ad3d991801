<?php

// Starts the stand-in for WHMCS: its libraries, its class names and the global functions modules call.

declare(strict_types=1);

define('WHMCS', true);

require_once '/usr/share/php/Illuminate/Database/autoload.php';
require_once '/usr/share/php/smarty4/Smarty.class.php';

spl_autoload_register(static function (string $class): void {
    $folders = ['Tests\\Host\\' => __DIR__, 'WHMCS\\' => __DIR__ . '/whmcs'];
    foreach ($folders as $prefix => $folder) {
        $file = $folder . '/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        // WHMCS before 8.0 has no CurrentUser.
        if ($class === 'WHMCS\\Authentication\\CurrentUser' && getenv('TEST_WHMCS_WITHOUT_CURRENT_USER')) {
            return;
        }
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
        }
    }
});

require __DIR__ . '/functions.php';
