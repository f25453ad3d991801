<?php

declare(strict_types=1);

// Rows of numbers, for statements that fill a table. MariaDB has tables for it, MySQL has not.

namespace Tests\Support;

final class Numbers
{
    /** A table to select from, with one column `seq`; in no certain order. */
    public static function table(int $first, int $last): string
    {
        $digit = '(SELECT 0 AS d UNION ALL SELECT ' . implode(' UNION ALL SELECT ', range(1, 9)) . ')';
        $count = $last - $first;
        $sum = $tables = [];
        for ($power = 1; $power === 1 || $power <= $count; $power *= 10) {
            $sum[] = "$power * digit_$power.d";
            $tables[] = "$digit AS digit_$power";
        }
        $number = implode(' + ', $sum);

        return "(SELECT $first + $number AS seq FROM " . implode(' CROSS JOIN ', $tables) . " WHERE $number <= $count) AS numbers";
    }
}
