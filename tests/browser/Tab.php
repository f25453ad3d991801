<?php

declare(strict_types=1);

// One page in Chromium: what it shows, and the visitor's clicks.

namespace Tests\Browser;

use RuntimeException;

final class Tab
{
    private const TRIES = 1000;

    public function __construct(private readonly Chromium $browser, private readonly string $session)
    {
        $this->send('Runtime.enable');
        $this->send('Log.enable');
        $this->send('Page.enable');
    }

    /** @return mixed the value of an expression of JavaScript */
    public function evaluate(string $expression): mixed
    {
        $end = $this->send('Runtime.evaluate', ['expression' => $expression, 'returnByValue' => true, 'awaitPromise' => true]);
        if (isset($end['exceptionDetails'])) {
            throw new RuntimeException($end['exceptionDetails']['exception']['description'] ?? 'an exception of the page');
        }

        return $end['result']['value'] ?? null;
    }

    /** Waits for an expression to hold; while a page is being loaded it may not even be defined. */
    public function until(string $expression): void
    {
        for ($tries = 0; $tries < self::TRIES; $tries++) {
            try {
                if ($this->evaluate($expression) === true) {
                    return;
                }
            } catch (RuntimeException $notYet) {
                $reason = $notYet->getMessage();
            }
            usleep(10_000);
        }
        throw new RuntimeException("In vain: $expression " . ($reason ?? ''));
    }

    /** A visitor's click, which may open windows. */
    public function click(string $selector): void
    {
        $place = $this->evaluate("(() => { const r = document.querySelector('$selector').getBoundingClientRect();"
            . ' return [r.x + r.width / 2, r.y + r.height / 2]; })()');
        foreach (['mousePressed', 'mouseReleased'] as $type) {
            $this->send('Input.dispatchMouseEvent', ['type' => $type, 'x' => $place[0], 'y' => $place[1], 'button' => 'left', 'clickCount' => 1]);
        }
    }

    /** As on a screen of this width; a phone's is a touch screen. */
    public function screen(int $width, int $height = 800): void
    {
        $this->send('Emulation.setDeviceMetricsOverride', ['width' => $width, 'height' => $height, 'deviceScaleFactor' => 1, 'mobile' => $width < 600]);
    }

    /** @return string a PNG of the page's beginning, at most so high */
    public function picture(int $width, int $height): string
    {
        $this->send('Emulation.setScrollbarsHidden', ['hidden' => true]);
        $this->screen($width);
        $whole = $this->evaluate('document.documentElement.scrollHeight');
        $this->screen($width, min($height, $whole));

        return base64_decode($this->send('Page.captureScreenshot')['data']);
    }

    public function go(string $url): void
    {
        $this->send('Page.navigate', ['url' => $url]);
    }

    /** What the browser has complained about. @return list<string> */
    public function complaints(): array
    {
        $texts = [];
        foreach ($this->browser->eventsOf($this->session) as $event) {
            $texts[] = match ($event['method']) {
                'Log.entryAdded' => $event['params']['entry']['text'],
                'Runtime.exceptionThrown' => $event['params']['exceptionDetails']['text'],
                default => null,
            };
        }

        return array_values(array_filter($texts));
    }

    /** @param array<string, mixed> $params @return array<string, mixed> */
    private function send(string $method, array $params = []): array
    {
        return $this->browser->send($method, $params, $this->session);
    }
}
