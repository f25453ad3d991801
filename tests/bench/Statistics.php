<?php

declare(strict_types=1);

// Median and spread.

namespace Tests\Bench;

final class Statistics
{
    /** @param list<float|int> $values */
    public static function median(array $values): float
    {
        return self::quantile($values, 0.5);
    }

    /** Half the values are below 0.5, a tenth below 0.1. @param list<float|int> $values */
    public static function quantile(array $values, float $part): float
    {
        sort($values);
        $place = $part * (count($values) - 1);
        $below = $values[(int) floor($place)];

        return $below + ($values[(int) ceil($place)] - $below) * ($place - floor($place));
    }

    /** "12.3 (11.9–14.0)": median, p10, p90. @param list<float|int> $values */
    public static function spread(array $values): string
    {
        return $values === [] ? '' : sprintf('%s (%s–%s)', ...array_map(
            static fn (float $part): string => self::number(self::quantile($values, $part)),
            [0.5, 0.1, 0.9]
        ));
    }

    public static function number(float $value): string
    {
        return number_format($value, abs($value) < 10 ? 2 : (abs($value) < 100 ? 1 : 0), '.', '');
    }
}
