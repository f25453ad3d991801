<?php

declare(strict_types=1);

// What the extension asks of the database: statements as the server's general log has them. Preparing is no statement.

namespace Tests\Support;

use PDO;

final class StatementLog
{
    private const LONGEST = 200;

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
        $this->stop();
        $logged = $this->administrator->query(
            'SELECT thread_id, LEFT(argument, ' . self::LONGEST . ") AS text FROM mysql.general_log"
            . " WHERE command_type IN ('Query', 'Execute') AND user_host LIKE 'whmcs%' ORDER BY event_time, thread_id"
        )->fetchAll(PDO::FETCH_ASSOC);
        $ours = [];
        $statements = [];
        foreach ($logged as ['thread_id' => $thread, 'text' => $text]) {
            if (str_contains($text, 'innodb_lock_wait_timeout=10')) {
                $ours[$thread] = true;
            } elseif (isset($ours[$thread])) {
                $statements[] = trim((string) preg_replace('/\s+/', ' ', $text));
            }
        }

        return $statements;
    }

    /** The same of a connection that was open before: all but WHMCS's own. @return list<string> */
    public function endBut(int $whmcs): array
    {
        $this->stop();
        $logged = $this->administrator->query(
            'SELECT LEFT(argument, ' . self::LONGEST . ") FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"
            . " AND user_host LIKE 'whmcs%' AND thread_id<>$whmcs ORDER BY event_time"
        )->fetchAll(PDO::FETCH_COLUMN);

        return array_map(static fn (string $text): string => trim((string) preg_replace('/\s+/', ' ', $text)), $logged);
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
