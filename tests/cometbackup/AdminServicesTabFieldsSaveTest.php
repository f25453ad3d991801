<?php

declare(strict_types=1);

// cometbackup_AdminServicesTabFieldsSave: what staff enter on the service page: a device to take off, an account to link.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class AdminServicesTabFieldsSaveTest extends CometTestCase
{
    private const REMOVE = 'revoke-device';
    private const DEVICE = 'comet_remove_device';
    private const LINK = 'comet_link_account';

    /** @param array<string, string> $form @return list<string> new lines of the Activity Log */
    private function save(Service $service, array $form): array
    {
        $before = count(Host::activityLog());
        $this->module->saveAdminTab($service, $form);

        return array_slice(Host::activityLog(), $before);
    }

    private function withDevices(): Service
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->comet->changeAccount(self::NAME, ['merge' => ['Devices' => [
            'd1' => ['FriendlyName' => 'Laptop <b>"x', 'RegistrationTime' => 1_750_000_000], 'd2' => ['FriendlyName' => ''],
        ]]]);

        return $service;
    }

    public function test_the_tab_offers_the_devices_of_the_last_check_without_a_request(): void
    {
        $service = $this->withDevices();
        $this->assertArrayNotHasKey('Remove a Device', $this->module->adminTab($service));
        $this->module->custom($service, 'CheckAccount');

        $asked = $this->during(function () use ($service, &$tab): void {
            $tab = $this->module->adminTab($service);
        });

        $this->assertSame([], $asked);
        $this->assertStringContainsString('name="comet_remove_device"', $tab['Remove a Device']);
        $this->assertStringContainsString('<option value="d1">Laptop x, registered 2025-06-15 15:06 UTC</option>', $tab['Remove a Device']);
        $this->assertStringContainsString('<option value="d2">Unnamed device</option>', $tab['Remove a Device']);
    }

    public function test_a_chosen_device_is_removed_journaled_and_no_longer_offered(): void
    {
        $service = $this->withDevices();
        $this->module->custom($service, 'CheckAccount');

        $asked = $this->during(function () use ($service, &$told): void {
            $told = $this->save($service, [self::DEVICE => 'd1']);
        });

        $this->assertSame([self::READ, self::REMOVE], $asked);
        $this->assertSame(['d2'], array_keys($this->comet->profile(self::NAME)['Devices']));
        $this->assertStringContainsString('A device was taken off the Comet account ada@example.com; what it stored stays.', implode("\n", $told));
        $tab = $this->module->adminTab($service);
        $this->assertStringNotContainsString('value="d1"', $tab['Remove a Device']);
        $this->assertStringContainsString('<strong>remove device</strong>', $tab['Last Operations']);
    }

    public function test_saving_the_page_without_a_choice_asks_nobody(): void
    {
        $service = $this->withDevices();

        $asked = $this->during(fn () => $this->assertSame([], $this->save($service, [self::DEVICE => '', self::LINK => ' '])));

        $this->assertSame([], $asked);
    }

    public function test_a_device_that_is_gone_and_one_that_never_was_are_told(): void
    {
        $service = $this->withDevices();

        $told = $this->save($service, [self::DEVICE => 'nobodys']);

        $this->assertStringContainsString('has no such device any more. Press Check at Comet', implode("\n", $told));
        $this->assertNotContains(self::REMOVE, $this->comet->endpoints());
    }

    public function test_a_customer_who_posts_the_fields_changes_nothing(): void
    {
        $service = $this->withDevices();
        $_SESSION = ['uid' => 10];

        $asked = $this->during(fn () => $this->module->saveAdminTab($service, [self::DEVICE => 'd1', self::LINK => 'bob']));
        $_SESSION = [];

        $this->assertSame([], $asked);
        $this->assertCount(2, $this->comet->profile(self::NAME)['Devices']);
    }

    /** @param array<string, mixed> $row */
    private function unlinked(array $row = []): Service
    {
        $this->world(['accounts' => [['Username' => 'grace', 'CreateTime' => 1_700_000_000, 'Devices' => ['d1' => ['FriendlyName' => 'x']]]]]);

        return $this->service($row + ['domainstatus' => 'Active', 'username' => '']);
    }

    public function test_an_account_is_shown_first_and_linked_when_its_name_is_entered_again(): void
    {
        $service = $this->unlinked();
        $this->assertStringContainsString('name="comet_link_account"', $this->module->adminTab($service)['Link an Account']);

        $asked = $this->during(function () use ($service, &$told): void {
            $told = $this->save($service, [self::LINK => 'grace']);
        });

        $this->assertSame([self::READ], $asked);
        $sentence = 'The Comet account grace (created on 2023-11-14, 1 device) is recorded for no service. What it holds will be open to the client';
        $this->assertStringContainsString($sentence, implode("\n", $told));
        $this->assertStringContainsString($sentence, $this->module->adminTab($service)['Reconciliation']);
        $this->assertSame(0, Capsule::table(self::ACCOUNTS)->count());

        $told = $this->save($service, [self::LINK => 'grace']);

        $this->assertStringContainsString('The Comet account grace is recorded for this service now.', implode("\n", $told));
        $this->assertSame(['created', $this->comet->profile('grace')['CreationGUID']], [$this->record()['state'], $this->record()['creation_guid']]);
        $this->assertSame('grace', Host::service(200)->username);
        $tab = $this->module->adminTab($service);
        $this->assertArrayNotHasKey('Link an Account', $tab);
        $this->assertArrayNotHasKey('Reconciliation', $tab);
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertTrue($this->comet->profile('grace')['IsSuspended']);
    }

    public function test_another_name_is_shown_anew(): void
    {
        $service = $this->unlinked();
        $this->save($service, [self::LINK => 'grace']);
        $this->comet->changeAccount('grace', ['CreationGUID' => 'another']);

        $this->save($service, [self::LINK => 'grace']);

        $this->assertSame(0, Capsule::table(self::ACCOUNTS)->count());
    }

    /** @return array<string, array{callable(self): void, string, string}> */
    public static function refusals(): array
    {
        return [
            'no such account' => [static fn () => null, 'nobody', 'Could not read the Comet account nobody'],
            'another spelling' => [static fn () => null, 'Grace', 'Could not read the Comet account Grace'],
            'recorded for another service' => [static function (self $t): void {
                $t->save($t->service(['id' => 201, 'domainstatus' => 'Active', 'username' => '']), [self::LINK => 'grace']);
                $t->save(Host::service(201), [self::LINK => 'grace']);
            }, 'grace', 'The Comet account grace belongs to another service (Service ID: 201)'],
            'a service that is pending' => [
                static fn () => Capsule::table('tblhosting')->update(['domainstatus' => 'Pending']), 'grace', 'active, completed or suspended',
            ],
        ];
    }

    /**
     * @dataProvider refusals
     * @param callable(self): void $change
     */
    public function test_what_speaks_against_it_is_told_and_nothing_linked(callable $change, string $name, string $why): void
    {
        $this->unlinked();
        $change($this);
        $service = Host::service(200);

        $told = [...$this->save($service, [self::LINK => $name]), ...$this->save($service, [self::LINK => $name])];

        $this->assertStringContainsString($why, implode("\n", $told));
        $this->assertSame(0, Capsule::table(self::ACCOUNTS)->where('service_id', 200)->count());
    }

    public function test_a_service_that_has_an_account_keeps_it(): void
    {
        $this->world(['accounts' => [['Username' => 'grace']]]);
        $service = $this->created(['domainstatus' => 'Active']);

        $told = $this->save($service, [self::LINK => 'grace']);

        $this->assertStringContainsString('The Comet account ada@example.com is recorded for this service, and a service has one.', implode("\n", $told));
        $this->assertSame(self::NAME, $this->record()['username']);
    }

    public function test_a_name_that_another_service_has_is_warned_of(): void
    {
        $service = $this->unlinked();
        $this->service(['id' => 201, 'domainstatus' => 'Active', 'username' => 'grace']);

        $told = $this->save($service, [self::LINK => 'grace']);

        $this->assertStringContainsString('Beware: other services have its name, too (Service ID: 201).', implode("\n", $told));
    }
}
