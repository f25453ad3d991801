<?php

declare(strict_types=1);

// Debian's chromium without a screen, led over the pipe of its DevTools protocol.

namespace Tests\Browser;

use RuntimeException;

final class Chromium
{
    private const SECONDS = 20;

    private int $sent = 0;
    private string $read = '';
    /** @var list<array<string, mixed>> events that nobody has looked at */
    private array $events = [];

    /** @param resource $process @param array<int, resource> $pipes */
    private function __construct(private $process, private readonly array $pipes)
    {
    }

    /** With its own pop-up blocking. */
    public static function start(): self
    {
        $folder = getenv('TEST_DIR') . '/chromium' . bin2hex(random_bytes(4));
        $command = [
            'chromium', '--headless=new', '--remote-debugging-pipe', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync', "--user-data-dir=$folder", 'about:blank',
        ];
        $log = ['file', "$folder.log", 'a'];
        $process = proc_open($command, [['file', '/dev/null', 'r'], $log, $log, ['pipe', 'r'], ['pipe', 'w']], $pipes);
        if (!is_resource($process)) {
            throw new RuntimeException('chromium could not be run');
        }
        $browser = new self($process, $pipes);
        $browser->send('Target.setDiscoverTargets', ['discover' => true]);

        return $browser;
    }

    public function open(string $url): Tab
    {
        return $this->attach($this->send('Target.createTarget', ['url' => $url])['targetId']);
    }

    /** A page that is in no server. */
    public function show(string $html): Tab
    {
        $file = getenv('TEST_DIR') . '/page' . bin2hex(random_bytes(4)) . '.html';
        file_put_contents($file, $html);
        $tab = $this->open("file://$file");
        $tab->until('document.readyState === "complete" && location.protocol === "file:"');

        return $tab;
    }

    /** The next window that a page has opened. */
    public function popup(): Tab
    {
        $isPopup = static fn (array $event): bool => $event['method'] === 'Target.targetCreated'
            && isset($event['params']['targetInfo']['openerId']);

        return $this->attach($this->event($isPopup)['params']['targetInfo']['targetId']);
    }

    /** @param array<string, mixed> $params @return array<string, mixed> */
    public function send(string $method, array $params = [], ?string $session = null): array
    {
        $id = ++$this->sent;
        $message = ['id' => $id, 'method' => $method, 'params' => (object) $params] + ($session === null ? [] : ['sessionId' => $session]);
        fwrite($this->pipes[3], json_encode($message, JSON_THROW_ON_ERROR) . "\0");
        while (($answer = $this->next()) && ($answer['id'] ?? null) !== $id) {
            $this->events[] = $answer;
        }

        return isset($answer['error']) ? throw new RuntimeException("$method: {$answer['error']['message']}") : $answer['result'];
    }

    /** Events so far of one page. @return list<array<string, mixed>> */
    public function eventsOf(string $session): array
    {
        return array_values(array_filter($this->events, static fn (array $event): bool => ($event['sessionId'] ?? '') === $session));
    }

    public function __destruct()
    {
        fclose($this->pipes[3]);
        fclose($this->pipes[4]);
        proc_terminate($this->process);
        proc_close($this->process);
    }

    private function attach(string $target): Tab
    {
        return new Tab($this, $this->send('Target.attachToTarget', ['targetId' => $target, 'flatten' => true])['sessionId']);
    }

    /** @return array<string, mixed> */
    private function event(callable $wanted): array
    {
        for ($number = 0;; $number++) {
            $this->events[$number] ??= $this->next();
            if ($wanted($this->events[$number])) {
                return array_splice($this->events, $number, 1)[0];
            }
        }
    }

    /** @return array<string, mixed> */
    private function next(): array
    {
        while (!str_contains($this->read, "\0")) {
            $ready = [$this->pipes[4]];
            $none = null;
            $more = stream_select($ready, $none, $none, self::SECONDS) ? fread($this->pipes[4], 1 << 16) : '';
            if ($more === '' || $more === false) {
                throw new RuntimeException('chromium says nothing more');
            }
            $this->read .= $more;
        }
        [$message, $this->read] = explode("\0", $this->read, 2);

        return json_decode($message, true, 64, JSON_THROW_ON_ERROR);
    }
}
