<?php

declare(strict_types=1);

// How often a race is run: few times by default, many with TORTURE=1; and the figures of each run.

namespace Tests\Reliability;

final class Rounds
{
    public static function of(int $usual, int $torture): int
    {
        return getenv('TORTURE') === '1' ? $torture : $usual;
    }

    /** A line for target/reliability/races.txt. @param list<string> $answers */
    public static function note(string $race, float $begun, array $answers): void
    {
        $folder = dirname(__DIR__, 2) . '/target/reliability';
        is_dir($folder) || mkdir($folder, 0777, true);
        $kinds = array_count_values(array_map(static fn (string $answer): string => (string) preg_replace('/\d+/', 'N', $answer), $answers));
        arsort($kinds);
        $counted = implode('; ', array_map(static fn (string $kind, int $count): string => "$count × $kind", array_keys($kinds), $kinds));
        $line = sprintf("%s  %.1f s  %s: %s\n", gmdate('Y-m-d H:i:s'), microtime(true) - $begun, $race, $counted);
        file_put_contents("$folder/races.txt", $line, FILE_APPEND);
    }
}
