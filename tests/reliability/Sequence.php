<?php

declare(strict_types=1);

// A random sequence of steps on two or three services, made of its seed alone.

namespace Tests\Reliability;

use Random\Engine\Mt19937;
use Random\Randomizer;

final class Sequence
{
    /** What WHMCS or an admin's button runs, and how often in relation. */
    public const COMMANDS = [
        'jetpack' => [
            'create' => 8, 'suspend' => 3, 'unsuspend' => 3, 'terminate' => 3, 'changePackage' => 4, 'renew' => 2,
            'CheckLicense' => 2, 'AttachToSite' => 1, 'ConnectSite' => 1, 'DetachFromSite' => 1, 'IssueAgain' => 2, 'enter key' => 2,
            'look' => 2,
        ],
        'cometbackup' => [
            'create' => 8, 'suspend' => 3, 'unsuspend' => 3, 'terminate' => 3, 'changePackage' => 4,
            'changePassword' => 3, 'CheckAccount' => 2, 'look' => 2,
        ],
    ];
    /** What people do in between. */
    private const CHANGES = [
        'jetpack' => ['product' => 3, 'quantity' => 3, 'on suspension' => 2, 'attach' => 2, 'revoked in the portal' => 2],
        'cometbackup' => [
            'product' => 2, 'devices' => 3, 'storage' => 2, 'field Username' => 2, 'field Password' => 1,
            'WHMCS password' => 1, 'termination' => 1, 'suspended in Comet' => 1, 'unsuspended in Comet' => 1,
            'deleted in Comet' => 1, 'deleted and made anew' => 1, 'device registers' => 1,
        ],
    ];
    private const CASTS = [
        [Part::License, Part::LicenseAddon],
        [Part::License, Part::LicenseOfAnother],
        [Part::License, Part::LicenseAddon, Part::LicenseOfAnother],
        [Part::Backup, Part::BackupOfAnother],
        [Part::Backup, Part::BackupOfAnother, Part::BackupAddon],
        [Part::Backup, Part::BackupAddon],
        [Part::LicenseAddon, Part::Backup, Part::BackupOfAnother],
        [Part::License, Part::Backup],
    ];
    private const REFUSALS = [400, 403, 404, 410];
    private const TROUBLES = [500, 502, 503, 504, 408];

    /** @param list<Part> $cast @param list<Step> $steps */
    public function __construct(
        public readonly int $seed,
        public readonly array $cast,
        public readonly bool $nameIsTaken,
        public readonly array $steps
    ) {
    }

    /** Whether the token has a list of licenses, and whether another WHMCS uses it as well. */
    public function list(): TokenList
    {
        return TokenList::cases()[$this->seed % count(TokenList::cases())];
    }

    public static function ofSeed(int $seed): self
    {
        $random = new Randomizer(new Mt19937($seed));
        $cast = self::CASTS[$random->getInt(0, count(self::CASTS) - 1)];
        $steps = [];
        $length = $random->getInt(3, 8);
        while (count($steps) < $length) {
            // Most services begin with their account.
            $part = $cast[count($steps)] ?? $cast[$random->getInt(0, count($cast) - 1)];
            $begins = isset($cast[count($steps)]) && $random->getInt(1, 4) > 1;
            $steps[] = $begins ? self::command($random, $part, 'create') : self::any($random, $part);
        }

        return new self($seed, $cast, $random->getInt(1, 4) === 1, $steps);
    }

    /** @param list<Step> $steps */
    public function withSteps(array $steps): self
    {
        return new self($this->seed, $this->cast, $this->nameIsTaken, array_values($steps));
    }

    public function told(): string
    {
        $lines = ['On stage: ' . implode(', ', array_column($this->cast, 'value')) . ($this->nameIsTaken ? '; the wished name is taken' : '')
            . "; {$this->list()->value}"];
        foreach ($this->steps as $number => $step) {
            $lines[] = sprintf('  %d. %s', $number + 1, $step->told());
        }

        return implode("\n", $lines);
    }

    private static function any(Randomizer $random, Part $part): Step
    {
        if ($random->getInt(1, 3) > 1) {
            return self::command($random, $part, self::pick($random, self::COMMANDS[$part->module()]));
        }
        $change = self::pick($random, self::CHANGES[$part->module()]);
        $with = match ($change) {
            'product', 'on suspension', 'termination' => $random->getInt(0, 1),
            'attach' => $random->getInt(0, 2),
            'quantity' => $random->getInt(1, 3),
            'devices' => $random->getInt(0, 5),
            'storage' => $random->getInt(0, 50),
            'field Username' => ['', 'wished-name', 'other-name', 'somebody-else', 'Zoë Müßig'][$random->getInt(0, 4)],
            'field Password', 'WHMCS password' => 'Typed-Passw0rd-' . $random->getInt(1000, 9999),
            default => null,
        };

        return new Step($part, $change, $with);
    }

    private static function command(Randomizer $random, Part $part, string $deed): Step
    {
        $with = match ($deed) {
            'changePassword' => 'N3w-Passw0rd-' . $random->getInt(1000, 9999),
            'IssueAgain' => ['at once', 'having looked'][$random->getInt(0, 1)],
            'enter key' => ['right', 'right', 'nonsense', 'of another', 'revoked'][$random->getInt(0, 4)],
            default => null,
        };
        $faults = [];
        for ($some = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3][$random->getInt(0, 9)]; $some > 0; $some--) {
            $faults[] = self::fault($random, $part);
        }

        return new Step($part, $deed, $with, $faults, $random->getInt(1, 8) === 1);
    }

    /** @return array<string, mixed> */
    private static function fault(Randomizer $random, Part $part): array
    {
        $number = static fn (array $of): int => $of[$random->getInt(0, count($of) - 1)];
        $acts = $random->getInt(0, 1) === 1;
        $refusal = $number(self::REFUSALS);
        $fault = match ($random->getInt(0, $part->isLicense() ? 11 : 13)) {
            0, 1 => ['fault' => 'drop'],
            2, 3 => ['fault' => 'act_and_drop'],
            4 => ['fault' => 'status', 'status' => $refusal, 'body' => 'refused'],
            5 => ['fault' => 'json', 'act' => false, 'status' => $refusal,
                'body' => ['code' => 'no', 'message' => 'Never.', 'Status' => $refusal, 'Message' => 'Never']],
            6 => ['fault' => 'status', 'status' => $number(self::TROUBLES), 'act' => $acts],
            7 => ['fault' => 'rate_limit', 'retry_after' => 1],
            8 => ['fault' => 'html', 'status' => $number([200, 200, 502]), 'act' => $acts],
            9 => ['fault' => 'truncate'],
            10 => ['fault' => 'json', 'act' => $acts, 'body' => ['welcome' => ['another', 'shape']]],
            11 => $random->getInt(1, 6) === 1
                ? ['fault' => 'delay', 'ms' => 350, 'when' => $acts ? 'before' : 'after']
                : ['fault' => 'wrong_types'],
            default => ['fault' => 'stale_hash', 'match' => ['endpoint' => 'set-user-profile-hash'], 'times' => $random->getInt(1, 4)],
        };

        return $fault + ['skip' => max(0, $random->getInt(-2, 4)), 'times' => max(1, $random->getInt(-3, 3))];
    }

    /** @param array<string, int> $weights */
    private static function pick(Randomizer $random, array $weights): string
    {
        $left = $random->getInt(1, array_sum($weights));
        foreach ($weights as $name => $weight) {
            $left -= $weight;
            if ($left <= 0) {
                return $name;
            }
        }
        throw new \LogicException('The weights do not add up.');
    }
}
