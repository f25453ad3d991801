<?php

declare(strict_types=1);

// cometbackup_CheckAccount, the button "Check at Comet": one request, which compares and changes nothing.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class CheckAccountTest extends CometTestCase
{
    /** @dataProvider states */
    public function test_the_check_takes_one_request_and_compares(string $status, bool $suspended, bool $agrees): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['IsSuspended' => $suspended]);
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);

        $asked = $this->during(function () use (&$answer): void {
            $answer = $this->module->custom(Host::service(200), 'CheckAccount');
        });

        $this->assertSame([self::READ], $asked);
        if ($agrees) {
            $this->assertSame('success', $answer);
        } else {
            $this->assertSentence($answer, self::NAME, 'suspended');
        }
        $this->assertSame($suspended, $this->comet->profile(self::NAME)['IsSuspended']);
    }

    /** @return array<string, array{string, bool, bool}> */
    public static function states(): array
    {
        return [
            'active, active there' => ['Active', false, true],
            'suspended, suspended there' => ['Suspended', true, true],
            'active, suspended there' => ['Active', true, false],
            'suspended, active there' => ['Suspended', false, false],
        ];
    }

    public function test_a_check_of_an_account_that_is_gone_is_a_sentence(): void
    {
        $service = $this->created();
        $this->world();

        $this->assertSentence($this->module->custom($service, 'CheckAccount'), self::NAME);
    }
}
