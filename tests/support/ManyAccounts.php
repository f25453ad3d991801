<?php

declare(strict_types=1);

// Thousands of accounts, known on both sides, and what a call costs that has to do with all of them.

namespace Tests\Support;

use Illuminate\Database\Capsule\Manager as Capsule;

trait ManyAccounts
{
    /**
     * So many services of server 1 with the accounts that the sandbox makes up.
     *
     * @param array<string, string> $columns of the services, beside those that all have: SQL in which `seq` counts
     */
    protected function manyAccounts(int $accounts, array $columns = []): void
    {
        $this->world(['many_accounts' => $accounts]);
        Capsule::table('tblhosting')->delete();
        Capsule::table(self::ACCOUNTS)->delete();
        $columns += ['id' => 'seq', 'userid' => '10', 'packageid' => '20', 'server' => '1', 'domainstatus' => "'Active'"];
        $connection = Capsule::connection();
        $connection->statement('INSERT INTO tblhosting (' . implode(', ', array_keys($columns)) . ') SELECT ' . implode(', ', $columns)
            . ' FROM ' . Numbers::table(1, $accounts));
        $connection->statement('INSERT INTO ' . self::ACCOUNTS . ' (service_id, addon_id, server_id, username, creation_guid, vault_id,'
            . " state, owner_key, name_key, planned_at) SELECT seq, 0, 1, CONCAT('many-', LPAD(seq, 6, 0)), CONCAT('guid-', LPAD(seq, 6, 0)),"
            . " CONCAT('vault-', LPAD(seq, 6, 0)), 'created', CONCAT('service:', seq), CONCAT('1:many-', LPAD(seq, 6, 0)), NOW()"
            . ' FROM ' . Numbers::table(1, $accounts));
        // As the server does by itself some seconds later: without it MariaDB 11.8 reads all accounts for each service.
        $connection->select('ANALYZE TABLE tblhosting, ' . self::ACCOUNTS);
    }

    /**
     * What the expression costs in a process of its own, in which `$module` and `$params` are those of server 1.
     *
     * @param array<string, string> $ini
     * @return array{answer: mixed, grown: int, php: int, statements: list<string>} memory in kB: in all, and what PHP holds of the answer
     */
    protected function costOf(string $expression, array $ini = []): array
    {
        $log = new StatementLog();
        $code = self::moduleOfChild() . '$params = $module->serverParams(1); $memory = Tests\Support\Memory::start(); $php = memory_get_usage();'
            . "\$answer = $expression; \$php = memory_get_usage() - \$php; \$grown = \$memory->grown();"
            . 'echo json_encode(["answer" => is_array($answer) ? count($answer["accounts"] ?? $answer) : $answer,'
            . ' "grown" => $grown, "php" => intdiv($php, 1024)]);';
        $cost = json_decode($this->answerOf(ChildProcess::start($code, $ini)), true, 8, JSON_THROW_ON_ERROR);

        return $cost + ['statements' => $log->end()];
    }
}
