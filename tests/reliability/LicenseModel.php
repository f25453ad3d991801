<?php

declare(strict_types=1);

// What must be true of licenses, whatever fails: each belongs to one service, is known, and is wanted.

namespace Tests\Reliability;

final class LicenseModel
{
    private const MAY_ISSUE = ['create', 'unsuspend', 'changePackage', 'IssueAgain'];
    private const MAY_REVOKE = ['suspend', 'terminate', 'changePackage', 'IssueAgain'];

    /** @var array<string, Part> for whom a license was issued, by its key */
    private array $owners = [];

    /** @var array<string, true> keys that somebody revoked at Jetpack */
    private array $revokedInPortal = [];

    /** @var array<string, int> the largest quantity that was ever wanted, by part */
    private array $most = [];

    public function __construct(private readonly World $world)
    {
    }

    public function noteQuantity(Part $part): void
    {
        $this->most[$part->value] = max($this->most[$part->value] ?? 0, $this->quantity($part));
    }

    public function noteRevokedInPortal(string $key): void
    {
        $this->revokedInPortal[$key] = true;
    }

    /** After each command: what it issued is the service's, and nobody else's license was touched. */
    public function observe(Part $acting, string $deed, RemoteState $before, RemoteState $after): void
    {
        foreach (array_keys(array_diff_key($after->licenses, $before->licenses)) as $key) {
            Violation::unless($acting->isLicense() && in_array($deed, self::MAY_ISSUE, true), "$deed issued a license");
            $this->owners[$key] = $acting;
        }
        // A command may find the license of a lost answer and revoke it.
        $this->exchange($after);
        foreach (array_intersect_key($after->licenses, $before->licenses) as $key => $license) {
            if ($before->licenses[$key]['isActive'] && !$license['isActive']) {
                Violation::unless(in_array($deed, self::MAY_REVOKE, true), "$deed revoked $key");
                Violation::unless(($this->owners[$key] ?? null) === $acting, "$key, which is not {$acting->value}'s, was revoked");
            }
        }
        Violation::unless($after->licenses['jetpack-scan_' . World::BYSTANDER]['isActive'], 'a license of nobody here was revoked');
    }

    /**
     * Licenses of one product are alike until they are recorded: of two whose answers were lost each service gets one, and
     * which it gets is the list's choice.
     */
    public function exchange(RemoteState $remote): void
    {
        foreach (Part::cases() as $part) {
            foreach ($part->isLicense() ? $this->rows($part) : [] as $row) {
                $key = $row['license_key'];
                $owner = $this->owners[$key] ?? null;
                $remoteId = $remote->licenses[$key]['id'] ?? null;
                $isListed = array_filter(
                    $this->world->journal($part, 'done', 'issue'),
                    static fn (array $entry): bool => str_contains((string) $entry['answered'], "in Jetpack's list") && $entry['remote_id'] == $remoteId
                );
                if ($owner === null || $owner === $part || $isListed === []) {
                    continue;
                }
                $this->owners[$key] = $part;
                $other = $this->lost($part, $remote, $remote->licenses[$key]['product']);
                if ($other !== null) {
                    $this->owners[$other] = $owner;
                }
            }
        }
    }

    /** Whether the list shows a license of ours that is older than the question. */
    public function hasShown(Part $part): bool
    {
        $asked = min(array_column($this->world->journal($part, 'unknown', 'issue'), 'sent_at'));

        return array_filter($this->world->rows(World::LICENSES, []), static fn (array $row): bool => $row['issued_at'] < $asked) !== [];
    }

    public function check(Part $part, RemoteState $remote): void
    {
        $this->exchange($remote);
        $unknown = count($this->world->journal($part, 'unknown', 'issue'));
        Violation::unless($unknown <= 1, "{$part->value}: $unknown lost answers are open at once");
        $rows = array_column($this->rows($part), null, 'license_key');
        Violation::unless(count($rows) === count($this->rows($part)), "{$part->value}: a key is in the table twice");
        foreach ($rows as $key => $row) {
            Violation::unless(($this->owners[$key] ?? null) === $part, "{$part->value} holds $key, which was not issued for it");
            $isActive = $remote->licenses[$key]['isActive'];
            Violation::unless($row['revoked_at'] === null || !$isActive, "$key is revoked in the table and lives at Jetpack");
        }
        $domain = $part->isAddon() ? Part::License : $part;
        foreach (array_keys($this->owners, $part, true) as $key) {
            $site = $remote->licenses[$key]['site'];
            Violation::unless($site === null || $site === "https://customer{$domain->id()}.example", "$key is attached to $site");
        }
        $active = $this->active($part, $remote);
        $unrecorded = array_diff($active, array_keys($rows));
        Violation::unless(count($unrecorded) <= $unknown, "{$part->value}: nobody knows of " . implode(', ', $unrecorded));
        foreach (array_count_values(array_map(static fn (string $key): string => $remote->licenses[$key]['product'], $active)) as $product => $count) {
            Violation::unless($count <= ($this->most[$part->value] ?? 1), "{$part->value}: $count licenses of $product live");
        }
    }

