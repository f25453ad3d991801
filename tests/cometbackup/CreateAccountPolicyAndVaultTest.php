<?php

declare(strict_types=1);

// Policy groups and storage vaults at Create: made once, never overwritten, failures told.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;

final class CreateAccountPolicyAndVaultTest extends CometTestCase
{
    private const GROUP = ['Description' => 'Gold', 'Policy' => ['CustomisedByAdmin' => 'keep me', 'PreventDeleteStorageVault' => true]];
    private const LIST = 'policies/list';
    private const MAKE = 'policies/set';

    /** The PHP module wrote its defaults over a policy group that it could not read. @dataProvider servers */
    public function test_a_policy_that_exists_is_assigned_with_one_more_request_and_not_touched(array $world): void
    {
        $this->world($world + ['policies' => ['pol-gold' => self::GROUP]]);
        $before = $this->comet->policies();
        $this->settings([self::POLICY => 'pol-gold']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame([self::LIST, self::ADD, self::READ, self::WRITE], $this->comet->endpoints());
        $this->assertSame('pol-gold', $this->comet->profile(self::NAME)['PolicyID']);
        $this->assertSame($before, $this->comet->policies());
    }

    /** @dataProvider servers */
    public function test_a_policy_that_is_asked_for_is_made_once_under_the_stored_id(array $world): void
    {
        $this->world($world);
        $this->settings([self::POLICY => 'WHMCS_69210a']);
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::LIST, self::MAKE, self::ADD, self::READ, self::WRITE], $this->comet->endpoints());
        $policy = $this->comet->policies()['WHMCS_69210a'];
        $this->assertSame('WHMCS_69210a', $policy['Description']);
        $this->assertTrue($policy['Policy']['PreventChangeAccountPassword']);
        $this->assertTrue($policy['Policy']['PreventRequestStorageVault']);
        $this->assertSame('WHMCS_69210a', $this->comet->profile(self::NAME)['PolicyID']);
        $this->comet->reset(['policies' => ['WHMCS_69210a' => self::GROUP]]);
        $second = $this->service(['id' => 201]);
        $this->assertSame('success', $this->module->create($second));
        $this->assertNotContains(self::MAKE, $this->comet->endpoints());
        $this->assertSame(['WHMCS_69210a' => self::GROUP], $this->comet->policies());
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function servers(): array
    {
        return ['a server of today' => [[]], 'the oldest server, with its nulls' => [['version' => self::OLD]]];
    }

    /**
     * What cannot be read is not "missing".
     *
     * @dataProvider brokenLists
     * @group slow
     */
    public function test_a_policy_list_that_cannot_be_read_makes_nothing(array $fault, string ...$mentions): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.5');
        $this->world(['policies' => ['pol-gold' => self::GROUP]]);
        $before = $this->comet->policies();
        $this->settings([self::POLICY => 'pol-gold']);
        $this->comet->faultOn(self::LIST, $fault + ['times' => 0]);
        $service = $this->service();
        $rows = $this->whmcsNow();

        $this->assertSentence($this->module->create($service), ...$mentions);

