<?php

declare(strict_types=1);

// The script of the sign-on page in a real browser: who gets the session key, and how often.

namespace Tests\Browser;

use Tests\Cometbackup\SignOnTestCase;
use Tests\Host\Configuration;
use WHMCS\Database\Capsule;

final class SignOnBrowserTest extends SignOnTestCase
{
    private const SILENT = '<!DOCTYPE html><script>var received = []; addEventListener("message", function (event) {'
        . 'received.push({ origin: event.origin, data: event.data }); });</script>';
    /** As Comet's web interface does once it is there. */
    private const SPEAKS = self::SILENT . '<script>opener.postMessage({ msg: "app_loaded" }, "*");</script>';
    private const LOADED = '{ msg: "app_loaded" }';

    private static ?Chromium $browser = null;

    private string $folder;
    private PhpServer $whmcs;
    private PhpServer $server;

    public static function tearDownAfterClass(): void
    {
        self::$browser = null;
    }

    protected function setUp(): void
    {
        parent::setUp();
        self::$browser ??= Chromium::start();
        $this->folder = getenv('TEST_DIR') . '/comet' . bin2hex(random_bytes(4));
        mkdir($this->folder);
        $this->server = PhpServer::start($this->folder, __DIR__ . '/comet.php');
        $this->whmcs = PhpServer::start($this->whmcsRoot());
        Configuration::set('SystemURL', $this->whmcs->origin . '/');
        Capsule::table('tblservers')->update(['port' => $this->server->port()]);
    }

    public function test_the_key_arrives_once_at_the_servers_origin(): void
    {
        $this->webInterface(self::SPEAKS);
        $page = self::$browser->open($this->click()['redirectTo']);

        $comet = $this->press($page);

        $comet->until('received.length === 1');
        $this->assertSame([['origin' => $this->whmcs->origin, 'data' => $this->handedOver()]], $comet->evaluate('received'));
        $this->assertSame($this->server->origin . '/', $comet->evaluate('location.href'));
        $this->assertShows($page, 'done');
        $this->assertTrue($page->evaluate('document.getElementById("open").disabled'));

        $this->assertSame([], $this->told($page, $comet, 'opener', 1));
        $this->assertStringNotContainsString(array_key_first($this->comet->state()['sessions']), $page->evaluate('location.href'));
        $this->assertSame([], $page->complaints());
    }

    public function test_another_origin_in_the_window_that_was_opened_gets_nothing(): void
    {
        $stranger = PhpServer::start($this->folder);
        file_put_contents("$this->folder/stranger.html", self::SPEAKS);
        $this->webInterface("<script>location.replace('$stranger->origin/stranger.html')</script>");
        $page = self::$browser->open($this->click()['redirectTo']);

        $opened = $this->press($page);
        $opened->until('location.origin === "' . $stranger->origin . '" && document.readyState === "complete"');

        $this->assertSame([], $this->told($page, $opened, 'opener'));
        $this->assertShows($page, 'waiting');

        // The key was there to be had: the right origin in the same window gets it.
        $this->webInterface(self::SPEAKS);
        $opened->go($this->server->origin . '/');
        $opened->until("location.origin === '{$this->server->origin}' && received.length === 1");
        $this->assertSame($this->handedOver(), $opened->evaluate('received[0].data'));
    }

    public function test_another_window_of_the_servers_origin_gets_nothing(): void
    {
        $this->webInterface(self::SILENT);
        $other = self::$browser->open($this->server->origin . '/');
        $other->until('Array.isArray(received)');
        $other->evaluate('document.body.insertAdjacentHTML("beforeend", "<button>open</button>"); document.querySelector("button").onclick = '
            . 'function () { window.page = open(' . json_encode($this->click()['redirectTo']) . '); };');
        $other->click('button');
        $page = self::$browser->popup();
        $page->until('document.readyState === "complete"');

        $this->assertSame([], $this->told($page, $other, 'page'));
        $opened = $this->press($page);
        $opened->until('Array.isArray(received)');

        $this->assertSame([], $this->told($page, $other, 'page'));
        $this->assertShows($page, 'waiting');
        $this->assertSame([$this->handedOver()], $this->told($page, $opened, 'opener'));
    }

