<?php

declare(strict_types=1);

// Jetpack services in a race: who runs, and what must be true afterwards.

namespace Tests\Reliability;

use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

abstract class JetpackRaces extends JetpackTestCase
{
    protected const MANY = 50;
    protected const WALKERS = 8;
    protected const FIRST = 100;

    /** What only a call that changed nothing may answer. */
    protected const BUSY = '/already running since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\. Wait for its end and run this again\.$/';

    /** CreateAccount for service 100, its parameters read before the signal. @return array<string, mixed> */
    protected static function creates(array $environment = []): array
    {
        return [
            'module' => 'jetpack',
            'before' => '$params = $module->paramsFor(Tests\Host\Host::service(' . self::FIRST . '));',
            'run' => '$module->call("CreateAccount", $params)',
            'environment' => $environment,
        ];
    }

    /** Create for every service, in an order of its own. @param list<int> $services @return array<string, mixed> */
    protected static function walks(array $services, array $environment = []): array
    {
        shuffle($services);
        return [
            'module' => 'jetpack',
            'before' => 'require ' . var_export(__DIR__ . '/Contestant.php', true) . '; WHMCS\Database\Capsule::table("tblhosting")->count();',
            'run' => '(object) Tests\Reliability\Contestant::walk($module, ' . json_encode($services) . ')',
            'environment' => $environment,
        ];
    }

    /** @return list<int> */
    protected function services(int $count): array
    {
        $ids = range(self::FIRST, self::FIRST + $count - 1);
        foreach ($ids as $id) {
            $this->service(['id' => $id, 'domainstatus' => 'Pending']);
        }

        return $ids;
    }

    /** @param list<mixed> $answers */
    protected function assertDoneOrBusy(array $answers): void
    {
        foreach ($answers as $answer) {
            $answer === 'success' || $this->assertMatchesRegularExpression(self::BUSY, $answer);
        }
        $this->assertContains('success', $answers);
    }

    /** One living license each, of the service and known to the table; nothing open, nothing unknown. @param list<int> $services */
    protected function assertOneLicenseEach(array $services): void
    {
        $this->assertEqualsCanonicalizing($services, array_column($this->livingRows(), 'service_id'));
        $this->assertEveryLicenseIsKnown();
        $this->assertNothingIsOpen();
    }

    protected function assertNothingIsOpen(): void
    {
        $open = Capsule::table(self::JOURNAL)->whereNotNull('open_key')->orWhereIn('state', ['begun', 'sent', 'unknown']);
        $this->assertSame([], $open->get()->all());
    }

    protected function posts(): int
    {
        return count(array_filter($this->sandbox->requestLines(), fn (string $line) => $line === 'POST /license'));
    }
}
