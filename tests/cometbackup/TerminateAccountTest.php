<?php

declare(strict_types=1);

// cometbackup_TerminateAccount: deletes the account, or suspends and keeps it.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class TerminateAccountTest extends CometTestCase
{
    private const DELETE = 'delete-user';
    private const LIST = 'list-users';

    public function test_the_account_is_looked_at_and_deleted_and_others_stay(): void
    {
        $this->world(['accounts' => [['Username' => 'bobservice']]]);
        $service = $this->created();

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->terminate($service)));

        $this->assertSame([self::READ, self::DELETE], $asked);
        $this->assertOnlyAccount('bobservice');
        $this->assertSame('ended', $this->record()['state']);
        $this->assertSame([self::NAME, self::PASSWORD], $this->login($service));
    }

    /** Its request may still be carried out: ending the plan would lose sight of the account. */
    public function test_an_account_that_may_still_come_is_not_given_up(): void
    {
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'drop']);
        $this->assertSentence($this->module->create($service), self::NAME);

        $this->assertSentence($this->module->terminate($service), 'may still be created');

        $this->assertSame('planned', $this->record()['state']);
        Capsule::table(self::JOURNAL)->update(['begun_at' => '2020-01-01 00:00:00', 'sent_at' => '2020-01-01 00:00:00']);
        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame('ended', $this->record()['state']);
    }

    /** JSON of somebody in between is no answer of a Comet Server. */
    public function test_an_answer_of_another_shape_is_not_taken_for_done(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::DELETE, ['fault' => 'json', 'act' => false, 'body' => ['welcome' => 'here']]);

        $this->assertSentence($this->module->terminate($service), self::NAME);

        $this->assertSame('created', $this->record()['state']);
        $this->assertOnlyAccount(self::NAME);
    }

    public function test_devices_are_asked_to_uninstall_only_where_the_product_says_so(): void
    {
        $service = $this->created();
        $this->module->terminate($service);
        $this->assertArrayNotHasKey('UninstallConfig', $this->comet->formsOf(self::DELETE)[0]);
        $second = $this->created(['id' => 201], [self::UNINSTALL => 'on']);

        $this->assertSame('success', $this->module->terminate($second));

        $this->assertSame(
            ['UninstallFlag' => true, 'RemoveConfigFile' => true],
            $this->comet->formsOf(self::DELETE)[1]['UninstallConfig']
        );
        $this->assertSame([], $this->comet->accountNames());
    }

    public function test_suspend_and_keep_suspends_and_keeps(): void
    {
        $service = $this->created([], [self::TERMINATION => 'suspend']);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->terminate($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
        $again = $this->during(fn () => $this->assertSame('success', $this->module->terminate($service)));
        $this->assertSame([self::READ], $again);
    }

    public function test_of_an_account_that_is_kept_no_question_stays_open(): void
    {
        $this->settings([self::TERMINATION => 'suspend', self::VAULT => self::TEMPLATE]);
        $this->comet->faultOn(self::REQUEST_VAULT, ['fault' => 'wrong_types']);
        $this->comet->faultOn(self::READ, ['fault' => 'wrong_types']);
        $service = $this->service();
        $this->module->create($service);
        $this->assertContains('request vault unknown', $this->journal());

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertContains('request vault failed', $this->journal());
        $this->assertNotContains('request vault unknown', $this->journal());
        $this->assertTrue($this->comet->profile(self::NAME)['IsSuspended']);
    }

    /** @dataProvider terminations */
    public function test_an_account_that_is_gone_needs_no_keeping(array $there, array $asked): void
    {
        $service = $this->created([], [self::TERMINATION => 'suspend']);
        $this->world(['accounts' => $there]);
        $before = $this->comet->accountNames();

        $answered = $this->during(fn () => $this->assertSame('success', $this->module->terminate($service)));

        $this->assertSame($asked, $answered);
        $this->assertSame('ended', $this->record()['state']);
        $this->assertSame($before, $this->comet->accountNames());
    }

    /** @return array<string, array{list<array<string, string>>, list<string>}> */
    public static function terminations(): array
    {
        return [
            'no account of the name' => [[['Username' => 'bobservice']], [self::READ, self::READ, self::LIST]],
            'the account of somebody else' => [[['Username' => self::NAME]], [self::READ, self::READ]],
        ];
    }

    /** The clock of the database was set back after the answer was lost. */
    public function test_a_deletion_that_was_lost_in_the_future_is_answered_at_once(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::DELETE, ['fault' => 'drop']);
        $this->module->terminate($service);
        Capsule::table(self::JOURNAL)->update(['sent_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR')]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertNotContains('unknown', Capsule::table(self::JOURNAL)->pluck('state')->all());
        $this->assertOnlyAccount(self::NAME);
    }

    /** A person wants it back: after two minutes the request cannot arrive any more. @dataProvider looks */
    public function test_a_lost_deletion_is_answered_once_the_account_is_seen_again(string $deed): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::DELETE, ['fault' => 'drop']);
        $this->assertSentence($this->module->terminate($service), self::NAME);
        $state = static fn () => Capsule::table('mod_whmcs_provisioning_journal')->where('operation', 'delete account')->value('state');

        $look = fn (): string => $deed === 'create' ? $this->module->create($service) : $this->module->custom($service, 'CheckAccount');

        $this->assertSame('success', $look());
        $this->assertSame('unknown', $state());

        Capsule::table('mod_whmcs_provisioning_journal')->update(['sent_at' => Capsule::raw('sent_at - INTERVAL 2 MINUTE')]);
        $this->assertSame('success', $look());
        $this->assertSame('failed', $state());
        $this->assertOnlyAccount(self::NAME);
    }

    /** @return array<string, array{string}> */
    public static function looks(): array
    {
        return ['Create' => ['create'], 'Check at Comet' => ['check']];
    }

    /** With the PHP module an account that was gone could never be terminated. @dataProvider goneWorlds */
    public function test_an_account_that_is_gone_is_success_because_the_list_says_so(array $world): void
    {
        $service = $this->created();
        $this->world($world + ['accounts' => [['Username' => 'bobservice']]]);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame([self::READ, self::LIST], $this->comet->endpoints());
        $this->assertOnlyAccount('bobservice');
        $this->assertSame('ended', $this->record()['state']);
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function goneWorlds(): array
    {
        $error = ['unknown_user' => ['Status' => 500, 'Message' => 'User not found']];

        return [
            'a server of today' => [[]],
            'the oldest server' => [['version' => self::OLD]],
            'Status 500' => [['errors' => $error]],
            'HTTP 500' => [['errors' => $error, 'error_http_status' => true]],
        ];
    }

    public function test_the_last_account_of_an_old_server_is_gone_too_its_list_is_null(): void
    {
        $service = $this->created();
        $this->world(['version' => self::OLD]);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame('ended', $this->record()['state']);
    }

    /** @dataProvider badLists */
    public function test_gone_is_not_believed_where_the_list_cannot_be_read(array $fault): void
    {
        $service = $this->created();
        $this->world();
        $this->comet->faultOn(self::LIST, $fault + ['times' => 0]);

        $this->assertSentence($this->module->terminate($service), self::NAME);

        $this->assertSame('created', $this->record()['state']);
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function badLists(): array
    {
        return [
            'error object' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]],
            'HTTP 500' => [['fault' => 'status', 'status' => 500]],
            'HTML' => [['fault' => 'html']],
            'lost' => [['fault' => 'drop']],
            'a map' => [['fault' => 'json', 'body' => ['a' => 'b']]],
            'empty' => [['fault' => 'status', 'status' => 200]],
        ];
    }

    /** @dataProvider refusals */
    public function test_an_account_that_stays_is_told(array $fault, bool $isGone): void
    {
        ini_set('whmcs_provisioning.request_timeout', '0.4');
        $service = $this->created();
        $this->comet->faultOn(self::DELETE, $fault);

        $answer = $this->module->terminate($service);

        if ($isGone) {
            $this->assertSame('success', $answer);
            $this->assertSame([], $this->comet->accountNames());
            return;
        }
        $this->assertSentence($answer, self::NAME);
        $this->assertOnlyAccount(self::NAME);
        $this->assertSame('created', $this->record()['state']);
        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame([], $this->comet->accountNames());
    }

    /** @return array<string, array{array<string, mixed>, bool}> */
    public static function refusals(): array
    {
        $refusal = ['Status' => 403, 'Message' => 'Permission denied'];

        return [
            'refused' => [['fault' => 'json', 'act' => false, 'body' => $refusal], false],
            'HTTP 503' => [['fault' => 'status', 'status' => 503], false],
            'lost on the way' => [['fault' => 'drop'], false],
            'done, answer lost' => [['fault' => 'act_and_drop'], true],
            'done, HTML' => [['fault' => 'html'], true],
            'done, too late' => [['fault' => 'delay', 'ms' => 700, 'when' => 'after'], true],
        ];
    }

    public function test_a_second_terminate_is_success_or_a_sentence_and_touches_nothing(): void
    {
        $this->world(['accounts' => [['Username' => 'bobservice']]]);
        $service = $this->created();
        $this->module->terminate($service);

        $this->module->terminate($service);

        $this->assertOnlyAccount('bobservice');
    }

    /** The name went to another customer since. */
    public function test_a_terminate_after_the_end_does_not_delete_the_next_owner_of_the_name(): void
    {
        $first = $this->created();
        $this->assertSame('success', $this->module->terminate($first));
        Host::addClient(['id' => 11, 'email' => self::NAME]);
        $second = $this->created(['id' => 201, 'userid' => 11]);
        $before = $this->comet->account(self::NAME);

        foreach (['terminate', 'suspend', 'changePackage'] as $action) {
            $this->module->$action($first);
        }
        $this->module->changePassword($first, 'An0ther&Password');

        $this->assertSame($before, $this->comet->account(self::NAME));
        $this->assertSame(self::NAME, $this->login($second)[0]);
    }

    /** What is deleted can never be read again. */
    public function test_another_account_that_has_the_name_by_now_is_left_alone_and_ours_has_ended(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertOnlyAccount(self::NAME);
        $this->assertSame('ended', $this->record()['state']);
        $this->assertNotContains(self::DELETE, $this->comet->endpoints());
        $this->assertStringContainsString('another account has its name', implode("\n", Host::activityLog()));
    }

    public function test_a_plan_of_which_nothing_was_made_ends_also_where_accounts_are_kept(): void
    {
        $this->settings([self::TERMINATION => 'suspend']);
        $this->comet->faultOn(self::ADD, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]);
        $service = $this->service();
        $this->module->create($service);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame([], $this->comet->accountNames());
    }

    /** Ended for us, made anew by somebody at Comet. */
    public function test_a_terminate_after_the_end_does_not_delete_an_account_made_at_comet_since(): void
    {
        $service = $this->created();
        $this->assertSame('success', $this->module->terminate($service));
        $this->world(['accounts' => [['Username' => self::NAME]]]);

        $this->module->terminate($service);

        $this->assertOnlyAccount(self::NAME);
    }

    public function test_a_service_without_account_and_name_is_a_sentence_without_a_request(): void
    {
        $this->assertSentence($this->module->terminate($this->service()), 'Comet account');

        $this->assertSame([], $this->comet->endpoints());
    }

    public function test_a_service_of_the_php_module_whose_account_is_gone_ends_too(): void
    {
        $service = $this->legacy();
        $this->world(['accounts' => [['Username' => 'bobservice']]]);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertOnlyAccount('bobservice');
    }

    /** The PHP module ended with a TypeError. */
    public function test_a_server_that_cannot_be_reached_is_a_sentence(): void
    {
        $service = $this->created();
        Capsule::table('tblservers')->update(['port' => 1]);

        $this->assertSentence($this->module->terminate($service), self::NAME);

        $this->assertOnlyAccount(self::NAME);
    }
}
