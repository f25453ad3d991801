<?php

declare(strict_types=1);

// Measurements as lines of the table, with the bars that each has to clear.

namespace Tests\Bench;

use RuntimeException;
use Tests\Bench\Statistics as S;

final class Report
{
    public readonly Table $table;

    public function __construct(public readonly Bars $bars)
    {
        $this->table = new Table();
    }

    /** @param array<string, array<string, array<string, list<array<string, mixed>>>>> $near without distance @param array<string, mixed> $far with it */
    public function functions(array $near, array $far): void
    {
        foreach ($near as $module => $functions) {
            $this->table->heading("$module, warm worker");
            foreach ($functions as $function => $who) {
                $distant = $far[$module][$function];
                $ours = $distant['ours'];
                $cells = self::counts($ours) + self::times(0, $who) + self::times(50, $distant) + self::peaks($who, $distant);
                $this->table->line($function, $cells, $this->ofFunction("{$module}_$function", $who, $distant));
            }
        }
    }

    /** @param array<string, array<string, list<array<string, mixed>>>> $cold by function and who */
    public function cold(array $cold): void
    {
        $this->table->heading('first call of a worker');
        foreach ($cold as $function => $who) {
            $bars = $function === 'cometbackup_ClientArea' ? [$this->bars->atMost('of plain', self::ratio($who), 0.55)] : [];
            $this->table->line($function, self::counts($who['ours']) + self::times(50, $who) + self::peaks($who), $bars);
        }
    }

    /** @param array<int, array<string, list<array<string, mixed>>>|string> $jobs @param array<int, array<string, list<array<string, mixed>>>|string> $accounts */
    public function growth(array $jobs, array $accounts): void
    {
        $this->table->heading('client area with its HTML, by number of jobs');
        foreach ($jobs as $count => $who) {
            if (is_string($who)) {
                $this->table->line(number_format($count) . ' jobs', [], [$this->bars->verdict($who, false)]);
                continue;
            }
            $bars = $count !== 2000 ? [] : [$this->bars->atMost('of plain', self::ratio($who), 0.55),
                $this->bars->atMost('peak MB', max(array_column($who['ours'], 'peak')) / 1024, 1)];
            $ratio = ['ratio' => S::number(self::ratio($who))];
            $this->table->line(number_format($count) . ' jobs', self::counts($who['ours']) + self::times(0, $who) + $ratio + self::peaks($who), $bars);
        }
        $this->table->heading('UsageUpdate, by number of accounts');
        foreach ($accounts as $count => $who) {
            if (is_string($who)) {
                $this->table->line(number_format($count) . ' accounts', [], [$this->bars->verdict($who, false)]);
                continue;
            }
            $cells = self::counts($who['ours']) + self::times(0, $who) + self::peaks($who);
            $this->table->line(number_format($count) . ' accounts', $cells, $count === 100_000 ? $this->ofUsage($who['ours'], $accounts[1000]['ours']) : []);
        }
    }

    /** @param array<int, array<string, list<array<string, mixed>>>|string> $licenses by number and who */
    public function licenses(array $licenses): void
    {
        $this->table->heading('Reconcile over everything with the list of licenses, by number of licenses');
        foreach ($licenses as $count => $who) {
            if (is_string($who)) {
                $this->table->line(number_format($count) . ' licenses', [], [$this->bars->verdict($who, false)]);
                continue;
            }
            $ours = $who['ours'];
            $bars = $count !== 100_000 ? [] : [
                $this->bars->atMost('requests for a page', $ours[0]['traffic']['requests'] / ($count / 100), 1),
                $this->bars->atMost('peak MB', max(array_column($ours, 'peak')) / 1024, 16),
                $this->bars->atMost('seconds', S::median(array_column($ours, 'ms')) / 1000, 60),
            ];
            $this->table->line(number_format($count) . ' licenses', self::counts($ours) + self::times(0, $who) + self::peaks($who), $bars);
        }
    }

