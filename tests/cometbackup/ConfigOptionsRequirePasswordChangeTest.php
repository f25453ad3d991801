<?php

declare(strict_types=1);

// cometbackup_ConfigOptionsRequirePasswordChange: yes or no.

namespace Tests\Cometbackup;

final class ConfigOptionsRequirePasswordChangeTest extends ConfigOptionsTestCase
{
    public function test_password_change_is_no_or_yes_without_a_request(): void
    {
        $this->assertSame(['no' => 'No', 'yes' => 'Yes'], $this->module->call('ConfigOptionsRequirePasswordChange', []));
        $this->assertSame([], $this->comet->endpoints());
    }
}
