<?php

declare(strict_types=1);

// Who runs in a race of either module, and what each may answer.

namespace Tests\Reliability;

trait Races
{
    /** CreateAccount for one service, its parameters read before the signal. @return array<string, mixed> */
    protected static function creates(int $service, array $environment = []): array
    {
        return [
            'module' => self::MODULE,
            'before' => "\$params = Tests\\Reliability\\Contestant::params(\$module, $service);",
            'run' => '$module->call("CreateAccount", $params)',
            'environment' => $environment,
        ];
    }

    /** Create for every service, in an order of its own. @param list<int> $services @return array<string, mixed> */
    protected static function walks(array $services, array $environment = []): array
    {
        shuffle($services);
        return [
            'module' => self::MODULE,
            'before' => 'require ' . var_export(__DIR__ . '/Contestant.php', true) . '; WHMCS\Database\Capsule::table("tblhosting")->count();',
            'run' => '(object) Tests\Reliability\Contestant::walk($module, ' . json_encode($services) . ')',
            'environment' => $environment,
        ];
    }

    /** A busy one has changed nothing. @param list<mixed> $answers */
    protected function assertDoneOrBusy(array $answers): void
    {
        $busy = '/already running since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\. Wait for its end and run this again\.$/';
        foreach ($answers as $answer) {
            $answer === 'success' || $this->assertMatchesRegularExpression($busy, $answer);
        }
        $this->assertContains('success', $answers);
    }
}
