<?php

declare(strict_types=1);

// A WHMCS with one Jetpack product, an empty sandbox of the licensing API: the world of the module jetpack, and where tests of the
// ground have a function that sends one request.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

trait OneLicense
{
    protected JetpackSandbox $sandbox;

    protected function prepareWorld(): void
    {
        $this->sandbox = JetpackSandbox::fromEnvironment();
        $this->sandbox->reset();
        Host::addClient(['id' => 10]);
        Host::addProduct($this->product(1));
    }

    /** Saved with our module. @param array<string, mixed> $changes @return array<string, mixed> a row of tblproducts */
    protected function product(int $id, string $slug = 'jetpack-complete', array $changes = []): array
    {
        return $changes + [
            'id' => $id,
            'servertype' => 'jetpack',
            'configoption1' => JetpackSandbox::TOKEN,
            'configoption2' => $slug,
            'configoption4' => 'keep',
        ];
    }

    /** @param array<string, mixed> $row */
    protected function service(array $row = []): Service
    {
        $id = Host::addService($row + [
            'id' => 100,
            'userid' => 10,
            'orderid' => 500,
            'packageid' => 1,
            'domainstatus' => 'Active',
            'domain' => 'customer.example',
        ]);
        return Host::service($id);
    }

    /** @param array<string, mixed> $row */
    protected function addon(array $row = [], string $slug = 'jetpack-scan'): Addon
    {
        $definition = Host::addAddonDefinition(
            ['name' => 'Jetpack Scan', 'module' => 'jetpack', 'type' => 'other'],
            ['configoption1' => JetpackSandbox::TOKEN, 'configoption2' => $slug, 'configoption4' => 'keep']
        );
        $id = Host::addServiceAddon($row + [
            'id' => 300,
            'hostingid' => 100,
            'addonid' => $definition,
            'orderid' => 500,
            'userid' => 10,
            'status' => 'Pending',
        ]);
        return Host::serviceAddon($id);
    }

    /** @return array<int, array<string, mixed>> */
    protected function rows(string $table = JetpackTestCase::TABLE): array
    {
        return parent::rows($table);
    }

    /** @return array<int, array<string, mixed>> */
    protected function activeRows(): array
    {
        return array_values(array_filter($this->rows(), fn (array $row) => $row['revoked_at'] === null));
    }

    /** One sentence for staff as the module has it, with its prefix. */
    protected function assertSentence(mixed $answer, string ...$mentions): void
    {
        parent::assertSentence($answer, ...$mentions);
        $this->assertStringStartsWith(JetpackTestCase::PREFIX . ' ', $answer);
        $this->assertDoesNotMatchRegularExpression('/["`]/', $answer);
        $this->assertStringNotContainsString(JetpackSandbox::TOKEN, $answer);
    }

    /** What is active at Jetpack is what our table holds as active. */
    protected function assertEveryLicenseIsKnown(): void
    {
        $keys = array_column($this->sandbox->activeLicenses(), 'license_key');
        $known = array_column($this->activeRows(), 'license_key');
        sort($keys);
        sort($known);
        $this->assertSame($keys, $known);
    }
}
