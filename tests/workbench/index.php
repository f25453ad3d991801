<?php

declare(strict_types=1);

// The front controller of the workbench: every page of it, in PHP-FPM.

use Tests\Workbench\Router;

require_once __DIR__ . '/../bootstrap.php';

Router::answer((string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH));
