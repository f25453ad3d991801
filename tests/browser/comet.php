<?php

declare(strict_types=1);

// Comet's origin for the browser: its API is the sandbox's, its web interface the file that the test has written.

if (!str_starts_with($_SERVER['REQUEST_URI'], '/api/')) {
    return false;
}
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'content' => file_get_contents('php://input'),
    'header' => 'Content-Type: application/x-www-form-urlencoded',
]]);
header('Content-Type: application/json');
echo file_get_contents(getenv('TEST_SANDBOX_URL') . $_SERVER['REQUEST_URI'], false, $context);
