<?php

declare(strict_types=1);

// The connection to the database is encrypted where WHMCS's is.

namespace Tests\Extension;

use PDO;
use PHPUnit\Framework\TestCase;
use Tests\Host\Host;
use Tests\Support\ChildProcess;

final class DatabaseTlsTest extends TestCase
{
    public static function setUpBeforeClass(): void
    {
        Host::boot(Host::connectionFromEnvironment());
        Host::createTables();
    }

    /** @param array<int, mixed> $options of PDO */
    private function loader(array $options): string
    {
        $connection = [
            'driver' => 'mysql', 'host' => '127.0.0.1', 'port' => getenv('TEST_DB_PORT'),
            'database' => getenv('TEST_DB_NAME'), 'username' => 'whmcs_tls', 'password' => 'secret',
            'charset' => 'utf8', 'options' => $options,
        ];
        $code = '$capsule = new WHMCS\Database\Capsule; $capsule->addConnection(' . var_export($connection, true)
            . '); $capsule->setAsGlobal(); try { echo implode(jetpack_CreateLicensesTable()); }'
            . ' catch (Exception $e) { echo $e->getMessage(); }';
        return ChildProcess::start($code)->wait()['output'];
    }

    public function test_an_account_that_requires_tls_is_reached_with_whmcs_ca(): void
    {
        $this->assertStringStartsWith('Ready', $this->loader([PDO::MYSQL_ATTR_SSL_CA => getenv('TEST_DIR') . '/db-ca.pem']));
    }

    public function test_without_tls_in_whmcs_the_account_is_refused(): void
    {
        $this->assertStringContainsString('Could not open a connection', $this->loader([]));
    }

    public function test_a_server_with_another_ca_is_not_trusted_and_not_sent_the_password(): void
    {
        $answer = $this->loader([PDO::MYSQL_ATTR_SSL_CA => json_decode((string) file_get_contents((string) getenv('TEST_SANDBOX')))->ca_file]);

        $this->assertStringContainsString('Could not open a connection', $answer);
        $this->assertStringNotContainsString('secret', $answer);
    }

    public function test_verification_switched_off_in_whmcs_is_off_here(): void
    {
        $ca = json_decode((string) file_get_contents((string) getenv('TEST_SANDBOX')))->ca_file;

        $this->assertStringStartsWith('Ready', $this->loader([PDO::MYSQL_ATTR_SSL_CA => $ca, PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => false]));
    }

    public function test_a_database_url_can_ask_for_tls(): void
    {
        $url = 'mysql://whmcs_tls:secret@127.0.0.1:' . getenv('TEST_DB_PORT') . '/whmcs?ssl_ca=' . getenv('TEST_DIR') . '/db-ca.pem';
        $output = ChildProcess::start('echo implode(jetpack_CreateLicensesTable());', ['whmcs_provisioning.database_url' => $url])->wait()['output'];

        $this->assertStringStartsWith('Ready', $output);
    }
}
