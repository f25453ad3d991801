<?php

declare(strict_types=1);

// cometbackup_SwitchOffSecondFactor, the button for a customer who has lost his telephone.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class SwitchOffSecondFactorTest extends CometTestCase
{
    private const FUNCTION = 'SwitchOffSecondFactor';
    private const SWITCH = 'disable-user-totp';

    private function withSecondFactor(): Service
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['merge' => [
            'AllowPasswordLogin' => false, 'AllowPasswordAndTOTPLogin' => true, 'TOTPKey' => 'SECRET-totp',
        ]]);

        return $service;
    }

    public function test_it_is_switched_off_with_two_requests_and_nothing_else_changes(): void
    {
        $service = $this->withSecondFactor();
        $before = $this->comet->account(self::NAME)['text'];
        $this->assertSame(self::FUNCTION, $this->module->adminButtons($service)['Switch Off Second Factor']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->custom($service, self::FUNCTION)));

        $this->assertSame([self::READ, self::SWITCH], $asked);
        $this->assertProfileChanged($before, $this->comet->account(self::NAME)['text'], [
            'AllowPasswordLogin' => true, 'AllowPasswordAndTOTPLogin' => false, 'TOTPKey' => '',
        ]);
        $row = Capsule::table(self::JOURNAL)->where('operation', 'second factor')->first();
        $this->assertSame(['done', 'switch off the second factor of the Comet account ada@example.com'], [$row->state, $row->asked]);
        $this->assertSame('success', $this->module->custom($service, self::FUNCTION), 'a double click');
    }

    public function test_an_account_without_one_is_told(): void
    {
        $service = $this->created();

        $asked = $this->during(fn () => $this->assertSentence($this->module->custom($service, self::FUNCTION), 'has no second factor'));

        $this->assertSame([self::READ], $asked);
    }

    public function test_an_old_server_is_told_and_nothing_changes(): void
    {
        $this->world(['version' => '20.5.0']);
        $service = $this->withSecondFactor();
        $before = $this->comet->account(self::NAME);

        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'older than 20.6.0', 'do it in Comet');

        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    public function test_a_lost_answer_is_settled_by_the_next_press(): void
    {
        $service = $this->withSecondFactor();
        $this->comet->faultOn(self::SWITCH, ['fault' => 'act_and_drop']);
        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'It is not known whether');

        $this->assertSame('success', $this->module->custom($service, self::FUNCTION));

        $this->assertSame(['done'], Capsule::table(self::JOURNAL)->where('operation', 'second factor')->pluck('state')->all());
        $this->assertSame(1, count($this->comet->formsOf(self::SWITCH)));
    }

    public function test_another_account_under_the_name_is_left_alone(): void
    {
        $service = $this->withSecondFactor();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'is not the one that was created for this service');

        $this->assertNotContains(self::SWITCH, $this->comet->endpoints());
    }

    public function test_it_is_for_staff_only(): void
    {
        $service = $this->withSecondFactor();
        foreach ([['uid' => 10], ['uid' => 11], []] as $session) {
            $_SESSION = $session;
            $asked = $this->during(fn () => $this->assertStringContainsString(
                'this is for staff only',
                $this->module->call(self::FUNCTION, $this->module->paramsFor($service))
            ));
            $this->assertSame([], $asked);
        }
        $_SESSION = [];
        $this->assertTrue($this->comet->profile(self::NAME)['AllowPasswordAndTOTPLogin']);
    }
}