        $this->assertSame([self::LIST], array_values(array_unique($this->comet->endpoints())));
        $this->assertSame($before, $this->comet->policies());
        $this->assertSame([], $this->comet->accountNames());
        $this->assertSame($rows, $this->whmcsNow());
    }

    /** @return array<string, list<mixed>> */
    public static function brokenLists(): array
    {
        $error = ['Status' => 403, 'Message' => 'Permission denied'];

        return [
            'HTTP 500' => [['fault' => 'status', 'status' => 500], '500'],
            'a lost connection' => [['fault' => 'drop']],
            'an error object' => [['fault' => 'json', 'body' => $error], 'Permission denied'],
            'HTML' => [['fault' => 'html']],
            'an empty answer' => [['fault' => 'status', 'status' => 200]],
            'half an answer' => [['fault' => 'truncate']],
            'a list' => [['fault' => 'json', 'body' => ['pol-gold']]],
            'a text' => [['fault' => 'json', 'body' => 'Gold']],
            'a number' => [['fault' => 'json', 'body' => 7]],
            'silence' => [['fault' => 'delay', 'ms' => 900]],
        ];
    }

    /** The PHP module did not look at the answer, and said success. */
    public function test_a_refused_policy_is_told_and_no_account_is_made(): void
    {
        $this->settings([self::POLICY => 'WHMCS_new']);
        $this->comet->faultOn(self::MAKE, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Permission denied']]);

        $this->assertSentence($this->module->create($this->service()), 'policy', 'Permission denied');

        $this->assertSame([], $this->comet->accountNames());
        $this->assertSame([], $this->comet->policies());
    }

    public function test_a_status_of_another_name_is_a_policy_too(): void
    {
        $this->world(['policies' => ['Status' => self::GROUP, 'Message' => self::GROUP]]);
        $this->settings([self::POLICY => 'Status']);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame('Status', $this->comet->profile(self::NAME)['PolicyID']);
    }

    /** @dataProvider vaultServers */
    public function test_a_vault_is_requested_once_and_gets_the_quota(string $version, array $asked): void
    {
        $this->world(['version' => $version]);
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, ['storage_vault_quota_gb' => 5]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame($asked, $this->comet->endpoints());
        $vaults = $this->comet->profile(self::NAME)['Destinations'];
        $this->assertCount(1, $vaults);
        $this->assertSame([true, 5 * self::GB], [current($vaults)['StorageLimitEnabled'], current($vaults)['StorageLimitBytes']]);
        $this->assertSame('Local storage', current($vaults)['Description']);
        $this->assertSame(key($vaults), $this->record()['vault_id']);
        $form = $this->comet->formsOf(self::REQUEST_VAULT)[0];
        $this->assertSame([self::TEMPLATE, $this->comet->address() . '/'], [$form['StorageProvider'], $form['SelfAddress']]);
        $this->assertSame($this->comet->profile(self::NAME)['CreationGUID'], $this->record()['creation_guid']);
        $again = $this->during(fn () => $this->assertSame('success', $this->module->create($service)));
        $this->assertSame([self::READ], $again);
        $this->assertCount(1, $this->comet->profile(self::NAME)['Destinations']);
    }

    /** @return array<string, array{string, list<string>}> */
    public static function vaultServers(): array
    {
        $four = [self::ADD, self::REQUEST_VAULT, self::READ, self::WRITE];

        return [
            'today: the answer holds the profile' => [self::NEW, [self::ADD, self::REQUEST_VAULT, self::WRITE]],
            'since 25.6.8' => ['25.6.8', [self::ADD, self::REQUEST_VAULT, self::WRITE]],
            'before 25.6.8: the answer holds the id' => ['24.9.1', $four],
            'before 19.8.0: the answer holds nothing' => [self::OLD, $four],
        ];
    }

    /** The PHP module did not look at this answer either. */
    public function test_an_unknown_template_is_told_and_the_account_is_there_for_the_next_try(): void
    {
        $this->settings([self::VAULT => 'gone']);
        $service = $this->service();

        $this->assertSentence($this->module->create($service), 'storage vault', 'Storage provider not found');

        $this->assertOnlyAccount(self::NAME);
        $this->settings([self::VAULT => self::TEMPLATE]);
        $this->assertSame('success', $this->module->create(Host::service(200)));
        $this->assertOnlyAccount(self::NAME);
        $this->assertCount(1, $this->comet->profile(self::NAME)['Destinations']);
        $this->assertCount(1, $this->comet->formsOf(self::ADD));
    }

    public function test_policy_and_vault_together_take_one_request_more_each(): void
    {
        $this->world(['policies' => ['pol-gold' => self::GROUP]]);
        $this->settings([self::POLICY => 'pol-gold', self::VAULT => self::TEMPLATE]);

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame([self::LIST, self::ADD, self::REQUEST_VAULT, self::WRITE], $this->comet->endpoints());
        $this->assertSame('pol-gold', $this->comet->profile(self::NAME)['PolicyID']);
        $this->assertTrue($this->comet->profile(self::NAME)['Policy']['PreventDeleteStorageVault']);
    }

    /** A device registers while the account is being set up. */
    public function test_a_profile_that_changed_in_between_is_read_again(): void
    {
        $this->comet->faultOn(self::WRITE, ['fault' => 'stale_hash']);
        $service = $this->service();
        $this->choose(200, ['number_of_devices' => 3]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ADD, self::READ, self::WRITE, self::READ, self::WRITE], $this->comet->endpoints());
        $this->assertSame(3, $this->comet->profile(self::NAME)['MaximumDevices']);
        $this->assertSame('Registered meanwhile', current($this->comet->profile(self::NAME)['Devices'])['FriendlyName']);
    }

    /** On servers that look at the hash a request that is carried out late makes no second vault. */
    public function test_a_vault_that_is_asked_for_again_is_asked_for_on_the_profile_that_was_seen(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->comet->faultOn(self::REQUEST_VAULT, ['fault' => 'drop']);
        $this->assertNotSame('success', $this->module->create($service));

        $this->assertSame('success', $this->module->create($service));

        $forms = $this->comet->formsOf(self::REQUEST_VAULT);
        $this->assertSame([false, true], array_map(fn (array $form): bool => ($form['ProfileHash'] ?? '') !== '', $forms));
        $this->assertCount(1, $this->comet->profile(self::NAME)['Destinations']);
    }
}
