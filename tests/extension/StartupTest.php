<?php

declare(strict_types=1);

// Loading the extension opens nothing and starts no thread: PHP-FPM forks after it.

namespace Tests\Extension;

use Tests\Support\ChildProcess;
use Tests\Support\ExtensionTestCase;

/** @group slow */
final class StartupTest extends ExtensionTestCase
{
    /** What the process has open, and its threads. */
    private const LOOK = <<<'PHP'
        $open = [];
        foreach (array_diff(scandir('/proc/self/fd'), ['.', '..']) as $fd) {
            $target = @readlink("/proc/self/fd/$fd");
            if ($target !== false) { $open[] = preg_replace('/\d+/', 'N', $target); }
        }
        sort($open);
        echo json_encode(['open' => $open, 'threads' => count(scandir('/proc/self/task')) - 2]);
        PHP;

    /** @return list<string> */
    private static function loading(string ...$more): array
    {
        return ['-d', 'extension=' . ChildProcess::extension(), ...$more];
    }

    public function test_nothing_is_opened_and_no_thread_started(): void
    {
        $without = $this->barePhp('-r', self::LOOK);
        $with = $this->barePhp(...self::loading('-r', self::LOOK));

        $this->assertSame(['', 0], [$with['errors'], $with['exit']]);
        $this->assertSame(1, json_decode($with['output'])->threads);
        $this->assertNotEmpty(json_decode($with['output'])->open);
        $this->assertSame($without['output'], $with['output']);
        $this->assertSame([], $this->sandbox->requests());
    }

    public function test_a_script_that_does_nothing_says_nothing(): void
    {
        $this->assertSame(['output' => '', 'errors' => '', 'exit' => 0], $this->barePhp(...self::loading('-r', '')));
    }

    public function test_no_other_extension_is_needed(): void
    {
        $told = $this->barePhp(...self::loading('-d', 'error_log=/dev/null', '-r', <<<'PHP'
            echo jetpack_CreateAccount(['serviceid' => 1, 'model' => new stdClass(), 'configoption2' => 'jetpack-scan']), "\n";
            echo jetpack_DefaultApiToken(), json_encode(jetpack_ClientArea([])), "\n";
            try { jetpack_FetchProducts(); } catch (Exception $e) { echo $e->getMessage(), "\n"; }
            PHP));

        $this->assertSame(['', 0], [$told['errors'], $told['exit']]);
        [$create, $empty, $loader] = explode("\n", $told['output']);
        $this->assertSentence($create, 'database settings of WHMCS were not found', 'whmcs_provisioning.database_url');
        $this->assertSame('[]', $empty);
        $this->assertSame($create, $loader);
    }

    public function test_loading_it_twice_is_a_warning_and_no_more(): void
    {
        $told = $this->barePhp(...self::loading(...self::loading('-r', 'echo jetpack_CreateAccount();')));

        $this->assertSame(0, $told['exit']);
        $this->assertSentence($told['output']);
        $this->assertStringContainsString('Module "whmcs_provisioning" is already loaded', $told['errors']);
        $this->assertSame(1, substr_count($told['errors'], 'Warning'));
    }

    public function test_it_is_found_under_its_name_with_its_functions_whatever_their_capitals(): void
    {
        $told = $this->barePhp(...self::loading('-r', <<<'PHP'
            echo json_encode([extension_loaded('WHMCS_Provisioning'), phpversion('whmcs_provisioning'),
                function_exists('JETPACK_CREATEACCOUNT'), count(get_extension_funcs('whmcs_provisioning')) > 15,
                (new ReflectionExtension('whmcs_provisioning'))->getClassNames(),
                array_keys((new ReflectionExtension('whmcs_provisioning'))->getConstants())]);
            PHP));

        $version = self::versionOfTheCrate();
        $this->assertSame(json_encode([true, $version, true, true, [], []]), $told['output'], $told['errors']);
    }

    public function test_request_after_request_in_one_process_begins_and_ends(): void
    {
        $script = (string) getenv('TEST_DIR') . '/startup.php';
        file_put_contents($script, '<?php echo getmypid(), " ", jetpack_CreateAccount();');
        $free = stream_socket_get_name(stream_socket_server('tcp://127.0.0.1:0'), false);
        $port = (int) explode(':', $free)[1];
        $server = proc_open(
            [PHP_BINARY, '-n', ...self::loading('-S', "127.0.0.1:$port", $script)],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', "$script.log", 'w']],
            $pipes
        );
        try {
            for ($tries = 0; $tries < 1000 && !@fsockopen('127.0.0.1', $port); $tries++) {
                usleep(20_000);
            }
            $answers = [];
            for ($request = 0; $request < 20; $request++) {
                $answers[] = file_get_contents("http://127.0.0.1:$port/");
            }
            $alive = proc_get_status($server)['running'];
        } finally {
            proc_terminate($server);
            $end = proc_close($server);
        }

        $this->assertTrue($alive);
        $this->assertCount(1, array_unique($answers));
        [$pid, $answer] = explode(' ', $answers[0], 2);
        $this->assertSentence($answer);
        $this->assertGreaterThan(0, (int) $pid);
    }

    public function test_the_release_build_has_no_function_that_panics_on_purpose(): void
    {
        $release = dirname(__DIR__, 2) . '/target/release/libwhmcs_provisioning.so';
        if (!is_file($release)) {
            $this->markTestSkipped('There is no release build: run make build.');
        }
        $told = $this->barePhp('-d', "extension=$release", '-r', <<<'PHP'
            echo json_encode(get_extension_funcs('whmcs_provisioning'));
            PHP);

        $expected = array_values(array_diff(get_extension_funcs('whmcs_provisioning'), ['jetpack_PanicOnPurpose']));
        $this->assertSame(json_encode($expected), $told['output'], $told['errors']);
    }

    private static function versionOfTheCrate(): string
    {
        preg_match('/^version = "(.+)"$/m', (string) file_get_contents(dirname(__DIR__, 2) . '/Cargo.toml'), $match);

        return $match[1];
    }
}
