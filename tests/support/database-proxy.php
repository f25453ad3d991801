<?php

declare(strict_types=1);

// A proxy for the MySQL protocol. Arguments: a file for its port, a file for what it does to clients, the server's port,
// and `once` or `gone` (see DatabaseProxy). The first COMMIT of a connection that stored a license reaches the server;
// its answer does not reach the client. Lives until it is ended.

[, $portFile, $log, $target, $mode] = $argv;
$listener = stream_socket_server('tcp://127.0.0.1:0');
file_put_contents("$portFile.new", substr((string) strrchr(stream_socket_get_name($listener, false), ':'), 1));
rename("$portFile.new", $portFile);

$fired = false;
/** @var array<int, array{client: resource, server: resource, stores: bool, cut: bool}> $pairs */
$pairs = [];
$close = static function (int $id) use (&$pairs): void {
    fclose($pairs[$id]['client']);
    fclose($pairs[$id]['server']);
    unset($pairs[$id]);
};

while (true) {
    $readable = [$listener];
    foreach ($pairs as $pair) {
        array_push($readable, $pair['client'], $pair['server']);
    }
    $none = null;
    stream_select($readable, $none, $none, 3600);
    if (in_array($listener, $readable, true)) {
        $client = stream_socket_accept($listener, 0);
        if ($fired && $mode === 'gone') {
            fclose($client);
            file_put_contents($log, "refused\n", FILE_APPEND);
        } else {
            $server = stream_socket_client("tcp://127.0.0.1:$target");
            $pairs[] = ['client' => $client, 'server' => $server, 'stores' => false, 'cut' => false];
        }
    }
    foreach ($pairs as $id => $pair) {
        if (in_array($pair['client'], $readable, true)) {
            $data = (string) fread($pair['client'], 65536);
            $pairs[$id]['stores'] = $pair['stores'] || str_contains($data, 'INSERT INTO jetpack_product_licenses');
            if ($pairs[$id]['stores'] && !$fired && str_contains($data, 'COMMIT')) {
                $fired = $pairs[$id]['cut'] = true;
            }
            if ($data === '') {
                $close($id);
                continue;
            }
            fwrite($pair['server'], $data);
        }
        if (in_array($pair['server'], $readable, true)) {
            $data = (string) fread($pair['server'], 65536);
            if ($pairs[$id]['cut'] && $data !== '') {
                file_put_contents($log, "lost\n", FILE_APPEND);
            }
            if ($pairs[$id]['cut'] || $data === '') {
                $close($id);
                continue;
            }
            fwrite($pair['client'], $data);
        }
    }
}
