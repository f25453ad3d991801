<?php

declare(strict_types=1);

// cometbackup_SuspendAccount: what both directions do, and what happens where the profile changes or an answer is lost.

namespace Tests\Cometbackup;

final class SuspendAccountTest extends SuspensionTestCase
{
    protected const ACTION = 'suspend';
    protected const SUSPENDED = true;

    public function test_a_profile_that_changed_in_between_is_read_again_and_keeps_the_other_change(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'stale_hash', 'times' => 2]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->suspend($service)));

        $this->assertSame([self::READ, self::WRITE, self::READ, self::WRITE, self::READ, self::WRITE], $asked);
        $profile = $this->comet->profile(self::NAME);
        $this->assertTrue($profile['IsSuspended']);
        $this->assertCount(2, $profile['Devices']);
    }

    public function test_a_profile_that_changes_all_the_time_ends_with_a_sentence(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'stale_hash', 'times' => 0]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->suspend($service), self::NAME));

        $this->assertLessThanOrEqual(8, count($asked));
        $this->assertFalse($this->comet->profile(self::NAME)['IsSuspended']);
    }

    public function test_a_refused_write_is_told_and_not_repeated(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, [
            'fault' => 'json', 'times' => 0, 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Permission denied'],
        ]);

        $asked = $this->during(fn () => $this->assertSentence($this->module->suspend($service), 'Permission denied'));

        $this->assertSame(1, count(array_keys($asked, self::WRITE)));
    }

    /** The write was done, its answer lost: the read behind it shows that. */
    public function test_a_lost_answer_to_the_write_is_found_out(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'act_and_drop']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->suspend($service)));

        $this->assertSame([self::READ, self::WRITE, self::READ], $asked);
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
    }

    /** @dataProvider unknownUsers */
    public function test_an_account_that_is_gone_is_a_sentence_with_the_servers_words(string $version, string $words): void
    {
        $service = $this->created();
        $this->world(['version' => $version]);

        $this->assertSentence($this->module->suspend($service), self::NAME, $words);

        $this->assertSame([], $this->comet->accountNames());
    }

    /** @return array<string, array{string, string}> */
    public static function unknownUsers(): array
    {
        return ['today' => [self::NEW, 'User not found'], 'old: like wrong credentials' => [self::OLD, 'Unauthorised']];
    }
}
