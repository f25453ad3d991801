<?php

declare(strict_types=1);

// What is sold by the seat: Microsoft 365 accounts and guests of hypervisors.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;

final class SeatLimitsTest extends CometReconcileTestCase
{
    private const SEATS = ['microsoft365_accounts' => 25, 'hyperv_guests' => 3, 'vmware_guests' => 4];
    private const FIELDS = ['QuotaOffice365ProtectedAccounts', 'QuotaHyperVGuests', 'QuotaVMwareGuests'];
    private const PROXMOX = 'QuotaProxmoxGuests';

    public function test_create_sets_them_with_the_other_limits_in_one_write(): void
    {
        $service = $this->service();
        $this->choose(200, self::SEATS + ['number_of_devices' => 2, 'proxmox_guests' => 0]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ADD, self::READ, self::WRITE], $this->comet->endpoints());
        $this->assertSame([25, 3, 4], $this->seats());
        $this->assertSame(2, $this->comet->profile(self::NAME)['MaximumDevices']);
        $this->assertSame([], $this->said());
    }

    public function test_a_package_change_sets_them_and_nothing_else(): void
    {
        $this->world(['as_written' => true]);
        $service = $this->created([], [], self::SEATS);
        $before = $this->comet->account(self::NAME)['text'];
        $this->choose(200, ['microsoft365_accounts' => 50, 'hyperv_guests' => 0]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertProfileChanged($before, $this->comet->account(self::NAME)['text'], [
            'QuotaOffice365ProtectedAccounts' => 50, 'QuotaHyperVGuests' => 0,
        ]);
    }

    public function test_what_the_product_does_not_sell_stays_and_with_reset_is_lifted(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['QuotaVMwareGuests' => 9]);
        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertSame([0, 0, 9], $this->seats());

        $this->settings([self::UNSET_LIMITS => 'reset']);
        $this->assertSame('success', $this->module->changePackage(Host::service(200)));

        $this->assertSame([0, 0, 0], $this->seats());
    }

    /** @dataProvider oldServers */
    public function test_a_server_without_such_a_limit_is_said_once(string $version, array $kept, string ...$missing): void
    {
        $this->world(['version' => $version]);
        $service = $this->service();
        $this->choose(200, self::SEATS + ['number_of_devices' => 2]);

        $this->assertSame('success', $this->module->create($service));
        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertSame('success', $this->module->create($this->service(['id' => 201, 'orderid' => 601])));
        $this->choose(201, self::SEATS);
        $this->assertSame('success', $this->module->changePackage(Host::service(201)));

        $this->assertSame($kept, array_filter($this->seats()));
        $this->assertSame(2, $this->comet->profile(self::NAME)['MaximumDevices']);
        $said = $this->said();
        $this->assertCount(count($missing), $said);
        foreach ($missing as $place => $option) {
            $this->assertStringContainsString("the configurable option $option limits nothing there", $said[$place]);
            $this->assertStringContainsString('Service ID: 200', $said[$place]);
        }
        $this->assertNotContains('meta/version', $this->comet->endpoints());
    }

    /** @return array<string, list<mixed>> */
    public static function oldServers(): array
    {
        return [
            'the oldest' => [self::OLD, [], 'microsoft365_accounts', 'hyperv_guests', 'vmware_guests'],
            'without guests' => ['23.6.0', [25], 'hyperv_guests', 'vmware_guests'],
        ];
    }

    public function test_a_server_without_such_a_limit_is_no_finding(): void
    {
        $this->world(['version' => '23.6.0']);
        $this->created([], [], self::SEATS);

        $this->reconcile();

        $this->assertSame([], $this->findings());
    }

    public function test_another_limit_than_sold_is_found_and_a_package_change_ends_it(): void
    {
        $service = $this->created([], [], self::SEATS);
        $this->comet->changeAccount(self::NAME, ['QuotaHyperVGuests' => 30]);
        $this->reconcile();
        $this->assertSame(['limits'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'another Hyper-V guest limit than');
        $this->assertSentence($this->module->custom($service, 'Reconcile'), 'another Hyper-V guest limit than');

        $this->assertSame('success', $this->module->changePackage($service));
        $this->reconcile();

        $this->assertSame([], $this->findings());
    }

    public function test_proxmox_guests_are_limited_where_the_server_s_profile_has_the_field(): void
    {
        $this->world(['as_written' => true]);
        $service = $this->created([], [], ['proxmox_guests' => 6]);
        $this->assertCount(1, $this->said());
        $profile = json_decode($this->comet->account(self::NAME)['text']);
        $profile->{self::PROXMOX} = 0;
        $this->comet->changeAccount(self::NAME, ['Profile' => json_encode($profile)]);

        $this->assertSame('success', $this->module->changePackage($service));

        $sent = $this->comet->requests();
        $this->assertStringContainsString('"' . self::PROXMOX . '":6', end($sent)['texts']['ProfileData']);
    }

    public function test_an_option_that_is_no_number_is_named_before_anything_is_created(): void
    {
        $service = $this->service();
        $this->choose(200, ['vmware_guests' => 'many']);

        $this->assertSentence($this->module->create($service), 'vmware_guests');

        $this->assertSame([], $this->comet->endpoints());
    }

    /** @return list<int|null> */
    private function seats(): array
    {
        $profile = $this->comet->profile(self::NAME);

        return array_map(static fn (string $field): ?int => $profile[$field] ?? null, self::FIELDS);
    }

    /** @return list<string> */
    private function said(): array
    {
        return array_values(preg_grep('/limits nothing there/', Host::activityLog()));
    }
}
