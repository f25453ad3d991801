<?php

declare(strict_types=1);

// cometbackup_RefetchProfile, the button "Devices: Read Profile Again".

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Service\Service;

final class RefetchProfileTest extends CometTestCase
{
    private const FUNCTION = 'RefetchProfile';
    private const LIST = 'dispatcher/list-active';
    private const ASK = 'dispatcher/refetch-profile';

    /** @param array<string, string> $live connection ⇒ account */
    private function connected(array $live, string $version = self::NEW): Service
    {
        $connection = static fn (string $name): array => ['Username' => $name, 'DeviceID' => "of-$name"];
        $this->world(['version' => $version, 'live' => array_map($connection, $live), 'accounts' => [['Username' => 'bob@example.com']]]);

        return $this->created();
    }

    public function test_each_connected_device_of_the_account_is_asked_and_no_other(): void
    {
        $service = $this->connected(['c1' => self::NAME, 'c2' => 'bob@example.com', 'c3' => self::NAME]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->custom($service, self::FUNCTION)));

        $this->assertSame([self::READ, self::LIST, self::ASK, self::ASK], $asked);
        $this->assertEqualsCanonicalizing(['c1', 'c3'], array_column($this->comet->deviceCalls(), 'TargetID'));
        $this->assertStringContainsString('2 of 2 connected devices of the Comet account ada@example.com were asked', implode("\n", Host::activityLog()));
    }

    public function test_old_servers_name_the_devices_of_everybody(): void
    {
        $service = $this->connected(['c1' => self::NAME, 'c2' => 'bob@example.com'], self::OLD);

        $this->assertSame('success', $this->module->custom($service, self::FUNCTION));

        $this->assertSame(['c1'], array_column($this->comet->deviceCalls(), 'TargetID'));
    }

    public function test_where_none_is_connected_it_says_when_they_read(): void
    {
        $service = $this->connected(['c2' => 'bob@example.com']);

        $this->assertSentence($this->module->custom($service, self::FUNCTION), 'No device', 'is connected now', 'when it connects again');

        $this->assertSame([], $this->comet->deviceCalls());
    }

    public function test_a_device_that_has_gone_in_between_does_not_stop_the_others(): void
    {
        $service = $this->connected(['c1' => self::NAME, 'c3' => self::NAME]);
        $this->comet->faultOn(self::ASK, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 400, 'Message' => 'Unknown connection']]);

        $this->assertSame('success', $this->module->custom($service, self::FUNCTION));

        $this->assertCount(1, $this->comet->deviceCalls());
        $this->assertStringContainsString('1 of 2 connected devices', implode("\n", Host::activityLog()));
    }

    public function test_a_customer_may_not(): void
    {
        $service = $this->connected(['c1' => self::NAME]);
        $_SESSION = ['uid' => 10];

        $answer = $this->module->call(self::FUNCTION, $this->module->paramsFor($service));
        $_SESSION = [];

        $this->assertStringContainsString('this is for staff only', $answer);
        $this->assertSame([], $this->comet->deviceCalls());
    }
}
