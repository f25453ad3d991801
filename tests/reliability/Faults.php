<?php

declare(strict_types=1);

// Every fault that the sandbox can do, by the name under which the matrix tells it.

namespace Tests\Reliability;

final class Faults
{
    /** Seconds that a request may take where the fault is that it takes too long. */
    public const PATIENCE = 0.2;
    /** Milliseconds; longer than the patience, and than the whole function where nothing may ever come. */
    private const TOO_LATE = 260;
    private const FOR_EVER = 400;
    private const LONGER_THAN_ALLOWED = 1_200_000;
    /** Nothing that any endpoint answers. */
    private const OTHER_SHAPE = ['data' => ['state' => 'ok'], 'items' => [1]];

    /** @return array<string, Fault> */
    public static function ofEveryApi(): array
    {
        return self::lost() + self::statuses() + self::strange() + self::harmless() + (getenv('TORTURE') ? self::more() : []);
    }

    /** What only a Comet Server does: HTTP 200 and an error inside; a profile that somebody else has changed. @return array<string, Fault> */
    public static function ofComet(): array
    {
        $faults = ['stale hash' => Fault::of('stale_hash')];
        foreach ([400, 401, 403, 404, 500] as $status) {
            $body = ['Status' => $status, 'Message' => 'Something is wrong'];
            $faults["Status $status in JSON"] = Fault::of('json', ['act' => false, 'body' => $body]);
        }
        $faults['Status 500 in JSON, acted'] = Fault::of('json', ['body' => ['Status' => 500, 'Message' => 'Something is wrong']]);

        return $faults;
    }

    /** @return array<string, Fault> */
    public static function ofJetpack(): array
    {
        $refusal = static fn (string $code): array => ['code' => $code, 'message' => 'No.', 'data' => []];

        return [
            'HTTP 400 in its own words' => Fault::of('json', ['status' => 400, 'act' => false, 'body' => $refusal('invalid_license_key')]),
            'HTTP 403 in its own words' => Fault::of('json', ['status' => 403, 'act' => false, 'body' => $refusal('rest_forbidden')]),
        ];
    }

    /** @return array<string, Fault> */
    private static function lost(): array
    {
        $dropped = Fault::of('drop');
        $droppedAfter = Fault::of('act_and_drop');

        return [
            'connection refused' => Fault::refusedConnection(),
            'timeout, never acted' => Fault::tooSlow('hang', ['ms' => self::FOR_EVER]),
            'timeout, acted later' => Fault::tooSlow('delay', ['ms' => self::TOO_LATE, 'when' => 'before'], true),
            'timeout, acted before' => Fault::tooSlow('delay', ['ms' => self::TOO_LATE, 'when' => 'after']),
            'dropped, not acted' => $dropped,
            'dropped, acted' => $droppedAfter,
            'dropped from here on, not acted' => $dropped->forGood(),
            'dropped from here on, acted' => $droppedAfter->forGood(),
        ];
    }

    /** @return array<string, Fault> */
    private static function statuses(): array
    {
        $faults = [];
        foreach ([400, 401, 403, 404] as $status) {
            $faults["HTTP $status"] = Fault::of('status', ['status' => $status]);
        }

        return $faults + self::server([500, 503]) + [
            'HTTP 500 from here on, not acted' => Fault::of('status', ['status' => 500])->forGood(),
            'HTTP 429' => Fault::of('rate_limit'),
            'HTTP 302' => Fault::of('redirect', ['location' => 'https://elsewhere.example/']),
        ];
    }

    /** @return array<string, Fault> */
    private static function strange(): array
    {
        return [
            'HTML with 200, not acted' => Fault::of('html', ['act' => false]),
            'HTML with 200, acted' => Fault::of('html'),
            'truncated JSON, acted' => Fault::of('truncate'),
            'JSON of another shape, not acted' => Fault::of('json', ['act' => false, 'body' => self::OTHER_SHAPE]),
            'JSON of another shape, acted' => Fault::of('json', ['body' => self::OTHER_SHAPE]),
            'JSON of other types, acted' => Fault::of('wrong_types'),
            'an answer too long, acted' => Fault::of('huge', ['bytes' => self::LONGER_THAN_ALLOWED]),
        ];
    }

    /** What is no failure and must not be taken for one. @return array<string, Fault> */
    private static function harmless(): array
    {
        return [
            'slow but complete' => Fault::of('delay', ['ms' => 40]),
            'complete, then closed' => Fault::of('close_idle'),
        ];
    }

    /** @param list<int> $statuses @return array<string, Fault> */
    private static function server(array $statuses): array
    {
        $faults = [];
        foreach ($statuses as $status) {
            $faults["HTTP $status, not acted"] = Fault::of('status', ['status' => $status]);
            $faults["HTTP $status, acted"] = Fault::of('status', ['status' => $status, 'act' => true]);
        }

        return $faults;
    }

    /** What differs from the others only in its words, or makes each test wait. @return array<string, Fault> */
    private static function more(): array
    {
        return self::server([408, 502, 504]) + [
            'HTTP 429 with Retry-After' => Fault::of('rate_limit', ['retry_after' => 1]),
            'empty body, not acted' => Fault::of('status', ['status' => 200]),
            'empty body, acted' => Fault::of('status', ['status' => 200, 'act' => true]),
            'timeout within the answer, acted' => Fault::tooSlow('slow_body', ['ms_per_byte' => 20]),
            'HTTP 401 from here on' => Fault::of('status', ['status' => 401])->forGood(),
            'HTML with 200 from here on, acted' => Fault::of('html')->forGood(),
        ];
    }
}
