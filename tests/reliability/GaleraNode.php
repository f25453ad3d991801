<?php

declare(strict_types=1);

// One mariadbd of the cluster: started, asked, stopped, continued, killed and started again.

namespace Tests\Reliability;

use PDO;
use RuntimeException;

final class GaleraNode
{
    private const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
    /** Of the package mariadb-server: as root, rsync could not write what root may read. */
    public const USER = 'mysql';
    /** Shorter than Galera's own five and fifteen seconds, so that a test need not wait that long. */
    private const OPTIONS = 'evs.keepalive_period=PT0.5S;evs.inactive_check_period=PT0.5S;evs.suspect_timeout=PT3S;'
        . 'evs.inactive_timeout=PT8S;evs.install_timeout=PT8S;gcache.size=32M';

    /** @var ?resource */
    private $process = null;

    /** @param array{int, int, int} $ports of the group, and of two ways to transfer state @param int $weight of its vote when the group breaks apart */
    public function __construct(
        public readonly string $name,
        private readonly string $folder,
        private readonly array $ports,
        private readonly int $weight
    ) {
    }

    public static function isInstalled(): bool
    {
        return is_file(self::PROVIDER);
    }

    public static function isRoot(): bool
    {
        return posix_getuid() === 0;
    }

    /** @param list<string> $more options of mariadbd */
    public function start(string $members, array $more = []): void
    {
        [$group, $incremental, $whole] = $this->ports;
        $options = self::OPTIONS . ";gmcast.listen_addr=tcp://127.0.0.1:$group;ist.recv_addr=127.0.0.1:$incremental"
            . ";pc.weight=$this->weight";
        $log = ['file', $this->logFile(), 'a'];
        $this->process = proc_open([
            // It must not outlive this process, however that ends.
            'setpriv', '--pdeathsig', 'KILL', ...self::asUser(), ...$this->command(),
            '--wsrep-on=ON', '--wsrep-provider=' . self::PROVIDER, '--wsrep-cluster-name=races',
            "--wsrep-cluster-address=gcomm://$members", "--wsrep-node-address=127.0.0.1:$group",
            "--wsrep-node-name=$this->name", "--wsrep-provider-options=$options", '--wsrep-sst-method=rsync',
            "--wsrep-sst-receive-address=127.0.0.1:$whole",
            '--wsrep-slave-threads=2', ...$more,
        ], [['file', '/dev/null', 'r'], $log, $log], $pipes);
    }

    /** After a kill: from the last position that its files hold, as Debian's galera_recovery does it. */
    public function startAgain(string $members): void
    {
        $this->wait();
        $recover = ['setpriv', ...self::asUser(), ...$this->command(), '--wsrep-recover', '--wsrep-on=ON',
            '--wsrep-provider=' . self::PROVIDER, "--wsrep-cluster-address=gcomm://$members"];
        $this->run($recover);
        $lines = (string) file_get_contents($this->logFile());
        preg_match_all('/Recovered position:? *([0-9a-f-]+:-?[0-9]+)/', $lines, $positions);
        $position = end($positions[1]) ?: throw new RuntimeException("No position was recovered: {$this->end()}");
        $this->start($members, ["--wsrep-start-position=$position"]);
    }

    public function socket(): string
    {
        return "$this->folder/mysql.sock";
    }

    /** A value of SHOW STATUS; null while the node does not answer. */
    public function status(string $name): ?string
    {
        try {
            return $this->connect('')->query("SHOW STATUS LIKE '$name'")->fetch(PDO::FETCH_NUM)[1] ?? null;
        } catch (\PDOException) {
            return null;
        }
    }

    public function connect(?string $database = null): PDO
    {
        $database ??= getenv('TEST_DB_NAME');
        return new PDO("mysql:unix_socket={$this->socket()};dbname=$database", 'root', '', [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_TIMEOUT => 2,
        ]);
    }

    /** Whether a statement of this user is under way. */
    public function isAskedBy(string $user): bool
    {
        $list = $this->connect('')->prepare("SELECT COUNT(*) FROM information_schema.processlist WHERE user = ? AND command <> 'Sleep'");
        $list->execute([$user]);

        return $list->fetchColumn() > 0;
    }

    /** Answers nobody any more, and goes on later as if nothing had happened. */
    public function freeze(): void
    {
        $this->signal(SIGSTOP);
    }

    public function thaw(): void
    {
        $this->signal(SIGCONT);
    }

    public function kill(): void
    {
        $this->signal(SIGKILL);
        $this->wait();
    }

    /** Cuts only the group's traffic: the node goes on serving its clients. */
    public function isolate(bool $isolated): void
    {
        $this->connect('')->exec("SET GLOBAL wsrep_provider_options='gmcast.isolate=" . (int) $isolated . "'");
    }

    /** The end of its log. */
    public function end(): string
    {
        return implode('', array_slice(file($this->logFile()) ?: [], -25));
    }

    public function isRunning(): bool
    {
        return $this->process !== null && proc_get_status($this->process)['running'];
    }

    private function signal(int $signal): void
    {
        posix_kill(proc_get_status($this->process)['pid'], $signal);
    }

    private function wait(): void
    {
        if ($this->process !== null) {
            proc_close($this->process);
            $this->process = null;
        }
    }

    /** @return list<string> */
    private static function asUser(): array
    {
        return self::isRoot() ? ['--reuid=' . self::USER, '--regid=' . self::USER, '--clear-groups'] : [];
    }

    /** @return list<string> */
    private function command(): array
    {
        return [
            'mariadbd', '--no-defaults', "--datadir=$this->folder/data", "--socket={$this->socket()}",
            "--pid-file=$this->folder/pid", "--tmpdir=$this->folder", '--skip-networking', '--skip-name-resolve',
            '--binlog-format=ROW', '--default-storage-engine=InnoDB', '--innodb-autoinc-lock-mode=2',
            '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M',
            // Else newer servers have an own variable for each option of the provider, and refuse what `isolate` sets.
            '--max-connections=151', '--loose-plugin-wsrep-provider=OFF',
        ];
    }

    /** @param list<string> $command */
    private function run(array $command): void
    {
        $log = ['file', $this->logFile(), 'a'];
        proc_close(proc_open($command, [['file', '/dev/null', 'r'], $log, $log], $pipes));
    }

    private function logFile(): string
    {
        return "$this->folder/mariadbd.log";
    }
}
