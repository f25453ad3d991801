<?php

declare(strict_types=1);

// One way in which a remote call can go wrong.

namespace Tests\Reliability;

use Tests\Support\SandboxControl;

final class Fault
{
    /**
     * @param array<string, mixed>|null $order see tests/sandbox/faults.rs; null: the connection is refused
     * @param bool $outlasts the caller loses patience before the sandbox does
     * @param bool $actsLate the request is carried out after the caller has gone
     * @param bool $stays so it goes on until the function has ended
     */
    private function __construct(
        private readonly ?array $order,
        public readonly bool $outlasts = false,
        public readonly bool $actsLate = false,
        private readonly bool $stays = false
    ) {
    }

    /** @param array<string, mixed> $more */
    public static function of(string $kind, array $more = []): self
    {
        return new self(['fault' => $kind] + $more);
    }

    public static function refusedConnection(): self
    {
        return new self(null);
    }

    /** @param array<string, mixed> $more */
    public static function tooSlow(string $kind, array $more, bool $actsLate = false): self
    {
        return new self(['fault' => $kind] + $more, true, $actsLate);
    }

    /** The same at this call and at all that follow. */
    public function forGood(): self
    {
        return new self($this->order, $this->outlasts, $this->actsLate, true);
    }

    /** The call at this place, counted from 0, will run into it. @param int $slowness how many times as long it takes */
    public function arm(int $place, int $slowness = 1): void
    {
        if ($this->order !== null) {
            $order = $this->order;
            if (isset($order['ms'])) {
                $order['ms'] *= $slowness;
            }
            SandboxControl::fault($order + ['skip' => $place, 'times' => $this->stays ? 0 : 1]);
        } elseif ($place > 0) {
            SandboxControl::fault(['fault' => 'shut_door', 'skip' => $place - 1]);
        } else {
            SandboxControl::shutDoor();
        }
    }

    /** Whether the sandbox sees the request that runs into it. */
    public function isSeen(): bool
    {
        return $this->order !== null;
    }
}
