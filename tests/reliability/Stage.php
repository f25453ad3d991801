<?php

declare(strict_types=1);

// A sequence at work: commands as WHMCS runs them, what people do, and the models that watch.

namespace Tests\Reliability;

use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;

final class Stage
{
    public RemoteState $remoteState;
    public readonly LicenseModel $licenses;
    public readonly BackupModel $backups;

    /** @var array<string, Intention> by part */
    private array $intentions = [];

    /** @var array<string, string> a password that was to be set, by part, until it is */
    public array $openPassword = [];

    private static int $played = 0;
    private readonly string $token;
    public int $commands = 0;

    /** @var array<string, int> how often requests ran into each fault */
    public array $faults = [];

    /** @param list<Part> $cast */
    public function __construct(
        public readonly World $world,
        public readonly Remote $remote,
        public readonly array $cast,
        bool $nameIsTaken,
        public readonly TokenList $list
    ) {
        ini_set('whmcs_provisioning.jetpack_license_list', $list === TokenList::None ? '0' : '1');
        // A token that had no list is not asked again by this process: each sequence has its own.
        $this->token = JetpackSandbox::TOKEN . '-' . ++self::$played;
        $world->reset($cast, $this->token);
        $remote->reset($nameIsTaken, $this->token);
        if ($list === TokenList::Shared) {
            $remote->issueElsewhere('jetpack-backup-daily', 10 * 86400);
        }
        $this->remoteState = $remote->state();
        $this->licenses = new LicenseModel($world);
        $this->backups = new BackupModel($world);
        foreach ($cast as $part) {
            $this->intentions[$part->value] = Intention::NeverOrdered;
            $this->licenses->noteQuantity($part);
        }
    }

    public function intention(Part $part): Intention
    {
        return $this->intentions[$part->value];
    }

    public function play(Step $step): void
    {
        if (!$step->isCommand()) {
            (new People($this))->change($step);
            $this->remoteState = $this->remote->state();
            $this->world->lookAgain();
            $this->check();
            return;
        }
        ini_set('whmcs_provisioning.request_timeout', $step->isSlow() ? '0.25' : '5');
        $this->remote->queue($step->faults);
        $this->command($step->part, $step->deed, $step->with);
        if ($step->twice) {
            $this->command($step->part, $step->deed, $step->with);
        }
        foreach ($this->remote->noMoreFaults() as $fault) {
            $this->faults[$fault] = ($this->faults[$fault] ?? 0) + 1;
        }
    }

    /** @return string what WHMCS is told; empty for what answers with a page */
    public function command(Part $part, string $deed, int|string|null $with = null): string
    {
        $this->buyElsewhere($part);
        $before = $this->remoteState;
        $this->world->told = [];
        // Unsuspending issues what the service should hold, also where nothing was issued before.
        $this->intentions[$part->value] = $part->isLicense() && $deed === 'unsuspend'
            ? Intention::Live
            : $this->intention($part)->after($deed);
        $answer = $this->answer($part, $deed, $with);
        $this->commands++;
        $params = $this->world->told;
        $this->remoteState = $this->remote->state();
        $this->world->lookAgain();
        $worked = $answer === 'success';
        $this->checkSentence($part, $deed, $answer);
        $this->licenses->observe($part, $deed, $before, $this->remoteState);
        $this->backups->observe($part, $deed, $worked, $params, $before, $this->remoteState);
        $this->check();
        if ($worked) {
            $part->isLicense()
                ? $this->licenses->checkSuccess($part, $deed, $params, $this->remoteState)
                : $this->backups->checkSuccess($part, $deed, $params, $this->remoteState);
        }

        return $answer;
    }

    /** The other WHMCS buys the same product in the same second. */
    private function buyElsewhere(Part $part): void
    {
        if ($this->list === TokenList::Shared && $part->isLicense()) {
            $this->remote->issueElsewhere($this->world->params($part)['configoption2'], 0);
            $this->remoteState = $this->remote->state();
        }
    }