    /**
     * @param array{memory: list<int>, first: array<string, list<float>>, rate: array<string, list<float>>} $gigabit
     * @param array{memory: list<int>, first: array<string, list<float>>, rate: array<string, list<float>>} $unlimited
     */
    public function installer(array $gigabit, array $unlimited): void
    {
        $this->table->heading('200 MB installer through PHP-FPM; plain: curl from the server');
        $pair = static fn (array $values): array => ['ours 0' => S::spread($values['ours']), 'plain 0' => S::spread($values['curl'])];
        $share = static fn (array $rate): float => S::median(array_map(static fn ($ours, $curl) => $ours / $curl, $rate['ours'], $rate['curl']));
        $first = $unlimited['first'];
        $this->table->line('first byte, ms', $pair($first), [$this->bars->atMost('ms later', S::median($first['ours']) - S::median($first['curl']), 20)]);
        $this->table->line(
            'resident memory',
            ['peak' => (string) max($unlimited['memory'])],
            [$this->bars->atMost('MB more', max($unlimited['memory']) / 1024, 4)]
        );
        $this->table->line('MB a second, server with 1 Gbit/s', $pair($gigabit['rate']), [$this->bars->atLeast("of curl's", $share($gigabit['rate']), 0.9)]);
        $this->table->line(
            'MB a second, within this machine',
            $pair($unlimited['rate']) + ['floor 0' => S::spread($unlimited['rate']['fpm'])],
            ["of curl's " . S::number($share($unlimited['rate'])) . '; floor: PHP-FPM with bytes at hand']
        );
    }

    /**
     * @param array{without: list<float>, with: list<float>} $starts
     * @param array{without: list<int>, with: list<int>} $workers
     * @param array{without: list<float>, with: list<float>} $pages
     */
    public function load(int $size, array $starts, array $workers, array $pages): void
    {
        $this->table->heading('a PHP that does not use it; ours: with, plain: without');
        $this->table->line('library, MB', ['ours 0' => S::number($size / 1e6)], [$this->bars->atMost('MB', $size / 1e6, self::largestLibrary() / 1e6)]);
        $pair = static fn (array $values): array => ['ours 0' => S::spread($values['with']), 'plain 0' => S::spread($values['without'])];
        $more = static fn (array $values): float => S::median(array_map(static fn ($with, $without) => $with - $without, $values['with'], $values['without']));
        $this->table->line(
            "php -n -r '', ms",
            $pair($starts),
            [S::number($more($starts)) . ' ms more', $this->bars->atMost('of plain', $more($starts) / S::median($starts['without']), 0.08)]
        );
        $this->table->line('idle FPM worker, private kB', $pair($workers), [$this->bars->atMost('MB more', $more($workers) / 1024, 0.5)]);
        $ratios = array_map(static fn (float $with, float $without): float => $without / $with, $pages['with'], $pages['without']);
        $rates = array_map(static fn (array $times): array => array_map(static fn (float $ms): float => 1000 / $ms, $times), $pages);
        $this->table->line(
            'FPM pages a second',
            $pair($rates),
            [$this->bars->verdict('1 within ' . S::spread($ratios), S::quantile($ratios, 0.9) >= 1)]
        );
    }

    /** @param array<string, list<array<string, mixed>>> $near @param array<string, list<array<string, mixed>>> $far @return list<string> */
    private function ofFunction(string $function, array $near, array $far): array
    {
        $traffic = static fn (string $what): float => max(array_map(static fn (array $one): int => $one['traffic'][$what], $far['ours']));
        $floor = S::median(array_column($far['floor'], 'ms'));

        return match ($function) {
            'cometbackup_CreateAccount' => [$this->bars->atMost('requests', $traffic('requests'), 5),
                $this->bars->atMost('new connections', $traffic('connections'), 0), $this->bars->atMost('of plain', self::ratio($far), 0.40)],
            'cometbackup_ClientArea' => [$this->bars->atMost('round trips', S::median(array_column($far['ours'], 'ms')) / $floor, 1.15),
                $this->bars->atMost('of plain', self::ratio($far), 0.30)],
            'jetpack_FetchProducts' => [$this->bars->atMost('round trips', S::median(array_column($far['ours'], 'ms')) / $floor, 1.10)],
            'jetpack_CreateAccount' => [$this->bars->atMost('requests', $traffic('requests'), 1),
                S::number(S::median(self::beside($near))) . ' ms beside it',
                $this->bars->atMost('beside it, of plain', S::median(self::beside($near)) / S::median(array_column($near['plain'], 'ms')), 0.63),
                "WHMCS's own statements " . S::number(S::median(array_column($near['ours'], 'whmcs'))) . ' ms more'],
            default => [],
        };
    }

