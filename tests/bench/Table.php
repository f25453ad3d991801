<?php

declare(strict_types=1);

// One table with headings in between; columns are as wide as their longest cell.

namespace Tests\Bench;

final class Table
{
    private const HEADINGS = ['', 'req', 'new', 'kB', 'sql', '0 ms: ours', 'plain', 'floor', '50+50 ms: ours', 'plain', 'floor',
        'of plain', 'peak kB', 'plain', 'bars'];

    /** @var list<list<string>> one cell: a heading */
    private array $rows = [];

    public function heading(string $text): void
    {
        $this->rows[] = [$text];
    }

    /** @param list<string> $bars @param array<string, string> $cells by heading, where "plain" and "floor" have 0 or 50 behind them */
    public function line(string $label, array $cells, array $bars = []): void
    {
        $names = ['req', 'new', 'kB', 'sql', 'ours 0', 'plain 0', 'floor 0', 'ours 50', 'plain 50', 'floor 50', 'ratio', 'peak', 'peak plain'];
        $this->rows[] = [$label, ...array_map(static fn (string $name): string => $cells[$name] ?? '', $names), implode('; ', $bars)];
    }

    public function __toString(): string
    {
        $widths = array_fill(0, count(self::HEADINGS), 0);
        $lines = array_filter($this->rows, static fn (array $row): bool => count($row) > 1);
        foreach ([self::HEADINGS, ...$lines] as $row) {
            foreach ($row as $column => $cell) {
                $widths[$column] = max($widths[$column], mb_strwidth($cell));
            }
        }
        $text = self::row(self::HEADINGS, $widths) . '|' . implode('|', array_map(static fn (int $w): string => str_repeat('-', $w + 2), $widths)) . "|\n";
        foreach ($this->rows as $row) {
            $text .= self::row(array_pad(count($row) > 1 ? $row : ["**$row[0]**"], count($widths), ''), $widths);
        }

        return $text;
    }

    /** @param list<string> $cells @param list<int> $widths */
    private static function row(array $cells, array $widths): string
    {
        $padded = array_map(
            static fn (string $cell, int $width): string => $cell . str_repeat(' ', max(0, $width - mb_strwidth($cell))),
            $cells,
            $widths
        );

        return '| ' . implode(' | ', $padded) . " |\n";
    }
}
