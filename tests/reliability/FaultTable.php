<?php

declare(strict_types=1);

// The matrix as a table for people: each cell with its answers and its verdict.

namespace Tests\Reliability;

final class FaultTable
{
    /** @var list<list<string>> */
    private static array $rows = [];

    public static function add(string ...$cells): void
    {
        self::$rows[] = array_map(self::plain(...), array_values($cells));
    }

    public static function write(): void
    {
        $head = ['function', 'call', 'fault', 'first answer', 'answer to the retry', 'verdict'];
        $wrong = count(array_filter(self::$rows, static fn (array $row): bool => end($row) !== 'right'));
        $lines = [
            '# Fault matrix',
            '',
            count(self::$rows) . ' cells, ' . $wrong . ' wrong.',
            '',
            self::line($head),
            self::line(array_fill(0, count($head), '---')),
            ...array_map(self::line(...), self::$rows),
        ];
        file_put_contents(self::path(), implode("\n", $lines) . "\n");
    }

    private static function path(): string
    {
        return getenv('FAULT_MATRIX_FILE') ?: getenv('TEST_DIR') . '/fault-matrix.md';
    }

    /** @param list<string> $cells */
    private static function line(array $cells): string
    {
        return '| ' . implode(' | ', $cells) . ' |';
    }

    /** Without what differs from run to run. */
    private static function plain(string $text): string
    {
        $text = preg_replace(
            ['/sandbox-\d+-\d+/', '/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/', '/_\w{0,4}…\w*/u', '/\s+/', '/\|/'],
            ['(id)', '(time)', '_…', ' ', '/'],
            $text
        );

        return trim((string) $text);
    }
}
