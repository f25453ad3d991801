<?php

declare(strict_types=1);

// One call of a module function in the life of a service, ours and as the plain client makes it.

namespace Tests\Bench;

use Closure;
use Tests\Host\Module;
use WHMCS\Service\Service;

final class Step
{
    /**
     * @param ?Closure(PlainClient, Service): mixed $plain none where PHP modules ask nobody either
     * @param ?Closure(Module, Service): list<mixed> $arguments the service's parameters where not said
     * @param ?int $trips round trips that have to follow one another; as many as requests where not said
     * @param ?string $status of the service afterwards
     */
    public function __construct(
        public readonly string $function,
        public readonly ?Closure $plain = null,
        public readonly ?Closure $arguments = null,
        public readonly ?int $trips = null,
        public readonly ?string $status = null
    ) {
    }

    /** What is timed; all that WHMCS does before is done. */
    public function ours(Module $module, Service $service): Closure
    {
        $arguments = $this->arguments === null ? [$module->paramsFor($service)] : ($this->arguments)($module, $service);

        return fn (): mixed => $module->call($this->function, ...$arguments);
    }
}
