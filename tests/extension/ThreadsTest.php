<?php

declare(strict_types=1);

// A PHP that serves requests in threads of one process: each is a request of its own, for the lock on a service as well.
// Runs where PHP has threads, as in `make test-matrix ROWS=source:TREE:zts`.

namespace Tests\Extension;

use Tests\Support\ChildProcess;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group threads */
final class ThreadsTest extends JetpackTestCase
{
    private const THREADS = 8;

    protected function setUp(): void
    {
        if (!PHP_ZTS) {
            $this->markTestSkipped('This PHP serves one request at a time in a process.');
        }
        parent::setUp();
        $this->createTables();
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 100, 'times' => 0]);
    }

    public function test_eight_creates_of_one_service_in_one_process_issue_one_license(): void
    {
        $this->service(['id' => self::SERVICE, 'domainstatus' => 'Pending']);

        $answers = $this->serve('$module->create(Tests\Host\Host::service(' . self::SERVICE . '))');

        $this->assertContains('success', $answers);
        foreach (array_diff($answers, ['success']) as $sentence) {
            $this->assertStringContainsString('already running since', $sentence);
        }
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(1, Capsule::table(self::TABLE)->count());
        $this->assertSame([], Capsule::table(self::JOURNAL)->whereNotNull('open_key')->orWhereIn('state', ['sent', 'unknown'])->get()->all());
    }

    public function test_eight_services_in_one_process_get_one_license_each(): void
    {
        for ($id = self::SERVICE; $id < self::SERVICE + self::THREADS; $id++) {
            $this->service(['id' => $id, 'domainstatus' => 'Pending']);
        }

        $answers = $this->serve('$module->create(Tests\Host\Host::service($thread + ' . self::SERVICE . '))');

        $this->assertSame(array_fill(0, self::THREADS, 'success'), $answers);
        $this->assertSame(array_fill(0, self::THREADS, 'POST /license'), $this->sandbox->requestLines());
        $this->assertSame(self::THREADS, Capsule::table(self::TABLE)->distinct()->count('service_id'));
    }

    /** What the expression is in each thread. @return list<mixed> */
    private function serve(string $expression): array
    {
        $folder = getenv('TEST_DIR') . '/threads-' . bin2hex(random_bytes(4));
        mkdir($folder);
        $settings = ['extension' => ChildProcess::extension(), 'memory_limit' => '-1', 'display_errors' => 'stderr',
            'include_path' => get_include_path(), 'whmcs_provisioning.jetpack_api_url' => JetpackSandbox::fromEnvironment()->apiUrl(),
            'whmcs_provisioning.state_dir' => getenv('TEST_DIR') . '/state'];
        foreach ($settings as $name => $value) {
            file_put_contents("$folder/php.ini", "$name=\"$value\"\n", FILE_APPEND);
        }
        $root = dirname(__DIR__, 2);
        $code = 'require ' . var_export("$root/tests/bootstrap.php", true) . ';'
            . 'Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());'
            . '$module = new Tests\Host\Module("servers", "jetpack", ' . var_export("$root/modules", true) . ');'
            // One write, or lines of two threads meet.
            . "echo json_encode([\$thread => $expression]) . \"\\n\";";
        $lines = $this->shell([$this->program($folder), (string) self::THREADS, $code], ['PHPRC' => $folder] + getenv());
        $answers = array_replace(...array_map(static fn (string $line): array => json_decode($line, true, 512, JSON_THROW_ON_ERROR), $lines));
        ksort($answers);

        return $answers;
    }

    /** Compiled against the PHP under test. */
    private function program(string $folder): string
    {
        $config = (string) (getenv('PHP_CONFIG') ?: 'php-config');
        [$includes] = $this->shell([$config, '--includes']);
        [$prefix] = $this->shell([$config, '--prefix']);
        $this->shell(['cc', ...explode(' ', $includes), '-o', "$folder/threads", dirname(__DIR__) . '/support/threads.c',
            "-L$prefix/lib", "-Wl,-rpath,$prefix/lib", '-lphp', '-lpthread']);

        return "$folder/threads";
    }

    /** @param list<string> $command @param array<string, string>|null $environment @return list<string> the lines it prints */
    private function shell(array $command, ?array $environment = null): array
    {
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes, null, $environment);
        $this->assertIsResource($process);
        $output = stream_get_contents($pipes[1]);
        $errors = stream_get_contents($pipes[2]);
        $this->assertSame([0, ''], [proc_close($process), $errors], $output);

        return explode("\n", trim($output));
    }
}
