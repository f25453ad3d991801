<?php

declare(strict_types=1);

// A clean world for each test: an empty WHMCS with one Jetpack product, an empty sandbox.

namespace Tests\Support;

use PHPUnit\Framework\TestCase;
use Tests\Host\Host;
use Tests\Host\Module;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

abstract class JetpackTestCase extends TestCase
{
    protected const PREFIX = 'JETPACK_PROVISIONING_MODULE_ERROR:';
    protected const TABLE = 'jetpack_product_licenses';
    protected const JOURNAL = 'mod_whmcs_provisioning_journal';
    /** Numbers of the module settings. */
    protected const ON_SUSPENSION = 'configoption4';
    protected const ATTACH = 'configoption5';

    protected Sandbox $sandbox;
    protected Module $module;

    public static function setUpBeforeClass(): void
    {
        Host::boot(Host::connectionFromEnvironment());
        Host::createTables();
    }

    protected function setUp(): void
    {
        Host::truncate(true);
        $this->sandbox = Sandbox::fromEnvironment();
        $this->sandbox->reset();
        $this->module = new Module('servers', 'jetpack', dirname(__DIR__, 2) . '/modules');
        Host::addClient(['id' => 10]);
        Host::addProduct($this->product(1));
    }

    /** @param array<string, mixed> $changes @return array<string, mixed> a row of tblproducts */
    protected function product(int $id, string $slug = 'jetpack-complete', array $changes = []): array
    {
        return $changes + [
            'id' => $id,
            'servertype' => 'jetpack',
            'configoption1' => Sandbox::TOKEN,
            'configoption2' => $slug,
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
            ['configoption1' => Sandbox::TOKEN, 'configoption2' => $slug]
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
    protected function rows(string $table = self::TABLE): array
    {
        if (!Capsule::schema()->hasTable($table)) {
            return [];
        }
        return Capsule::table($table)->orderBy('id')->get()->map(fn (object $row) => (array) $row)->all();
    }

    /** @return array<int, array<string, mixed>> */
    protected function livingRows(): array
    {
        return array_values(array_filter($this->rows(), fn (array $row) => $row['revoked_at'] === null));
    }

    /** @return array<int, string> such as "issue done" */
    protected function journal(): array
    {
        return array_map(fn (array $row) => $row['operation'] . ' ' . $row['state'], $this->rows(self::JOURNAL));
    }

    /** Makes the table as the PHP module did, on a server that gives the first TIMESTAMP an ON UPDATE. */
    protected function createTableOfThePhpModule(): void
    {
        Capsule::connection()->statement(
            'CREATE TABLE jetpack_product_licenses (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
             order_id INT NOT NULL, product_id INT NOT NULL, license_key VARCHAR(255) NOT NULL,
             issued_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
             revoked_at TIMESTAMP NULL DEFAULT NULL)'
        );
    }

    /** One sentence for staff: prefix, no markup, no secret. */
    protected function assertSentence(string $answer, string ...$mentions): void
    {
        $this->assertStringStartsWith(self::PREFIX . ' ', $answer);
        $this->assertDoesNotMatchRegularExpression('/[<>"`\x00-\x1f]/', $answer);
        $this->assertStringNotContainsString(Sandbox::TOKEN, $answer);
        foreach ($mentions as $mention) {
            $this->assertStringContainsString($mention, $answer);
        }
    }

    /** The books are right: what lives at Jetpack is what our table holds as living. */
    protected function assertEveryLicenseIsKnown(): void
    {
        $keys = array_column($this->sandbox->livingLicenses(), 'license_key');
        $known = array_column($this->livingRows(), 'license_key');
        sort($keys);
        sort($known);
        $this->assertSame($keys, $known);
    }
}
