<?php

// A page request as a module sees it: superglobals set while it runs, restored afterwards.

declare(strict_types=1);

namespace Tests\Host;

final class Request
{
    /**
     * @param array<mixed> $query
     * @param array<mixed> $post
     * @template T
     * @param callable(): T $page
     * @return T
     */
    public static function run(array $query, array $post, callable $page): mixed
    {
        $before = [$_GET, $_POST, $_REQUEST, $_SERVER['REQUEST_METHOD'] ?? null];
        $_GET = Host::encoded($query);
        $_POST = Host::encoded($post);
        $_REQUEST = $_POST + $_GET;
        $_SERVER['REQUEST_METHOD'] = $post === [] ? 'GET' : 'POST';
        try {
            return $page();
        } finally {
            [$_GET, $_POST, $_REQUEST, $method] = $before;
            if ($method === null) {
                unset($_SERVER['REQUEST_METHOD']);
            } else {
                $_SERVER['REQUEST_METHOD'] = $method;
            }
        }
    }
}
