<?php

declare(strict_types=1);

// What the model says must not be.

namespace Tests\Reliability;

final class Violation extends \RuntimeException
{
    public static function unless(bool $holds, string $otherwise): void
    {
        if (!$holds) {
            throw new self($otherwise);
        }
    }
}
