<?php

declare(strict_types=1);

// For tests whose WHMCS is on a Galera cluster: this process and half of the others use node one, half node two.

namespace Tests\Reliability;

use Tests\Host\Host;

trait OnGalera
{
    private static GaleraCluster $cluster;
    private static string $ownSocket = '';

    public static function setUpBeforeClass(): void
    {
        self::$cluster = GaleraCluster::running();
        self::$ownSocket = (string) getenv('TEST_DB_SOCKET');
        putenv('TEST_DB_SOCKET=' . self::$cluster->one->socket());
        Host::boot(Host::connectionFromEnvironment());
        Host::createTables();
    }

    public static function tearDownAfterClass(): void
    {
        putenv('TEST_DB_SOCKET=' . self::$ownSocket);
    }

    /** @return array<string, string> the environment of the racer with this number: of two neighbors each has another node */
    private static function nodeOf(int $racer): array
    {
        $node = $racer % 2 === 0 ? self::$cluster->one : self::$cluster->two;

        return ['TEST_DB_SOCKET' => $node->socket()];
    }

    /** @return array<string, array{string}> */
    public static function cuts(): array
    {
        return ['frozen' => ['frozen'], 'parted' => ['parted'], 'killed' => ['killed']];
    }

    /** Node two is cut off until node one goes on without it, then it comes back. */
    private static function cutOff(string $how): void
    {
        $two = self::$cluster->two;
        match ($how) {
            'frozen' => $two->freeze(),
            'parted' => $two->isolate(true),
            'killed' => $two->kill(),
        };
        self::$cluster->awaitOneAlone();
        match ($how) {
            'frozen' => $two->thaw(),
            'parted' => $two->isolate(false),
            'killed' => self::$cluster->startTwoAgain(),
        };
        self::$cluster->awaitBoth();
    }
}
