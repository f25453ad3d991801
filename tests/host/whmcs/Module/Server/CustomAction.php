<?php

// One action a module offers on the client's home page.

declare(strict_types=1);

namespace WHMCS\Module\Server;

class CustomAction
{
    private function __construct(
        private readonly string $identifier,
        private readonly string $display,
        private readonly \Closure $callable,
        private readonly array $params,
        private readonly array $permissions,
        private readonly bool $active,
        private readonly bool $allowSamePage,
        private readonly bool $preferIsolation
    ) {
    }

    public static function factory(
        string $identifier,
        string $display,
        callable $callable,
        array $params = [],
        array $permissions = [],
        bool $active = true,
        bool $allowSamePage = false,
        bool $preferIsolation = false
    ): self {
        return new self(
            $identifier,
            $display,
            $callable(...),
            $params,
            $permissions,
            $active,
            $allowSamePage,
            $preferIsolation
        );
    }

    public function getIdentifier(): string
    {
        return $this->identifier;
    }

    public function getDisplay(): string
    {
        return $this->display;
    }

    public function getPermissions(): array
    {
        return $this->permissions;
    }

    public function isActive(): bool
    {
        return $this->active;
    }

    public function isSamePageAllowed(): bool
    {
        return $this->allowSamePage;
    }

    public function isIsolationPreferred(): bool
    {
        return $this->preferIsolation;
    }

    public function invokeCallable(): mixed
    {
        return ($this->callable)(...array_values($this->params));
    }
}
