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
    /** Seconds; tests of lost answers set less. */
    private const REQUEST_TIMEOUT = '3';
    /** Numbers of the module settings. */
    protected const ON_SUSPENSION = 'configoption4';
    protected const ATTACH = 'configoption5';

    protected JetpackSandbox $sandbox;
    protected Module $module;

    public static function setUpBeforeClass(): void
    {
        Host::boot(Host::connectionFromEnvironment());
        Host::createTables();
    }

    protected function setUp(): void
    {
        // ini_restore does nothing for settings without a handler.
        ini_set('whmcs_provisioning.request_timeout', self::REQUEST_TIMEOUT);
        Host::truncate(true);
        $this->sandbox = JetpackSandbox::fromEnvironment();
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
            'configoption1' => JetpackSandbox::TOKEN,
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
            ['configoption1' => JetpackSandbox::TOKEN, 'configoption2' => $slug]
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

    /**
     * A PHP process of its own that evaluates one expression; `$module` and `$service` (100) are there for it.
     *
     * @param array<string, string> $ini
     * @param list<string> $launcher the command that starts PHP, where it is not to be started directly
     */
    protected function apart(string $expression, array $ini = [], array $launcher = []): ChildProcess
    {
        $ini += ['whmcs_provisioning.connect_timeout' => '2', 'whmcs_provisioning.request_timeout' => '30'];
        $code = '$module = new Tests\\Host\\Module("servers", "jetpack", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . '$service = WHMCS\\Service\\Service::find(100);'
            . "echo is_string(\$answer = $expression) ? \$answer : json_encode(\$answer);";
        return ChildProcess::start($code, $ini, [], true, $launcher);
    }

    /** What the process printed; it may have said nothing else, and not have failed. */
    protected function answerOf(ChildProcess $process): string
    {
        $ended = $process->wait();
        $this->assertSame(['', 0], [$ended['errors'], $ended['exit']]);
        return $ended['output'];
    }

    /** What the journal holds happened that much earlier. */
    protected function minutesPass(int $minutes): void
    {
        $earlier = fn (string $column) => "$column=$column - INTERVAL $minutes MINUTE";
        $columns = implode(', ', array_map($earlier, ['begun_at', 'sent_at', 'ended_at', 'expires_at']));
        Capsule::connection()->statement('UPDATE ' . self::JOURNAL . " SET $columns");
    }

    /** Until another process has come that far; twenty seconds at most. */
    protected function waitFor(callable $condition): void
    {
        $end = microtime(true) + 20;
        while (!$condition()) {
            if (microtime(true) > $end) {
                $this->fail('It did not happen within twenty seconds.');
            }
            usleep(10_000);
        }
    }

    /** SQL with the rights of the database's administrator. */
    protected static function asRoot(string ...$statements): void
    {
        $root = new \PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET') . ';dbname=' . getenv('TEST_DB_NAME'), 'root', '');
        $root->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION);
        array_map([$root, 'exec'], $statements);
    }

    /** What the customer's e-mails and pages get as the key. */
    protected function keptKey(Service|Addon $model): string
    {
        return $model->serviceProperties->get('Jetpack License Key');
    }

    /** One sentence for staff: prefix, no markup, no secret. */
    protected function assertSentence(string $answer, string ...$mentions): void
    {
        $this->assertStringStartsWith(self::PREFIX . ' ', $answer);
        $this->assertDoesNotMatchRegularExpression('/[<>"`\x00-\x1f]/', $answer);
        $this->assertStringNotContainsString(JetpackSandbox::TOKEN, $answer);
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

    /** Makes each INSERT into the license table fail. */
    protected function refuseRows(): void
    {
        $this->createTables();
        Capsule::connection()->unprepared(
            'CREATE TRIGGER refuse_licenses BEFORE INSERT ON ' . self::TABLE
            . " FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='No.'"
        );
    }
}
