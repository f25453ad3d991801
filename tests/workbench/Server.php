<?php

declare(strict_types=1);

// nginx and PHP-FPM of the workbench, on loopback, with everything they write in the private directory.

namespace Tests\Workbench;

use RuntimeException;
use Tests\Support\ChildProcess;
use Tests\Support\JetpackSandbox;
use Tests\Support\PhpFpm;

final class Server
{
    /** @var array<string, resource> */
    private array $processes = [];

    /** @param array<string, string> $ini lines that replace those of the workbench */
    private function __construct(public readonly string $folder, public readonly int $port, private readonly array $ini)
    {
    }

    /** A free port of loopback; nginx takes it a moment later. */
    public static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0') ?: throw new RuntimeException('There is no free port.');

        return (int) substr(strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
    }

    /** @param array<string, string> $ini */
    public static function start(int $port, int $workers, array $ini = []): self
    {
        $server = new self(getenv('TEST_DIR') . '/workbench', $port, $ini);
        foreach (['', '/temporary', '/sessions', '/templates', '/theme'] as $folder) {
            is_dir($server->folder . $folder) || mkdir($server->folder . $folder, 0700, true);
        }
        $server->writeCronPhp();
        $server->startFpm($workers);
        $server->startNginx();
        $server->waitUntilItAnswers();

        return $server;
    }

    public function address(): string
    {
        return "http://127.0.0.1:$this->port/";
    }

    /** The one that has ended by itself, with the end of its log. */
    public function failure(): ?string
    {
        foreach ($this->processes as $name => $process) {
            if (!proc_get_status($process)['running']) {
                return "$name has ended: " . substr((string) @file_get_contents("$this->folder/$name.log"), -2000);
            }
        }

        return null;
    }

    public function stop(): void
    {
        foreach ($this->processes as $process) {
            proc_terminate($process);
        }
        array_map(proc_close(...), $this->processes);
        $this->processes = [];
    }

    /** @return array<string, string> php.ini lines of pages and cron: those of a host, but for where the APIs and files are */
    private function lines(): array
    {
        return [
            'extension' => ChildProcess::extension(),
            'whmcs_provisioning.jetpack_api_url' => JetpackSandbox::fromEnvironment()->apiUrl(),
            'whmcs_provisioning.state_dir' => getenv('TEST_DIR') . '/state',
            'error_log' => "$this->folder/php.log",
            'log_errors' => '1',
            'memory_limit' => '128M',
            // After "All good again" the next page but one is good.
            'whmcs_provisioning.pause_after_failure' => '1',
            ...$this->ini,
        ];
    }

