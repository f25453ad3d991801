<?php

declare(strict_types=1);

// A FastCGI client for speed: the same page again and again, taken off the socket in large pieces that are only counted.

namespace Tests\Bench;

use ReflectionProperty;
use Tests\Support\PhpFpm;

final class Download
{
    private const PIECE = 1 << 20;

    private readonly string $socket;
    private readonly string $request;

    public function __construct(PhpFpm $fpm, string $script)
    {
        $folder = (new ReflectionProperty($fpm, 'folder'))->getValue($fpm);
        $file = "$folder/" . bin2hex(random_bytes(4)) . '.php';
        file_put_contents($file, $script);
        $this->socket = "unix://$folder/socket";
        $params = '';
        foreach (['SCRIPT_FILENAME' => $file, 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1'] as $name => $value) {
            $params .= pack('CN', strlen($name), strlen($value) | 0x80000000) . $name . $value;
        }
        $record = static fn (int $type, string $content): string => pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
        $this->request = $record(1, pack('nCx5', 1, 0)) . $record(4, $params) . $record(4, '') . $record(5, '');
    }

    /** @return array{first: float, last: float, bytes: int} when the first and the last piece came, and bytes of all records */
    public function run(): array
    {
        $socket = stream_socket_client($this->socket);
        stream_set_chunk_size($socket, self::PIECE);
        fwrite($socket, $this->request);
        $first = 0.0;
        $bytes = 0;
        while (($piece = fread($socket, self::PIECE)) !== '' && $piece !== false) {
            $first = $first ?: microtime(true);
            $bytes += strlen($piece);
        }
        fclose($socket);

        return ['first' => $first, 'last' => microtime(true), 'bytes' => $bytes];
    }
}