    /** @return array<string, array{string}> */
    public static function otherMessages(): array
    {
        return array_map(static fn (string $data): array => [$data], ['"app_loaded"', 'null', '{ msg: "app_load" }', '["app_loaded"]', '7']);
    }

    /** @dataProvider otherMessages */
    public function test_another_message_is_not_answered(string $message): void
    {
        $this->webInterface(self::SILENT);
        $page = self::$browser->open($this->click()['redirectTo']);
        $opened = $this->press($page);
        $opened->until('Array.isArray(received)');

        $this->assertSame([], $this->told($page, $opened, 'opener', 0, $message));
        $this->assertSame([$this->handedOver()], $this->told($page, $opened, 'opener'));
    }

    public function test_a_window_that_the_browser_has_blocked_is_told_and_can_be_opened_again(): void
    {
        $this->webInterface(self::SPEAKS);
        $page = self::$browser->open($this->click()['redirectTo']);
        $page->until('document.getElementById("open") && !document.getElementById("open").disabled');

        // Without a visitor's gesture the browser opens nothing.
        $page->evaluate('document.getElementById("open").click()');

        $this->assertShows($page, 'blocked');
        $this->assertStringContainsString('Allow pop-ups for this page', $page->evaluate('document.getElementById("blocked").innerText'));
        $comet = $this->press($page);
        $comet->until('received.length === 1');
        $this->assertShows($page, 'done');
    }

    public function test_the_content_security_policy_lets_our_script_and_style_in_and_no_other(): void
    {
        $this->webInterface(self::SILENT);
        $page = self::$browser->open($this->click()['redirectTo']);
        $page->until('document.getElementById("open") && !document.getElementById("open").disabled');
        $this->assertSame('rgb(27, 94, 158)', $page->evaluate('getComputedStyle(document.getElementById("open")).backgroundColor'));
        $this->assertSame([], $page->complaints());

        $page->evaluate('document.body.appendChild(Object.assign(document.createElement("script"), { textContent: "window.foreign = 1" }))');
        $page->evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.foreign = 2\">')");

        $page->until('document.images.length === 1 && document.images[0].complete');
        $this->assertSame('undefined', $page->evaluate('typeof foreign'));
        $this->assertNotSame([], $page->complaints());
    }

    private function webInterface(string $html): void
    {
        file_put_contents("$this->folder/index.html", $html);
    }

    /** The visitor presses the button; the window that opens. */
    private function press(Tab $page): Tab
    {
        $page->until('document.getElementById("open") && !document.getElementById("open").disabled');
        $page->click('#open');

        return self::$browser->popup();
    }

    /** @return array<string, string> what Comet's web interface has to be told */
    private function handedOver(): array
    {
        $sessions = $this->comet->state()['sessions'];
        $this->assertCount(1, $sessions);

        return ['msg' => 'user_session_login', 'username' => self::NAME, 'sessionkey' => array_key_first($sessions)];
    }

    /**
     * A window speaks to the page. Messages keep their order, so all that the page had to say was said before the answer
     * to our own question, which is waited for.
     *
     * @return list<mixed> what the window was told, besides the first ones
     */
    private function told(Tab $page, Tab $window, string $reference, int $first = 0, string $message = self::LOADED): array
    {
        $question = bin2hex(random_bytes(8));
        $page->evaluate("void addEventListener('message', function (event) {"
            . "if (event.data === '$question') { event.source.postMessage('$question', '*'); } })");
        $window->evaluate("$reference.postMessage($message, '*'); $reference.postMessage('$question', '*');");
        $window->until("received.some(function (one) { return one.data === '$question'; })");
        $ours = array_filter($window->evaluate('received'), static fn (array $one): bool => !is_string($one['data']));

        return array_slice(array_column($ours, 'data'), $first);
    }

    private function assertShows(Tab $page, string $only): void
    {
        $page->until("!document.getElementById('$only').hidden");
        $shown = $page->evaluate('["waiting", "blocked", "done"].filter(function (id) { return !document.getElementById(id).hidden; })');
        $this->assertSame([$only], $shown);
    }
}
