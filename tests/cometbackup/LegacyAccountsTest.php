<?php

declare(strict_types=1);

// Services of the PHP module: adopted on first touch, by the name it kept.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class LegacyAccountsTest extends CometTestCase
{
    /** @dataProvider marks */
    public function test_the_account_is_adopted_on_first_touch(string $column, array $fields, string $action): void
    {
        $service = $this->legacy(['username' => $column]);
        $this->customFields($fields);
        $before = $this->login($service);

        $this->assertSame('success', $this->module->$action($service));

        $this->assertSame(['adaservice', 'created'], [$this->record()['username'], $this->record()['state']]);
        $this->assertSame($this->comet->profile('adaservice')['CreationGUID'], $this->record()['creation_guid']);
        $this->assertSame($before, $this->login($service));
        $this->assertSame(['adaservice'], $this->comet->namesAskedFor());
    }

    /** @return iterable<string, array{string, array<string, string>, string}> */
    public static function marks(): iterable
    {
        foreach (['suspend', 'unsuspend', 'changePackage'] as $action) {
            yield "$action: user name column" => ['adaservice', [], $action];
            yield "$action: custom field and marker" => [self::MARKER, ['Username' => 'adaservice'], $action];
            yield "$action: custom field with blanks" => [self::MARKER, ['Username' => ' adaservice '], $action];
        }
    }

    public function test_a_suspend_of_an_adopted_account_takes_two_requests(): void
    {
        $service = $this->legacy();

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->suspend($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertTrue($this->comet->profile('adaservice')['IsSuspended']);
    }

    public function test_its_password_can_be_changed_and_it_can_be_terminated(): void
    {
        $service = $this->legacy();
        $this->assertSame('success', $this->module->custom($service, 'CheckAccount'));

        $this->assertSame('success', $this->module->changePassword($service, 'An0ther&Password'));
        $this->assertSame('An0ther&Password', $this->comet->account('adaservice')['password']);
        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame([], $this->comet->accountNames());
    }

    /** The field was removed, and the marker is no name. */
    public function test_the_marker_is_never_sent_as_a_name(): void
    {
        $service = $this->legacy(['username' => self::MARKER]);

        foreach (['SuspendAccount', 'TerminateAccount', 'ChangePassword', 'ChangePackage', 'CheckAccount'] as $function) {
            $this->assertSentence($this->module->call($function, $this->module->paramsFor($service)));
        }

        $this->assertSame([], $this->comet->endpoints());
        $this->assertOnlyAccount('adaservice');
    }

    /** Going back: the columns hold what the PHP module would look for. */
    public function test_a_service_made_here_is_found_by_the_php_module(): void
    {
        $plain = $this->created();
        $this->assertSame($this->record()['username'], $this->login($plain)[0]);
        $second = $this->service(['id' => 201]);
        $this->customFields(['Username' => 'gracehopper', 'Password' => 'Cust0m&Pass'], 201);

        $this->assertSame('success', $this->module->create($second));

        $this->assertSame([self::MARKER, ''], $this->login($second));
        $this->assertSame('gracehopper', $this->record(201)['username']);
    }

    public function test_an_account_that_cannot_be_read_is_not_adopted(): void
    {
        $service = $this->legacy();
        $this->comet->faultOn(self::READ, ['fault' => 'html', 'times' => 0]);

        $this->assertSentence($this->module->suspend($service), 'adaservice');

        $this->assertSame([], array_filter($this->record()));
    }

    public function test_from_then_on_the_identity_counts(): void
    {
        $service = $this->legacy();
        $this->assertSame('success', $this->module->suspend($service));
        $this->comet->changeAccount('adaservice', ['CreationGUID' => 'another']);
        $before = $this->comet->account('adaservice');

        $this->assertSentence($this->module->unsuspend($service), 'adaservice', 'not the one');

        $this->assertSame($before, $this->comet->account('adaservice'));
    }

    /** Staff say whose it is; the other name leads nowhere. */
    public function test_two_services_that_name_one_account_do_not_share_it(): void
    {
        $owner = $this->legacy();
        $other = $this->service(['id' => 201, 'username' => 'adaservice', 'domainstatus' => 'Active']);
        $this->assertSentence($this->module->unsuspend($owner), "may be another's", 'Service ID: 201');
        $this->assertSentence($this->module->custom($owner, 'CheckAccount'), 'other services have its name');
        $this->assertSame('success', $this->module->custom($owner, 'CheckAccount'));
        $before = $this->comet->account('adaservice');

        foreach (['SuspendAccount', 'ChangePackage', 'CheckAccount', 'TerminateAccount'] as $function) {
            $answer = $this->module->call($function, $this->module->paramsFor($other));

            $this->assertSentence($answer, 'adaservice', 'belongs to another service (Service ID: 200)');
            $this->assertSame($before, $this->comet->account('adaservice'), $function);
        }

        $this->assertSame([], $this->record(201));
        $this->assertSame('success', $this->module->suspend($owner));
    }

    /** Two pages at once, before and after staff correct the user name. */
    public function test_a_service_whose_user_name_changes_while_it_is_read_gets_one_account(): void
    {
        $this->world(['accounts' => [['Username' => 'adaservice'], ['Username' => 'graceservice']]]);
        $this->service(['username' => 'adaservice', 'domainstatus' => 'Active']);
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 1000, 'when' => 'after']);
        $slow = ChildProcess::start('$module = new Tests\Host\Module("servers", "cometbackup", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . 'echo $module->custom(Tests\Host\Host::service(200), "CheckAccount");');
        for ($waited = 0; $this->comet->namesAskedFor() === [] && $waited < 500; $waited++) {
            usleep(10_000);
        }
        Capsule::table('tblhosting')->update(['username' => 'graceservice']);

        $answer = $this->module->custom(Host::service(200), 'CheckAccount');

        $this->assertSame('success', $answer);
        $this->assertSentence($slow->wait()['output'], 'adaservice');
        $this->assertSame(['graceservice'], Capsule::table(self::ACCOUNTS)->pluck('username')->all());
    }

    /** What is there already is neither taken over by a name nor doubled. */
    public function test_create_makes_no_second_account_for_an_active_service(): void
    {
        $service = $this->legacy();

        $answer = $this->module->create($service);

        $this->assertSentence($answer, 'adaservice', 'Check at Comet');
        $this->assertSame(['adaservice'], $this->comet->accountNames());
        $this->assertSame('success', $this->module->custom($service, 'CheckAccount'));
        $this->assertSame('success', $this->module->create($service));
        $this->assertSame(['adaservice'], $this->comet->accountNames());
    }
}
