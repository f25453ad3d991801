<?php

declare(strict_types=1);

// One step of a sequence: who, what, and the faults that its requests run into.

namespace Tests\Reliability;

final class Step
{
    /** @param list<array<string, mixed>> $faults as tests/sandbox/faults.rs takes them */
    public function __construct(
        public readonly Part $part,
        public readonly string $deed,
        public readonly int|string|null $with = null,
        public readonly array $faults = [],
        public readonly bool $twice = false
    ) {
    }

    public function isCommand(): bool
    {
        return isset(Sequence::COMMANDS[$this->part->module()][$this->deed]);
    }

    /** @param list<array<string, mixed>> $faults */
    public function withFaults(array $faults): self
    {
        return new self($this->part, $this->deed, $this->with, $faults, $this->twice);
    }

    /** Some requests of the step are to be given up on. */
    public function isSlow(): bool
    {
        return in_array('delay', array_column($this->faults, 'fault'), true);
    }

    public function told(): string
    {
        $with = $this->with === null ? '' : ' ' . json_encode($this->with);
        $faults = $this->faults === [] ? '' : '; faults ' . json_encode($this->faults);

        return "{$this->part->value}: $this->deed$with" . ($this->twice ? ', twice' : '') . $faults;
    }
}
