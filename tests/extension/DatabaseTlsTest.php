<?php

declare(strict_types=1);

// The connection to the database is encrypted where WHMCS's is.

namespace Tests\Extension;

use PDOException;
use Tests\Support\ChildProcess;
use Tests\Support\ExtensionTestCase;

/** @group slow */
final class DatabaseTlsTest extends ExtensionTestCase
{
    /** `ER_TLS_LIBRARY_ERROR` */
    private const TLS_FAILED = 3888;

    /** @param array<int, mixed> $options of PDO */
    private function loader(array $options, string $before = ''): string
    {
        $connection = [
            'driver' => 'mysql', 'host' => '127.0.0.1', 'port' => getenv('TEST_DB_PORT'),
            'database' => getenv('TEST_DB_NAME'), 'username' => 'whmcs_tls', 'password' => 'secret',
            'charset' => 'utf8', 'options' => $options,
        ];
        $code = '$capsule = new WHMCS\Database\Capsule; $capsule->addConnection(' . var_export($connection, true)
            . '); $capsule->setAsGlobal(); ' . $before . ' try { echo implode(jetpack_CreateLicensesTable()); }'
            . ' catch (Exception $e) { echo $e->getMessage(); }';
        return ChildProcess::start($code)->wait()['output'];
    }

    private static function authority(): string
    {
        return getenv('TEST_DIR') . '/db-ca.pem';
    }

    private static function otherAuthority(): string
    {
        return json_decode((string) file_get_contents((string) getenv('TEST_SANDBOX')))->ca_file;
    }

    /** A folder as OpenSSL has it. */
    private static function folder(string ...$files): string
    {
        $folder = getenv('TEST_DIR') . '/capath' . bin2hex(random_bytes(4));
        mkdir($folder);
        array_map(static fn (string $file): bool => copy($file, "$folder/" . basename($file)), $files);
        exec('openssl rehash ' . escapeshellarg($folder));

        return $folder;
    }

    /** The database shows another certificate for the time of the work. */
    private static function showing(string $certificate, string $key, callable $work): string
    {
        $folder = (string) getenv('TEST_DIR');
        $reload = self::isMariaDb() ? 'FLUSH SSL' : 'ALTER INSTANCE RELOAD TLS';
        array_map(static fn (string $file): bool => copy("$folder/$file", "$folder/$file.kept"), ['db.pem', 'db.key']);
        try {
            copy($certificate, "$folder/db.pem");
            copy($key, "$folder/db.key");
            self::asRoot($reload);

            return $work();
        } catch (PDOException $refused) {
            self::assertSame(self::TLS_FAILED, $refused->errorInfo[1] ?? 0, $refused->getMessage());
            self::markTestSkipped('This MySQL loads no such certificate; it may only expire there while it is in use.');
        } finally {
            array_map(static fn (string $file): bool => rename("$folder/$file.kept", "$folder/$file"), ['db.pem', 'db.key']);
            self::asRoot($reload);
        }
    }

    public function test_an_account_that_requires_tls_is_reached_with_whmcs_ca(): void
    {
        $this->assertStringStartsWith('Ready', $this->loader([self::ssl('CA') => getenv('TEST_DIR') . '/db-ca.pem']));
    }

    public function test_without_tls_in_whmcs_the_account_is_refused(): void
    {
        $this->assertStringContainsString('Could not open a connection', $this->loader([]));
    }

    public function test_a_server_with_another_ca_is_not_trusted_and_not_sent_the_password(): void
    {
        $answer = $this->loader([self::ssl('CA') => self::otherAuthority()]);

        $this->assertStringContainsString('Could not open a connection', $answer);
        $this->assertStringNotContainsString('secret', $answer);
    }

    public function test_verification_switched_off_in_whmcs_is_off_here(): void
    {
        $unverified = [self::ssl('CA') => self::otherAuthority(), self::ssl('VERIFY_SERVER_CERT') => false];
        $this->assertStringStartsWith('Ready', $this->loader($unverified));
    }

    public function test_a_database_url_can_ask_for_tls(): void
    {
        $url = 'mysql://whmcs_tls:secret@127.0.0.1:' . getenv('TEST_DB_PORT') . '/whmcs?ssl_ca=' . getenv('TEST_DIR') . '/db-ca.pem';
        $output = ChildProcess::start('echo implode(jetpack_CreateLicensesTable());', ['whmcs_provisioning.database_url' => $url])->wait()['output'];

        $this->assertStringStartsWith('Ready', $output);
    }

