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
    private const BLOCKS = 20;
    private const PAGES = 200;

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

    /** Milliseconds of a page that does not use us, block by block. @return array{without: list<float>, with: list<float>} */
    public static function pages(): array
    {
        $one = ['pm.max_children' => '1'];
        $fpm = ['without' => PhpFpm::start(false, [], $one), 'with' => PhpFpm::start(true, [], $one)];
        $clients = array_map(static fn (PhpFpm $fpm): Download => new Download($fpm, '<?php echo str_repeat(md5("page"), 30);'), $fpm);
        $medians = ['without' => [], 'with' => []];
        for ($block = -1; $block < self::BLOCKS; $block++) {
            $times = ['without' => [], 'with' => []];
            for ($page = 0; $page < self::PAGES; $page++) {
                // One page each in turn, and the first of the two takes turns, too.
                foreach ($page % 2 === 0 ? ['without', 'with'] : ['with', 'without'] as $which) {
                    $begun = hrtime(true);
                    $clients[$which]->run();
                    $times[$which][] = (hrtime(true) - $begun) / 1e6;
                }
            }
            foreach ($block < 0 ? [] : $times as $which => $all) {
                $medians[$which][] = Statistics::median($all);
            }
        }

        return $medians;
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
