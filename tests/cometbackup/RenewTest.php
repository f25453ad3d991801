<?php

declare(strict_types=1);

// cometbackup_Renew: whether the account of a renewed service is there, as it is sold. It reads, and changes nothing.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class RenewTest extends CometTestCase
{
    private const SOLD = ['number_of_devices' => 3, 'protected_item_quota_gb' => 7, 'storage_vault_quota_gb' => 5];

    public function test_an_account_as_it_is_sold_costs_one_request_that_reads(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE, self::POLICY => 'WHMCS_plan'], self::SOLD);
        $before = [$this->comet->account(self::NAME), $this->whmcsNow(), $this->record()];

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->renew($service)));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, [$this->comet->account(self::NAME), $this->whmcsNow(), $this->record()]);
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function others(): array
    {
        return [
            'another device limit' => [['MaximumDevices' => 9], 'another device limit than the service is sold with'],
            'no quota' => [['AllProtectedItemsQuotaEnabled' => false], 'another protected item quota than'],
            'another policy group' => [['PolicyID' => 'other'], 'another policy group than'],
        ];
    }

    /**
     * @dataProvider others
     * @param array<string, mixed> $change
     */
    public function test_other_limits_are_one_sentence_and_stay(array $change, string $what): void
    {
        $service = $this->created([], [self::POLICY => 'WHMCS_plan'], self::SOLD);
        $this->comet->changeAccount(self::NAME, $change);
        $before = $this->comet->account(self::NAME);

        $asked = $this->during(fn () => $this->assertSentence($this->module->renew($service), $what, 'Run Change Package to set it'));

        $this->assertSame([self::READ], $asked);
        $this->assertSame($before, $this->comet->account(self::NAME));
    }

    /** WHMCS renews before it unsuspends. */
    public function test_a_suspended_account_is_no_fault_and_stays_suspended(): void
    {
        $service = $this->created([], [], self::SOLD);
        $this->assertSame('success', $this->module->suspend($service));

        $this->assertSame('success', $this->module->renew($service));

        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
        $this->assertSame('Suspended', $service->domainstatus);
    }

    public function test_an_account_that_is_gone_or_another_one_is_told(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);
        $this->assertSentence($this->module->renew($service), 'is not the one that was created for this service');

        $this->world();

        $this->assertSentence($this->module->renew($service), 'Could not read the Comet account ada@example.com');
        $this->assertSame([], $this->comet->accountNames());
    }

    public function test_a_service_without_account_is_told_to_run_create(): void
    {
        $answer = null;
        $service = $this->service(['domainstatus' => 'Active']);

        $asked = $this->during(function () use ($service, &$answer): void {
            $answer = $this->module->renew($service);
        });

        $this->assertSentence($answer, 'No Comet account is recorded for this service. Run Create first.');
        $this->assertSame([], $asked);
    }

    public function test_an_account_of_the_php_module_is_read_and_not_recorded(): void
    {
        $service = $this->legacy(['regdate' => gmdate('Y-m-d')]);

        $this->assertSame('success', $this->module->renew($service));

        $this->assertSame(0, Capsule::table(self::ACCOUNTS)->count());
    }
}
