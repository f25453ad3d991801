<?php

declare(strict_types=1);

// What admins, customers and staff do between the commands.

namespace Tests\Reliability;

final class People
{
    public function __construct(private readonly Stage $stage)
    {
    }

    public function change(Step $step): void
    {
        $part = $step->part;
        $world = $this->stage->world;
        // By the password that was sent an account in use is known as the service's, as long as that is asked.
        if (str_ends_with(strtolower($step->deed), 'password') && $world->journal($part, 'unknown', 'add account') !== []) {
            return;
        }
        match ($step->deed) {
            'product' => $world->setProduct($part, $step->with),
            'quantity' => $world->setQuantity($part, $step->with),
            'on suspension' => $world->setSetting($part, 4, $step->with === 1 ? 'revoke' : 'keep'),
            'attach' => $world->setSetting($part, 5, ['', 'on', 'connect'][$step->with]),
            'termination' => $world->setSetting($part, 7, $step->with === 1 ? 'suspend' : 'delete'),
            'devices' => $world->choose($part, 'number_of_devices', $step->with),
            'storage' => $world->choose($part, 'storage_vault_quota_gb', $step->with),
            'field Username' => $world->type($part, 'Username', $step->with),
            'field Password' => $world->type($part, 'Password', $step->with),
            'WHMCS password' => $world->setPassword($part, $step->with),
            'revoked in the portal' => $this->revokeInPortal($part),
            default => $this->inComet($part, $step->deed),
        };
        $this->stage->licenses->noteQuantity($part);
    }

    /** Decides a lost answer; nobody says "not issued" without having looked. */
    public function decide(Part $part, string $deed, string $with): string
    {
        if ($deed === 'enter key') {
            return $this->enter($part, $this->key($part, $with));
        }
        $question = $this->stage->world->journal($part, 'unknown', 'issue')[0] ?? null;
        $hasLooked = $with === 'having looked' || $question !== null && strtotime($question['sent_at'] . ' UTC') < time() - 50;
        if ($hasLooked) {
            $this->stage->world->minutesPass($part);
            $found = $this->stage->licenses->lost($part, $this->stage->remote->state());
            if ($found !== null) {
                return $this->enter($part, $found);
            }
        }

        return $part->loaded()->custom($part->model(), 'IssueAgain');
    }

    public function enter(Part $part, string $key): string
    {
        $part->loaded()->saveAdminTab($part->model(), ['jetpack_found_license_key' => $key]);

        return '';
    }

    private function key(Part $part, string $which): string
    {
        $licenses = $this->stage->licenses;
        $others = array_filter($this->stage->cast, static fn (Part $other): bool => $other !== $part && $other->isLicense());
        $found = match ($which) {
            'right' => $licenses->lost($part, $this->stage->remoteState),
            'of another' => array_filter(array_map(static fn (Part $other): ?string => $licenses->keyOf($other, false), array_values($others)))[0] ?? null,
            'revoked' => $licenses->keyOf($part, true),
            default => null,
        };

        return $found ?? 'jetpack-scan_NoSuchKeyAnywhere0000000';
    }

    private function revokeInPortal(Part $part): void
    {
        $key = $this->stage->licenses->firstActive($part, $this->stage->remoteState);
        if ($key !== null) {
            $this->stage->remote->revoke($key);
        }
    }

    private function inComet(Part $part, string $deed): void
    {
        $account = $this->stage->backups->account($part, $this->stage->remoteState);
        if ($account === null) {
            return;
        }
        $remote = $this->stage->remote;
        if ($deed === 'deleted in Comet' || $deed === 'deleted and made anew') {
            // Whose a name is that nobody has recorded yet could not be told by anyone.
            $isRecorded = ($this->stage->backups->record($part)['creation_guid'] ?? null) === $account->guid;
            $remote->deleteAccount($account->name);
            if ($deed === 'deleted and made anew' && $isRecorded) {
                $remote->makeAccount($account->name);
            }
            return;
        }
        $suspends = ['suspended in Comet' => true, 'unsuspended in Comet' => false];
        if (isset($suspends[$deed])) {
            $remote->changeAccount($account->name, ['IsSuspended' => $suspends[$deed]]);
            $this->stage->backups->allowOnly($account->guid, 'suspended', $suspends[$deed]);
            return;
        }
        $remote->changeAccount($account->name, ['Devices' => [str_repeat('d', 64) => ['FriendlyName' => 'Laptop']]]);
    }
}
