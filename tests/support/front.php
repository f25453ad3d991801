<?php

declare(strict_types=1);

// See Front. Arguments: a file for its port, the server, the way, options of TLS as JSON. Lives until it is ended.

[, $portFile, $server, $way, $json] = $argv;
$ssl = json_decode($json, true);
$context = stream_context_create(['ssl' => $ssl]);
$listener = stream_socket_server(($ssl === [] ? 'tcp' : 'tls') . '://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
file_put_contents("$portFile.new", substr((string) strrchr(stream_socket_get_name($listener, false), ':'), 1));
rename("$portFile.new", $portFile);

while (true) {
    $client = @stream_socket_accept($listener, 3600);
    if ($client === false) {
        continue;
    }
    [$head, $body] = received($client);
    if ($head !== '') {
        [$head, $body] = asked($server, $head, $body);
        fwrite($client, altered($way, $head, $body));
    }
    fclose($client);
}

/** @param resource $from @return array{string, string} a head without its end, and its body by Content-Length */
function received($from): array
{
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n") && ($line = fgets($from)) !== false) {
        $head .= $line;
    }
    $length = preg_match('/^content-length: *(\d+)/mi', $head, $found) ? (int) $found[1] : 0;

    return [rtrim($head), $length > 0 ? (string) stream_get_contents($from, $length) : ''];
}

/** @return array{string, string} the answer, whole: its head without what says how the body travels, and the body */
function asked(string $server, string $head, string $body): array
{
    $upstream = stream_socket_client("tcp://$server");
    fwrite($upstream, preg_replace('/^connection:.*\r\n/mi', '', "$head\r\n") . "Connection: close\r\n\r\n$body");
    [$head, $body] = explode("\r\n\r\n", (string) stream_get_contents($upstream), 2);
    if (preg_match('/^transfer-encoding:/mi', $head)) {
        $whole = '';
        while (preg_match('/^([0-9a-f]+)\r\n/i', $body, $size) && ($length = (int) hexdec($size[1])) > 0) {
            $whole .= substr($body, strlen($size[0]), $length);
            $body = substr($body, strlen($size[0]) + $length + 2);
        }
        $body = $whole;
    }
    $head = preg_replace('/\r\n(connection|content-length|transfer-encoding):[^\r]*/i', '', $head);

    return [$head, $body];
}

function altered(string $way, string $head, string $body): string
{
    [$before, $more] = ['', ''];
    if ($way === 'continue') {
        $before = "HTTP/1.1 100 Continue\r\nServer: front\r\n\r\n";
    } elseif ($way === 'mark') {
        $body = "\xEF\xBB\xBF$body";
    } elseif ($way === 'gzip') {
        $more = "\r\nContent-Encoding: gzip";
        $body = (string) gzencode($body);
    } elseif ($way === 'brotli') {
        $more = "\r\nContent-Encoding: br";
    } elseif ($way === 'bomb') {
        $more = "\r\nContent-Encoding: gzip";
        $body = (string) gzencode(str_repeat(' ', 5_000_000) . $body);
    }

    return "$before$head$more\r\nConnection: close\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body";
}
