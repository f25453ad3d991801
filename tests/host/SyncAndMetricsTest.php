<?php

// Server Sync and usage billing of the stand-in: what they match, and what they refuse.

declare(strict_types=1);

namespace Tests\Host;

use Tests\Support\WorldTestCase;
use WHMCS\UsageBilling\Metrics\Metric;
use WHMCS\UsageBilling\Metrics\Units\WholeNumber;
use WHMCS\UsageBilling\Metrics\Usage;

final class SyncAndMetricsTest extends WorldTestCase
{
    protected const MODULE = 'plain';
    protected const ROOT = __DIR__ . '/fixtures/modules';

    protected function prepareWorld(): void
    {
        Host::addClient(['id' => 10]);
        Host::addServer(['id' => 1, 'type' => 'plain']);
        Host::addProduct(['id' => 1, 'servertype' => 'plain']);
        foreach ([100 => 'ada.example', 101 => 'gone.example'] as $id => $domain) {
            Host::addService(['id' => $id, 'userid' => 10, 'packageid' => 1, 'server' => 1, 'domain' => $domain, 'domainstatus' => 'Active']);
        }
    }

    /** @param array<string, mixed> $changes @return array<string, mixed> */
    private static function account(string $domain, array $changes = []): array
    {
        return $changes + [
            'email' => '', 'username' => 'a', 'domain' => $domain, 'uniqueIdentifier' => $domain, 'product' => '', 'primaryip' => '',
            'created' => '2026-01-02 03:04:05', 'status' => 'Active',
        ];
    }

    private static function metric(string $name, int|float|null $value = null): Metric
    {
        $metric = new Metric($name, $name, Metric::TYPE_SNAPSHOT, new WholeNumber('Devices'));

        return $value === null ? $metric : $metric->withUsage(new Usage($value));
    }

    public function testServerSyncMatchesWithoutCaseOffersTheRestAndTheMissing(): void
    {
        $GLOBALS['plain_accounts'] = ['success' => true, 'accounts' => [self::account('ADA.example'), self::account('new.example')]];

        self::assertSame(
            ['matched' => [100 => 'ada.example'], 'unknown' => ['new.example'], 'missing' => [101]],
            $this->module->serverSync(1)
        );
        $GLOBALS['plain_accounts'] = ['success' => false, 'error' => 'away'];
        self::assertSame('away', $this->module->serverSync(1));
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function wrongAccounts(): array
    {
        return [
            'a number' => [['username' => 7]], 'no date' => [['created' => 'yesterday']], 'no such day' => [['created' => '2026-02-30 00:00:00']],
            'another status' => [['status' => 'active']], 'nothing' => [['product' => null]],
        ];
    }

    /**
     * @dataProvider wrongAccounts
     * @param array<string, mixed> $changes
     */
    public function testServerSyncRefusesAnAccountThatBreaksTheContract(array $changes): void
    {
        $GLOBALS['plain_accounts'] = ['success' => true, 'accounts' => [self::account('ada.example', $changes)]];

        $this->expectException(\UnexpectedValueException::class);
        $this->module->serverSync(1);
    }

    public function testUsageIsBilledToTheServicesOfTheTenant(): void
    {
        $GLOBALS['plain_metrics'] = [self::metric('devices')];
        $GLOBALS['plain_usage'] = ['ADA.example' => [self::metric('devices', 3)], 'nobody' => [self::metric('devices', 4)]];

        self::assertSame([100 => ['devices' => 3]], $this->module->billedUsage(1));
    }

    /** @return array<string, array{array<int, Metric>, array<string, mixed>}> */
    public static function wrongUsage(): array
    {
        return [
            'not among the metrics' => [[self::metric('devices')], ['ada.example' => [self::metric('vaults', 1)]]],
            'without a value' => [[self::metric('devices')], ['ada.example' => [self::metric('devices')]]],
            'below zero' => [[self::metric('devices')], ['ada.example' => [self::metric('devices', -1)]]],
            'not a number' => [[self::metric('devices')], ['ada.example' => [self::metric('devices', NAN)]]],
            'twice' => [[self::metric('devices')], ['ada.example' => [self::metric('devices', 1), self::metric('devices', 1)]]],
            'a metric with a usage' => [[self::metric('devices', 1)], ['ada.example' => []]],
        ];
    }

    /**
     * @dataProvider wrongUsage
     * @param list<Metric> $metrics
     * @param array<string, mixed> $usage
     */
    public function testUsageThatBreaksTheContractIsRefused(array $metrics, array $usage): void
    {
        [$GLOBALS['plain_metrics'], $GLOBALS['plain_usage']] = [$metrics, $usage];

        $this->expectException(\UnexpectedValueException::class);
        $this->module->billedUsage(1);
    }

    public function testMetricsThatChangeAreRefused(): void
    {
        [$GLOBALS['plain_metrics'], $GLOBALS['plain_usage']] = [[self::metric('devices')], []];
        $this->module->metrics();
        $GLOBALS['plain_metrics'] = [self::metric('other')];

        $this->expectException(\UnexpectedValueException::class);
        $this->module->metrics();
    }
}
