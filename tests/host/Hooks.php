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
            $answer = ($hook['callable'])($vars);
            if ($answer !== null && $answer !== '') {
                $answers[] = $answer;
            }
        }

        return $answers;
    }

    public static function clear(): void
    {
        self::$hooks = [];
    }
}
