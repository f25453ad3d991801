<?php

declare(strict_types=1);

// cometbackup_ServiceSingleSignOn: a click makes a ticket for a page of ours.

namespace Tests\Cometbackup;

use Tests\Host\Configuration;
use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class ServiceSingleSignOnTest extends SignOnTestCase
{
    public function test_a_click_answers_an_absolute_address_and_asks_the_server_nothing(): void
    {
        $answer = $this->click();

        $this->assertSame(['success', 'redirectTo'], array_keys($answer));
        $this->assertMatchesRegularExpression(
            '~^https://whmcs\.example/modules/servers/cometbackup/sso\.php\?ticket=[0-9a-f]{32}$~',
            $answer['redirectTo']
        );
        $this->assertSame([], $this->comet->endpoints());
        $row = (array) Capsule::table(self::TICKETS)->first();
        $this->assertSame(hash('sha256', $this->ticket($answer)), $row['ticket_hash']);
        $this->assertStringNotContainsString($this->ticket($answer), json_encode($row));
    }

    /** @return array<string, array{string}> */
    public static function notActive(): array
    {
        return ['pending' => ['Pending'], 'suspended' => ['Suspended'], 'terminated' => ['Terminated'], 'cancelled' => ['Cancelled']];
    }

    /** @dataProvider notActive */
    public function test_only_an_active_service_is_opened(string $status): void
    {
        $ticket = $this->ticket($this->click());
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);
        $this->service = Host::service(200);

        $this->assertSentence($this->click()['errorMsg'], 'active services only');
        $this->assertRefused($this->open($ticket), 'active services only');
    }

    public function test_a_completed_service_is_opened(): void
    {
        Capsule::table('tblhosting')->update(['domainstatus' => 'Completed']);
        $this->service = Host::service(200);

        $this->assertSame(200, $this->open($this->ticket($this->click()))['status']);
    }

    public function test_without_a_session_nobody_is_sent_anywhere(): void
    {
        $_SESSION = [];
        $this->assertSentence($this->click()['errorMsg'], 'Log in');
        $_SESSION = ['uid' => 11];
        $this->assertFalse($this->click()['success']);
    }

    /** @return array<string, array{string}> */
    public static function hostile(): array
    {
        return array_map(static fn (string $host): array => [$host], ['javascript:alert(1)', 'javascript://comet/%0aalert(1)',
            'data://text/html,x', 'evil.example/path', 'u:p@evil.example', 'a b', '"><script>', 'x?y', 'x#y', '']);
    }

    /**
     * @dataProvider hostile
     * @group slow
     */
    public function test_an_address_that_is_no_server_is_refused(string $host): void
    {
        $ticket = $this->ticket($this->click());
        Capsule::table('tblservers')->update(['hostname' => $host]);

        $_SESSION = ['adminid' => 3];
        $this->assertSentence($this->adminClick()['errorMsg']);
        $_SESSION = ['uid' => 10];
        $this->assertFalse($this->click()['success']);
        $page = $this->open($ticket);
        $this->assertSame(403, $page['status']);
        $this->assertStringNotContainsString('<script', $page['html']);
        $this->assertSame([], $this->comet->endpoints());
    }

    /** @return array<string, array{string}> */
    public static function systemUrls(): array
    {
        return array_map(static fn (string $url): array => [$url], ['', '/whmcs/', 'http://whmcs.example/', 'javascript:alert(1)']);
    }

    /** @dataProvider systemUrls */
    public function test_without_a_safe_address_of_whmcs_nobody_is_sent(string $url): void
    {
        Configuration::set('SystemURL', $url);

        $this->assertSentence($this->click()['errorMsg'], 'This could not be completed just now.');
        $this->assertStringContainsString('System URL', implode("\n", Host::activityLog()));
        $_SESSION = ['adminid' => 3];
        $this->assertSentence($this->click()['errorMsg'], 'System URL');
    }

    public function test_what_staff_have_to_do_is_not_told_to_the_customer(): void
    {
        Capsule::table(self::ACCOUNTS)->update(['state' => 'planned']);

        $this->assertSame(
            'This could not be completed just now. Try again in a few minutes, and ask our support if it stays so.',
            $this->click()['errorMsg']
        );
        $this->assertStringContainsString('Run Create first.', implode("\n", Host::activityLog()));
        $_SESSION = ['adminid' => 3, 'uid' => 10];
        $this->assertSentence($this->click()['errorMsg'], 'Run Create first.');
    }
}
