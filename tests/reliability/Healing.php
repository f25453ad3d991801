<?php

declare(strict_types=1);

// The end of a sequence: no faults any more, WHMCS retries, a person decides what is undecided. Then all must be right.

namespace Tests\Reliability;

final class Healing
{
    public function __construct(private readonly Stage $stage)
    {
    }

    public function run(): void
    {
        ini_set('whmcs_provisioning.request_timeout', '5');
        $this->stage->remote->noMoreFaults();
        if ($this->stage->list !== TokenList::None) {
            $this->reconcile();
        }
        foreach ($this->stage->cast as $part) {
            $part->isLicense() ? $this->healLicense($part) : $this->healBackup($part);
        }
        foreach ($this->stage->cast as $part) {
            $intention = $this->stage->intention($part);
            $part->isLicense()
                ? $this->stage->licenses->checkEnd($part, $intention, $this->stage->remoteState)
                : $this->stage->backups->checkEnd($part, $intention, $this->stage->remoteState);
            $unknown = array_filter(
                $this->stage->world->journal($part, 'unknown'),
                // These cost nobody anything, and are asked again when somebody wants them.
                static fn (array $row): bool => !in_array($row['operation'], ['create policy', 'attach', 'detach', 'connect'], true)
            );
            Violation::unless($unknown === [], "{$part->value}: still undecided is " . json_encode($unknown));
        }
        $this->checkLogs();
    }

    /** The daily run half an hour later, and another an hour after it: where nobody else uses the token, no question is left. */
    private function reconcile(): void
    {
        foreach ([31, 61] as $minutes) {
            $this->stage->world->pass($minutes);
            $this->stage->remote->earlier(60 * $minutes);
            $told = $this->stage->world->dailyRun();
            Violation::unless(str_starts_with($told, 'Reconciled '), "the daily run answers $told");
            $this->stage->remoteState = $this->stage->remote->state();
            $this->stage->licenses->exchange($this->stage->remoteState);
            foreach ($this->stage->cast as $part) {
                if ($part->isLicense()) {
                    $this->stage->licenses->check($part, $this->stage->remoteState);
                    $this->checkSettled($part, $minutes);
                }
            }
        }
    }

    private function checkSettled(Part $part, int $minutes): void
    {
        $open = $this->stage->world->journal($part, 'unknown', 'issue') !== [];
        if ($this->stage->list !== TokenList::Alone || !$open || $this->stage->remote->hasLostList()) {
            return;
        }
        // One that nobody here knows and somebody has revoked may be another's: then a person decides.
        if ($this->stage->licenses->hasStranger($this->stage->remoteState)) {
            return;
        }
        $lost = $this->stage->licenses->lost($part, $this->stage->remoteState);
        Violation::unless($lost === null, "{$part->value}: half an hour later the list has not settled what became of $lost");
        // Without any license of ours from before the request the list says nothing.
        $says = $minutes > 31 && $this->stage->licenses->hasShown($part);
        Violation::unless(!$says, "{$part->value}: 90 minutes later the list has not said that nothing was issued");
    }

    private function healLicense(Part $part): void
    {
        $this->decide($part);
        match ($this->stage->intention($part)) {
            Intention::Live => $this->bringToLife($part),
            Intention::Suspended => $this->must($part, 'suspend'),
            Intention::Ended => $this->must($part, 'terminate', 'No license key found'),
            Intention::NeverOrdered => null,
        };
        if ($this->stage->intention($part) === Intention::Suspended) {
            // Also records what somebody revoked at Jetpack.
            $this->stage->command($part, 'CheckLicense');
        }
    }

    /** The service page shows the question; a person looks into the partner portal. */
    private function decide(Part $part): void
    {
        for ($rounds = 0; $this->stage->world->journal($part, 'unknown', 'issue') !== []; $rounds++) {
            $isAsked = isset($part->loaded()->adminTab($part->model())['Lost Answer']);
            Violation::unless($isAsked, "{$part->value}: the service page does not ask about a lost answer");
            Violation::unless($rounds < 3, "{$part->value}: the question of a lost answer does not end");
            $intended = $this->stage->intention($part);
            $this->stage->command($part, 'IssueAgain', 'having looked');
            Violation::unless($this->stage->intention($part) === $intended, 'a decision is no command');
        }
    }

    private function bringToLife(Part $part): void
    {
        $this->stage->command($part, 'CheckLicense');
        $this->must($part, 'create');
        $this->must($part, 'changePackage');
        $this->must($part, 'renew');
    }

    /** Only the person in Comet can say whose the account is that has the name now; here it goes away again. */
    private function removeNamesake(Part $part): void
    {
        $record = $this->stage->backups->record($part);
        $namesake = $record === null ? null : $this->stage->remoteState->accountNamed($record['username']);
        if ($namesake !== null && $record['creation_guid'] !== null && $record['creation_guid'] !== $namesake->guid) {
            $this->must($part, 'CheckAccount', 'is not the one that was created for this service');
            $this->stage->remote->deleteAccount($namesake->name);
            $this->stage->remoteState = $this->stage->remote->state();
        }
    }

    private function healBackup(Part $part): void
    {
        $this->removeNamesake($part);
        $intention = $this->stage->intention($part);
        if ($intention === Intention::NeverOrdered) {
            return;
        }
        $this->stage->world->minutesPass($part);
        if ($intention === Intention::Ended) {
            $this->must($part, 'terminate', 'is not created yet', 'No Comet account is recorded');
            return;
        }
        $record = $this->stage->backups->record($part);
        $isGone = $record !== null && $record['state'] === 'created' && $this->stage->backups->account($part, $this->stage->remoteState) === null;
        if ($isGone) {
            // The check says so; staff end the service's account and make another.
            $this->stage->world->setSetting($part, 7, 'delete');
            $this->must($part, 'terminate');
        }
        $this->must($part, 'create');
        $this->must($part, $intention === Intention::Suspended ? 'suspend' : 'unsuspend');
        $this->must($part, 'changePackage');
        if (isset($this->stage->openPassword[$part->value])) {
            $this->must($part, 'changePassword', with: $this->stage->openPassword[$part->value]);
        }
        $this->must($part, 'CheckAccount');
    }

    private function must(Part $part, string $deed, string ...$orSays): void
    {
        $with = $orSays['with'] ?? null;
        $answer = $this->stage->command($part, $deed, $with);
        $isRight = $answer === 'success';
        foreach (array_diff_key($orSays, ['with' => true]) as $sentence) {
            $isRight = $isRight || str_contains($answer, $sentence);
        }
        Violation::unless($isRight, "{$part->value}: with all faults gone, $deed answers: $answer");
    }

    private function checkLogs(): void
    {
        $logs = $this->stage->world->logs();
        foreach ($this->stage->secrets() as $secret) {
            foreach (array_unique([$secret, rawurlencode($secret), urlencode($secret)]) as $form) {
                Violation::unless(!str_contains($logs, $form), "a log holds the secret $form");
            }
        }
    }
}
