<?php

declare(strict_types=1);

// A server that could not be reached is not asked again by every page: whmcs_provisioning.pause_after_failure.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/** @group slow */
final class BreakerTest extends CometTestCase
{
    private const SETTING = 'whmcs_provisioning.pause_after_failure';
    /** Nothing listens there. */
    private const AWAY = 1;

    protected function setUp(): void
    {
        parent::setUp();
        $this->forget();
        ini_set(self::SETTING, '60');
    }

    protected function tearDown(): void
    {
        ini_set(self::SETTING, '0');
        $this->forget();
    }

    public function test_after_a_failure_no_page_and_no_command_asks_until_the_pause_is_over(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->move(self::AWAY);
        $this->assertStringContainsString('refused the connection', $this->module->suspend($service));

        $this->move($this->comet->port());
        $this->assertSame('success', $this->module->suspend($service), 'another address is another server');
        $this->move(self::AWAY);

        $this->assertSentence($this->module->unsuspend($service), 'seconds ago', 'refused the connection', 'not asked again for');
        $this->assertStringContainsString('unavailable', json_encode($this->module->call('ClientArea', $this->module->paramsFor($service))));
    }

    /** What is remembered for seconds may be lost with the power: a visitor waits for no disk. */
    public function test_a_failure_is_remembered_without_waiting_for_the_disk(): void
    {
        $this->created();
        $this->move(self::AWAY);
        $code = $this->forbidding('SYNC', SOCKET_EIO)
            . '$module = new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . 'foreach ([1, 2] as $ignored) { echo $module->suspend(Tests\Host\Host::service(200)), "\n"; }';

        $end = ChildProcess::start($code, [self::SETTING => '60'])->wait();

        [$first, $second] = explode("\n", $end['output']);
        $this->assertStringContainsString('refused the connection', $first);
        $this->assertStringContainsString('not asked again for', $second);
    }

