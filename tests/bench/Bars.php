<?php

declare(strict_types=1);

// What has to hold, beside the figure that shows it.

namespace Tests\Bench;

final class Bars
{
    public int $failures = 0;

    public function atMost(string $what, float $value, float $limit): string
    {
        return $this->verdict("$what " . Statistics::number($value) . ' ≤ ' . Statistics::number($limit), $value <= $limit);
    }

    public function atLeast(string $what, float $value, float $limit): string
    {
        return $this->verdict("$what " . Statistics::number($value) . ' ≥ ' . Statistics::number($limit), $value >= $limit);
    }

    public function verdict(string $text, bool $holds): string
    {
        $this->failures += $holds ? 0 : 1;

        return $text . ($holds ? ' holds' : ' FAILS');
    }
}
