<?php

declare(strict_types=1);

// An account as the Comet Server keeps it.

namespace Tests\Reliability;

final class Account
{
    public readonly string $guid;
    public readonly bool $isSuspended;
    public readonly int $devices;
    public readonly string $policy;
    /** @var list<int> bytes that each storage vault may hold, 0 for no limit */
    public readonly array $vaults;

    public function __construct(public readonly string $name, public readonly string $password, public readonly string $text)
    {
        $profile = json_decode($text, true, 32, JSON_THROW_ON_ERROR);
        $this->guid = $profile['CreationGUID'];
        $this->isSuspended = $profile['IsSuspended'];
        $this->devices = $profile['MaximumDevices'];
        $this->policy = $profile['PolicyID'];
        $limit = static fn (array $vault): int => $vault['StorageLimitEnabled'] ? $vault['StorageLimitBytes'] : 0;
        $this->vaults = array_values(array_map($limit, $profile['Destinations'] ?? []));
    }

    public function isSameAs(?self $other): bool
    {
        return $other !== null && [$this->name, $this->password, $this->text] === [$other->name, $other->password, $other->text];
    }
}