    /**
     * What a command that says `success` promises.
     *
     * @param array<string, mixed> $params what it was told
     */
    public function checkSuccess(Part $part, string $deed, array $params, RemoteState $remote): void
    {
        $rows = $this->activeRows($part);
        $wanted = $this->quantity($part);
        $text = "{$part->value}: $deed is said to have worked, and there are " . count($rows) . " licenses where $wanted are wanted";
        $fitting = array_filter($rows, static fn (array $row): bool => $row['product_slug'] === $params['configoption2']);
        $revoked = array_filter(
            array_column($rows, 'license_key'),
            fn (string $key): bool => !$remote->licenses[$key]['isActive']
        );
        Violation::unless(match ($deed) {
            'create' => count($rows) >= $wanted,
            'terminate' => $this->active($part, $remote) === [],
            'suspend' => $params['configoption4'] !== 'revoke' || $rows === [],
            'changePackage' => $rows === [] || count($fitting) === $wanted && count($rows) === $wanted,
            'renew', 'CheckLicense' => $revoked === [],
            default => true,
        }, $text);
    }

    /** With all faults gone and everything decided. */
    public function checkEnd(Part $part, Intention $intention, RemoteState $remote): void
    {
        $this->check($part, $remote);
        $rows = $this->activeRows($part);
        $keys = array_column($rows, 'license_key');
        $active = $this->active($part, $remote);
        sort($keys);
        sort($active);
        Violation::unless($keys === $active, "{$part->value}: in the table live " . json_encode($keys) . ', at Jetpack ' . json_encode($active));
        $params = $this->world->params($part);
        $wanted = match (true) {
            $intention === Intention::Live => $this->quantity($part),
            $intention === Intention::Suspended && $params['configoption4'] !== 'revoke' => count($keys),
            default => 0,
        };
        Violation::unless(count($keys) === $wanted, "{$part->value}: " . count($keys) . " licenses live in the end, $wanted are wanted");
        if ($intention === Intention::Live) {
            foreach ($rows as $row) {
                Violation::unless($row['product_slug'] === $params['configoption2'], "{$part->value}: {$row['license_key']} is of another product");
            }
        }
        $isAttached = array_filter(array_column($rows, 'site')) !== [];
        $mayAttach = $intention === Intention::Live && in_array($params['configoption5'], ['on', 'connect'], true);
        Violation::unless($isAttached || !$mayAttach, "{$part->value}: no license is attached, and the product asks for it");
        $kept = $part->model()->serviceProperties->get('Jetpack License Key');
        Violation::unless($kept === implode(', ', array_column($rows, 'license_key')), "{$part->value}: the custom field holds $kept");
    }

    /** The key of a license that was issued for the service and is not in the table. */
    public function lost(Part $part, RemoteState $remote, ?string $product = null): ?string
    {
        $known = array_column($this->world->rows(World::LICENSES, []), 'license_key');
        $lost = array_filter(
            array_diff($this->active($part, $remote), $known),
            static fn (string $key): bool => $product === null || $remote->licenses[$key]['product'] === $product
        );

        return array_values($lost)[0] ?? null;
    }

    /** Whether there is a revoked license that is in no row. */
    public function hasStranger(RemoteState $remote): bool
    {
        $revoked = array_filter($remote->licenses, static fn (array $license): bool => !$license['isActive']);

        return array_diff(array_keys($revoked), array_column($this->world->rows(World::LICENSES, []), 'license_key')) !== [];
    }

    /** A key of that service, as a person who mixes things up would enter it. */
    public function keyOf(Part $part, bool $isRevoked): ?string
    {
        foreach ($this->rows($part) as $row) {
            if (($row['revoked_at'] !== null) === $isRevoked) {
                return $row['license_key'];
            }
        }

        return null;
    }

    public function firstActive(Part $part, RemoteState $remote): ?string
    {
        return $this->active($part, $remote)[0] ?? null;
    }

    /** @return list<string> parts of keys that no log may show */
    public function secrets(): array
    {
        return array_map(static fn (string $key): string => explode('_', $key)[1], array_keys($this->owners));
    }

    public function quantity(Part $part): int
    {
        return (int) $part->model()->qty;
    }

    /** @return list<string> */
    private function active(Part $part, RemoteState $remote): array
    {
        $own = array_keys($this->owners, $part, true);

        return array_values(array_filter($own, static fn (string $key): bool => $remote->licenses[$key]['isActive']));
    }

    /** @return list<array<string, mixed>> */
    private function rows(Part $part): array
    {
        return $this->world->rows(World::LICENSES, $part->holder());
    }

    /** @return list<array<string, mixed>> */
    private function activeRows(Part $part): array
    {
        return array_values(array_filter($this->rows($part), static fn (array $row): bool => $row['revoked_at'] === null));
    }
}
