<?php

declare(strict_types=1);

// What must be true of Comet accounts, whatever fails: one for each service, recorded, and nobody else's touched.

namespace Tests\Reliability;

final class BackupModel
{
    private const FACETS = ['suspended', 'password', 'devices', 'policy', 'storage'];

    /** @var array<string, Part> for whom an account was made, by its CreationGUID */
    private array $owners = [];

    /** @var array<string, array<string, list<mixed>>> values that an account may have, by CreationGUID and facet */
    private array $allowed = [];

    public function __construct(private readonly World $world)
    {
    }

    /** Staff or a device changed something in Comet. */
    public function allowOnly(string $guid, string $facet, mixed $value): void
    {
        $this->allowed[$guid][$facet] = [$value];
    }

    /**
     * After each command: only what it was to change has changed.
     *
     * @param array<string, mixed> $params what the command was told
     */
    public function observe(Part $acting, string $deed, bool $worked, array $params, RemoteState $before, RemoteState $after): void
    {
        foreach ($before->accounts as $guid => $account) {
            $isOwn = ($this->owners[$guid] ?? null) === $acting;
            $still = $after->accounts[$guid] ?? null;
            Violation::unless($isOwn || $account->isSameAs($still), "$deed of {$acting->value} changed the account $account->name, which is not its own");
            $mayEnd = $deed === 'terminate' && $params['configoption7'] !== 'suspend';
            Violation::unless($still !== null || $mayEnd, "$deed deleted the account $account->name");
        }
        foreach (array_diff_key($after->accounts, $before->accounts) as $guid => $account) {
            Violation::unless($deed === 'create' && !$acting->isLicense(), "$deed made the account $account->name");
            $this->owners[$guid] = $acting;
            $password = $params['customfields']['Password'] ?: $params['password'];
            $this->allowed[$guid] = ['suspended' => [false], 'password' => [$password], 'devices' => [0], 'policy' => [''], 'storage' => [0]];
        }
        foreach ($before->policies as $id => $policy) {
            Violation::unless($after->policies[$id] === $policy, "$deed changed the policy group $id");
        }
        if ($acting->isLicense()) {
            return;
        }
        foreach ($this->targets($deed, $params) as $facet => $value) {
            foreach (array_keys($this->owners, $acting, true) as $guid) {
                $this->allowed[$guid][$facet] = $worked ? [$value] : [...$this->allowed[$guid][$facet], $value];
            }
        }
    }

    public function check(Part $part, RemoteState $remote): void
    {
        $own = $this->active($part, $remote);
        Violation::unless(count($own) <= 1, "{$part->value} has the accounts " . implode(' and ', array_column($own, 'name')));
        $record = $this->record($part);
        foreach ($own as $account) {
            $isLost = $record !== null && $record['state'] === 'planned' && $this->world->journal($part, 'unknown', 'add account') !== [];
            $isRecorded = $record !== null && $record['username'] === $account->name && ($isLost || $record['state'] === 'created')
                && in_array($record['creation_guid'], [null, $account->guid], true);
            Violation::unless($isRecorded, "{$part->value}: nobody knows of its account $account->name; recorded is " . json_encode($record));
            foreach (self::FACETS as $facet) {
                $value = self::facet($account, $facet);
                $allowed = $this->allowed[$account->guid][$facet];
                $says = "{$part->value}: $facet is " . json_encode($value) . ', allowed are ' . json_encode($allowed);
                Violation::unless($value === null || in_array($value, $allowed, true), $says);
            }
            Violation::unless(count($account->vaults) <= 1, "{$part->value} has " . count($account->vaults) . ' storage vaults');
        }
        $guid = $record['creation_guid'] ?? null;
        Violation::unless($guid === null || ($this->owners[$guid] ?? null) === $part, "{$part->value} has taken over an account: " . json_encode($record));
    }

    /**
     * What a command that says `success` promises.
     *
     * @param array<string, mixed> $params what it was told
     */
    public function checkSuccess(Part $part, string $deed, array $params, RemoteState $remote): void
    {
        $own = $this->active($part, $remote);
        $says = "{$part->value}: $deed is said to have worked";
        $deletes = $deed === 'terminate' && $params['configoption7'] !== 'suspend';
        // Of an account that somebody deleted there is nothing to keep.
        if ($deletes || $deed === 'terminate' && $own === []) {
            Violation::unless($own === [] && $this->record($part) === null, "$says, and the account or its record is there");
            return;
        }
        if ($deed === 'look') {
            return;
        }
        Violation::unless(count($own) === 1, "$says, and there are " . count($own) . ' accounts');
        if ($deed === 'create') {
            $this->checkCreated($part, $own[0], $says);
        }
    }

