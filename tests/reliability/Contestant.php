<?php

declare(strict_types=1);

// What a process of a race does: one function for one service after the other.

namespace Tests\Reliability;

use Illuminate\Database\Eloquent\ModelNotFoundException;
use PDOException;
use RuntimeException;
use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Host\Request;

final class Contestant
{
    public const OLD_DEVICE = 'old';
    private const PATIENCE = 60;

    /** Create for each, as soon as the database of WHMCS itself answers. @param list<int> $services @return array<int, string> */
    public static function walk(Module $module, array $services): array
    {
        $answers = [];
        foreach ($services as $id) {
            $answers[$id] = $module->call('CreateAccount', self::params($module, $id));
        }

        return $answers;
    }

    /**
     * One function for each service; the others begin theirs for the same service at the same moment.
     *
     * @param array<int, string> $functions by service
     * @return array<int, string>
     */
    public static function meet(Module $module, array $functions, string $meeting, int $number, int $others): array
    {
        $answers = [];
        foreach (array_keys($functions) as $at => $id) {
            $params = $module->paramsFor(Host::service($id));
            self::await($meeting, $number, $others, $at + 1);
            // Not always all in one step: who comes a request later meets another state.
            usleep(random_int(0, 5) * 10_000);
            $answers[$id] = match ($functions[$id]) {
                '' => 'success',
                'RemoveOldDevice' => self::click($module, $params),
                default => $module->call($functions[$id], $params),
            };
        }

        return $answers;
    }

    /** The customer removes his old device, on his page. @param array<string, mixed> $params */
    public static function click(Module $module, array $params): string
    {
        $before = $_SESSION;
        $_SESSION = ['uid' => (int) $params['userid']];
        try {
            $form = ['token' => generate_token('plain'), 'comet_device' => self::OLD_DEVICE];

            return Request::run([], $form, static fn (): string => $module->call('RemoveOldDevice', $params));
        } finally {
            $_SESSION = $before;
        }
    }

    /** Each process has a number in the file: how far it has come. */
    private static function await(string $meeting, int $number, int $processes, int $round): void
    {
        $own = fopen($meeting, 'r+');
        fseek($own, $number * 4);
        fwrite($own, pack('V', $round));
        fclose($own);
        $end = microtime(true) + self::PATIENCE;
        while (min(unpack('V*', str_pad((string) file_get_contents($meeting), $processes * 4, "\0"))) < $round) {
            microtime(true) < $end || throw new RuntimeException('The others did not come.');
            usleep(300);
        }
    }

    /** Also where the node is away for a moment, or has not heard of the service yet. @return array<string, mixed> */
    public static function params(Module $module, int $id): array
    {
        $end = microtime(true) + self::PATIENCE;
        while (true) {
            try {
                return $module->paramsFor(Host::service($id));
            } catch (PDOException | ModelNotFoundException $lost) {
                microtime(true) < $end || throw $lost;
                usleep(100_000);
            }
        }
    }
}
