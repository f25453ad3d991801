<?php

declare(strict_types=1);

// One changing function, the world it runs in, and what a host does after it has failed.

namespace Tests\Reliability;

use Closure;

final class Scenario
{
    public readonly Closure $finish;

    /**
     * @param Closure(): void $prepare
     * @param Closure(): string $call the function's answer
     * @param Closure(): string|null $finish what staff run last where it is another function
     * @param int $most licenses or accounts of the service at any moment
     * @param string|null $only the one call that no other scenario of the function has
     */
    public function __construct(
        public readonly Closure $prepare,
        public readonly Closure $call,
        ?Closure $finish = null,
        public readonly int $most = 1,
        private readonly ?string $only = null
    ) {
        $this->finish = $finish ?? $call;
    }

    public function tries(string $call): bool
    {
        return $this->only === null || $this->only === $call || getenv('TORTURE');
    }
}
