<?php

declare(strict_types=1);

// cometbackup_RemoveOldDevice: the customer takes a device off his account that was not seen for a month.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Host\Mail;
use Tests\Host\Request;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class RemoveOldDeviceTest extends CometTestCase
{
    private const FUNCTION = 'RemoveOldDevice';
    private const JOBS = 'get-jobs-for-custom-search';
    private const LIVE = 'dispatcher/list-active';
    private const REMOVE = 'revoke-device';
    private const GONE = 'dev-old';
    private const HERE = 'dev-new';

    private Service $service;

    protected function setUp(): void
    {
        parent::setUp();
        Host::addClient(['id' => 11]);
        $this->service = $this->created(['domainstatus' => 'Active']);
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active']);
        $this->service = Host::service(200);
        $this->devices();
        $_SESSION = ['uid' => 10];
        generate_token('plain');
    }

    protected function tearDown(): void
    {
        $_SESSION = [];
    }

    private static function ago(int $days): int
    {
        return time() - $days * 86400;
    }

    /** One device that was last seen so many days ago, and one that works. */
    private function devices(int $days = 40): void
    {
        $item = static fn (string $device, int $at): array => [
            'OwnerDevice' => $device, 'Description' => 'Files', 'Engine' => 'engine1/file',
            'Statistics' => ['LastBackupJob' => ['StartTime' => $at, 'EndTime' => $at + 60, 'Status' => 5000]],
        ];
        $this->comet->changeAccount(self::NAME, ['merge' => [
            'Devices' => [
                self::GONE => ['FriendlyName' => 'Laptop <b>&"{$x}', 'RegistrationTime' => self::ago(400)],
                self::HERE => ['FriendlyName' => 'Server', 'RegistrationTime' => self::ago(400)],
            ],
            'Sources' => ['s1' => $item(self::GONE, self::ago($days)), 's2' => $item(self::HERE, self::ago(1))],
        ]]);
    }

    /** @return list<string> ids of the devices that the account has */
    private function left(): array
    {
        return array_keys($this->comet->profile(self::NAME)['Devices']);
    }

    private function click(string $device = self::GONE, ?Service $service = null): string
    {
        $form = ['token' => generate_token('plain'), 'comet_device' => $device];

        return $this->module->clientCustom($service ?? $this->service, self::FUNCTION, $form);
    }

    /** The function itself, as a WHMCS that checks nothing calls it. @param array<string, mixed> $post */
    private function called(array $post, array $query = [], array $extra = []): string
    {
        return Request::run($query, $post, fn (): string => $this->module->call(self::FUNCTION, $this->module->paramsFor($this->service, $extra)));
    }

    public function test_the_page_offers_it_beside_an_old_device_and_a_click_removes_it(): void
    {
        $html = $this->module->clientArea($this->service);
        $this->assertSame(1, substr_count($html, 'name="comet_device"'));
        $this->assertStringContainsString('name="comet_device" value="dev-old"', $html);
        $this->assertStringContainsString('action="clientarea.php?action=productdetails&amp;id=200"', $html);
        $this->assertStringNotContainsString('<b>&"', $html);

        $asked = $this->during(fn () => $this->assertStringContainsString('Successful', $this->click()));

        $this->assertSame([self::READ, self::JOBS, self::LIVE, self::REMOVE], $asked);
        $this->assertSame([self::HERE], $this->left());
        $this->assertStringNotContainsString('name="comet_device"', $this->module->clientArea($this->service));
        $journal = Capsule::table(self::JOURNAL)->where('operation', 'remove device')->get();
        $this->assertSame([['done', 'remove the device dev-old of the Comet account ada@example.com']], $journal->map(
            static fn (object $row): array => [$row->state, $row->asked]
        )->all());
        $this->assertStringContainsString('The client removed the device Laptop', implode("\n", Host::activityLog()));
    }

    public function test_the_client_gets_a_mail_in_which_nothing_of_the_name_is_code(): void
    {
        $this->click();

        $this->assertCount(1, Mail::sent());
        [$client, $text] = Mail::sent()[0];
        $this->assertSame(10, $client);
        $this->assertStringContainsString('The device <strong>Laptop $x</strong> was removed from your Comet Backup account', $text);
        $this->click();
        $this->assertCount(1, Mail::sent(), 'a double click');
    }

    public function test_a_mail_that_fails_is_logged_and_takes_nothing_back(): void
    {
        add_hook('EmailPreSend', 1, static fn (): array => ['abortsend' => true]);

        $this->assertStringContainsString('Successful', $this->click());

        $this->assertSame([self::HERE], $this->left());
        $this->assertStringContainsString('The mail to the client about the removed device was not sent', implode("\n", Host::activityLog()));
        $this->assertSame([], Mail::sent());
    }

    public function test_what_was_refused_is_in_no_mail(): void
    {
        $this->click(self::HERE);

        $this->assertSame([], Mail::sent());
    }

    public function test_staff_who_look_at_the_page_may_too(): void
    {
        $_SESSION = ['adminid' => 3, 'tkval' => $_SESSION['tkval']];

        $this->assertSame('success', $this->called(['token' => generate_token('plain'), 'comet_device' => self::GONE]));
    }

    /** @return array<string, array{array<string, mixed>, array<string, mixed>}> */
    public static function forgeries(): array
    {
        $token = ['token' => 'TOKEN'];

        return [
            'a link' => [[], ['comet_device' => self::GONE]],
            'a link with the token' => [[], $token + ['comet_device' => self::GONE]],
            'a form without token' => [['comet_device' => self::GONE], []],
            'a form with another token' => [['token' => str_repeat('a', 40), 'comet_device' => self::GONE], []],
            'a form with a list for a token' => [['token' => ['a'], 'comet_device' => self::GONE], []],
        ];
    }

    /**
     * @dataProvider forgeries
     * @param array<string, mixed> $post
     * @param array<string, mixed> $query
     */
    public function test_what_is_not_from_the_page_changes_nothing(array $post, array $query): void
    {
        $fill = static fn (array $fields): array => array_map(static fn ($value) => $value === 'TOKEN' ? generate_token('plain') : $value, $fields);

        $asked = $this->during(fn () => $this->assertStringContainsString(
            'not sent from the page of your service',
            $this->called($fill($post), $fill($query))
        ));

        $this->assertSame([], $asked);
        $this->assertCount(2, $this->left());
    }

    public function test_another_clients_service_is_refused(): void
    {
        $_SESSION = ['uid' => 11, 'tkval' => $_SESSION['tkval']];

        $asked = $this->during(fn () => $this->assertSame(
            'Log in as the client whose service this is: it is shown and changed for nobody else.',
            $this->called(['token' => generate_token('plain'), 'comet_device' => self::GONE])
        ));

        $this->assertSame([], $asked);
        $this->assertCount(2, $this->left());
    }

    public function test_without_a_login_nothing_happens(): void
    {
        $_SESSION = [];

        $this->assertStringContainsString('Log in as the client', $this->called(['token' => 'x', 'comet_device' => self::GONE]));
        $this->assertCount(2, $this->left());
    }

    /** @return array<string, array{string}> */
    public static function devicesOfNobody(): array
    {
        return ['made up' => ['nobodys'], 'none' => [''], 'long' => [str_repeat('a', 5000)], 'a path' => ['../../x'], 'a field' => ['FriendlyName']];
    }

    /** @dataProvider devicesOfNobody */
    public function test_a_device_that_the_account_has_not_is_refused(string $device): void
    {
        $this->assertStringContainsString('There is no such device in your account.', $this->click($device));
        $this->assertNotContains(self::REMOVE, $this->comet->endpoints());
        $this->assertCount(2, $this->left());
    }

    public function test_a_device_that_was_seen_is_refused(): void
    {
        $this->assertStringContainsString('The device Server was seen in the last 30 days', $this->click(self::HERE));
        $this->assertCount(2, $this->left());
    }

    public function test_a_device_that_came_back_since_the_page_was_opened_is_refused(): void
    {
        $this->devices(2);

        $this->assertStringContainsString('was seen in the last 30 days', $this->click());
        $this->assertCount(2, $this->left());
    }

    public function test_a_restore_is_a_sign_of_life(): void
    {
        $profile = $this->comet->profile(self::NAME);
        $this->world([
            'accounts' => [['Username' => self::NAME, 'Profile' => $profile]],
            'jobs' => [[
                'GUID' => 'j1', 'Username' => self::NAME, 'DeviceID' => self::GONE, 'Classification' => 4002, 'StartTime' => self::ago(20), 'Status' => 5000,
            ]],
        ]);

        $this->assertStringContainsString('was seen in the last 30 days', $this->click());
        $this->assertCount(2, $this->left());
    }

    public function test_a_connected_device_is_refused(): void
    {
        $profile = $this->comet->profile(self::NAME);
        $this->world([
            'accounts' => [['Username' => self::NAME, 'Profile' => $profile]],
            'live' => ['c1' => ['Username' => self::NAME, 'DeviceID' => self::GONE]],
        ]);

        $this->assertStringContainsString('was seen in the last 30 days', $this->click());
        $this->assertCount(2, $this->left());
    }

    public function test_what_is_not_known_is_not_old(): void
    {
        $this->comet->changeAccount(self::NAME, ['set' => ['Sources' => (object) []]]);

        $this->assertStringNotContainsString('comet_device', $this->module->clientArea($this->service));
        $this->assertStringContainsString('or it is not known when it was seen last', $this->click());
        $this->assertCount(2, $this->left());
    }

    public function test_where_the_jobs_cannot_be_read_nothing_is_offered_and_nothing_removed(): void
    {
        $this->comet->faultOn(self::JOBS, ['fault' => 'html', 'times' => 0]);

        $this->assertStringNotContainsString('comet_device', $this->module->clientArea($this->service));
        $this->assertStringContainsString('could not be completed just now', $this->click());
        $this->assertCount(2, $this->left());
    }

    /** @return array<string, array{string}> */
    public static function statuses(): array
    {
        return ['pending' => ['Pending'], 'suspended' => ['Suspended'], 'over' => ['Terminated'], 'fraud' => ['Fraud']];
    }

    /** @dataProvider statuses */
    public function test_a_service_that_is_not_in_use_offers_nothing(string $status): void
    {
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);
        $service = Host::service(200);

        $this->assertSame([], $this->module->call('ClientAreaAllowedFunctions', $this->module->paramsFor($service)));
        $this->assertStringNotContainsString('comet_device', $this->module->clientArea($service));
        $this->assertSame('', $this->click(self::GONE, $service));
        $this->service = $service;
        $answer = $this->called(['token' => generate_token('plain'), 'comet_device' => self::GONE]);
        $this->assertStringContainsString('only while the service is active', $answer);
        $this->assertCount(2, $this->left());
    }

    public function test_a_lost_answer_is_settled_by_the_next_click(): void
    {
        $this->comet->faultOn(self::REMOVE, ['fault' => 'act_and_drop']);
        $this->assertStringContainsString('could not be completed just now', $this->click());
        $this->assertSame([self::HERE], $this->left());
        $this->assertSame('unknown', Capsule::table(self::JOURNAL)->where('operation', 'remove device')->value('state'));

        $this->assertStringContainsString('Successful', $this->click());

        $this->assertSame('done', Capsule::table(self::JOURNAL)->where('operation', 'remove device')->value('state'));
        // So is a double click.
        $this->assertStringContainsString('Successful', $this->click());
        $this->assertSame([self::REMOVE], array_values(array_intersect($this->comet->endpoints(), [self::REMOVE])));
    }

    public function test_another_account_under_the_name_is_left_alone(): void
    {
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->assertStringContainsString('could not be completed just now', $this->click());
        $this->assertNotContains(self::REMOVE, $this->comet->endpoints());
    }
}
