<?php

declare(strict_types=1);

// What people want of a service: decided by the last command that they gave, whether it worked or not.

namespace Tests\Reliability;

enum Intention
{
    case NeverOrdered;
    case Live;
    case Suspended;
    case Ended;

    public function after(string $deed): self
    {
        $exists = in_array($this, [self::Live, self::Suspended], true);

        return match (true) {
            $deed === 'create' => self::Live,
            $deed === 'suspend' && $exists => self::Suspended,
            $deed === 'unsuspend' && $exists => self::Live,
            $deed === 'terminate' && $this !== self::NeverOrdered => self::Ended,
            default => $this,
        };
    }
}
