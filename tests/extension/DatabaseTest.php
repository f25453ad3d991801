<?php

declare(strict_types=1);

// Where the database is found, and how many connections it costs: WHMCS's own settings, one connection for a request.

namespace Tests\Extension;

use Tests\Support\ChildProcess;
use Tests\Support\ExtensionTestCase;
use Tests\Support\GreetingDatabase;
use Tests\Support\JetpackTestCase;

/** @group slow */
final class DatabaseTest extends ExtensionTestCase
{
    /** Answers of create, and from where the server sees our connection: `localhost` is the socket. */
    private const CREATE = <<<'PHP'
        $answer = $module->create(Tests\Host\Host::service(100));
        $hosts = WHMCS\Database\Capsule::selectOne('SELECT CONNECTION_ID() AS id')->id;
        $administrator = new PDO('mysql:unix_socket=' . getenv('ADMINISTRATORS_SOCKET'), 'root', '');
        $ours = $administrator->query("SELECT host FROM information_schema.processlist WHERE user = 'whmcs' AND id > $hosts");
        return [$answer, preg_replace('/:\d+$/', ':port', $ours->fetchAll(PDO::FETCH_COLUMN))];
        PHP;

    private const OTHER = 'whmcs_other';

    /** @var list<string> */
    private array $connections;

    protected function setUp(): void
    {
        parent::setUp();
        $this->service();
        $this->connections = $this->databaseConnections();
    }

    /** @param array<string, string> $ini @param array<string, string> $environment @return array{string, list<string>} */
    private function createAndLook(array $ini = [], array $environment = []): array
    {
        return $this->inChild(self::CREATE, $ini, $environment + ['ADMINISTRATORS_SOCKET' => getenv('TEST_DB_SOCKET')]);
    }

    /** @return array<string, string> the environment of a WHMCS that reaches its database over TCP */
    private static function overTcp(string $host = '127.0.0.1'): array
    {
        return ['TEST_DB_SOCKET' => '', 'TEST_DB_HOST' => $host];
    }

    /** @return iterable<string, array{array<string, string>, array<string, string>, string}> environment, ini, seen from */
    public static function waysToTheDatabase(): iterable
    {
        $socket = (string) getenv('TEST_DB_SOCKET');
        yield 'localhost with unix_socket' => [[], [], 'localhost'];
        yield 'another host, with unix_socket' => [['TEST_DB_HOST' => 'db.example'], [], 'localhost'];
        yield 'TCP' => [self::overTcp(), [], '127.0.0.1:port'];
        yield 'localhost and the socket of pdo_mysql' =>
            [self::overTcp('localhost'), ['pdo_mysql.default_socket' => $socket], 'localhost'];
    }

    /**
     * @dataProvider waysToTheDatabase
     * @param array<string, string> $environment
     * @param array<string, string> $ini
     */
    public function test_the_database_of_the_running_whmcs_is_used(array $environment, array $ini, string $from): void
    {
        $this->assertSame(['success', [$from]], $this->createAndLook($ini, $environment));

        $this->assertEveryLicenseIsKnown();
        $this->assertSame(['issue done'], $this->journal());
    }

    public function test_a_port_may_stand_in_the_host(): void
    {
        // PDO does not know this form, so nothing but our own connection is made.
        $code = <<<'PHP'
            WHMCS\Database\Capsule::connection();
            return jetpack_CreateLicensesTable();
            PHP;
        $environment = ['TEST_DB_PORT' => ''] + self::overTcp('127.0.0.1:' . getenv('TEST_DB_PORT'));

        $this->assertSame(['', 'on'], array_keys($this->inChild($code, [], $environment)));
        $this->assertTrue(\WHMCS\Database\Capsule::schema()->hasTable(JetpackTestCase::TABLE));
    }

    public function test_the_setting_comes_before_whmcs(): void
    {
        $administrator = self::administrator();
        $administrator->exec('DROP DATABASE IF EXISTS ' . self::OTHER);
        // Columns of WHMCS begin with no time, which MySQL takes for an error otherwise.
        $administrator->exec("SET SESSION sql_mode=''; CREATE DATABASE " . self::OTHER);
        $ofWhmcs = ['tbladdons', 'tblmodule_configuration', 'tblproducts'];
        foreach ($ofWhmcs as $table) {
            $administrator->exec('CREATE TABLE ' . self::OTHER . ".$table LIKE " . getenv('TEST_DB_NAME') . ".$table");
        }
        $tables = fn () => $administrator->query('SHOW TABLES FROM ' . self::OTHER)->fetchAll(\PDO::FETCH_COLUMN);
        try {
            $this->assertSame($ofWhmcs, $tables());
            $url = 'mysql://root@localhost/' . self::OTHER . '?socket=' . rawurlencode((string) getenv('TEST_DB_SOCKET'));

            $this->inChild('return jetpack_CreateLicensesTable();', ['whmcs_provisioning.database_url' => $url]);

            $this->assertSame(['jetpack_product_licenses', self::JOURNAL, ...$ofWhmcs], $tables());
            $this->assertFalse(\WHMCS\Database\Capsule::schema()->hasTable(JetpackTestCase::TABLE));
        } finally {
            $administrator->exec('DROP DATABASE ' . self::OTHER);
        }
    }

