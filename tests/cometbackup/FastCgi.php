<?php

declare(strict_types=1);

// One request to a PHP-FPM, as a web server sends it: headers, bytes and end are told apart, and it may hang up.

namespace Tests\Cometbackup;

use Tests\Support\PhpFpm;

final class FastCgi
{
    public int $status = 200;
    /** @var array<string, string> by name in lower case */
    public array $headers = [];
    public int $bytes = 0;
    public string $hash = '';
    /** The beginning of the body. */
    public string $start = '';
    public ?int $exit = null;

    /** @param ?int $until hangs up after so many bytes @param ?callable $meanwhile is called between records */
    public static function request(PhpFpm $fpm, string $script, string $query, ?int $until = null, ?callable $meanwhile = null): self
    {
        $socket = self::send($fpm, $script, $query);
        $answer = new self();
        $answer->read($socket, $until, $meanwhile);
        fclose($socket);

        return $answer;
    }

    /** Sends a request whose visitor goes away after so many microseconds, before anything came back. */
    public static function abandon(PhpFpm $fpm, string $script, string $query, int $after): void
    {
        $socket = self::send($fpm, $script, $query);
        usleep($after);
        fclose($socket);
    }

    /** @return resource */
    private static function send(PhpFpm $fpm, string $script, string $query)
    {
        $folder = (new \ReflectionProperty($fpm, 'folder'))->getValue($fpm);
        file_put_contents("$folder/page.php", $script);
        $socket = stream_socket_client("unix://$folder/socket");
        $params = '';
        $named = ['SCRIPT_FILENAME' => "$folder/page.php", 'REQUEST_METHOD' => 'GET', 'QUERY_STRING' => $query, 'SERVER_PROTOCOL' => 'HTTP/1.1'];
        foreach ($named as $name => $value) {
            $params .= pack('CN', strlen($name), strlen($value) | 0x80000000) . $name . $value;
        }
        $record = static fn (int $type, string $content): string => pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
        fwrite($socket, $record(1, pack('nCx5', 1, 0)) . $record(4, $params) . $record(4, '') . $record(5, ''));

        return $socket;
    }

    /** @param resource $socket */
    private function read($socket, ?int $until, ?callable $meanwhile): void
    {
        $hash = hash_init('sha256');
        $head = '';
        $inBody = false;
        while (($header = self::exactly($socket, 8)) !== '') {
            $record = unpack('Cversion/Ctype/nid/nlength/Cpadding', $header);
            $content = self::exactly($socket, $record['length']);
            self::exactly($socket, $record['padding']);
            if ($record['type'] === 3) {
                $this->exit = unpack('N', $content)[1];
                break;
            }
            if ($record['type'] !== 6) {
                continue;
            }
            if (!$inBody) {
                $head .= $content;
                if (!str_contains($head, "\r\n\r\n")) {
                    continue;
                }
                [$head, $content] = explode("\r\n\r\n", $head, 2);
                $this->take($head);
                $inBody = true;
            }
            $this->bytes += strlen($content);
            $this->start .= strlen($this->start) < 100_000 ? $content : '';
            hash_update($hash, $content);
            $meanwhile !== null && $meanwhile($this);
            if ($until !== null && $this->bytes >= $until) {
                return;
            }
        }
        $this->hash = hash_final($hash);
    }

    private function take(string $head): void
    {
        foreach (explode("\r\n", $head) as $line) {
            [$name, $value] = explode(': ', $line, 2) + [1 => ''];
            $this->headers[strtolower($name)] = $value;
        }
        $this->status = (int) ($this->headers['status'] ?? 200);
    }

    /** @param resource $socket */
    private static function exactly($socket, int $length): string
    {
        $read = '';
        while (strlen($read) < $length) {
            $more = fread($socket, $length - strlen($read));
            if ($more === false || $more === '') {
                return '';
            }
            $read .= $more;
        }

        return $read;
    }
}
