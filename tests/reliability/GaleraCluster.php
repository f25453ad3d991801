<?php

declare(strict_types=1);

// A Galera cluster of two nodes on loopback, in a private directory. When they part, node 1 has the majority.

namespace Tests\Reliability;

use RuntimeException;

final class GaleraCluster
{
    /** Seconds for anything a cluster does by itself. */
    private const PATIENCE = 60;

    private static ?self $running = null;

    private function __construct(
        public readonly GaleraNode $one,
        public readonly GaleraNode $two,
        private readonly string $members
    ) {
    }

    /** The cluster of this process: started at first use, its nodes end with the process. */
    public static function running(): self
    {
        return self::$running ??= self::start();
    }

    private static function start(): self
    {
        if (!GaleraNode::isInstalled()) {
            throw new RuntimeException('Galera is missing: install the package galera-4 (make setup does), then run this again.');
        }
        $folder = getenv('TEST_DIR') . '/galera';
        [$first, $second] = array_chunk(self::freePorts(6), 3);
        self::install($folder);
        $cluster = new self(
            new GaleraNode('one', "$folder/one", $first, 2),
            new GaleraNode('two', "$folder/two", $second, 1),
            "127.0.0.1:$first[0],127.0.0.1:$second[0]"
        );
        $cluster->one->start('', ['--wsrep-new-cluster']);
        $cluster->await(fn () => $cluster->one->status('wsrep_ready') === 'ON', 'Node one did not start');
        $cluster->two->start($cluster->members);
        $cluster->awaitBoth();
        $cluster->makeDatabase();

        return $cluster;
    }

    private function makeDatabase(): void
    {
        $name = getenv('TEST_DB_NAME');
        $user = getenv('TEST_DB_USER');
        $server = $this->one->connect('');
        $password = $server->quote((string) getenv('TEST_DB_PASSWORD'));
        $server->exec("CREATE DATABASE $name CHARACTER SET utf8mb3");
        $server->exec("CREATE USER $user@localhost IDENTIFIED BY $password");
        $server->exec("GRANT ALL ON $name.* TO $user@localhost");
    }

    /** Both nodes belong to the group and have caught up. */
    public function awaitBoth(): void
    {
        foreach ([$this->one, $this->two] as $node) {
            $whole = fn () => $node->status('wsrep_local_state_comment') === 'Synced' && $node->status('wsrep_cluster_size') === '2';
            $this->await($whole, "Node $node->name is not part of the group");
        }
    }

    public function awaitOneAlone(): void
    {
        $alone = fn () => $this->one->status('wsrep_cluster_size') === '1' && $this->one->status('wsrep_ready') === 'ON';
        $this->await($alone, 'Node one did not go on alone');
    }

    public function startTwoAgain(): void
    {
        $this->two->startAgain($this->members);
        $this->awaitBoth();
    }

    /** Node two holds all that node one committed. */
    public function awaitApplied(): void
    {
        $position = fn (GaleraNode $node) => (int) $node->status('wsrep_last_committed');
        $this->await(fn () => $position($this->two) >= $position($this->one), 'Node two lags behind');
    }

    private function await(callable $condition, string $failure): void
    {
        $end = microtime(true) + self::PATIENCE;
        while (!$condition()) {
            if (microtime(true) > $end) {
                throw new RuntimeException("$failure:\n{$this->one->end()}\n{$this->two->end()}");
            }
            usleep(50_000);
        }
    }

    private static function install(string $folder): void
    {
        mkdir($folder);
        $as = GaleraNode::isRoot() ? ' --user=' . GaleraNode::USER : '';
        $steps = [
            "mkdir -m 700 $folder/one $folder/two $folder/two/data",
            "mariadb-install-db --no-defaults$as --datadir=$folder/one/data --auth-root-authentication-method=normal"
                . " --skip-test-db --tmpdir=$folder/one",
        ];
        if (GaleraNode::isRoot()) {
            chmod((string) getenv('TEST_DIR'), 0711);
            array_splice($steps, 1, 0, 'chown -R ' . GaleraNode::USER . " $folder");
        }
        foreach ($steps as $step) {
            exec("$step 2>&1", $output, $code);
            $code === 0 || throw new RuntimeException("$step:\n" . implode("\n", array_slice($output, -20)));
        }
    }

    /** @return list<int> */
    private static function freePorts(int $count): array
    {
        $held = array_map(fn () => stream_socket_server('tcp://127.0.0.1:0'), range(1, $count));
        $ports = array_map(fn ($server) => (int) substr((string) strrchr((string) stream_socket_get_name($server, false), ':'), 1), $held);
        array_map('fclose', $held);

        return $ports;
    }
}