    /** @return array<string, int> how lost answers ended */
    public function settled(): array
    {
        $ends = ['by the list' => 0, 'as not issued, by the list' => 0, 'by a person' => 0];
        foreach ($this->world->rows(World::JOURNAL, ['operation' => 'issue']) as $row) {
            $ends['by the list'] += (int) str_contains((string) $row['answered'], "in Jetpack's list");
            $ends['as not issued, by the list'] += (int) str_contains((string) $row['answered'], 'nothing was issued');
            $ends['by a person'] += (int) str_starts_with((string) $row['answered'], 'staff found');
        }

        return $ends;
    }

    /** @return list<string> what no log may hold */
    public function secrets(): array
    {
        $passwords = array_map(static fn (Account $account): string => $account->password, array_values($this->remoteState->accounts));

        return array_unique([...$passwords, ...$this->licenses->secrets(), $this->token, CometSandbox::PASSWORD]);
    }

    private function answer(Part $part, string $deed, int|string|null $with): string
    {
        $module = $part->loaded();
        $model = $part->model();

        return match ($deed) {
            'create', 'suspend', 'unsuspend', 'terminate', 'changePackage', 'renew' => $module->$deed($model),
            'changePassword' => $this->changePassword($part, (string) $with),
            'IssueAgain', 'enter key' => (new People($this))->decide($part, $deed, (string) $with),
            'look' => $this->look($part),
            default => $module->custom($model, $deed),
        };
    }

    private function changePassword(Part $part, string $password): string
    {
        $this->openPassword[$part->value] = $password;
        $answer = $part->loaded()->changePassword($part->model(), $password);
        if ($answer === 'success') {
            unset($this->openPassword[$part->value]);
        }

        return $answer;
    }

    /** All pages, which change nothing. */
    private function look(Part $part): string
    {
        $module = $part->loaded();
        $model = $part->model();
        $module->adminTab($model);
        $module->adminButtons($model);
        $module->clientArea($model);
        if ($part->isLicense()) {
            $loaders = ['FetchProducts' => $module->paramsFor($model), 'CreateLicensesTable' => [], 'DefaultApiToken' => []];
        } else {
            $server = $module->serverParams(1);
            $loaders = [
                'ConfigOptionsPolicyGroupLoader' => $server, 'ConfigOptionsStorageProvidersLoader' => $server,
                'TestConnection' => $server, 'AdminSingleSignOn' => $server, 'ServiceSingleSignOn' => $module->paramsFor($model),
            ];
        }
        foreach ($loaders as $function => $params) {
            try {
                $module->call($function, $params);
            } catch (\Exception $told) {
                // Only loaders throw: WHMCS shows the sentence in place of the field.
                Violation::unless($function === 'FetchProducts' || str_ends_with($function, 'Loader'), "$function threw {$told->getMessage()}");
                $this->checkSentence($part, $function, $told->getMessage());
            }
        }

        return '';
    }

    private function check(): void
    {
        foreach ($this->cast as $part) {
            $open = array_filter(
                $this->world->journal($part),
                static fn (array $row): bool => $row['open_key'] !== null || in_array($row['state'], ['begun', 'sent'], true)
            );
            Violation::unless($open === [], "{$part->value}: the journal has an open row " . json_encode(array_values($open)));
            $part->isLicense() ? $this->licenses->check($part, $this->remoteState) : $this->backups->check($part, $this->remoteState);
        }
    }

    private function checkSentence(Part $part, string $deed, string $answer): void
    {
        $isPlain = preg_match('/[<>{}\x00-\x1f]/', $answer) === 0 && strlen($answer) < 900;
        Violation::unless($isPlain, "{$part->value}: $deed answers $answer");
        foreach ($answer === '' ? [] : $this->secrets() as $secret) {
            Violation::unless(!str_contains($answer, $secret), "{$part->value}: $deed tells a secret: $answer");
        }
    }
}
