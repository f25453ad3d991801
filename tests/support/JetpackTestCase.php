<?php

declare(strict_types=1);

// A clean world for each test of the module jetpack, and what the PHP module left there.

namespace Tests\Support;

use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

abstract class JetpackTestCase extends WorldTestCase
{
    use OneLicense;

    protected const MODULE = 'jetpack';
    protected const SERVICE = 100;
    public const PREFIX = 'JETPACK_PROVISIONING_MODULE_ERROR:';
    public const TABLE = 'jetpack_product_licenses';
    /** Numbers of the module settings. */
    protected const ON_SUSPENSION = 'configoption4';
    protected const ATTACH = 'configoption5';

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

    /** The next such request ends like this; see tests/sandbox/faults.rs. @param array<string, mixed> $fault */
    protected function faultOn(string $method, string $path, array $fault): void
    {
        $this->sandbox->fault($fault + ['match' => ['method' => $method, 'path' => $path]]);
    }

    /** Creates, and answers the key that was issued last. */
    protected function issued(Service|Addon $model): string
    {
        $this->assertSame('success', $this->module->create($model));
        $licenses = $this->sandbox->licenses();
        return end($licenses)['license_key'];
    }

    /** A row as the PHP module wrote it, into its own table. */
    protected function rowOfThePhpModule(int $order, int $product, string $key, ?string $revokedAt = null): void
    {
        if (!Capsule::schema()->hasTable(self::TABLE)) {
            $this->createTableOfThePhpModule();
        }
        Capsule::table(self::TABLE)->insert([
            'order_id' => $order,
            'product_id' => $product,
            'license_key' => $key,
            'issued_at' => '2020-09-08 16:14:58',
            'revoked_at' => $revokedAt,
        ]);
    }

    /** Makes both tables as opening the settings does. */
    protected function createTables(): void
    {
        $this->module->call('CreateLicensesTable', []);
    }

    /** What the customer's e-mails and pages get as the key. */
    protected function keptKey(Service|Addon $model): string
    {
        return $model->serviceProperties->get('Jetpack License Key');
    }

    /** Makes each INSERT into the license table fail. */
    protected function refuseRows(): void
    {
        $this->createTables();
        // MySQL, whose binary log is on, lets no other user create one.
        self::asRoot(
            'CREATE TRIGGER refuse_licenses BEFORE INSERT ON ' . self::TABLE
            . " FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='No.'"
        );
    }
}