    /** @return iterable<string, array{array<int, mixed>}> */
    public static function waysToAskForTls(): iterable
    {
        $unverified = [self::ssl('VERIFY_SERVER_CERT') => false];
        yield 'a folder of certificates' => [[self::ssl('CAPATH') => self::folder(self::authority(), self::otherAuthority())]];
        yield 'file and folder' => [[
            self::ssl('CA') => self::otherAuthority(), self::ssl('CAPATH') => self::folder(self::authority()),
        ]];
        yield 'a list of ciphers' => [[self::ssl('CIPHER') => 'ECDHE-RSA-AES256-GCM-SHA384'] + $unverified];
        yield 'a key alone' => [[self::ssl('KEY') => self::authority()] + $unverified];
        yield 'a certificate with its key in one file' => [[
            self::ssl('CERT') => self::pair(), self::ssl('CA') => self::authority(),
        ]];
        yield 'an empty name' => [[self::ssl('CA') => ''] + $unverified];
    }

    private static function pair(): string
    {
        $file = (string) tempnam((string) getenv('TEST_DIR'), 'pair');
        $folder = getenv('TEST_DIR');
        file_put_contents($file, file_get_contents("$folder/db.pem") . file_get_contents("$folder/db.key"));

        return $file;
    }

    /**
     * @dataProvider waysToAskForTls
     * @param array<int, mixed> $options
     */
    public function test_each_of_pdos_tls_attributes_alone_asks_for_tls(array $options): void
    {
        $this->assertStringStartsWith('Ready', $this->loader($options));
    }

    /** @return iterable<string, array{array<int, mixed>, string}> */
    public static function optionsThatCannotBeHonored(): iterable
    {
        yield 'an empty folder' => [[self::ssl('CAPATH') => self::folder()], 'holds no certificate under a name such as 5ed36f99.0'];
        yield 'no folder' => [
            [self::ssl('CAPATH') => '/nowhere'],
            '/nowhere, which the database settings name for trusted certificates, cannot be used: No such file',
        ];
        yield 'no file' => [[self::ssl('CA') => '/nowhere.pem'], '/nowhere.pem, which the database settings name'];
        yield 'a file without certificates' => [[self::ssl('CA') => __FILE__], 'holds no certificate that can be used'];
        yield 'no client certificate' => [
            [self::ssl('CERT') => '/nowhere.crt'],
            "/nowhere.crt, which the database settings name for the client's certificate",
        ];
        yield 'no text' => [[self::ssl('CA') => ['a']], 'its value is no text'];
        yield 'a list of ciphers alone' => [[self::ssl('CIPHER') => 'AES256-SHA'], 'it was checked against'];
    }

    /**
     * @dataProvider optionsThatCannotBeHonored
     * @param array<int, mixed> $options
     */
    public function test_what_cannot_be_honored_ends_the_call_by_name(array $options, string $sentence): void
    {
        $this->assertStringContainsString($sentence, $this->loader($options));
    }

    public function test_phpinfo_says_that_a_list_of_ciphers_is_not_applied(): void
    {
        $options = [self::ssl('CIPHER') => 'AES256-SHA', self::ssl('VERIFY_SERVER_CERT') => false];

        $this->assertStringContainsString('the list of ciphers is not applied', $this->loader($options, 'phpinfo(INFO_MODULES);'));
    }

    public function test_where_php_has_the_attributes_in_a_class_of_their_own_they_are_read_from_there(): void
    {
        // As PHP 8.5, where reading those of PDO is deprecated; where the class is missing other numbers show which were read.
        $class = 'namespace Pdo { class Mysql { const ATTR_SSL_CA = 9001; const ATTR_SSL_CAPATH = 9002; const ATTR_SSL_CERT = 9003;'
            . ' const ATTR_SSL_KEY = 9004; const ATTR_SSL_CIPHER = 9005; const ATTR_SSL_VERIFY_SERVER_CERT = 9006; } }';
        $isThere = class_exists('Pdo\Mysql');
        $ca = $isThere ? self::ssl('CA') : 9001;
        $before = ($isThere ? '' : 'eval(' . var_export($class, true) . ');')
            . 'set_error_handler(fn (int $level, string $why, string $file) =>'
            . ' \Tests\Host\Strict::isOfLibrary($level, $file) ?: throw new ErrorException("deprecated"));';

        $this->assertStringStartsWith('Ready', $this->loader([$ca => self::authority()], $before));
        $this->assertStringContainsString('Could not open a connection', $this->loader([$ca => self::otherAuthority()], $before));
    }