    public function test_without_an_answer_in_time_it_is_the_same_and_the_next_pages_do_not_wait(): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $service = $this->created(['domainstatus' => 'Active']);
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 800, 'times' => 0]);

        $asked = $this->during(function () use ($service): void {
            for ($page = 0; $page < 10; $page++) {
                $this->module->clientArea($service);
            }
        });

        // The first page asks for profile and jobs side by side, the others for nothing.
        $this->assertEqualsCanonicalizing([self::READ, 'get-jobs-for-custom-search'], $asked);
    }

    public function test_after_the_pause_it_is_asked_again_and_an_answer_ends_it(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 800, 'times' => 1]);
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $this->module->suspend($service);
        $files = glob(getenv('TEST_DIR') . '/state/down-*');
        $this->assertCount(1, $files);
        ini_set('whmcs_provisioning.request_timeout', '3');

        touch($files[0], time() - 61);
        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame([], glob(getenv('TEST_DIR') . '/state/down-*'));
    }

    /** The file's age is a difference of two times of this machine, whose clock may be set back in between. */
    public function test_a_clock_that_was_set_back_keeps_nobody_from_asking(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 800, 'times' => 1]);
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $this->module->suspend($service);
        ini_set('whmcs_provisioning.request_timeout', '3');

        touch(glob(getenv('TEST_DIR') . '/state/down-*')[0], time() + 3600);

        $this->assertSame('success', $this->module->suspend($service));
    }

    /** Its head comes in time, and its body drips. */
    public function test_a_server_that_does_not_come_to_an_end_is_one_that_does_not_answer(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        foreach ([self::READ, 'get-jobs-for-custom-search'] as $endpoint) {
            $this->comet->faultOn($endpoint, ['fault' => 'slow_body', 'ms_per_byte' => 30, 'times' => 0]);
        }

        $this->assertSentence($this->module->suspend($service), 'did not end in time');
        $this->assertSentence($this->module->suspend($service), 'seconds ago', 'did not end in time', 'not asked again for');

        $this->forget();
        $asked = $this->during(function () use ($service): void {
            $this->module->clientArea($service);
            $this->module->clientArea($service);
        });
        $this->assertEqualsCanonicalizing([self::READ, 'get-jobs-for-custom-search'], $asked);
    }

    public function test_the_connection_test_asks_all_the_same_and_tells_of_it(): void
    {
        $this->created();
        $failed = $this->module->testConnection(['port' => self::AWAY] + $this->server(1));
        $this->assertStringContainsString('asked again every 60 seconds', $failed['error']);
        $this->assertStringContainsString('refused the connection', $failed['error']);

        $this->comet->faultOn('account/properties', ['fault' => 'delay', 'ms' => 800, 'times' => 1]);
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $this->module->testConnection($this->server(1));
        $this->assertTrue($this->module->testConnection($this->server(1))['success']);

        $log = Capsule::table('tblactivitylog')->pluck('description')->implode("\n");
        $this->assertStringContainsString('could not be reached a moment ago', $log);
    }

    /** A server that answers, whatever it says, is not down. */
    public function test_a_server_that_answers_with_an_error_is_asked_again(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::READ, ['fault' => 'status', 'status' => 500, 'times' => 1]);

        $this->assertNotSame('success', $this->module->suspend($service));
        $this->assertSame('success', $this->module->suspend($service));
    }

    /** @dataProvider planted */
    public function test_what_another_user_may_have_put_there_is_neither_read_nor_waited_for(callable $plant): void
    {
        $service = $this->created();
        $file = $this->remembered($service);
        unlink($file);
        $plant($file);

        $this->assertSame('success', $this->module->suspend($service));
    }

    /** @return array<string, array{callable}> */
    public static function planted(): array
    {
        $secret = function (string $file): void {
            file_put_contents(getenv('TEST_DIR') . '/secret', 'of the web user only');
            symlink(getenv('TEST_DIR') . '/secret', $file);
        };

        return [
            'a pipe that nobody writes to' => [fn (string $file) => posix_mkfifo($file, 0600)],
            'a link to an endless device' => [fn (string $file) => symlink('/dev/zero', $file)],
            'a link to a secret' => [$secret],
            'a folder' => [fn (string $file) => mkdir($file)],
        ];
    }

    public function test_of_a_long_file_two_hundred_bytes_are_read(): void
    {
        $service = $this->created();
        $file = $this->remembered($service);
        file_put_contents($file, str_repeat('x', 1000));
        ftruncate(fopen($file, 'r+'), 1_500_000_000);
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 800, 'times' => 1]);

        $answer = $this->module->suspend($service);

        $this->assertStringContainsString(str_repeat('x', 200) . ';', $answer);
        $this->assertStringNotContainsString(str_repeat('x', 201), $answer);
    }

    /** @dataProvider unusable */
    public function test_a_directory_that_is_not_private_remembers_nothing_and_is_reported(callable $spoil, string $reason): void
    {
        $service = $this->created();
        $this->remembered($service);
        $state = getenv('TEST_DIR') . '/state';
        rename($state, "$state-kept");
        try {
            $spoil($state);
            $this->assertSame('success', $this->module->suspend($service));
            $this->assertTrue($this->module->testConnection($this->server(1))['success']);
            ob_start();
            phpinfo(INFO_MODULES);
            $info = html_entity_decode(ob_get_clean());
        } finally {
            is_link($state) ? unlink($state) : (is_dir($state) && (array_map('unlink', glob("$state/*")) || true) && rmdir($state));
            rename("$state-kept", $state);
        }
        $said = "the directory $state (whmcs_provisioning.state_dir) cannot be used: $reason";
        $this->assertStringContainsString($said, implode("\n", Host::activityLog()));
        $this->assertStringContainsString("$state, not usable: $said", $info);
    }

    /** @return array<string, array{callable, string}> */
    public static function unusable(): array
    {
        $copied = function (string $state): void {
            mkdir($state, 0700);
            foreach (glob("$state-kept/*") as $file) {
                copy($file, "$state/" . basename($file));
            }
        };
        $cases = [
            'others may read it' => [fn (string $state) => $copied($state) || chmod($state, 0755), 'its mode is 0755, and 0700 is needed'],
            'a link' => [fn (string $state) => symlink("$state-kept", $state), 'it is a link'],
            'none' => [fn (string $state) => null, 'it does not exist'],
        ];
        if (posix_geteuid() === 0) {
            $cases['made by another user'] = [fn (string $state) => $copied($state) || chown($state, 12345), 'it belongs to the user 12345'];
        }

        return posix_geteuid() === 0 ? $cases : array_diff_key($cases, ['none' => 0]);
    }

    /** The server was away a moment ago; the file that says so. */
    private function remembered(Service $service): string
    {
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 800, 'times' => 1]);
        ini_set('whmcs_provisioning.request_timeout', '0.3');
        $this->module->suspend($service);
        ini_set('whmcs_provisioning.request_timeout', '3');
        $files = glob(getenv('TEST_DIR') . '/state/down-*');
        $this->assertCount(1, $files);

        return $files[0];
    }

    private function move(int $port): void
    {
        Capsule::table('tblservers')->update(['port' => $port]);
    }

    private function forget(): void
    {
        foreach (glob(getenv('TEST_DIR') . '/state/down-*') as $file) {
            is_dir($file) ? rmdir($file) : unlink($file);
        }
    }
}