    /** @param list<array<string, mixed>> $most @param list<array<string, mixed>> $thousand @return list<string> */
    private function ofUsage(array $most, array $thousand): array
    {
        $each = static fn (array $runs, int $count): float => S::median(array_column($runs, 'ms')) / $count;

        return [$this->bars->atMost('requests', $most[0]['traffic']['requests'], 1), $this->bars->atMost('statements', $most[0]['statements'], 19),
            $this->bars->atMost('peak MB', max(array_column($most, 'peak')) / 1024, 32),
            $this->bars->atMost('time of each, against 1,000', $each($most, 100_000) / $each($thousand, 1000), 1.15)];
    }

    /**
     * Each call against the round trips measured right after it, without what WHMCS does itself when it is told.
     *
     * @param array<string, list<array<string, mixed>>> $who @return list<float>
     */
    private static function beside(array $who): array
    {
        return array_map(static fn (array $ours, array $floor): float => $ours['ms'] - $ours['whmcs'] - $floor['ms'], $who['ours'], $who['floor']);
    }

    /** @param list<array<string, mixed>> $ours @return array<string, string> */
    private static function counts(array $ours): array
    {
        $of = static fn (callable $figure): float => S::median(array_map($figure, $ours));

        return ['req' => (string) $of(static fn (array $one): int => $one['traffic']['requests']),
            'new' => (string) $of(static fn (array $one): int => $one['traffic']['connections']),
            'kB' => S::number($of(static fn (array $one): float => ($one['traffic']['bytes_sent'] + $one['traffic']['bytes_received']) / 1000)),
            'sql' => (string) $of(static fn (array $one): int => $one['statements'])];
    }

    /** @param array<string, list<array<string, mixed>>> $who @return array<string, string> */
    private static function times(int $distance, array $who): array
    {
        $cells = [];
        foreach (array_intersect_key($who, ['ours' => true, 'plain' => true, 'floor' => true]) as $name => $runs) {
            $cells["$name $distance"] = S::spread(array_column($runs, 'ms'));
        }
        if ($distance > 0 && isset($who['plain'])) {
            $cells['ratio'] = S::number(self::ratio($who));
        }

        return $cells;
    }

    /** @param array<string, list<array<string, mixed>>> ...$runs @return array<string, string> */
    private static function peaks(array ...$runs): array
    {
        $highest = static fn (string $who): string => (string) max([0, ...array_merge(...array_map(
            static fn (array $run): array => array_column($run[$who] ?? [], 'peak'),
            $runs
        ))]);

        return ['peak' => $highest('ours'), 'peak plain' => isset($runs[0]['plain']) ? $highest('plain') : ''];
    }

    /** @param array<string, list<array<string, mixed>>> $who */
    private static function ratio(array $who): float
    {
        return S::median(array_column($who['ours'], 'ms')) / S::median(array_column($who['plain'], 'ms'));
    }

    /** Bytes that a library of a release may have. */
    private static function largestLibrary(): int
    {
        $baseline = (string) file_get_contents(dirname(__DIR__, 2) . '/packaging/baseline.sh');
        preg_match('/^LARGEST_LIBRARY=(\d+)$/m', $baseline, $found) === 1 || throw new RuntimeException('packaging/baseline.sh names no LARGEST_LIBRARY.');

        return (int) $found[1];
    }
}
