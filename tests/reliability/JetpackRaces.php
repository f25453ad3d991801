<?php

declare(strict_types=1);

// Jetpack services in a race: who runs, and what must be true afterwards.

namespace Tests\Reliability;

use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

abstract class JetpackRaces extends JetpackTestCase
{
    use Races;

    protected const MANY = 50;
    protected const WALKERS = 8;
    protected const FIRST = 100;

    /** @return list<int> */
    protected function services(int $count): array
    {
        $ids = range(self::FIRST, self::FIRST + $count - 1);
        foreach ($ids as $id) {
            $this->service(['id' => $id, 'domainstatus' => 'Pending']);
        }

        return $ids;
    }

    /** One active license each, of the service and known to the table; nothing open, nothing unknown. @param list<int> $services */
    protected function assertOneLicenseEach(array $services): void
    {
        $this->assertEqualsCanonicalizing($services, array_column($this->activeRows(), 'service_id'));
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

    protected function slowly(): void
    {
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 20, 'times' => 0]);
    }
}
