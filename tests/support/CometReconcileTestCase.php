<?php

declare(strict_types=1);

// Comet accounts, and what the daily comparison finds among them.

namespace Tests\Support;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

abstract class CometReconcileTestCase extends CometTestCase
{
    protected const FINDINGS = 'mod_whmcs_provisioning_findings';
    protected const LIST = 'list-users-full';

    protected function reconcile(): string
    {
        return $this->module->call('Reconcile', []);
    }

    /** @return list<array{string, string}> kind and text of each, oldest first */
    protected function findings(): array
    {
        return Capsule::table(self::FINDINGS)->where('module', 'cometbackup')->orderBy('id')->get()
            ->map(fn (object $row): array => [$row->kind, $row->text])->all();
    }

    /** @return list<string> */
    protected function kinds(): array
    {
        return array_column($this->findings(), 0);
    }

    /** @return list<string> lines of reconciliation since the last look */
    protected function told(): array
    {
        $lines = array_filter(Host::activityLog(), fn (string $line): bool => str_contains($line, 'reconciliation'));
        Capsule::table('tblactivitylog')->delete();

        return array_values($lines);
    }

    protected function setStatus(string $status, int $service = 200): void
    {
        Capsule::table('tblhosting')->where('id', $service)->update(['domainstatus' => $status]);
    }

    /** The accounts leave the server. */
    protected function emptyServer(): void
    {
        $this->world();
    }
}
