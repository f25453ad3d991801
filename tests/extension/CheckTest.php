<?php

declare(strict_types=1);

// whmcs_provisioning_check: each line is fine, or says what it means and what to do.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Support\ExtensionTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class CheckTest extends ExtensionTestCase
{
    /** Behind the three that open the connection (docs/doctor.md). */
    private const STATEMENTS = 10;

    private string $root;

    protected function setUp(): void
    {
        parent::setUp();
        $this->root = (string) getenv('TEST_DIR') . '/check-' . bin2hex(random_bytes(4));
        mkdir("$this->root/modules", 0755, true);
        symlink(dirname(__DIR__, 2) . '/modules/servers', "$this->root/modules/servers");
    }

    /**
     * In a PHP of its own, with WHMCS in the root of this test.
     *
     * @param array<string, string> $ini
     * @return array<string, list<array{check: string, state: string, text: string}>> by the name of the check
     */
    private function check(string $before = '', array $ini = [], bool $online = false): array
    {
        $root = var_export($this->root, true);
        $lines = $this->inChild(
            "defined('ROOTDIR') || define('ROOTDIR', $root); $before return whmcs_provisioning_check(" . var_export($online, true) . ');',
            $ini
        );
        $this->assertIsArray($lines);
        $by = [];
        foreach ($lines as $line) {
            $this->assertSame(['check', 'state', 'text'], array_keys($line));
            $this->assertMatchesRegularExpression('/^[A-Z\/\d].+\.$/', $line['text'], json_encode($line));
            $by[$line['check']][] = $line;
        }

        return $by;
    }

    /** @param array<string, list<array{check: string, state: string, text: string}>> $lines */
    private function assertLine(array $lines, string $check, string $state, string ...$mentions): void
    {
        $this->assertArrayHasKey($check, $lines);
        $texts = implode("\n", array_column(array_filter($lines[$check], fn (array $line) => $line['state'] === $state), 'text'));
        $this->assertNotSame('', $texts, "no $state: " . json_encode($lines[$check]));
        foreach ($mentions as $mention) {
            $this->assertStringContainsString($mention, $texts);
        }
    }

    public function test_an_installation_that_works_has_no_fault_and_nothing_is_sent(): void
    {
        $lines = $this->check();

        $faults = array_filter(array_merge(...array_values($lines)), fn (array $line) => $line['state'] === 'fault');
        $this->assertSame([], $faults);
        $this->assertLine($lines, 'version.files', 'fine', 'module jetpack', 'module cometbackup');
        $version = (string) Capsule::connection()->selectOne('SELECT VERSION() AS version')->version;
        $this->assertLine($lines, 'database.connection', 'fine', "($version)");
        $this->assertLine($lines, 'database.rights', 'fine');
        $this->assertLine($lines, 'database.clock', 'fine');
        $this->assertLine($lines, 'state_dir', 'fine');
        $this->assertNothingWasSent();
    }

    public function test_it_makes_as_many_round_trips_to_the_database_as_stated(): void
    {
        $this->service();
        $this->check();
        $log = new StatementLog();

        $this->check();

        $this->assertCount(self::STATEMENTS, $log->end());
    }

    public function test_traces_that_would_hold_passwords_are_a_note(): void
    {
        $line = $this->check(ini: ['zend.exception_ignore_args' => '0'])['php.exception_ignore_args'][0];

        $this->assertSame('note', $line['state']);
        $this->assertStringContainsString('traces of errors in PHP code hold the arguments of functions', $line['text']);
    }

    public function test_its_lines_name_no_secret(): void
    {
        $this->service();
        $text = (string) json_encode($this->check('', [], true));

        foreach (['tok_', (string) getenv('TEST_DATABASE_PASSWORD')] as $secret) {
            $secret === '' || $this->assertStringNotContainsString($secret, $text);
        }
        $this->assertStringNotContainsString((string) Capsule::connection()->getConfig('password'), $text);
    }

    public function test_only_online_asks_jetpack_once(): void
    {
        $this->assertLine($this->check('', [], true), 'remote.jetpack', 'fine', 'Jetpack answers');

        $this->assertCount(1, $this->sandbox->requestLines());
    }

    public function test_a_jetpack_that_cannot_be_reached_is_a_fault(): void
    {
        $lines = $this->check('', ['whmcs_provisioning.jetpack_api_url' => 'https://127.0.0.1:9/v2'], true);

        $this->assertLine($lines, 'remote.jetpack', 'fault', 'refused');
    }

    public function test_a_comet_server_that_cannot_be_reached_is_named(): void
    {
        Capsule::table('tblservers')->insert(['id' => 7, 'name' => 'Comet', 'type' => 'cometbackup', 'hostname' => '127.0.0.1',
            'port' => 9, 'username' => 'admin', 'password' => encrypt('hidden-password'), 'secure' => '']);

        $lines = $this->check('', [], true);

        $this->assertLine($lines, 'remote.comet', 'fault', 'Server 7', 'refused');
        $this->assertStringNotContainsString('hidden-password', (string) json_encode($lines));
    }

    public function test_outside_whmcs_it_says_what_to_load(): void
    {
        $bare = $this->barePhp(
            '-d',
            'extension=' . \Tests\Support\ChildProcess::extension(),
            '-r',
            'foreach (whmcs_provisioning_check() as $line) { echo $line["state"], " ", $line["text"], "\n"; }'
        );

        $this->assertSame(0, $bare['exit'], $bare['errors']);
        $this->assertStringContainsString('fault WHMCS is not loaded', $bare['output']);
    }

    public function test_a_client_gets_one_sentence_and_nothing_of_the_installation(): void
    {
        $lines = $this->check('$_SESSION = ["uid" => 10];');

        $this->assertSame(['check'], array_keys($lines));
        $this->assertLine($lines, 'check', 'fault', 'staff only');
    }

    public function test_a_database_user_without_rights_is_told_which_to_grant(): void
    {
        $lines = $this->check('', self::userWith('SELECT, INSERT, UPDATE, DELETE'));

        $this->assertLine($lines, 'database.rights', 'note', 'CREATE, ALTER, INDEX');
    }

    public function test_a_right_that_only_the_daily_usage_needs_is_told_as_well(): void
    {
        $others = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX';

        $lines = $this->check('', self::userWith($others));
        $this->assertLine($lines, 'database.rights', 'note', 'no right to CREATE TEMPORARY TABLES', 'daily disk usage of Comet accounts');
        $lines = $this->check('', self::userWith("$others, CREATE TEMPORARY TABLES"));

        $this->assertLine($lines, 'database.rights', 'fine');
    }

    public function test_a_part_that_cannot_be_looked_at_hides_no_other(): void
    {
        Capsule::connection()->statement('RENAME TABLE tblproducts TO tblproducts_away');
        try {
            $lines = $this->check();
        } finally {
            Capsule::connection()->statement('RENAME TABLE tblproducts_away TO tblproducts');
        }

        $this->assertLine($lines, 'jobs', 'fault', 'Could not look for services');
        $this->assertLine($lines, 'database.connection', 'fine');
        $this->assertLine($lines, 'state_dir', 'fine');
    }

    public function test_when_disk_usage_was_last_written_is_named_once_there_is_such_a_time(): void
    {
        Capsule::table('tblproducts')->insert(['id' => 9, 'name' => 'Backup', 'servertype' => 'cometbackup']);
        Host::addService(['id' => 900, 'packageid' => 9, 'domainstatus' => 'Active']);
        $this->assertArrayNotHasKey('jobs.usage', $this->check());
        Capsule::table('tblhosting')->where('id', 900)->update(['lastupdate' => '2026-01-02 03:04:05']);

        $this->assertLine($this->check(), 'jobs.usage', 'fine', '2026-01-02 03:04:05');
    }

    public function test_without_a_database_the_rest_is_still_looked_at(): void
    {
        $lines = $this->check('', ['whmcs_provisioning.database_url' => 'mysql://nobody:secret-word@127.0.0.1:9/none']);

        $this->assertLine($lines, 'database.connection', 'fault');
        $this->assertLine($lines, 'php.version', 'fine', PHP_VERSION, 'cli');
        $this->assertStringNotContainsString('secret-word', (string) json_encode($lines));
    }

    public function test_a_private_directory_that_cannot_be_used_is_a_fault(): void
    {
        $this->assertLine($this->check('', ['whmcs_provisioning.state_dir' => '/proc/none']), 'state_dir', 'fault', '/proc/none');
    }

    public function test_files_of_the_php_module_are_a_fault(): void
    {
        unlink("$this->root/modules/servers");
        mkdir("$this->root/modules/servers/jetpack", 0755, true);
        file_put_contents("$this->root/modules/servers/jetpack/jetpack.php", "<?php function jetpack_CreateAccount() {} // \xff" . str_repeat('ä', 20_000));

        $lines = $this->check();

        $this->assertLine($lines, 'version.files', 'fault', 'jetpack are not of this package');
        $this->assertLine($lines, 'version.files', 'note', 'cometbackup are not in WHMCS');
    }

    public function test_a_disabled_function_says_what_is_lost(): void
    {
        $lines = $this->check('', ['disable_functions' => 'exec,set_time_limit']);

        $this->assertLine($lines, 'php.functions', 'note', 'without set_time_limit');
    }

    public function test_a_table_of_an_earlier_version_is_named(): void
    {
        $this->module->call('CreateLicensesTable', []);
        Capsule::connection()->statement('ALTER TABLE jetpack_product_licenses DROP COLUMN asked_at');

        $this->assertLine($this->check(), 'database.tables', 'note', 'jetpack_product_licenses');
    }

    public function test_a_daily_run_that_stopped_is_a_fault(): void
    {
        $this->service();
        $this->assertLine($this->check(), 'jobs.reconciliation', 'note', 'jetpack has not run yet');
        jetpack_Reconcile([]);
        $this->assertLine($this->check(), 'jobs.reconciliation', 'fine', 'jetpack last ended at');
        Capsule::connection()->statement('UPDATE mod_whmcs_provisioning_runs SET ended_at=ended_at - INTERVAL 3 DAY');

        $this->assertLine($this->check(), 'jobs.reconciliation', 'fault', 'more than two days ago');
    }

    /** Module files that say something else in one of their constants; WHMCS's root is theirs. */
    private function filesThatSay(string $constant, string $value): string
    {
        $code = (string) file_get_contents(dirname(__DIR__, 2) . '/modules/servers/jetpack/jetpack.php');
        $code = preg_replace("/(const JETPACK_$constant = )[^;]+;/", "\${1}$value;", $code, -1, $changed);
        $this->assertSame(1, $changed);
        unlink("$this->root/modules/servers");
        mkdir("$this->root/modules/servers/jetpack", 0755, true);
        file_put_contents("$this->root/modules/servers/jetpack/jetpack.php", $code);

        return "(new Tests\\Host\\Module('servers', 'jetpack', '$this->root/modules'))->create(Tests\\Host\\Host::service(100))";
    }

    /** @dataProvider contracts */
    public function test_a_command_of_files_that_do_not_fit_does_nothing(string $contract, string $mention): void
    {
        $this->service();
        $create = $this->filesThatSay('FILES_CONTRACT', $contract);

        $this->assertSentence($this->inChild("return $create;"), 'do not work together', $mention);
        $this->assertNothingWasSent();
        $this->assertLine($this->check(), 'version.files', 'fault', $mention);
    }

    /** @return array<string, array{string, string}> */
    public static function contracts(): array
    {
        return ['newer files' => ['2', 'reload PHP'], 'a newer extension' => ['0', 'install.sh upgrade']];
    }

    /** An upgrade changes the files before workers load the extension. */
    public function test_files_of_another_version_go_on_working(): void
    {
        $this->service();
        $create = $this->filesThatSay('FILES_VERSION', "'9.9.9'");

        $this->assertSame('success', $this->inChild("return $create;"));
        $this->assertLine($this->check(), 'version.files', 'note', '9.9.9', 'They work together');
    }
}
