<?php

declare(strict_types=1);

// What Suspend and Unsuspend have in common: one read, and one write where it is needed.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;

abstract class SuspensionTestCase extends CometTestCase
{
    /** Of WHMCS: suspend or unsuspend. */
    protected const ACTION = '';
    /** How it leaves the account. */
    protected const SUSPENDED = false;

    /** @dataProvider versions */
    public function test_one_read_and_one_write_change_that_field_only(string $version): void
    {
        $this->world(['version' => $version, 'as_written' => true, 'new_profile' => ['IsSuspended' => !static::SUSPENDED]]);
        $service = $this->created();
        $before = $this->comet->account(self::NAME)['text'];

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->{static::ACTION}($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertProfileChanged($before, $this->comet->account(self::NAME)['text'], ['IsSuspended' => static::SUSPENDED]);
        $flip = fn (string $text): string => preg_replace('/"IsSuspended":(true|false)/', '', $text);
        $this->assertSame($flip($before), $flip($this->comet->account(self::NAME)['text']));
    }

    /** @dataProvider versions */
    public function test_what_is_so_already_is_success_without_a_write(string $version): void
    {
        $this->world(['version' => $version, 'new_profile' => ['IsSuspended' => static::SUSPENDED]]);
        $service = $this->created();
        $before = $this->comet->account(self::NAME);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->{static::ACTION}($service)));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['a server of today' => [self::NEW], 'the oldest server' => [self::OLD]];
    }
}
