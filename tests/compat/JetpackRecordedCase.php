<?php

declare(strict_types=1);

// One recorded case: the world it begins with, made here, and what changed in the database.

namespace Tests\Compat;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class JetpackRecordedCase
{
    /** Where the recordings say `<api token>`. */
    private const TOKEN = '<api token>';

    /** Logs are free, and so are tables of our own. */
    private const FREE_TABLES = ['tblactivitylog', 'tblmodulelog', 'mod_whmcs_provisioning_journal'];

    /** @param array<string, mixed> $record */
    private function __construct(private readonly array $record)
    {
    }

    /** @return array<string, self> by name */
    public static function all(): array
    {
        $file = json_decode((string) file_get_contents(__DIR__ . '/jetpack-cases.json'), true, 64, JSON_THROW_ON_ERROR);
        $cases = [];
        foreach ($file['cases'] as $record) {
            $cases[$record['name']] = new self($record);
        }

        return $cases;
    }

    public function name(): string
    {
        return $this->record['name'];
    }

    /** @return list<array<string, mixed>> */
    public function calls(): array
    {
        return array_map(fn (array $call) => $this->withToken($call), $this->record['calls']);
    }

    /** @return list<array<string, mixed>> licenses that Jetpack has in the end */
    public function licensesAtTheEnd(): array
    {
        return $this->record['licenses at the end'] ?? $this->record['given']['licenses'] ?? [];
    }

    /** @return array{columns: list<list<string>>, indexes: list<list<string>>} */
    public function table(): array
    {
        return $this->record['table'];
    }

    /** Keys and times come out as recorded: the sandbox is told them in the order of the recorded answers. */
    public function prepareSandbox(JetpackSandbox $sandbox): void
    {
        $issued = [];
        foreach ($this->calls() as $call) {
            foreach ($call['requests'] as $request) {
                if ($request['method'] === 'POST' && $request['answer']['status'] === 200) {
                    $issued[] = $request['answer']['body'];
                }
            }
        }
        $isoDates = str_contains($issued[0]['issued_at'] ?? '', 'T');
        $sandbox->reset([
            'clock' => '2026-01-15 10:00:01',
            'time_format' => $isoDates ? 'rfc3339' : 'sql',
            'keys' => array_column($issued, 'license_key'),
            'licenses' => $this->record['given']['licenses'] ?? [],
        ]);
        if ($this->name() === 'create-slow') {
            // Recorded with 3 s, which is the request timeout that the tests run with.
            $sandbox->fault(['fault' => 'delay', 'ms' => 1000]);
        }
    }

    /** Rows besides client 10 and product 1, which the test case has made, and the table of the PHP module. */
    public function prepareRows(callable $makeTableOfThePhpModule): void
    {
        $given = $this->withToken($this->record['given']);
        if (is_array($given['table jetpack_product_licenses'])) {
            $makeTableOfThePhpModule();
            Capsule::table('jetpack_product_licenses')->insert($given['table jetpack_product_licenses']);
        }
        if (isset($given['tbladdonmodules'])) {
            Capsule::table('tblproducts')->update(['configoption1' => '']);
            Capsule::table('tbladdonmodules')->insert($given['tbladdonmodules']);
        }
        if (isset($given['service (tblhosting)'])) {
            Host::addService($given['service (tblhosting)']);
        }
        if (isset($given['product addon (tblhostingaddons)'])) {
            $row = $given['product addon (tblhostingaddons)'];
            Host::addAddonDefinition(['id' => $row['addonid'], 'name' => $row['name'], 'module' => 'jetpack']);
            Host::addServiceAddon($row);
        }
    }

    /** @param array<string, mixed> $call */
    public function model(array $call): Service|Addon|null
    {
        return match ($call['params']['model'] ?? null) {
            'the service' => Host::service($call['params']['serviceid']),
            'the product addon' => Host::serviceAddon($call['params']['addonId']),
            default => null,
        };
    }

    /** @return array<string, array<int, array<string, mixed>>> table ⇒ id ⇒ row, of all that is not free */
    public static function databaseNow(): array
    {
        $tables = [];
        foreach (Capsule::connection()->select('SHOW TABLES') as $row) {
            $table = (string) current((array) $row);
            if (in_array($table, self::FREE_TABLES, true)) {
                continue;
            }
            $rows = [];
            foreach (Capsule::table($table)->get()->all() as $number => $entry) {
                $rows[$entry->id ?? $number] = (array) $entry;
            }
            $tables[$table] = $rows;
        }

        return $tables;
    }

    /**
     * Rows new or changed; of the license table only the PHP module's columns.
     *
     * @param array<string, array<int, array<string, mixed>>> $before
     * @param array<string, array<int, array<string, mixed>>> $after
     * @return array<string, list<array<string, mixed>>>
     */
    public static function changes(array $before, array $after): array
    {
        $columns = array_flip(['id', 'order_id', 'product_id', 'license_key', 'issued_at', 'revoked_at']);
        $changes = [];
        foreach ($after as $table => $rows) {
            foreach ($rows as $id => $row) {
                $old = $before[$table][$id] ?? null;
                if ($table === 'jetpack_product_licenses') {
                    $row = array_intersect_key($row, $columns);
                    $old = $old === null ? null : array_intersect_key($old, $columns);
                }
                if ($row !== $old) {
                    $changes[$table][] = $row;
                }
            }
            // A row that is gone is a change no recorded case has.
            foreach (array_diff_key($before[$table] ?? [], $rows) as $row) {
                $changes["$table, gone"][] = $row;
            }
        }

        return $changes;
    }

    private function withToken(array $values): array
    {
        array_walk_recursive($values, static function (mixed &$value): void {
            $value = is_string($value) ? str_replace(self::TOKEN, JetpackSandbox::TOKEN, $value) : $value;
        });

        return $values;
    }
}
