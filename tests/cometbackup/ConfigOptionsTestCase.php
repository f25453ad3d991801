<?php

declare(strict_types=1);

// The module settings of a product whose server group has one Comet Server.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;

abstract class ConfigOptionsTestCase extends CometTestCase
{
    protected const POLICIES = ['pol-b' => ['Description' => 'Standard', 'Policy' => []], 'pol-a' => ['Description' => 'Gold', 'Policy' => []]];

    protected function setUp(): void
    {
        parent::setUp();
        $this->settings(['servergroup' => (string) Host::addServerGroup([1])]);
    }
}
