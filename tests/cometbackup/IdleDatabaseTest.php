<?php

declare(strict_types=1);

// A Comet Server that answers later than the database keeps an idle connection: the daily jobs and the commands.

namespace Tests\Cometbackup;

use Tests\Support\CometReconcileTestCase;
use Tests\Support\ShortWaitTimeout;
use WHMCS\Database\Capsule;

/** @group slow */
final class IdleDatabaseTest extends CometReconcileTestCase
{
    use ShortWaitTimeout;

    private const SLOW = ['fault' => 'delay', 'ms' => 1300, 'times' => 0];

    public function test_the_daily_jobs_end_well_after_a_list_that_took_longer(): void
    {
        $this->created();
        $this->comet->faultOn(self::LIST, self::SLOW);

        [$reconciled, $imported] = self::whileIdleConnectionsAreClosed(fn (): array => [
            $this->reconcile(), $this->module->call('UsageUpdate', $this->module->serverParams(1)),
        ]);

        $this->assertStringStartsWith('Reconciled 1 service', $reconciled);
        $this->assertSame('', (string) $imported);
        $this->assertNotSame('0000-00-00 00:00:00', Capsule::table('tblhosting')->where('id', 200)->value('lastupdate'));
    }

    public function test_a_command_ends_well_after_requests_that_took_longer(): void
    {
        $service = $this->created();
        $this->comet->faultOnAll(self::SLOW);

        $this->assertSame('success', self::whileIdleConnectionsAreClosed(fn (): mixed => $this->module->suspend($service)));

        $this->assertSame(['set profile done'], array_slice($this->journal(), -1));
    }
}
