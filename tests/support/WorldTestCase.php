<?php

declare(strict_types=1);

// An empty WHMCS for each test, and what tests of every module ask: tables, the journal, processes of their own.

namespace Tests\Support;

use PDO;
use PHPUnit\Framework\TestCase;
use Tests\Host\Host;
use Tests\Host\Module;
use WHMCS\Database\Capsule;

abstract class WorldTestCase extends TestCase
{
    protected const JOURNAL = 'mod_whmcs_provisioning_journal';
    /** The module whose functions the test calls, and the folder that has WHMCS's folders of modules. */
    protected const MODULE = '';
    protected const ROOT = __DIR__ . '/../../modules';
    /** The id of the service that a process of its own finds as `$service`. */
    protected const SERVICE = 0;
    /** What no sentence may hold. */
    protected const SECRETS = [];
    /** Seconds; tests of lost answers set less. */
    private const REQUEST_TIMEOUT = '3';

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
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        Host::truncate(true);
        $this->module = new Module('servers', static::MODULE, (string) realpath(static::ROOT));
        $this->prepareWorld();
    }

    /** What WHMCS and the remote API hold when a test begins. */
    abstract protected function prepareWorld(): void;

    /** @return array<int, array<string, mixed>> none where there is no such table */
    protected function rows(string $table): array
    {
        if (!Capsule::schema()->hasTable($table)) {
            return [];
        }
        return Capsule::table($table)->orderBy('id')->get()->map(fn (object $row) => (array) $row)->all();
    }

    /** What was requested, without the locks of commands. @return array<int, string> such as "issue done" */
    protected function journal(): array
    {
        $requests = array_filter($this->rows(self::JOURNAL), fn (array $row) => $row['operation'] !== 'turn');

        return array_values(array_map(fn (array $row) => $row['operation'] . ' ' . $row['state'], $requests));
    }

    /** What the journal holds happened that much earlier. */
    protected function minutesPass(int $minutes): void
    {
        $earlier = fn (string $column) => "$column=$column - INTERVAL $minutes MINUTE";
        $columns = implode(', ', array_map($earlier, ['begun_at', 'sent_at', 'ended_at', 'expires_at']));
        Capsule::connection()->statement('UPDATE ' . self::JOURNAL . " SET $columns");
    }

    /**
     * A PHP process of its own that evaluates one expression; `$module` and `$service` are there for it.
     *
     * @param array<string, string> $ini
     * @param list<string> $launcher the command that starts PHP, where it is not to be started directly
     * @param array<string, string> $environment
     */
    protected function apart(string $expression, array $ini = [], array $launcher = [], array $environment = []): ChildProcess
    {
        $ini += ['whmcs_provisioning.connect_timeout' => '2', 'whmcs_provisioning.request_timeout' => '30'];
        $code = self::moduleOfChild() . '$service = WHMCS\\Service\\Service::find(' . static::SERVICE . ');'
            . "echo is_string(\$answer = $expression) ? \$answer : json_encode(\$answer);";
        return ChildProcess::start($code, $ini, $environment, true, $launcher);
    }

    /** What the process printed; it may have said nothing else, and not have failed. */
    protected function answerOf(ChildProcess $process): string
    {
        $ended = $process->wait();
        $this->assertSame(['', 0], [$ended['errors'], $ended['exit']], $ended['output']);
        return $ended['output'];
    }

    /**
     * What the code returns, run in a PHP of its own with the host booted. The child ends with code 0 and says nothing else.
     *
     * @param array<string, string> $ini
     * @param array<string, string> $environment
     */
    protected function inChild(string $code, array $ini = [], array $environment = [], bool $withExtension = true): mixed
    {
        $wrapped = self::moduleOfChild() . 'echo json_encode((function () use ($module) {' . $code . '})(),'
            . 'JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);';
        $answer = $this->answerOf(ChildProcess::start($wrapped, $ini, $environment, $withExtension));

        return json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
    }

    protected static function moduleOfChild(): string
    {
        return sprintf('$module = new Tests\\Host\\Module("servers", "%s", %s);', static::MODULE, var_export(realpath(static::ROOT), true));
    }

    /** Code for a process of its own in which this system call fails from then on (tests/support/forbid.php). */
    protected function forbidding(string $calls, int $errno): string
    {
        if (!extension_loaded('FFI')) {
            $this->markTestSkipped('This PHP has no FFI, through which a system call is made to fail.');
        }

        return 'require ' . var_export(__DIR__ . '/forbid.php', true) . ";Tests\\Support\\forbid(Tests\\Support\\$calls, $errno);";
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

    /** The administrator of the database, who sees all connections. */
    protected static function administrator(): PDO
    {
        return new PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET') . ';dbname=' . getenv('TEST_DB_NAME'), 'root', '', [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
        ]);
    }

    /** Whether the tests' database is MariaDB, and not MySQL. */
    protected static function isMariaDb(): bool
    {
        return str_contains((string) self::administrator()->getAttribute(PDO::ATTR_SERVER_VERSION), 'MariaDB');
    }

    /** SQL with the rights of the database's administrator. */
    protected static function asRoot(string ...$statements): void
    {
        array_map([self::administrator(), 'exec'], $statements);
    }

    /** A user of the database with these rights only. @return array<string, string> the setting by which the extension signs on as that user */
    protected static function userWith(string $rights): array
    {
        self::asRoot(
            'DROP USER IF EXISTS limited@localhost',
            "CREATE USER limited@localhost IDENTIFIED BY 'limited'",
            "GRANT $rights ON " . getenv('TEST_DB_NAME') . '.* TO limited@localhost'
        );
        $socket = rawurlencode((string) getenv('TEST_DB_SOCKET'));

        return ['whmcs_provisioning.database_url' => 'mysql://limited:limited@localhost/' . getenv('TEST_DB_NAME') . "?socket=$socket"];
    }

    /** A sentence for staff: text without markup and without a secret, which says all this. */
    protected function assertSentence(mixed $answer, string ...$mentions): void
    {
        $this->assertIsString($answer);
        $this->assertDoesNotMatchRegularExpression('/[<>\x00-\x1f]/', $answer);
        foreach (static::SECRETS as $secret) {
            $this->assertStringNotContainsString($secret, $answer);
        }
        foreach ($mentions as $mention) {
            $this->assertStringContainsString($mention, $answer);
        }
    }
}
