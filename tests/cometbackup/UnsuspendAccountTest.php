<?php

declare(strict_types=1);

// cometbackup_UnsuspendAccount: the same as Suspend, the other way.

namespace Tests\Cometbackup;

final class UnsuspendAccountTest extends SuspensionTestCase
{
    protected const ACTION = 'unsuspend';
    protected const SUSPENDED = false;
}
