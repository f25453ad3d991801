<?php

declare(strict_types=1);

// cometbackup_AdminCustomButtonArray: the buttons on the service page, beside those that WHMCS has for the functions.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;

final class AdminCustomButtonArrayTest extends CometTestCase
{
    public function test_the_module_has_a_button_that_asks_comet(): void
    {
        $this->assertContains('CheckAccount', $this->module->adminButtons($this->created()));
        $this->assertSame(
            ['CreateAccount', 'Renew', 'SuspendAccount', 'UnsuspendAccount', 'TerminateAccount', 'ChangePackage', 'ChangePassword'],
            array_values($this->module->coreButtons())
        );
    }
}
