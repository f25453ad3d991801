<?php

declare(strict_types=1);

// On a busy machine the caller lost patience before the request had arrived.

namespace Tests\Reliability;

final class FaultMissed extends \RuntimeException
{
}
