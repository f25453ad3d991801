<?php

declare(strict_types=1);

// What goes when WHMCS deletes a service: its journal and its ended accounts, unless an account is left.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class ForgetTest extends CometTestCase
{
    public function test_with_a_deleted_service_goes_what_only_concerned_it(): void
    {
        $this->module->terminate($this->created());
        $this->created(['id' => 201]);

        $this->whmcsDeletes(200);
        $this->whmcsDeletes(201);

        $this->assertSame([201], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([201], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    public function test_a_plan_whose_answer_was_lost_stays(): void
    {
        $service = $this->service();
        $this->comet->faultOn(self::ADD, ['fault' => 'drop', 'times' => 0]);
        $this->module->create($service);

        $this->whmcsDeletes(200);

        $this->assertSame([200], $this->ownersIn(self::JOURNAL, 'owner_id'));
        $this->assertSame([200], $this->ownersIn(self::ACCOUNTS, 'service_id'));
    }

    private function whmcsDeletes(int $service): void
    {
        $this->module->saveConfigOptions(20, []);
        $this->module->includeHooks();

        $this->assertSame([], run_hook('ServiceDelete', ['userid' => 10, 'serviceid' => $service]));
    }

    /** @return list<int> */
    private function ownersIn(string $table, string $column): array
    {
        return array_map('intval', Capsule::table($table)->distinct()->orderBy($column)->pluck($column)->all());
    }
}
