<?php

declare(strict_types=1);

// cometbackup_AdminLink: the form in WHMCS's list of servers that opens the Comet Server.

namespace Tests\Cometbackup;

use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use Tests\Support\StatementLog;

final class AdminLinkTest extends CometTestCase
{
    protected function tearDown(): void
    {
        $_SESSION = [];
    }

    public function test_staff_get_a_form_to_whmcs_own_sign_on_without_a_secret(): void
    {
        $_SESSION = ['adminid' => 3];
        $params = $this->module->serverParams(1);
        $log = new StatementLog();

        $asked = $this->during(function () use ($params, &$html): void {
            $html = $this->module->call('AdminLink', $params);
        });

        $this->assertSame([[], []], [$asked, $log->end()]);
        $form = new \DOMDocument();
        $form->loadHTML($html);
        $sent = [];
        foreach ($form->getElementsByTagName('input') as $input) {
            $sent[$input->getAttribute('name')] = $input->getAttribute('value');
        }
        unset($sent['']);
        $this->assertSame(['token' => generate_token('plain'), 'action' => 'singlesignon', 'serverid' => '1'], $sent);
        $this->assertStringContainsString('action="configservers.php" method="post"', $html);
        $this->assertStringNotContainsString(CometSandbox::PASSWORD, html_entity_decode($html));
        $this->assertStringNotContainsString(CometSandbox::ADMIN, $html);
    }

    public function test_nobody_else_gets_one_and_neither_does_a_server_that_is_not_saved(): void
    {
        $params = $this->module->serverParams(1);
        foreach ([[], ['uid' => 10]] as $session) {
            $_SESSION = $session;
            $this->assertSame('', $this->module->call('AdminLink', $params));
        }
        $_SESSION = ['adminid' => 3];
        $this->assertSame('', $this->module->call('AdminLink', ['serverid' => 0] + $params));
        $this->assertSame('', $this->module->call('AdminLink', $this->module->paramsFor($this->service())));
    }
}
