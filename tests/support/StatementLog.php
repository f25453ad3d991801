<?php

declare(strict_types=1);

// What the extension asks of the database: statements as the server's general log has them. Preparing is no statement.

namespace Tests\Support;

use PDO;

final class StatementLog
{
    private const LONGEST = 200;
    /** What every session of the extension begins with. */
    private const SESSION = 'innodb_lock_wait_timeout=10';

    private readonly PDO $administrator;
    private bool $ended = false;

    public function __construct()
    {
        $this->administrator = new PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET'), 'root', '', [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        ]);
        $this->administrator->exec("SET GLOBAL general_log=0; SET GLOBAL log_output='TABLE'");
        $this->administrator->exec('TRUNCATE mysql.general_log; SET GLOBAL general_log=1');
    }

    /** @return list<string> in their order, cut; those of connections that the extension opened since the start */
    public function end(): array
    {
        $ours = [];
        $statements = [];
        foreach ($this->logged() as [$thread, $text]) {
            if (str_contains($text, self::SESSION)) {
                $ours[$thread] = true;
            } elseif (isset($ours[$thread])) {
                $statements[] = $text;
            }
        }

        return $statements;
    }

    /** The same of a connection that was open before: all but WHMCS's own. @return list<string> */
    public function endBut(int $whmcs): array
    {
        return array_column(array_filter($this->logged(), static fn (array $one): bool => $one[0] !== $whmcs), 1);
    }

    /** @return list<array{int, string}> connection and text */
    private function logged(): array
    {
        $this->stop();
        $rows = $this->administrator->query(
            'SELECT thread_id, LEFT(argument, ' . self::LONGEST . "), RIGHT(argument, 1)=';' FROM mysql.general_log"
            . " WHERE command_type IN ('Query', 'Execute') AND user_host LIKE 'whmcs%' ORDER BY event_time, thread_id"
        )->fetchAll(PDO::FETCH_NUM);
        $statements = [];
        // Statements that are sent together are one row in MariaDB. In MySQL each is one, and all but the last have their semicolon; what
        // a new connection is sent after its first statement MySQL does not know, and logs nothing of it.
        $begun = [];
        foreach ($rows as [$thread, $text, $goesOn]) {
            $text = ($begun[$thread] ?? '') . trim((string) preg_replace('/\s+/', ' ', $text));
            if ((int) $goesOn === 1 && !str_contains($text, self::SESSION)) {
                $begun[$thread] = "$text ";
            } else {
                unset($begun[$thread]);
                $statements[] = [(int) $thread, mb_substr($text, 0, self::LONGEST)];
            }
        }

        return $statements;
    }

    public function __destruct()
    {
        $this->stop();
    }

    /** Once: another log may have begun since. */
    private function stop(): void
    {
        if (!$this->ended) {
            $this->administrator->exec('SET GLOBAL general_log=0');
            $this->ended = true;
        }
    }
}
