<?php

declare(strict_types=1);

// Comet services in a race: who runs, and what must be true afterwards.

namespace Tests\Reliability;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

abstract class CometRaces extends CometTestCase
{
    use Races;

    protected const MANY = 50;
    protected const WALKERS = 8;
    protected const FIRST = 200;
    private const LONG_AGO = 1_750_000_000;
    protected const POLICY_ID = 'whmcs-policy-1';

    /** Policy group, vault and names of their own. @return array<string, string> */
    protected static function plan(): array
    {
        return [self::POLICY => self::POLICY_ID, self::VAULT => self::TEMPLATE, self::USER_NAMES => 'name'];
    }

    /** @return list<int> */
    protected function services(int $count): array
    {
        $this->settings(self::plan());
        $ids = range(self::FIRST, self::FIRST + $count - 1);
        foreach ($ids as $id) {
            $this->service(['id' => $id]);
        }

        return $ids;
    }

    protected function slowly(): void
    {
        $this->comet->faultOnAll(['fault' => 'delay', 'ms' => 10, 'times' => 0]);
    }

    /** The account has a device that was not seen for a month, another one, and a second factor. */
    protected function inUse(int $service): void
    {
        Capsule::table('tblhosting')->where('id', $service)->update(['domainstatus' => 'Active']);
        $this->comet->changeAccount($this->record($service)['username'], ['merge' => [
            'Devices' => [
                Contestant::OLD_DEVICE => ['FriendlyName' => 'Old laptop', 'RegistrationTime' => self::LONG_AGO],
                'new' => ['FriendlyName' => 'Server'],
            ],
            'Sources' => ['s1' => ['OwnerDevice' => Contestant::OLD_DEVICE, 'Statistics' => ['LastBackupJob' => ['StartTime' => self::LONG_AGO]]]],
            'AllowPasswordLogin' => false, 'AllowPasswordAndTOTPLogin' => true,
        ]]);
    }

    /** One account each with one vault and the policy group, all recorded; nothing open. @param list<int> $services */
    protected function assertOneAccountEach(array $services): void
    {
        $records = Capsule::table(self::ACCOUNTS)->where('state', '<>', 'ended')->get();
        $this->assertEqualsCanonicalizing($services, $records->pluck('service_id')->all());
        $this->assertSame(['created'], $records->pluck('state')->unique()->values()->all());
        $this->assertEqualsCanonicalizing($this->comet->accountNames(), $records->pluck('username')->all());
        $accounts = $this->comet->state()['accounts'];
        foreach ($records as $record) {
            $profile = $accounts[$record->username]['profile'];
            $this->assertSame([$record->vault_id], array_keys($profile['Destinations']));
            $this->assertSame(self::POLICY_ID, $profile['PolicyID']);
            $this->assertSame($record->creation_guid, $profile['CreationGUID']);
        }
        $this->assertSame([self::POLICY_ID], array_keys($this->comet->policies()));
        $this->assertNothingIsOpen();
    }

    protected function assertNothingIsOpen(): void
    {
        $open = Capsule::table(self::JOURNAL)->whereNotNull('open_key')->orWhereIn('state', ['begun', 'sent'])
            // What may be repeated may stay unknown: the profile has told since.
            ->orWhere(fn ($row) => $row->where('state', 'unknown')->where('operation', 'add account'));
        $this->assertSame([], $open->get()->all());
    }

    /** Requests that make something. @return array<string, int> */
    protected function making(): array
    {
        return array_intersect_key(
            array_count_values($this->comet->endpoints()),
            array_flip([self::ADD, self::REQUEST_VAULT, 'policies/set'])
        );
    }
}
