<?php

declare(strict_types=1);

// An HTTP proxy that knows CONNECT only. Arguments: a file for its port, a file for the heads of the requests it got,
// and where to lead every tunnel to (empty: where it is asked to; `refuse:403`: nowhere). Lives until it is ended.

[, $portFile, $log, $target] = $argv;
$listener = stream_socket_server('tcp://127.0.0.1:0');
file_put_contents("$portFile.new", substr((string) strrchr(stream_socket_get_name($listener, false), ':'), 1));
rename("$portFile.new", $portFile);

while (true) {
    $client = @stream_socket_accept($listener, 3600);
    if ($client === false) {
        continue;
    }
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n") && ($line = fgets($client)) !== false) {
        $head .= $line;
    }
    file_put_contents($log, $head, FILE_APPEND);
    if (str_starts_with($target, 'refuse:')) {
        fwrite($client, 'HTTP/1.1 ' . substr($target, 7) . " No\r\nContent-Length: 0\r\n\r\n");
        fclose($client);
        continue;
    }
    $asked = explode(' ', $head)[1] ?? '';
    $server = str_starts_with($head, 'CONNECT ') ? @stream_socket_client('tcp://' . ($target ?: $asked)) : false;
    fwrite($client, $server === false ? "HTTP/1.1 502 Bad Gateway\r\n\r\n" : "HTTP/1.1 200 Connected\r\n\r\n");
    while ($server !== false) {
        $readable = [$client, $server];
        $none = null;
        stream_select($readable, $none, $none, 10);
        foreach ($readable as $from) {
            $data = fread($from, 65536);
            if ($data === '' || $data === false) {
                fclose($server);
                $server = false;
                break;
            }
            fwrite($from === $client ? $server : $client, $data);
        }
        if ($readable === [] && $server !== false) {
            fclose($server);
            $server = false;
        }
    }
    fclose($client);
}
