<?php

declare(strict_types=1);

// What client themes are made of: Bootstrap 3, Bootstrap 4 (both Debian's), or nothing.

namespace Tests\Support;

use RuntimeException;

final class Themes
{
    private const FILES = [
        'bootstrap3' => '/usr/share/javascript/bootstrap/css/bootstrap.min.css',
        'bootstrap4' => '/usr/share/javascript/bootstrap4/css/bootstrap.min.css',
    ];

    /** @return array<string, string> style sheets by name */
    public static function all(): array
    {
        $read = static fn (string $file): string => @file_get_contents($file)
            ?: throw new RuntimeException("$file is missing: install libjs-bootstrap and libjs-bootstrap4.");

        return array_map($read, self::FILES) + ['plain' => ''];
    }
}
