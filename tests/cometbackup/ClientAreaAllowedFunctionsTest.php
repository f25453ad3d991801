<?php

declare(strict_types=1);

// cometbackup_ClientAreaAllowedFunctions: what the customer may start. WHMCS asks on each view of the page: no request, no statement.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use Tests\Support\StatementLog;

final class ClientAreaAllowedFunctionsTest extends CometTestCase
{
    /**
     * @dataProvider statuses
     * @param list<string> $expected
     */
    public function test_it_depends_on_the_status_alone(string $status, array $expected): void
    {
        $params = $this->module->paramsFor($this->service(['domainstatus' => $status]));
        $log = new StatementLog();

        $asked = $this->during(function () use ($params, &$answer): void {
            $answer = $this->module->call('ClientAreaAllowedFunctions', $params);
        });

        $this->assertSame([$expected, [], []], [$answer, $asked, $log->end()]);
    }

    /** @return array<string, array{string, list<string>}> */
    public static function statuses(): array
    {
        return [
            'active' => ['Active', ['RemoveOldDevice']], 'completed' => ['Completed', ['RemoveOldDevice']],
            'pending' => ['Pending', []], 'suspended' => ['Suspended', []], 'over' => ['Terminated', []],
        ];
    }
}
