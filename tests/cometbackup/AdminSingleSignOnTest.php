<?php

declare(strict_types=1);

// cometbackup_AdminSingleSignOn: staff open the server as its administrator.

namespace Tests\Cometbackup;

final class AdminSingleSignOnTest extends SignOnTestCase
{
    public function test_staff_get_the_administrators_session(): void
    {
        $_SESSION = ['adminid' => 3];

        $data = $this->data($this->open($this->ticket($this->adminClick())));

        $this->assertSame(['session_login', 'admin'], [$data['msg'], $data['username']]);
        $this->assertSame([['type' => 'admin', 'name' => 'admin']], array_values($this->comet->state()['sessions']));
        $this->assertSame([self::AS_ADMIN], $this->comet->endpoints());
    }

    public function test_a_customer_cannot_use_a_staff_members_ticket(): void
    {
        $_SESSION = ['adminid' => 10];
        $ticket = $this->ticket($this->adminClick());
        $_SESSION = ['uid' => 10];

        $this->assertRefused($this->open($ticket), 'somebody else');
    }

    public function test_without_a_session_of_staff_nobody_is_sent_anywhere(): void
    {
        $this->assertSame(['uid' => 10], $_SESSION);

        $this->assertSentence($this->adminClick()['errorMsg'], 'Log in');
    }
}
