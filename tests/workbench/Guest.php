<?php

declare(strict_types=1);

// A browser without a screen: it visits the workbench, keeps its session, and finds the token of a page's forms.

namespace Tests\Workbench;

use RuntimeException;

final class Guest
{
    public int $status = 0;
    /** Where it came to, after redirects. */
    public string $address = '';
    /** @var array<string, string> of the last answer, by name in lower case */
    public array $headers = [];

    private readonly \CurlHandle $curl;

    public function __construct(private readonly string $base)
    {
        $this->curl = curl_init();
        curl_setopt_array($this->curl, [
            CURLOPT_RETURNTRANSFER => true, CURLOPT_COOKIEFILE => '', CURLOPT_FOLLOWLOCATION => true, CURLOPT_TIMEOUT => 60,
            CURLOPT_HEADERFUNCTION => function ($curl, string $line): int {
                $this->headers = str_starts_with($line, 'HTTP/') ? [] : $this->headers;
                [$name, $value] = explode(':', trim($line) . ':', 2);
                $this->headers[strtolower($name)] = trim($value, ' :');

                return strlen($line);
            },
        ]);
    }

    public static function as(string $base, string $who): self
    {
        $guest = new self($base);
        $guest->get("/login.php?as=$who");

        return $guest;
    }

    public function get(string $path): string
    {
        curl_setopt($this->curl, CURLOPT_HTTPGET, true);

        return $this->send($path);
    }

    /** @param array<string, string> $fields */
    public function post(string $path, array $fields): string
    {
        curl_setopt($this->curl, CURLOPT_POSTFIELDS, http_build_query($fields));

        return $this->send($path);
    }

    /** With the token of the page on which the form stands. @param array<string, string> $fields */
    public function submit(string $page, string $path, array $fields): string
    {
        preg_match('/name="token" value="(\w+)"/', $this->get($page), $found);

        return $this->post($path, ['token' => $found[1] ?? ''] + $fields);
    }

    private function send(string $path): string
    {
        curl_setopt($this->curl, CURLOPT_URL, rtrim($this->base, '/') . $path);
        $body = curl_exec($this->curl);
        if (!is_string($body)) {
            throw new RuntimeException("$path: " . curl_error($this->curl));
        }
        $this->status = (int) curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE);
        $this->address = (string) curl_getinfo($this->curl, CURLINFO_EFFECTIVE_URL);

        return $body;
    }
}