    /** With all faults gone and everything decided. */
    public function checkEnd(Part $part, Intention $intention, RemoteState $remote): void
    {
        $this->check($part, $remote);
        $own = $this->active($part, $remote);
        $params = $this->world->params($part);
        $isKept = $intention === Intention::Ended && $params['configoption7'] === 'suspend' && $this->record($part) !== null;
        $wanted = in_array($intention, [Intention::Live, Intention::Suspended], true) || $isKept ? 1 : 0;
        Violation::unless(count($own) === $wanted, "{$part->value}: " . count($own) . " accounts in the end, $wanted are wanted");
        if ($wanted === 0) {
            Violation::unless($this->record($part) === null, "{$part->value}: an account is recorded that is not there");
            return;
        }
        Violation::unless($own[0]->isSuspended === ($intention !== Intention::Live), "{$part->value}: wrongly suspended or not");
        if ($isKept) {
            return;
        }
        $this->checkCreated($part, $own[0], "{$part->value} in the end");
        foreach ($this->targets('changePackage', $params) as $facet => $value) {
            $has = self::facet($own[0], $facet);
            Violation::unless($has === $value, "{$part->value}: in the end $facet is " . json_encode($has) . ', sold is ' . json_encode($value));
        }
    }

    /** The account that was made for the service, if it is still there. */
    public function account(Part $part, RemoteState $remote): ?Account
    {
        return $this->active($part, $remote)[0] ?? null;
    }

    /** @return array<string, mixed>|null */
    public function record(Part $part): ?array
    {
        $rows = $this->world->rows(World::ACCOUNTS, $part->holder());
        $open = array_values(array_filter($rows, static fn (array $row): bool => $row['state'] !== 'ended'));
        Violation::unless(count($open) <= 1, "{$part->value}: two accounts are recorded");

        return $open[0] ?? null;
    }

    private function checkCreated(Part $part, Account $account, string $says): void
    {
        $record = $this->record($part);
        $isWhole = count($account->vaults) === 1 && $record !== null && $record['creation_guid'] === $account->guid
            && $record['vault_id'] !== null;
        Violation::unless($isWhole, "$says, and the account or its record is not whole: " . json_encode($record));
        $params = $this->world->params($part);
        $isShown = in_array($account->name, [$params['username'], $params['customfields']['Username'] ?? ''], true);
        Violation::unless($isShown, "$says, and WHMCS does not show the user name $account->name");
    }

    /** @param array<string, mixed> $params @return array<string, mixed> what the command is to make of each facet */
    private function targets(string $deed, array $params): array
    {
        $suspends = $deed === 'suspend' || $deed === 'terminate' && $params['configoption7'] === 'suspend';
        if ($suspends || $deed === 'unsuspend') {
            return ['suspended' => $suspends];
        }
        if ($deed === 'changePassword') {
            return ['password' => $params['password']];
        }
        if (!in_array($deed, ['create', 'changePackage'], true)) {
            return [];
        }
        $targets = ['policy' => $params['configoption1']];
        $lifts = $deed === 'changePackage' && $params['configoption5'] === 'reset';
        foreach (['devices' => ['number_of_devices', 1], 'storage' => ['storage_vault_quota_gb', World::GB]] as $facet => [$option, $unit]) {
            $sold = $params['configoptions'][$option] ?? ($lifts ? 0 : null);
            $targets += $sold === null ? [] : [$facet => $sold * $unit];
        }

        return $targets;
    }

    private static function facet(Account $account, string $facet): mixed
    {
        return match ($facet) {
            'suspended' => $account->isSuspended,
            'password' => $account->password,
            'devices' => $account->devices,
            'policy' => $account->policy,
            'storage' => $account->vaults[0] ?? null,
        };
    }

    /** @return list<Account> */
    private function active(Part $part, RemoteState $remote): array
    {
        return array_values(array_intersect_key($remote->accounts, array_flip(array_keys($this->owners, $part, true))));
    }
}
