<?php

declare(strict_types=1);

// A PHP that has everything loaded and opens nothing: for each line it reads it forks a process that runs the line's code.
// See ForkingPhp, which starts it.

require dirname(__DIR__) . '/bootstrap.php';

$modules = [];
foreach (['jetpack', 'cometbackup'] as $name) {
    $modules[$name] = new Tests\Host\Module('servers', $name, dirname(__DIR__, 2) . '/modules');
    $modules[$name]->metaData();
}
// A process that lives on ends with this one.
$alive = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0) ?: throw new RuntimeException('PHP has no sockets');
echo "\n";

while (($line = fgets(STDIN)) !== false) {
    $call = json_decode($line, true, 8, JSON_THROW_ON_ERROR);
    $child = pcntl_fork();
    if ($child === -1) {
        throw new RuntimeException('PHP could not fork');
    }
    if ($child === 0) {
        foreach ($call['environment'] as $variable => $value) {
            putenv("$variable=$value");
        }
        Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());
        $answer = (static fn (Tests\Host\Module $module): mixed => eval($call['code']))($modules[$call['module']]);
        file_put_contents($call['files'], json_encode(get_included_files(), JSON_THROW_ON_ERROR));
        file_put_contents($call['answer'], json_encode($answer, JSON_THROW_ON_ERROR));
        if ($call['livesOn'] !== '') {
            touch($call['livesOn']);
            fclose($alive[0]);
            stream_get_contents($alive[1]);
        }
        exit(0);
    }
    $status = 0;
    if ($call['livesOn'] === '') {
        pcntl_waitpid($child, $status);
    }
    while ($call['livesOn'] !== '' && !is_file($call['livesOn']) && pcntl_waitpid($child, $status, WNOHANG) === 0) {
        usleep(1000);
    }
    // What one process had to load the next ones have.
    foreach (is_file($call['files']) ? json_decode((string) file_get_contents($call['files']), true, 2, JSON_THROW_ON_ERROR) : [] as $file) {
        require_once $file;
    }
    echo json_encode(pcntl_wifsignaled($status) ? -pcntl_wtermsig($status) : pcntl_wexitstatus($status)), "\n";
}
