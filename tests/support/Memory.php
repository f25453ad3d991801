<?php

declare(strict_types=1);

// The memory that this process takes for some work. Pages of files do not count: how much of the library's code is read in depends
// on the build and on what ran before.

namespace Tests\Support;

final class Memory
{
    private function __construct(private readonly int $before)
    {
    }

    public static function start(): self
    {
        // Lowers the peak to what is taken now.
        file_put_contents('/proc/self/clear_refs', '5');

        return new self(self::of('VmRSS') - self::of('RssFile'));
    }

    /** The most that was taken since, in kilobytes beyond what was taken at the start. */
    public function grown(): int
    {
        return self::of('VmHWM') - self::of('RssFile') - $this->before;
    }

    private static function of(string $field): int
    {
        preg_match("/^$field:\s+(\d+) kB/m", (string) file_get_contents('/proc/self/status'), $found);

        return (int) $found[1];
    }
}
