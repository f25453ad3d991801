<?php

declare(strict_types=1);

// One changing function, the world it runs in, and what a host does after it has failed.

namespace Tests\Reliability;

use Closure;

final class Scenario
{
    public readonly Closure $finish;

    /**
     * @param string $function as WHMCS calls it
     * @param Closure(): void $prepare
     * @param Closure(): string $call the function's answer
     * @param Closure(): string|null $finish what staff run last where it is another function
     * @param int $most licenses or accounts of the service at any moment
     */
    public function __construct(
        public readonly string $function,
        public readonly Closure $prepare,
        public readonly Closure $call,
        ?Closure $finish = null,
        public readonly int $most = 1
    ) {
        $this->finish = $finish ?? $call;
    }
}
