<?php

declare(strict_types=1);

// A PHP-FPM of its own, with two workers on a private socket, for what only a server shows: fork, workers, requests.

namespace Tests\Support;

use RuntimeException;

final class PhpFpm
{
    /** @param resource $process */
    private function __construct(private $process, private readonly string $folder)
    {
    }

    /** @param array<string, string> $ini @param array<string, string> $pool settings besides those for two workers */
    public static function start(bool $withExtension = true, array $ini = [], array $pool = []): self
    {
        $pool += ['pm.max_children' => '2'];
        $workers = (int) $pool['pm.max_children'];
        $folder = getenv('TEST_DIR') . '/fpm' . bin2hex(random_bytes(4));
        mkdir($folder);
        file_put_contents("$folder/pool.conf", <<<CONF
            [global]
            daemonize = no
            error_log = $folder/error.log
            [www]
            listen = $folder/socket
            pm = static
            clear_env = no
            catch_workers_output = yes
            CONF . self::lines($pool) . (posix_getuid() === 0 ? "\nuser = root\ngroup = root\n" : "\n"));
        $command = [self::binary(), '-F', '-y', "$folder/pool.conf"];
        if (posix_getuid() === 0) {
            $command[] = '-R';
        }
        $ini += [
            'whmcs_provisioning.jetpack_api_url' => JetpackSandbox::fromEnvironment()->apiUrl(),
            'whmcs_provisioning.state_dir' => getenv('TEST_DIR') . '/state',
            'whmcs_provisioning.pause_after_failure' => '0',
            'display_errors' => '1',
        ];
        if ($withExtension) {
            array_push($command, '-d', 'extension=' . ChildProcess::extension());
        }
        foreach ($ini as $name => $value) {
            array_push($command, '-d', "$name=\"$value\"");
        }
        $files = [['file', '/dev/null', 'r'], ['file', "$folder/out", 'w'], ['file', "$folder/out", 'a']];
        $process = proc_open($command, $files, $pipes);
        $fpm = is_resource($process) ? new self($process, $folder) : throw new RuntimeException('php-fpm could not be run');
        for ($tries = 0; $tries < 500 && count($fpm->workers()) < $workers; $tries++) {
            usleep(10_000);
        }

        return count($fpm->workers()) === $workers ? $fpm : throw new RuntimeException('php-fpm did not start: ' . $fpm->log());
    }

    /** A `.user.ini` beside the scripts, as a customer of the host may write one. */
    public function userIni(string $lines): void
    {
        file_put_contents("$this->folder/.user.ini", $lines);
    }

    /**
     * Runs the code in a worker, after the test bootstrap with the host booted; answers what it prints.
     *
     * @return array{output: string, errors: string, exit: int}
     */
    public function run(string $code): array
    {
        [$process, $pipes] = $this->send($code);

        return self::answer($process, $pipes);
    }

    /** Runs the code in as many workers at once. @return list<array{output: string, errors: string, exit: int}> */
    public function runAtOnce(string $code, int $times): array
    {
        $running = array_map(fn () => $this->send($code), range(1, $times));

        return array_map(fn (array $one) => self::answer(...$one), $running);
    }

    public function master(): int
    {
        return proc_get_status($this->process)['pid'];
    }

    /** @return list<int> */
    public function workers(): array
    {
        $children = @file_get_contents("/proc/{$this->master()}/task/{$this->master()}/children");

        return array_map('intval', preg_split('/ /', (string) $children, -1, PREG_SPLIT_NO_EMPTY));
    }

    /** What a process has open, numbers made alike. @return list<string> */
    public static function openFiles(int $process): array
    {
        $open = [];
        foreach (array_diff(scandir("/proc/$process/fd"), ['.', '..']) as $fd) {
            $target = (string) @readlink("/proc/$process/fd/$fd");
            $open[] = preg_replace(['/fpm[0-9a-f]{8}/', '/ZendSem\.\w+/', '/\d+/'], ['fpm', 'ZendSem', 'N'], $target);
        }
        sort($open);

        return $open;
    }

    public static function threads(int $process): int
    {
        return count(scandir("/proc/$process/task")) - 2;
    }

    public function log(): string
    {
        return @file_get_contents("$this->folder/error.log") . @file_get_contents("$this->folder/out");
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    /** @return array{resource, array<int, resource>} */
    private function send(string $code): array
    {
        $script = "$this->folder/" . bin2hex(random_bytes(4)) . '.php';
        $boot = 'require ' . var_export(dirname(__DIR__) . '/bootstrap.php', true) . ';'
            . 'Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());'
            . '$module = new Tests\Host\Module("servers", "jetpack", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . ');';
        file_put_contents($script, "<?php $boot $code");
        $process = proc_open(
            ['cgi-fcgi', '-bind', '-connect', "$this->folder/socket"],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes,
            null,
            ['SCRIPT_FILENAME' => $script, 'DOCUMENT_ROOT' => $this->folder, 'REQUEST_METHOD' => 'GET', 'PATH' => (string) getenv('PATH')]
        );

        return is_resource($process) ? [$process, $pipes] : throw new RuntimeException('cgi-fcgi could not be run');
    }

    /** @param resource $process @param array<int, resource> $pipes @return array{output: string, errors: string, exit: int} */
    private static function answer($process, array $pipes): array
    {
        $answer = (string) stream_get_contents($pipes[1]);
        $errors = (string) stream_get_contents($pipes[2]);
        $body = explode("\r\n\r\n", $answer, 2)[1] ?? $answer;

        return ['output' => $body, 'errors' => $errors, 'exit' => proc_close($process)];
    }

    /** @param array<string, string> $settings */
    private static function lines(array $settings): string
    {
        $line = static fn (string $name, string $value): string => "\n$name = $value";

        return implode('', array_map($line, array_keys($settings), $settings));
    }

    /** That of the PHP under test. */
    public static function binary(): string
    {
        $besideIt = dirname(PHP_BINARY, 2) . '/sbin/php-fpm';
        if (is_executable($besideIt)) {
            return $besideIt;
        }
        foreach (['php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, 'php-fpm'] as $name) {
            $path = trim((string) shell_exec("PATH=\"\$PATH:/usr/sbin\" command -v $name"));
            if ($path !== '') {
                return $path;
            }
        }
        throw new RuntimeException('php-fpm is not installed');
    }
}
