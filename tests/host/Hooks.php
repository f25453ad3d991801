<?php

// Registration and running of hooks.

declare(strict_types=1);

namespace Tests\Host;

final class Hooks
{
    /** @var array<string, list<array{priority: int, callable: callable|string}>> */
    private static array $hooks = [];

    public static function add(string $point, int $priority, callable|string $callable): void
    {
        self::$hooks[$point][] = ['priority' => $priority, 'callable' => $callable];
        usort(self::$hooks[$point], static fn (array $a, array $b): int => $a['priority'] <=> $b['priority']);
    }

    /** @return list<mixed> the answers, without those that answered nothing */
    public static function run(string $point, mixed $vars): array
    {
        $answers = [];
        foreach (self::$hooks[$point] ?? [] as $hook) {
            $callable = $hook['callable'];
            $answer = Strict::run(self::nameOf($point, $callable), null, static fn (): mixed => $callable($vars));
            if ($answer !== null && $answer !== '') {
                Strict::check(self::nameOf($point, $callable), Contract::kindOfHook($point), $answer);
                $answers[] = $answer;
            }
        }

        return $answers;
    }

    /** Where the hook is registered: most are closures. */
    private static function nameOf(string $point, callable|string $callable): string
    {
        $file = $callable instanceof \Closure ? (string) (new \ReflectionFunction($callable))->getFileName() : '';

        return "The hook $point" . ($file === '' ? '' : ' of ' . basename(dirname($file)));
    }

    public static function clear(): void
    {
        self::$hooks = [];
    }
}
