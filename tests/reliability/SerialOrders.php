<?php

declare(strict_types=1);

// Where operations on one service may lead when they run one after the other, in any order.

namespace Tests\Reliability;

final class SerialOrders
{
    /**
     * @param array<string, mixed> $state
     * @param array<int, array{string, bool}> $operations each with whether it has run: one that was refused may have
     * @param callable(array<string, mixed>, string): array<string, mixed> $apply
     * @return list<array<string, mixed>>
     */
    public static function ends(array $state, array $operations, callable $apply): array
    {
        $ends = array_filter($operations, static fn (array $operation): bool => $operation[1]) === [] ? [$state] : [];
        foreach ($operations as $at => [$name]) {
            $rest = array_diff_key($operations, [$at => true]);
            array_push($ends, ...self::ends($apply($state, $name), $rest, $apply));
        }

        return array_values(array_unique($ends, SORT_REGULAR));
    }
}