    public function test_the_setting_takes_a_password_with_any_character(): void
    {
        $url = sprintf(
            'mysql://%s:%s@127.0.0.1:%d/%s',
            getenv('TEST_DB_USER'),
            rawurlencode((string) getenv('TEST_DB_PASSWORD')),
            getenv('TEST_DB_PORT'),
            getenv('TEST_DB_NAME')
        );

        $told = $this->createAndLook(['whmcs_provisioning.database_url' => $url]);

        $this->assertSame(['success', ['127.0.0.1:port']], $told);
        $this->assertEveryLicenseIsKnown();
    }

    /** @return iterable<string, array{string, string, string}> host, port, and what the sentence says */
    public static function databasesThatCannotBeUsed(): iterable
    {
        $socket = rawurlencode((string) getenv('TEST_DB_SOCKET'));
        $port = (string) getenv('TEST_DB_PORT');
        yield 'wrong password' => ["mysql://whmcs:hidden@127.0.0.1:$port/whmcs", '1045'];
        yield 'wrong password by socket' => ["mysql://whmcs:hidden@localhost/whmcs?socket=$socket", '1045'];
        yield 'no such database' => ["mysql://root@localhost/hidden?socket=$socket", '1049'];
        yield 'stopped' => ['mysql://whmcs:hidden@127.0.0.1:1/whmcs', 'no connection to the server, Connection refused'];
        yield 'no socket' => ['mysql://whmcs:hidden@localhost/whmcs?socket=/nowhere.sock', 'no connection to the server, No such file'];
        yield 'no address' => ['mysqli://whmcs:hidden@localhost/whmcs', 'whmcs_provisioning.database_url'];
        yield 'cut at the equals sign by PHP' => ['mysql://whmcs:hidden@localhost/whmcs?socket', 'whmcs_provisioning.database_url ends after socket'];
        yield 'an unknown option' => ['mysql://whmcs:hidden@localhost/whmcs?x=1', 'whmcs_provisioning.database_url'];
    }

    /** @dataProvider databasesThatCannotBeUsed */
    public function test_a_database_that_cannot_be_used_is_a_sentence_and_nothing_is_changed(string $url, string $mention): void
    {
        $code = <<<'PHP'
            $params = $module->paramsFor(Tests\Host\Host::service(100));
            $answers = [jetpack_CreateAccount($params), jetpack_TerminateAccount($params), jetpack_Renew($params)];
            $answers[] = strip_tags(jetpack_AdminServicesTabFields($params)['License Key']);
            foreach (['jetpack_FetchProducts', 'jetpack_CreateLicensesTable'] as $loader) {
                try { $loader(['configoption1' => $params['configoption1']]); } catch (Exception $e) { $answers[] = $e->getMessage(); }
            }
            $answers[] = jetpack_DefaultApiToken() . jetpack_ClientArea($params)['vars']['jetpackState'];
            return $answers;
            PHP;
        $answers = $this->inChild($code, ['whmcs_provisioning.database_url' => $url]);

        $this->assertSame('unavailable', array_pop($answers));
        $this->assertCount(6, $answers);
        foreach ($answers as $answer) {
            $this->assertSentence($answer, $mention);
            $this->assertStringNotContainsString('hidden', $answer);
        }
        // The list of products is asked for while the tables are read.
        $this->assertSame([], array_diff(array_column($this->sandbox->requests(), 'method'), ['GET']));
        $this->assertSame([], $this->rows());
        $this->assertStringNotContainsString('hidden', implode("\n", \Tests\Host\Host::activityLog()));
    }

    public function test_a_wrong_password_of_whmcs_is_a_sentence_without_it(): void
    {
        $end = $this->inChild('return jetpack_CreateAccount(["serviceid" => 100, "model" => new stdClass(),'
            . '"configoption1" => "tok_test", "configoption2" => "jetpack-scan"]);', [], ['TEST_DB_PASSWORD' => 'hid&den']);

        $this->assertSentence($end, '1045');
        $this->assertStringNotContainsString('hid', $end);
        $this->assertNothingWasSent();
    }

