<?php

declare(strict_types=1);

// However much a server holds, or sends to do harm: real sizes work, and what no real one has comes to an end that is said.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use Tests\Support\Memory;
use WHMCS\Service\Service;

/** @group slow */
final class LargeServerTest extends CometTestCase
{
    private const JOBS = 'get-jobs-for-custom-search';

    protected function setUp(): void
    {
        parent::setUp();
        ini_set('whmcs_provisioning.request_timeout', '30');
    }

    /** 1.9 MB of names. */
    public function test_a_lost_answer_to_create_is_settled_on_a_server_of_60_000_accounts(): void
    {
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'act_and_drop']);
        $this->comet->faultOn('list-users', self::many(60_000, '[', '"customer-%n@example.com"', ',"ada@example.com"]'));

        $this->assertSame('success', $this->module->create($service));

        $this->assertOnlyAccount(self::NAME);
        $this->assertCount(1, $this->comet->formsOf(self::ADD));
    }

    public function test_an_account_that_is_gone_is_known_as_gone_on_a_server_of_60_000_accounts(): void
    {
        $service = $this->created();
        $this->world();
        $this->comet->faultOn('list-users', self::many(60_000, '[', '"customer-%n@example.com"', ']'));

        $this->assertSame('success', $this->module->terminate($service));
    }

    public function test_a_policy_group_is_found_among_60_000_and_not_made_again(): void
    {
        $this->settings([self::POLICY => 'WHMCS_plan']);
        $this->comet->faultOn('policies/list', self::many(60_000, '{', '"policy-%n":"Policy group of a reseller"', ',"WHMCS_plan":"Plan"}'));

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertNotContains('policies/set', $this->comet->endpoints());
    }

    public function test_of_more_policy_groups_than_anybody_looks_through_the_first_are_offered_and_staff_are_told(): void
    {
        $this->comet->faultOn('policies/list', self::many(60_000, '{', '"policy-%n":"Policy group of a reseller"', '}'));

        $choices = $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));

        $this->assertLessThan(5_010, count($choices));
        $this->assertArrayHasKey('policy-004999', $choices);
        $this->assertStringContainsString(
            'of the 60000 choices that the server ' . $this->comet->address() . ' lists the first 5000 are offered',
            implode(Host::activityLog())
        );
    }

    public function test_of_20_000_connected_devices_500_are_told_a_new_password_and_staff_read_it(): void
    {
        $service = $this->created();
        $this->comet->faultOn('dispatcher/list-active', self::many(20_000, '{', '"d%n":{"Username":"ada@example.com"}', '}'));
        $this->comet->faultOn('dispatcher/update-login-password', ['fault' => 'json', 'body' => ['Status' => 200, 'Message' => 'OK'], 'times' => 0]);

        $this->assertSame('success', $this->module->changePassword($service, 'Brand-new-Passw0rd'));

        $this->assertCount(500, $this->comet->formsOf('dispatcher/update-login-password'));
        $this->assertStringContainsString(
            '500 of its 20000 connected devices know the new one, and on the others the customer types it once',
            implode(Host::activityLog())
        );
    }

    /** Microsoft 365 with many mailboxes: all they are asked about is in the profile. */
    public function test_an_account_of_more_than_a_megabyte_is_suspended_changed_shown_and_terminated(): void
    {
        $service = $this->created();
        $mailboxes = array_map(static fn (int $n): string => "mailbox-$n@example.com", range(1, 50_000));
        $this->comet->changeAccount(self::NAME, ['set' => ['Sources' => ['s' => [
            'Engine' => 'engine1/winmsofficemail', 'Description' => 'Microsoft 365', 'EngineProps' => ['MAILBOXES' => implode(',', $mailboxes)],
        ]]]]);
        $this->assertGreaterThan(1_150_000, strlen($this->comet->account(self::NAME)['text']));
        $this->choose(200, ['number_of_devices' => 3]);

        $this->assertSame('success', $this->module->suspend($service));
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
        $this->assertSame('success', $this->module->unsuspend($service));
        $this->assertSame('success', $this->module->changePackage($service));
        $profile = $this->comet->profile(self::NAME);
        $this->assertSame([3, false, 'Microsoft 365'], [$profile['MaximumDevices'], $profile['IsSuspended'], $profile['Sources']['s']['Description']]);
        $page = $this->page($service);
        $this->assertSame([[], 'Microsoft 365'], [$page['errors'], $page['userProfile']['Profile']['Sources']['s']['Description']]);
        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame([], $this->comet->accountNames());
    }

    /** @dataProvider longLists */
    public function test_a_page_lists_as_much_as_a_page_can_and_says_what_it_lacks(string $map, string $entry, int $count, array $shown, string $says): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::READ, $this->profileWith($map, $entry, $count));
        $memory = Memory::start();

        $page = $this->page($service);

        $this->assertSame($shown, [$page['known'], count($page['vaults']), count($page['devices']), $page['devicesUsed'], $page['protectedBytes']]);
        $this->assertSame([$says], $page['errors']);
        $this->assertLessThan(16 * 1024, $memory->grown(), 'kB');
    }

    /** @return array<string, array{string, string, int, array<int, mixed>, string}> */
    public static function longLists(): array
    {
        return [
            'vaults' => [
                'Destinations', '"v%n":{"Description":"Storage","StorageLimitEnabled":true,"StorageLimitBytes":5}', 11_000,
                [true, 2_000, 0, 0, 0], 'This account has 11000 storage vaults, of which the first 2000 are shown here.',
            ],
            'devices' => [
                'Devices', '"d%n":{"FriendlyName":"PC","PlatformVersion":{"os":"windows"}}', 30_000,
                [true, 0, 2_000, 30_000, 0], 'This account has 30000 devices, of which the first 2000 are shown here.',
            ],
            'protected items' => [
                'Sources', '"s%n":{"Description":"C:","OwnerDevice":"d","Statistics":{"LastBackupJob":{"TotalSize":7}}}', 30_000,
                [true, 0, 0, 0, 210_000], 'This account has 30000 protected items, of which the first 5000 are shown here.',
            ],
        ];
    }

    public function test_limits_are_not_set_on_some_of_more_vaults_than_are_counted(): void
    {
        $this->settings([self::VAULT_QUOTA => 'all']);
        $service = $this->created();
        $this->choose(200, ['storage_vault_quota_gb' => 1]);
        $this->comet->faultOn(self::READ, $this->profileWith('Destinations', '"v%n":{"Description":"Storage"}', 2_001));

        $asked = $this->during(fn () => $this->assertSentence(
            $this->module->changePackage($service),
            'The Comet account ada@example.com has more than 2000 storage vaults, which is more than this module counts. Nothing was changed'
        ));

        $this->assertSame([self::READ], $asked);
    }

    /** One edit of each of 2,000 vaults. */
    public function test_the_limits_of_as_many_vaults_as_are_counted_are_set_with_one_write(): void
    {
        $this->settings([self::VAULT_QUOTA => 'all']);
        $service = $this->created();
        $this->choose(200, ['storage_vault_quota_gb' => 1]);
        $this->comet->faultOn(self::READ, $this->profileWith('Destinations', '"v%n":{"StorageLimitEnabled":false,"StorageLimitBytes":0}', 2_000));

        $asked = $this->during(fn () => $this->module->changePackage($service));

        $this->assertSame([self::READ, self::WRITE], array_slice($asked, 0, 2));
        $sent = end($this->comet->formsOf(self::WRITE)[1]['ProfileData']['Destinations']);
        $this->assertSame([true, self::GB], [$sent['StorageLimitEnabled'], $sent['StorageLimitBytes']]);
    }

    public function test_jobs_without_end_are_not_read_on_and_the_page_and_the_log_say_so(): void
    {
        $service = $this->created();
        $job = '{"Username":"ada@example.com","StartTime":' . time() . '}';
        $this->comet->faultOn(self::JOBS, self::many(200_001, '[', $job, ']'));
        $memory = Memory::start();

        $page = $this->page($service);

        $this->assertSame([false, []], [$page['jobsKnown'], $page['jobs']]);
        $this->assertSame(['The jobs of the last 14 days cannot be shown right now. Please try again in a few minutes.'], $page['errors']);
        $this->assertStringContainsString('it lists more than 200000 jobs of one account', implode(Host::activityLog()));
        $this->assertLessThan(16 * 1024, $memory->grown(), 'kB');
    }

    public function test_a_profile_that_no_account_has_is_a_sentence(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::READ, ['fault' => 'huge', 'bytes' => 67_200_000]);

        $this->assertSentence($this->module->suspend($service), 'the answer is longer than 67108864 bytes, which no real one is');
    }

    /** @return array<string, mixed> a fault */
    private static function many(int $count, string $start, string $item, string $end): array
    {
        return ['fault' => 'repeat', 'count' => $count, 'start' => $start, 'item' => $item, 'end' => $end];
    }

    /** @return array<string, mixed> a fault: the account with a long map in its profile */
    private function profileWith(string $map, string $entry, int $count): array
    {
        $guid = $this->record()['creation_guid'];
        $start = '{"Status":200,"Message":"OK","ProfileHash":"h","Profile":{"Username":"ada@example.com","CreationGUID":"' . $guid . '","' . $map . '":{';

        return self::many($count, $start, $entry, '}}}');
    }

    /** @return array<string, mixed> */
    private function page(Service $service): array
    {
        return $this->module->call('ClientArea', $this->module->paramsFor($service, ['status' => 'Active']))['vars'];
    }
}
