<?php

declare(strict_types=1);

// Jetpack has a list of licenses for the token, which this module reads.

namespace Tests\Support;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class LicenseListTestCase extends JetpackReconcileTestCase
{
    protected const FOUND = 'mod_whmcs_provisioning_found_licenses';

    protected function setUp(): void
    {
        parent::setUp();
        ini_set('whmcs_provisioning.jetpack_license_list', '1');
        if (Capsule::schema()->hasTable(self::FOUND)) {
            Capsule::table(self::FOUND)->delete();
        }
    }

    /** A license of another service, by which the list shows that it has what we issued. */
    protected function earlierLicense(int $id = 90): string
    {
        return $this->issued($this->service(['id' => $id, 'orderid' => $id]));
    }

    /** The answer to a service's request was lost. @param array<string, mixed> $row */
    protected function lost(string $fault, array $row = []): Service
    {
        $service = $this->service($row);
        $this->faultOn('POST', '/license', ['fault' => $fault]);
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        $this->assertSentence($this->module->create($service), 'It is not known whether');
        ini_set('whmcs_provisioning.jetpack_license_list', '1');

        return $service;
    }

    /** Everything that happened until now, at Jetpack as well, was so much earlier. */
    protected function pass(int $minutes): void
    {
        $this->minutesPass($minutes);
        $this->sandbox->earlier($minutes * 60);
        Capsule::connection()->statement('UPDATE ' . self::TABLE . " SET issued_at=issued_at - INTERVAL $minutes MINUTE");
    }

    /** @return list<string> what was requested since, with the list's requests by their filter */
    protected function since(int $before): array
    {
        $lines = array_map(
            static fn (array $request): string => basename($request['path']) === 'licenses'
                ? 'list ' . $request['query']['filter'] : $request['method'] . ' /license',
            array_slice($this->sandbox->requests(), $before)
        );

        return array_values($lines);
    }
}
