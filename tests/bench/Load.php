<?php

declare(strict_types=1);

// What a PHP that never calls us pays: start, idle memory, requests of other pages. With and without us in turn.

namespace Tests\Bench;

use Tests\Cometbackup\FastCgi;
use Tests\Support\ChildProcess;
use Tests\Support\PhpFpm;

final class Load
{
    private const STARTS = 60;
    private const WORKERS = 5;
    private const ROUNDS = 40;
    private const PAGES = 100;

    /** Milliseconds of `php -n -r ''`. @return array{without: list<float>, with: list<float>} */
    public static function starts(): array
    {
        $extension = ['-d', 'extension=' . ChildProcess::extension()];
        $times = ['without' => [], 'with' => []];
        for ($round = -3; $round < self::STARTS; $round++) {
            $pair = ['without' => self::start([]), 'with' => self::start($extension)];
            foreach ($round < 0 ? [] : $pair as $which => $ms) {
                $times[$which][] = $ms;
            }
        }

        return $times;
    }

    /** Private kilobytes of an idle FPM worker. @return array{without: list<int>, with: list<int>} */
    public static function workers(): array
    {
        // Pages of a file that is still being written count as private.
        exec('sync');
        $memory = ['without' => [], 'with' => []];
        for ($round = 0; $round < self::WORKERS; $round++) {
            foreach (['without' => false, 'with' => true] as $which => $loaded) {
                $fpm = PhpFpm::start($loaded, [], ['pm.max_children' => '1']);
                FastCgi::request($fpm, '<?php echo "up";', '');
                $rollup = (string) file_get_contents("/proc/{$fpm->workers()[0]}/smaps_rollup");
                preg_match_all('/^Private_(?:Clean|Dirty):\s+(\d+) kB/m', $rollup, $found);
                $memory[$which][] = (int) array_sum($found[1]);
            }
        }

        return $memory;
    }

    /** Requests a second of a page that does not use us. @return array{without: list<float>, with: list<float>} */
    public static function pages(): array
    {
        $fpm = ['without' => PhpFpm::start(false, [], ['pm.max_children' => '1']), 'with' => PhpFpm::start(true, [], ['pm.max_children' => '1'])];
        $rates = ['without' => [], 'with' => []];
        for ($round = -1; $round < self::ROUNDS; $round++) {
            // Who comes first takes turns, too.
            foreach ($round % 2 === 0 ? ['without', 'with'] : ['with', 'without'] as $which) {
                $begun = hrtime(true);
                for ($page = 0; $page < self::PAGES; $page++) {
                    FastCgi::request($fpm[$which], '<?php echo str_repeat(md5("page"), 30);', '');
                }
                $rate = self::PAGES / ((hrtime(true) - $begun) / 1e9);
                $rates[$which] = $round < 0 ? [] : [...$rates[$which], $rate];
            }
        }

        return $rates;
    }

    /** @param list<string> $arguments */
    private static function start(array $arguments): float
    {
        $begun = hrtime(true);
        $process = proc_open([PHP_BINARY, '-n', ...$arguments, '-r', ''], [], $pipes);
        proc_close($process);

        return (hrtime(true) - $begun) / 1e6;
    }
}
