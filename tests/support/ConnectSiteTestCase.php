<?php

declare(strict_types=1);

// A WHMCS whose product connects the customer's site (setting 5), with a product for the hosting of that site.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class ConnectSiteTestCase extends JetpackTestCase
{
    protected const KEY = 'jetpack-complete_KEY1';
    protected const SITE = 'https://customer.example';
    protected const ISSUING = 'POST /license';
    protected const CONNECTING = 'POST /site-connection';
    protected const ATTACHING = 'POST /license/jetpack-complete_KEY1/site';
    protected const HOSTING = 7;

    protected function setUp(): void
    {
        parent::setUp();
        $this->atJetpack([]);
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => 'connect']);
        Host::addProduct(['id' => self::HOSTING, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
    }

    /** @param array<string, mixed> $sites @param list<string> $keys */
    protected function atJetpack(array $sites, array $keys = [self::KEY]): void
    {
        $this->sandbox->reset(['keys' => $keys, 'sites' => (object) $sites]);
    }

    /** The license is there, and every site is ready. */
    protected function atJetpackWithLicense(): void
    {
        $this->sandbox->reset(['licenses' => [['license_key' => self::KEY, 'issued_at' => '2026-01-15 10:00:01']]]);
    }

    /** @param array<string, mixed> $row */
    protected function hosting(array $row = []): Service
    {
        return Host::service(Host::addService($row + [
            'userid' => 10, 'packageid' => self::HOSTING, 'domainstatus' => 'Active', 'domain' => 'Customer.example',
        ]));
    }

    protected function field(string $name, string $value): void
    {
        Host::addCustomField(['type' => 'product', 'relid' => 1, 'fieldname' => $name], [100 => $value]);
    }
}
