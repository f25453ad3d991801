<?php

declare(strict_types=1);

// A database that closes a connection after a second without a statement, and remote servers that take longer than that.

namespace Tests\Support;

use PDO;

trait ShortWaitTimeout
{
    /** Runs the work with connections that are opened from now on. */
    protected static function whileIdleConnectionsAreClosed(callable $work): mixed
    {
        $administrator = new PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET'), 'root', '');
        $administrator->exec('SET GLOBAL wait_timeout = 1');
        // The one that is kept, and not that of the host.
        $host = \WHMCS\Database\Capsule::connection()->selectOne('SELECT CONNECTION_ID() AS id')->id;
        $kept = $administrator->query("SELECT id FROM information_schema.processlist WHERE user = 'whmcs' AND id <> $host");
        foreach ($kept->fetchAll(PDO::FETCH_COLUMN) as $connection) {
            $administrator->exec("KILL $connection");
        }
        try {
            return $work();
        } finally {
            $administrator->exec('SET GLOBAL wait_timeout = 28800');
        }
    }
}
