<?php

declare(strict_types=1);

// sso.php: the page hands over a session, once, to who asked.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\PhpFpm;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class SignOnPageTest extends SignOnTestCase
{
    public function test_the_page_hands_the_customers_session_to_the_servers_origin(): void
    {
        $page = $this->open($this->ticket($this->click()));

        $data = $this->data($page);
        $sessions = $this->comet->state()['sessions'];
        $this->assertSame(
            ['origin' => $this->comet->address(), 'msg' => 'user_session_login', 'username' => self::NAME, 'sessionkey' => array_key_first($sessions)],
            $data
        );
        $this->assertSame(['type' => 'user', 'name' => self::NAME], current($sessions));
        $this->assertSame([self::READ, self::AS_USER], $this->comet->endpoints());
        $this->assertStringContainsString('event.source !== opened || event.origin !== data.origin', $page['html']);
    }

    public function test_staff_can_open_a_customers_account(): void
    {
        $_SESSION = ['adminid' => 3, 'uid' => 99];

        $this->assertSame(self::NAME, $this->data($this->open($this->ticket($this->click())))['username']);
    }

    public function test_a_ticket_is_good_once(): void
    {
        $ticket = $this->ticket($this->click());
        $this->data($this->open($ticket));

        $second = $this->open($ticket);

        $this->assertSame(403, $second['status']);
        $this->assertStringContainsString('used already', $second['html']);
        $this->assertCount(1, $this->comet->state()['sessions']);
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function others(): array
    {
        return [
            'nobody' => [[], 'Log in, and open your backup account'],
            'another client' => [['uid' => 11], 'somebody else'],
            'staff' => [['adminid' => 10], 'somebody else'],
            'junk' => [['uid' => ['10'], 'adminid' => true], 'Log in, and open your backup account'],
        ];
    }

    /**
     * @dataProvider others
     * @param array<string, mixed> $session
     */
    public function test_another_session_is_refused_and_uses_nothing_up(array $session, string $says): void
    {
        $ticket = $this->ticket($this->click());
        $_SESSION = $session;

        $this->assertRefused($this->open($ticket), $says);

        $_SESSION = ['uid' => 10];
        $this->data($this->open($ticket));
    }

    public function test_a_ticket_expires_after_a_minute(): void
    {
        $ticket = $this->ticket($this->click());
        $left = Capsule::table(self::TICKETS)->selectRaw('TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires_at) AS s')->value('s');
        $this->assertEqualsWithDelta(60, $left, 2);
        Capsule::connection()->statement('UPDATE ' . self::TICKETS . ' SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND');

        $this->assertRefused($this->open($ticket), 'expired');
    }

    /** The clock of the database was set back after the click. */
    public function test_a_ticket_that_would_be_good_for_longer_than_a_minute_has_expired(): void
    {
        $ticket = $this->ticket($this->click());
        Capsule::connection()->statement('UPDATE ' . self::TICKETS . ' SET expires_at = UTC_TIMESTAMP() + INTERVAL 1 YEAR');

        $this->assertRefused($this->open($ticket), 'expired');
    }

    /** @return array<string, array{mixed}> */
    public static function junk(): array
    {
        return ['empty' => [''], 'unknown' => [str_repeat('a', 32)], 'a hash' => [str_repeat('a', 64)], 'an array' => [['x']],
            'a number' => [7], 'not UTF-8' => ["\xff\xfe"], 'markup' => ['<script>'], 'SQL' => ["' OR 1=1 -- "]];
    }

    /** @dataProvider junk */
    public function test_what_is_no_ticket_is_refused(mixed $junk): void
    {
        $this->click();
        $_GET = ['ticket' => $junk];

        $this->assertRefused(cometbackup_SignOnPage(), 'not known');
    }

    public function test_nobody_makes_us_log_or_ask_the_database(): void
    {
        $ticket = $this->ticket($this->click());
        Capsule::table('tblactivitylog')->delete();
        $statements = new StatementLog();
        $_SESSION = [];
        foreach ([$ticket, str_repeat('a', 32), 'x', str_repeat('A', 5_000_000)] as $given) {
            $this->assertRefused($this->open($given), 'Log in, and open your backup account');
        }
        $_SESSION = ['uid' => 10];
        foreach (['x', str_repeat('A', 32), str_repeat('a', 5_000_000)] as $given) {
            $this->assertRefused($this->open($given), 'not known');
        }
        $this->assertSame([], $statements->end());
        // Whoever is logged in may find that there is no such ticket.
        $this->assertRefused($this->open(str_repeat('a', 32)), 'not known');
        $this->assertSame([], Host::activityLog());
    }

    public function test_the_hash_from_the_table_is_no_ticket(): void
    {
        $this->click();

        $this->assertRefused($this->open((string) Capsule::table(self::TICKETS)->value('ticket_hash')), 'not known');
    }

    public function test_a_service_that_changed_hands_in_between_is_not_opened(): void
    {
        $ticket = $this->ticket($this->click());
        Capsule::table('tblhosting')->update(['userid' => 11]);

        $this->assertRefused($this->open($ticket), 'active services only');
    }

    public function test_the_recorded_account_is_opened_whatever_a_field_says(): void
    {
        $this->serverHas([['Username' => self::NAME], ['Username' => 'bobservice']]);
        $this->customFields(['Username' => 'bobservice']);
        Capsule::table('tblhosting')->update(['username' => 'bobservice']);
        $this->service = Host::service(200);

        $this->assertSame(self::NAME, $this->data($this->open($this->ticket($this->click())))['username']);
    }

    /** The session would open all that somebody else has stored. */
    public function test_another_account_that_has_the_name_by_now_is_not_opened(): void
    {
        $ticket = $this->ticket($this->click());
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->assertRefused($this->open($ticket), 'another one has its name');
        $this->assertSame([self::READ], $this->comet->endpoints());
    }

    public function test_a_server_that_is_too_old_is_told(): void
    {
        $this->serverHas([['Username' => self::NAME]], ['version' => self::OLD]);

        $this->assertRefused($this->open($this->ticket($this->click())), 'older than 19.6.8');
        $this->assertSame([self::READ, self::AS_USER, 'meta/version'], $this->comet->endpoints());
    }

    public function test_a_refusal_of_the_server_is_for_staff_and_not_for_customers(): void
    {
        Capsule::table('tblservers')->update(['password' => encrypt('wrong')]);
        $this->assertRefused($this->open($this->ticket($this->click())), 'could not be completed just now');

        $_SESSION = ['adminid' => 3];
        $this->assertRefused($this->open($this->ticket($this->adminClick())), 'Check user name and password');
        $this->assertStringContainsString('sign-on', implode("\n", Host::activityLog()));
    }

    public function test_what_is_wrong_with_the_servers_entry_is_for_staff_and_not_for_customers(): void
    {
        $ticket = $this->ticket($this->click());
        $_SESSION = ['adminid' => 3];
        $ofStaff = $this->ticket($this->adminClick());
        Capsule::table('tblservers')->update(['password' => 'cannot be decrypted']);
        $_SESSION = ['uid' => 10];
        $page = $this->open($ticket);
        $this->assertRefused($page, 'This could not be completed just now. Try again in a few minutes, and ask our support if it stays so.');
        $this->assertStringNotContainsString('password', $page['html']);
        $this->assertStringContainsString('user name or password is empty', implode("\n", Host::activityLog()));

        $_SESSION = ['adminid' => 3];
        $this->assertRefused($this->open($ofStaff), 'user name or password is empty');
    }

    public function test_the_key_is_in_no_address_no_log_and_no_table(): void
    {
        Host::switchModuleLog(true);
        $answer = $this->click();
        $data = $this->data($this->open($this->ticket($answer)));

        $logs = json_encode([Host::moduleLog(), Host::activityLog(), Capsule::table(self::TICKETS)->get(), $answer]);
        $this->assertStringContainsString(self::AS_USER, str_replace('\/', '/', $logs));
        $this->assertStringNotContainsString($data['sessionkey'], $logs);
        $this->assertStringNotContainsString($this->ticket($answer), json_encode([Host::moduleLog(), Host::activityLog()]));
    }

    public function test_the_page_is_sent_with_headers_that_keep_it_to_itself(): void
    {
        $root = $this->whmcsRoot();
        $ticket = $this->ticket($this->click());
        $fpm = PhpFpm::start();

        $answer = FastCgi::request($fpm, "<?php require '$root/modules/servers/cometbackup/sso.php';", "ticket=$ticket");

        $this->assertSame(200, $answer->status, $answer->start);
        preg_match("/script-src 'nonce-([0-9a-f]{32})'/", $answer->headers['content-security-policy'], $nonce);
        $this->assertStringContainsString("<script nonce=\"$nonce[1]\">", $answer->start);
        $this->assertStringContainsString("default-src 'none'", $answer->headers['content-security-policy']);
        foreach (['cache-control' => 'no-store', 'referrer-policy' => 'no-referrer', 'x-frame-options' => 'DENY'] as $name => $value) {
            $this->assertSame($value, $answer->headers[$name]);
        }
        $this->assertSame(403, FastCgi::request($fpm, "<?php require '$root/modules/servers/cometbackup/sso.php';", "ticket=$ticket")->status);
    }

    /** A host that keeps its modules elsewhere; PHP resolves the link in __DIR__. */
    public function test_the_page_works_where_the_modules_folder_is_a_symbolic_link(): void
    {
        $root = $this->whmcsRoot();
        $elsewhere = getenv('TEST_DIR') . '/elsewhere' . bin2hex(random_bytes(4));
        rename("$root/modules/servers/cometbackup", $elsewhere);
        symlink($elsewhere, "$root/modules/servers/cometbackup");
        $ticket = $this->ticket($this->click());
        $page = "$root/modules/servers/cometbackup/sso.php";

        $answer = FastCgi::request(PhpFpm::start(), "<?php \$_SERVER['SCRIPT_FILENAME'] = '$page'; require '$page';", "ticket=$ticket");

        $this->assertSame(200, $answer->status, $answer->start);
        $this->assertStringContainsString('>Open Comet Backup</button>', $answer->start);
    }

    public function test_without_whmcs_the_page_says_nothing_of_it(): void
    {
        $root = $this->whmcsRoot();
        unlink("$root/init.php");

        $answer = FastCgi::request(PhpFpm::start(), "<?php require '$root/modules/servers/cometbackup/sso.php';", 'ticket=x');

        $this->assertSame([503, 'This could not be completed just now.'], [$answer->status, substr($answer->start, 0, 37)]);
    }
}
