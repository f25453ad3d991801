<?php

declare(strict_types=1);

// What a function asked for and left behind when nothing went wrong.

namespace Tests\Reliability;

final class CleanRun
{
    /**
     * @param list<string> $calls
     * @param array<string, mixed> $end
     * @param int $made licenses, or accounts and vaults, that were made in all
     */
    public function __construct(
        public readonly array $calls,
        public readonly array $end,
        public readonly int $made
    ) {
    }
}