    public function test_a_user_with_mariadbs_ed25519_is_signed_on(): void
    {
        if (!self::isMariaDb()) {
            $this->markTestSkipped('MySQL has no such plugin.');
        }
        self::asRoot(
            "INSTALL SONAME 'auth_ed25519'",
            "CREATE OR REPLACE USER whmcs_ed25519@127.0.0.1 IDENTIFIED VIA ed25519 USING PASSWORD('hidden')",
            'GRANT ALL ON whmcs.* TO whmcs_ed25519@127.0.0.1'
        );
        $url = 'mysql://whmcs_ed25519:%s@127.0.0.1:' . getenv('TEST_DB_PORT') . '/whmcs';

        $this->assertSame('success', $this->createInChild(['whmcs_provisioning.database_url' => sprintf($url, 'hidden')]));
        $this->assertSentence($this->createInChild(['whmcs_provisioning.database_url' => sprintf($url, 'wrong')]), '1045');
    }

    /** What users of MySQL have. A server that has seen the password once asks for less, so the user is new each time. */
    public function test_a_user_with_mysqls_caching_sha2_password_is_signed_on_for_the_first_time(): void
    {
        if (self::isMariaDb()) {
            $this->markTestSkipped('MariaDB has no such plugin before version 12.');
        }
        $name = (string) getenv('TEST_DB_NAME');
        $ways = [
            'localhost' => "localhost/$name?socket=" . rawurlencode((string) getenv('TEST_DB_SOCKET')),
            '127.0.0.1' => '127.0.0.1:' . getenv('TEST_DB_PORT') . "/$name",
        ];
        foreach ($ways as $host => $address) {
            self::asRoot("CREATE USER sha2@$host IDENTIFIED WITH caching_sha2_password BY 'hid@den'", "GRANT ALL ON $name.* TO sha2@$host");
            try {
                $signOn = fn (string $password) => $this->inChild(
                    'try { return jetpack_CreateLicensesTable(); } catch (Exception $e) { return $e->getMessage(); }',
                    ['whmcs_provisioning.database_url' => "mysql://sha2:$password@$address"]
                );
                $this->assertStringContainsString('1045', $signOn('wrong'), $host);
                $this->assertIsArray($signOn('hid%40den'), $host);
                $this->assertIsArray($signOn('hid%40den'), $host);
            } finally {
                self::asRoot("DROP USER sha2@$host");
            }
        }
    }

    /** @return iterable<string, array{string, string}> */
    public static function pluginsOfUsers(): iterable
    {
        yield 'PARSEC of MariaDB 11.6' => ['parsec', '1105 signed on'];
        yield 'sha256_password of MySQL' => [
            'sha256_password',
            'the database user logs in with sha256_password, which is not supported here. Give the user caching_sha2_password',
        ];
        yield 'GSSAPI' => ['auth_gssapi_client', 'logs in with auth_gssapi_client, which is not supported here'];
        yield 'old passwords' => ['mysql_old_password', 'logs in with mysql_old_password, which is not supported here'];
        yield 'passwords in the clear' => ['mysql_clear_password', 'logs in with mysql_clear_password, which is not supported here'];
        yield 'an empty packet' => ['empty', 'the server answered in a way that MySQL and MariaDB do not'];
    }

    /** @dataProvider pluginsOfUsers */
    public function test_a_user_with_another_plugin_is_signed_on_or_the_sentence_names_it(string $plugin, string $mention): void
    {
        $server = GreetingDatabase::start($plugin, 'hidden');

        $answer = $this->createInChild(['whmcs_provisioning.database_url' => "mysql://whmcs:hidden@127.0.0.1:$server->port/whmcs"]);

        $this->assertSentence($answer, $mention);
        $this->assertStringNotContainsString('hidden', $answer);
        $this->assertNothingWasSent();
    }

