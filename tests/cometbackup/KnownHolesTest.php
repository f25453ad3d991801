<?php

declare(strict_types=1);

// Versions of Comet Servers with known holes: said once for server and version.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;

final class KnownHolesTest extends CometReconcileTestCase
{
    public function test_the_connection_test_says_it_once_for_a_version(): void
    {
        $this->world(['version' => '26.2.1']);

        $this->testTwice();
        $this->assertSame(['26.2.1'], $this->versions());
        $this->assertStringContainsString('CVE-2026-29200, CVE-2026-32999', implode(' ', Host::activityLog()));
        $this->assertStringContainsString('update it to 26.5.0 or newer', implode(' ', Host::activityLog()));

        $this->world(['version' => '26.3.0']);
        $this->testTwice();
        $this->assertSame(['26.2.1', '26.3.0'], $this->versions());

        $this->world(['version' => '26.4.3']);
        $this->testTwice();
        $this->assertSame(['26.2.1', '26.3.0'], $this->versions());
    }

    public function test_the_daily_run_says_it_once_and_asks_nothing_for_it(): void
    {
        $this->created();

        $asked = $this->during(fn () => $this->reconcile());
        $this->reconcile();

        $this->assertSame(['meta/version', self::LIST], $asked);
        $this->assertSame([self::NEW], $this->versions());
        $this->assertSame([], $this->findings());
    }

    public function test_what_the_connection_test_said_the_daily_run_does_not_repeat(): void
    {
        $this->created();
        $this->testTwice();

        $this->reconcile();

        $this->assertCount(1, $this->versions());
    }

    public function test_of_a_server_that_is_not_saved_it_is_said_each_time(): void
    {
        $form = $this->server(0);

        $this->assertTrue($this->module->testConnection($form)['success']);
        $this->assertTrue($this->module->testConnection($form)['success']);

        $this->assertCount(2, $this->versions());
    }

    public function test_a_server_without_known_holes_is_not_mentioned(): void
    {
        $this->world(['version' => '26.5.0']);
        $this->created();

        $this->testTwice();
        $this->reconcile();

        $this->assertSame([], $this->versions());
    }

    private function testTwice(): void
    {
        $this->assertTrue($this->module->testConnection($this->server(1))['success']);
        $this->assertTrue($this->module->testConnection($this->server(1))['success']);
    }

    /** @return list<string> of each line that says it */
    private function versions(): array
    {
        preg_match_all('/is version (\S+), with known holes/', implode("\n", Host::activityLog()), $found);

        return $found[1];
    }
}
