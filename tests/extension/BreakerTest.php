<?php

declare(strict_types=1);

// A server that could not be reached is not asked again by every page: whmcs_provisioning.pause_after_failure.

namespace Tests\Extension;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

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

    private function move(int $port): void
    {
        Capsule::table('tblservers')->update(['port' => $port]);
    }

    private function forget(): void
    {
        array_map('unlink', glob(getenv('TEST_DIR') . '/state/down-*'));
    }
}