    public function test_a_tls_setting_that_cannot_be_read_ends_the_call(): void
    {
        if (class_exists('Pdo\Mysql')) {
            $this->markTestSkipped('PHP has the class Pdo\Mysql from 8.4 on, so no other one can have a constant that cannot be read');
        }
        $class = 'namespace Pdo { class Mysql { const ATTR_SSL_CA = \\Missing::CONSTANT; } }';

        $answer = $this->loader([self::ssl('CA') => self::authority()], 'eval(' . var_export($class, true) . ');');

        $this->assertStringContainsString('it is not known whether it has to be encrypted', $answer);
        $this->assertStringContainsString('reading them throws Error', $answer);
    }

    /** The number of an attribute of PDO, from where PHP does not deprecate it. */
    private static function ssl(string $name): int
    {
        return constant(class_exists('Pdo\Mysql') ? "Pdo\\Mysql::ATTR_SSL_$name" : "PDO::MYSQL_ATTR_SSL_$name");
    }

    /** @return iterable<string, array{string, string}> how openssl makes the certificate, and what is said of it */
    public static function faultyCertificates(): iterable
    {
        $sign = 'openssl x509 -req -in $d/csr -CA $ca/db-ca.pem -CAkey $ca/db-ca.key -CAcreateserial -out $d/crt';
        $own = 'openssl req -x509 -key $d/key -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -out $d/crt';
        // OpenSSL from 3.4 on, and before.
        $first = 'OPENSSL_CONF=/dev/null openssl req -x509v1 -in $d/csr -CA $ca/db-ca.pem -CAkey $ca/db-ca.key -days 2 -out $d/crt';
        $past = '-not_before 20200101000000Z -not_after 20200102000000Z';
        $address = '-extfile <(echo subjectAltName=IP:127.0.0.1)';
        yield 'version 1' => ["($first || $sign -days 2)", "the server's certificate is of X.509 version 1"];
        yield 'no subjectAltName' => ["$sign -days 2 -extfile <(echo basicConstraints=CA:FALSE)", "the server's certificate has no subjectAltName"];
        yield 'another name' => [
            "$sign -days 2 -extfile <(echo subjectAltName=DNS:db.example)",
            "the server's certificate is for another name: db.example, and not 127.0.0.1",
        ];
        yield 'expired' => ["($sign $past $address || $sign -days -1 $address)", "the server's certificate expired"];
        yield 'self-signed' => ["$own -days 2", "the server's certificate is self-signed"];
    }

    /** @dataProvider faultyCertificates */
    public function test_a_certificate_that_does_not_hold_is_told_by_its_fault_and_accepted_where_whmcs_asks_for_no_check(
        string $command,
        string $fault
    ): void {
        $folder = getenv('TEST_DIR') . '/crt' . bin2hex(random_bytes(4));
        mkdir($folder);
        $request = 'openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -keyout $d/key -out $d/csr';
        $script = "d=$folder ca=" . getenv('TEST_DIR') . "; ($request && $command) 2>&1";
        exec('bash -c ' . escapeshellarg($script), $output, $code);
        $this->assertSame(0, $code, implode("\n", $output));
        // Trusted as it is, as PDO takes it.
        $trusted = str_contains($fault, 'self-signed') ? "$folder/crt" : self::authority();

        $checked = self::showing("$folder/crt", "$folder/key", fn () => $this->loader([self::ssl('CA') => $trusted]));
        $unchecked = self::showing("$folder/crt", "$folder/key", fn () => $this->loader(
            [self::ssl('CA') => "$folder/crt", self::ssl('VERIFY_SERVER_CERT') => false]
        ));

        $this->assertStringContainsString("no secure connection, $fault", $checked);
        $this->assertStringContainsString("it was checked against $trusted", $checked);
        $this->assertStringContainsString('ssl_verify=0', $checked);
        $this->assertStringStartsWith('Ready', $unchecked);
    }
}
