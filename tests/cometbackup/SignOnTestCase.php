<?php

declare(strict_types=1);

// A customer who is logged in, his active service and his account at Comet.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class SignOnTestCase extends CometTestCase
{
    protected const TICKETS = 'mod_cometbackup_signon';
    protected const AS_USER = 'account/session-start-as-user';
    protected const AS_ADMIN = 'account/session-start';

    protected Service $service;

    protected function setUp(): void
    {
        parent::setUp();
        $this->service = $this->created();
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);
        $this->service = Host::service(200);
        $this->serverHas([['Username' => self::NAME]]);
        $_SESSION = ['uid' => 10];
    }

    protected function tearDown(): void
    {
        $_SESSION = $_GET = [];
    }

    /** A fresh transcript, and the account as it is recorded. @param list<array<string, mixed>> $accounts */
    protected function serverHas(array $accounts, array $settings = []): void
    {
        $this->comet->reset($settings + ['accounts' => $accounts]);
        Capsule::table(self::ACCOUNTS)->update(['creation_guid' => $this->comet->profile(self::NAME)['CreationGUID']]);
    }

    /** @return array<string, mixed> */
    protected function click(): array
    {
        return $this->module->call('ServiceSingleSignOn', $this->module->params()->forModel($this->service));
    }

    /** @return array<string, mixed> */
    protected function adminClick(int $server = 1): array
    {
        return $this->module->call('AdminSingleSignOn', $this->module->params()->forServer($server));
    }

    protected function ticket(array $answer): string
    {
        $this->assertTrue($answer['success'] ?? null, json_encode($answer));
        parse_str((string) parse_url($answer['redirectTo'], PHP_URL_QUERY), $query);

        return $query['ticket'];
    }

    /** @return array{status: int, nonce: string, html: string} */
    protected function open(string $ticket): array
    {
        $_GET = ['ticket' => $ticket];

        return cometbackup_SignOnPage();
    }

    /** A folder as WHMCS's, in which client 10 is logged in. */
    protected function whmcsRoot(): string
    {
        $root = getenv('TEST_DIR') . '/whmcs' . bin2hex(random_bytes(4));
        mkdir("$root/modules/servers/cometbackup", 0700, true);
        copy(dirname(__DIR__, 2) . '/modules/servers/cometbackup/sso.php', "$root/modules/servers/cometbackup/sso.php");
        file_put_contents("$root/init.php", '<?php require ' . var_export(dirname(__DIR__) . '/bootstrap.php', true) . ';'
            . 'Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());'
            . 'session_save_path((string) getenv("TEST_DIR")); session_start(); $_SESSION["uid"] = "10";');

        return $root;
    }

    /** @return array<string, string> */
    protected function data(array $page): array
    {
        $this->assertSame(200, $page['status'], $page['html']);
        preg_match('~<script type="application/json" id="sign-on" nonce="[0-9a-f]{32}">(.*?)</script>~s', $page['html'], $found);

        return json_decode($found[1], true, 4, JSON_THROW_ON_ERROR);
    }

    protected function assertRefused(array $page, string $mention): void
    {
        $this->assertSame(403, $page['status']);
        $this->assertStringContainsString($mention, $page['html']);
        $this->assertStringNotContainsString('sign-on"', $page['html']);
        $this->assertSame([], $this->comet->state()['sessions']);
    }
}