    public function test_no_statement_uses_a_function_that_some_supported_server_lacks(): void
    {
        // MySQL 9.7 moved SHA1 and its kin to a component; the rest is of one kind of server, or of its newer versions.
        $lacking = '/(?<!USING )\b(SHA1?|SHA2|MD5|AES_\w+|DES_\w+|ENCRYPT|ENCODE|DECODE|PASSWORD|OLD_PASSWORD|UUID_TO_BIN|BIN_TO_UUID'
            . '|ANY_VALUE|JSON_\w+|REGEXP_\w+|GROUPING|ROW_NUMBER|SLEEP|BENCHMARK|LOAD_FILE)\(/';
        $root = dirname(__DIR__, 2);
        $found = [];
        foreach (['src', 'tests'] as $folder) {
            $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator("$root/$folder", \FilesystemIterator::SKIP_DOTS));
            foreach ($files as $file) {
                if (in_array($file->getExtension(), ['rs', 'php'], true) && preg_match($lacking, (string) file_get_contents((string) $file), $name)) {
                    $found[] = "$name[1] in " . substr((string) $file, strlen($root) + 1);
                }
            }
        }

        $this->assertSame([], $found);
    }

    public function test_a_request_opens_one_connection_however_many_functions_it_calls(): void
    {
        [$opened, $answers] = $this->inChild(<<<'PHP'
            $made = fn () => (int) WHMCS\Database\Capsule::selectOne("SHOW GLOBAL STATUS LIKE 'Connections'")->Value;
            $service = Tests\Host\Host::service(100);
            $before = $made();
            $answers = [$module->create($service), $module->suspend($service), $module->unsuspend($service),
                $module->renew($service), count($module->adminTab($service)) > 3, count($module->adminButtons($service)) > 0,
                count($module->configOptions(1)), $module->terminate($service)];
            return [$made() - $before, $answers];
            PHP);

        $this->assertSame(['success', 'success', 'success', 'success', true, true, 5, 'success'], $answers);
        $this->assertSame(1, $opened);
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
    }

    public function test_the_connection_is_closed_with_the_request(): void
    {
        $marker = (string) tempnam((string) getenv('TEST_DIR'), 'open');
        $child = ChildProcess::start(sprintf(<<<'PHP'
            jetpack_CreateLicensesTable();
            touch('%1$s.open');
            for ($tries = 0; $tries < 500 && !is_file('%1$s.enough'); $tries++) { usleep(10_000); clearstatcache(); }
            PHP, $marker));
        for ($tries = 0; $tries < 500 && !is_file("$marker.open"); $tries++) {
            usleep(10_000);
            clearstatcache();
        }
        $during = $this->databaseConnectionsSince($this->connections, 1);
        touch("$marker.enough");

        $this->assertSame(['output' => '', 'errors' => '', 'exit' => 0], $child->wait());
        $this->assertCount(1, $during);
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
    }

    public function test_a_connection_that_the_server_ended_meanwhile_is_opened_anew(): void
    {
        // A cron run in which other modules take their time, at a server with a short wait_timeout.
        $administrator = self::administrator();
        $administrator->exec('SET GLOBAL wait_timeout = 1');
        try {
            $answers = $this->inChild(<<<'PHP'
                WHMCS\Database\Capsule::statement('SET SESSION wait_timeout = 600');
                $service = Tests\Host\Host::service(100);
                $answers = [$module->create($service)];
                usleep(1_700_000);
                return [...$answers, $module->terminate($service)];
                PHP);
        } finally {
            $administrator->exec('SET GLOBAL wait_timeout = 28800');
        }

        $this->assertSame(['success', 'success'], $answers);
        $this->assertSame([], $this->sandbox->activeLicenses());
    }

    public function test_after_a_fork_parent_and_child_have_connections_of_their_own(): void
    {
        // The host's own connection stays closed until the end: PDO would share it.
        $end = ChildProcess::start(<<<'PHP'
            $params = ['serviceid' => 100, 'model' => new stdClass()];
            $tab = fn () => str_contains(jetpack_AdminServicesTabFields($params)['License Key'], 'No License Key Found');
            $newest = function () {
                $administrator = new PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET'), 'root', '');
                $id = "SELECT MAX(id) FROM information_schema.processlist WHERE user = 'whmcs'";
                return (int) $administrator->query($id)->fetchColumn();
            };
            $told = [$tab()];
            $parents = $newest();
            $child = pcntl_fork();
            if ($child === 0) {
                exit($tab() && $newest() > $parents ? 7 : 8);
            }
            pcntl_waitpid($child, $status);
            $told[] = pcntl_wexitstatus($status);
            $told[] = $tab();
            for ($tries = 0; $tries < 1000 && $newest() > $parents; $tries++) { usleep(10_000); }
            $told[] = $newest() === $parents;
            echo json_encode($told);
            PHP)->wait();

        $this->assertSame(['', 0], [$end['errors'], $end['exit']], $end['output']);
        $this->assertSame([true, 7, true, true], json_decode($end['output']));
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
    }
}
