<?php

declare(strict_types=1);

// A FastCGI client for speed: takes large pieces off the socket and only counts them.

namespace Tests\Bench;

use ReflectionProperty;
use Tests\Support\PhpFpm;

final class Download
{
    private const PIECE = 1 << 20;

    /** @return array{first: float, bytes: int} time of the first piece, and bytes of all records */
    public static function run(PhpFpm $fpm, string $script): array
    {
        $folder = (new ReflectionProperty($fpm, 'folder'))->getValue($fpm);
        file_put_contents("$folder/download.php", $script);
        $socket = stream_socket_client("unix://$folder/socket");
        stream_set_chunk_size($socket, self::PIECE);
        $params = '';
        foreach (['SCRIPT_FILENAME' => "$folder/download.php", 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1'] as $name => $value) {
            $params .= pack('CN', strlen($name), strlen($value) | 0x80000000) . $name . $value;
        }
        $record = static fn (int $type, string $content): string => pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
        fwrite($socket, $record(1, pack('nCx5', 1, 0)) . $record(4, $params) . $record(4, '') . $record(5, ''));
        $first = 0.0;
        $bytes = 0;
        while (($piece = fread($socket, self::PIECE)) !== '' && $piece !== false) {
            $first = $first ?: microtime(true);
            $bytes += strlen($piece);
        }
        fclose($socket);

        return ['first' => $first, 'bytes' => $bytes];
    }
}
