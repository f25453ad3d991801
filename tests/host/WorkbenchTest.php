<?php

// The workbench as a new user meets it: it starts, every kind of page is there and without a fault, and it stops without a trace.

declare(strict_types=1);

namespace Tests\Host;

use PHPUnit\Framework\TestCase;
use Tests\Support\ChildProcess;
use Tests\Workbench\Guest;

/** @group slow */
final class WorkbenchTest extends TestCase
{
    /** @var resource|null */
    private static $process = null;
    private static string $folder;
    private static string $address;

    public static function setUpBeforeClass(): void
    {
        self::$folder = getenv('TEST_DIR') . '/wb';
        mkdir(self::$folder);
        $command = [dirname(__DIR__) . '/bin/workbench', '--json', '--workers', '2', ChildProcess::extension()];
        $environment = ['TMPDIR' => self::$folder, 'WORKBENCH_MODULES' => __DIR__ . '/fixtures/modules'] + getenv();
        $files = [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', self::$folder . '.log', 'w']];
        self::$process = proc_open($command, $files, $pipes, null, $environment);
        $card = json_decode((string) fgets($pipes[1]), true);
        self::assertIsArray($card, (string) file_get_contents(self::$folder . '.log'));
        self::$address = $card['address'];
    }

    public static function tearDownAfterClass(): void
    {
        self::stop();
    }

    public function test_every_kind_of_page_is_there_and_without_a_fault(): void
    {
        $pages = [
            'nobody' => ['/', '/login.php', '/index.php?m=jetpack'],
            'client-1' => [
                '/clientarea.php', '/clientarea.php?action=services', '/clientarea.php?action=emails', '/cart.php', '/cart.php?a=add&pid=1',
                '/clientarea.php?action=productdetails&id=1&look=bootstrap3', '/clientarea.php?action=productdetails&id=10&look=bare&dark=1',
                '/clientarea.php?action=productdetails&id=16&addonId=1', '/upgrade.php?id=1',
            ],
            'staff-1' => [
                '/admin/index.php', '/admin/clients.php', '/admin/configproducts.php', '/admin/configproducts.php?action=edit&id=1&mode=advanced',
                '/admin/configproducts.php?action=edit&id=4', '/admin/configaddons.php?action=manage&id=1', '/admin/configservers.php',
                '/admin/configservers.php?action=manage&id=1', '/admin/clientsservices.php?userid=1&id=1', '/admin/clientsservices.php?userid=1&id=16&aid=1',
                '/admin/automation.php?metrics=1', '/admin/serversync.php?serverid=1', '/admin/modulequeue.php', '/admin/configaddonmods.php',
                '/admin/addonmodules.php?module=plain', '/admin/systemactivitylog.php', '/admin/systemmodulelog.php', '/admin/systememaillog.php',
                '/admin/supporttickets.php', '/admin/configemailtemplates.php?id=1', '/workbench/faults.php',
            ],
        ];
        foreach ($pages as $who => $addresses) {
            $guest = Guest::as(self::$address, $who);
            foreach ($addresses as $address) {
                $html = $guest->get($address);
                $this->assertSame([200, '0'], [$guest->status, $guest->headers['x-workbench-faults']], $address . strip_tags($html));
                $this->assertStringContainsString('</html>', $html);
            }
        }
    }

    public function test_a_customer_orders_and_signs_on(): void
    {
        $guest = Guest::as(self::$address, 'client-2');
        $order = ['configoption[1]' => '2', 'configoption[2]' => '20', 'customfield[1]' => 'a-name-from-the-shop', 'customfield[2]' => 'Long-enough-1'];
        $guest->submit('/cart.php?a=add&pid=1', '/cart.php?a=add&pid=1', $order);
        $placed = $guest->submit('/cart.php?a=checkout', '/cart.php?a=checkout', ['payment' => 'now']);

        $this->assertSame(1, preg_match('/productdetails&amp;id=(\d+)/', $placed, $found), $placed);
        $this->assertStringContainsString('a-name-from-the-shop', $guest->get("/clientarea.php?action=productdetails&id=$found[1]"));
        $guest->get("/clientarea.php?action=productdetails&id=$found[1]&dosinglesignon=1");
        $this->assertStringContainsString('/modules/servers/cometbackup/sso.php?ticket=', $guest->address);
        $this->assertSame(200, $guest->status);
    }

    public function test_all_down_is_seen_by_the_customer_and_taken_back(): void
    {
        $staff = Guest::as(self::$address, 'staff-1');
        $client = Guest::as(self::$address, 'client-3');
        $staff->submit('/workbench/faults.php', '/workbench/faults.php', ['do' => 'down']);
        $down = $client->get('/clientarea.php?action=productdetails&id=4');
        $this->assertSame([200, '0'], [$client->status, $client->headers['x-workbench-faults']]);
        $staff->submit('/workbench/faults.php', '/workbench/faults.php', ['do' => 'good']);

        $this->assertStringContainsString('Your backup account', $down);
        $this->assertStringNotContainsString('All is down.', $staff->get('/workbench/faults.php'));
    }

    public function test_a_module_that_breaks_the_contract_is_an_error_on_the_page(): void
    {
        $staff = Guest::as(self::$address, 'staff-1');
        $page = '/admin/configproducts.php?action=edit&id=6';
        $staff->submit($page, $page, ['save' => '1', 'name' => 'Plain', 'servertype' => 'plain']);
        $staff->submit('/admin/clientsservices.php?id=16', '/admin/clientsservices.php?id=16', ['save' => '1', 'packageid' => '6']);
        $client = Guest::as(self::$address, 'client-1');
        $html = $client->submit('/cart.php', '/clientarea.php?action=productdetails&id=16', ['modop' => 'custom', 'a' => 'refresh']);

        $this->assertSame(500, $client->status);
        $this->assertStringContainsString('<li>plain_refresh returned &quot;Refreshed by &lt;b&gt;adaexamp&lt;/b&gt;&quot;; WHMCS expects', $html);
    }

    public function test_it_stops_without_a_trace(): void
    {
        $this->assertNotSame([], $this->processes());

        $this->assertSame(0, self::stop());

        $this->assertSame([], $this->processes());
        $this->assertSame(['.', '..'], scandir(self::$folder));
    }

    private static function stop(): ?int
    {
        if (self::$process === null) {
            return null;
        }
        proc_terminate(self::$process, SIGTERM);
        $code = proc_close(self::$process);
        self::$process = null;

        return $code;
    }

    /** Those that have its directory in their command. @return list<string> */
    private function processes(): array
    {
        $commands = array_map(static fn (string $file): string => (string) @file_get_contents($file), glob('/proc/[0-9]*/cmdline') ?: []);

        return array_values(array_filter($commands, static fn (string $command): bool => str_contains($command, self::$folder . '/')));
    }
}