    /** Cron is another PHP than the one of the pages: a command that starts it. */
    private function writeCronPhp(): void
    {
        $command = [PHP_BINARY];
        foreach ($this->lines() as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        file_put_contents("$this->folder/cron-php", "#!/bin/sh\nexec " . implode(' ', array_map(escapeshellarg(...), $command)) . " \"\$@\"\n");
        chmod("$this->folder/cron-php", 0700);
    }

    private function startFpm(int $workers): void
    {
        $asRoot = posix_getuid() === 0;
        file_put_contents("$this->folder/pool.conf", <<<CONF
            [global]
            daemonize = no
            error_log = $this->folder/fpm.log
            [workbench]
            listen = $this->folder/fpm.socket
            pm = static
            pm.max_children = $workers
            pm.status_path = /fpm-status
            pm.status_listen = $this->folder/status.socket
            ; For how many milliseconds a worker was held, by what.
            access.log = $this->folder/workers.log
            access.format = "%{mili}d %s %m %r%Q%q"
            clear_env = no
            catch_workers_output = yes
            php_admin_value[session.save_path] = $this->folder/sessions
            php_admin_value[opcache.revalidate_freq] = 0
            php_admin_flag[display_errors] = off

            CONF . ($asRoot ? "user = root\ngroup = root\n" : ''));
        $command = [PhpFpm::binary(), '-F', '-y', "$this->folder/pool.conf", ...($asRoot ? ['-R'] : [])];
        foreach ($this->lines() as $name => $value) {
            array_push($command, '-d', "$name=\"$value\"");
        }
        $this->run('fpm', $command);
        for ($tries = 0; $tries < 1000 && !file_exists("$this->folder/fpm.socket"); $tries++) {
            usleep(10_000);
        }
    }

    private function startNginx(): void
    {
        $user = posix_getuid() === 0 ? 'user root;' : '';
        [$front, $styles] = [__DIR__ . '/index.php', __DIR__ . '/workbench.css'];
        file_put_contents("$this->folder/nginx.conf", <<<CONF
            $user
            daemon off;
            worker_processes 1;
            pid $this->folder/nginx.pid;
            error_log $this->folder/nginx.log warn;
            events { worker_connections 512; }
            http {
                include /etc/nginx/mime.types;
                access_log $this->folder/access.log;
                client_body_temp_path $this->folder/temporary/body;
                fastcgi_temp_path $this->folder/temporary/fastcgi;
                proxy_temp_path $this->folder/temporary/proxy;
                scgi_temp_path $this->folder/temporary/scgi;
                uwsgi_temp_path $this->folder/temporary/uwsgi;
                fastcgi_max_temp_file_size 0;
                fastcgi_read_timeout 300s;
                fastcgi_buffers 16 32k;
                fastcgi_buffer_size 32k;
                server {
                    listen 127.0.0.1:$this->port;
                    root $this->folder/www;
                    location = /fpm-status {
                        include /etc/nginx/fastcgi_params;
                        fastcgi_param SCRIPT_FILENAME /fpm-status;
                        fastcgi_param SCRIPT_NAME /fpm-status;
                        fastcgi_pass unix:$this->folder/status.socket;
                    }
                    location = /favicon.ico { return 204; }
                    location = /workbench/workbench.css { alias $styles; }
                    location /workbench/javascript/ { alias /usr/share/javascript/; }
                    location ~ ^/modules/.*\.php\$ {
                        try_files \$uri =404;
                        include /etc/nginx/fastcgi_params;
                        fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
                        fastcgi_pass unix:$this->folder/fpm.socket;
                    }
                    location /modules/ { try_files \$uri =404; }
                    location / {
                        include /etc/nginx/fastcgi_params;
                        fastcgi_param SCRIPT_FILENAME $front;
                        fastcgi_pass unix:$this->folder/fpm.socket;
                    }
                }
            }

            CONF);
        $this->run('nginx', [self::nginx(), '-e', "$this->folder/nginx.log", '-p', $this->folder, '-c', "$this->folder/nginx.conf"]);
    }

    private function waitUntilItAnswers(): void
    {
        $context = stream_context_create(['http' => ['timeout' => 10, 'ignore_errors' => true]]);
        for ($tries = 0; $tries < 500 && $this->failure() === null; $tries++) {
            if (@file_get_contents($this->address() . 'workbench/ping', false, $context) === 'ready') {
                return;
            }
            usleep(20_000);
        }
        $failure = $this->failure() ?? 'nginx does not answer: ' . @file_get_contents("$this->folder/nginx.log")
            . @file_get_contents("$this->folder/fpm.log") . @file_get_contents("$this->folder/php.log");
        $this->stop();
        throw new RuntimeException($failure);
    }

    /** @param list<string> $command */
    private function run(string $name, array $command): void
    {
        $log = "$this->folder/$name.log";
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']], $pipes);
        $this->processes[$name] = is_resource($process) ? $process : throw new RuntimeException("$name could not be run.");
    }

    private static function nginx(): string
    {
        $path = trim((string) shell_exec('PATH="$PATH:/usr/sbin" command -v nginx'));

        return $path !== '' ? $path : throw new RuntimeException('nginx is not installed.');
    }
}
