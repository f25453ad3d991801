<?php

declare(strict_types=1);

// What each function costs in a worker that is warm: requests, new connections, round trips to the database, memory.

namespace Tests\Extension;

use PHPUnit\Framework\TestCase;
use Tests\Bench\Clicks;
use Tests\Bench\Growth;
use Tests\Bench\Lives;
use Tests\Bench\World;
use Tests\Host\Host;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class CostTest extends TestCase
{
    /** By function: requests, new connections, round trips to the database behind the three that open its connection. */
    private const JETPACK = [
        'FetchProducts' => [1, 0, 1],
        'CreateLicensesTable' => [0, 0, 5],
        'DefaultApiToken' => [0, 0, 1],
        'CreateAccount' => [1, 1, 6],
        'ClientArea' => [0, 0, 2],
        'AdminServicesTabFields' => [0, 0, 4],
        'AdminCustomButtonArray' => [0, 0, 2],
        'CheckLicense' => [1, 0, 3],
        'Reconcile' => [1, 0, 31],
        'AttachToSite' => [1, 0, 6],
        'DetachFromSite' => [1, 0, 6],
        'ChangePackage' => [2, 1, 11],
        'Renew' => [1, 0, 3],
        'SuspendAccount' => [1, 0, 6],
        'UnsuspendAccount' => [1, 1, 6],
        'TerminateAccount' => [1, 0, 6],
    ];

    private const COMET = [
        'TestConnection' => [2, 0, 2],
        'ConfigOptionsPolicyGroupLoader' => [1, 0, 1],
        'ConfigOptionsStorageProvidersLoader' => [1, 0, 1],
        'ConfigOptionsRequirePasswordChange' => [0, 0, 0],
        'ConfigOptionsMailTemplateLoader' => [0, 0, 2],
        'ConfigOptionsBackupNoticeLoader' => [0, 0, 3],
        'CreateAccount' => [5, 0, 16],
        'ClientArea' => [2, 0, 4],
        'AdminServicesTabFields' => [0, 0, 4],
        'AdminCustomButtonArray' => [0, 0, 2],
        'CheckAccount' => [1, 0, 3],
        'Reconcile' => [1, 0, 14],
        'ServiceSingleSignOn' => [0, 0, 6],
        'SignOnPage' => [2, 0, 11],
        'AdminSingleSignOn' => [0, 0, 3],
        'ChangePackage' => [2, 0, 4],
        'Renew' => [1, 0, 1],
        'ChangePassword' => [3, 0, 6],
        'SuspendAccount' => [2, 0, 4],
        'UnsuspendAccount' => [2, 0, 4],
        'TerminateAccount' => [2, 0, 5],
    ];

    /** The same, of what customers and staff wait for beside a service's life. */
    private const CLICKS = [
        'ClientAreaAllowedFunctions' => [0, 0, 0],
        'CustomActionParts' => [0, 0, 0],
        'AdminLink' => [0, 0, 0],
        'ListAccounts' => [1, 0, 5],
        'MetricUsage' => [1, 0, 4],
        'RefetchProfile' => [3, 0, 4],
        'SwitchOffSecondFactor' => [2, 0, 4],
        'RemoveOldDevice' => [4, 0, 5],
    ];

    public static function setUpBeforeClass(): void
    {
        Host::boot(Host::connectionFromEnvironment());
        Host::createTables();
    }

    /** @return iterable<string, array{string, array<string, array{int, int, int}>}> */
    public static function modules(): iterable
    {
        yield 'jetpack' => ['jetpack', self::JETPACK];
        yield 'cometbackup' => ['cometbackup', self::COMET];
    }

    /**
     * @dataProvider modules
     * @param array<string, array{int, int, int}> $stated
     */
    public function test_each_function_makes_as_few_round_trips_as_stated(string $module, array $stated): void
    {
        $world = World::fresh();
        $fpm = $world->fpm();
        $life = static function () use ($world, $fpm, $module): array {
            $service = Lives::begin($module);
            $costs = [];
            foreach (array_keys(Lives::all()[$module]) as $function) {
                Lives::prepare($module, $function, $service);
                $log = new StatementLog();
                ['traffic' => $traffic] = $world->call($fpm, $module, $function, $service, 'ours');
                $costs[$function] = [$traffic['requests'], $traffic['connections'], count($log->end())];
            }

            return $costs;
        };
        // Tables are made, connections opened, versions and platforms remembered.
        $life();

        $lives = [$life(), $life(), $life()];

        // A machine that stands still for a second ends what may travel on a kept connection.
        $least = array_map(static fn (array ...$costs): array => array_map('min', ...$costs), ...$lives);
        $this->assertSame($stated, array_combine(array_keys($lives[0]), $least));
    }

    public function test_links_lists_and_buttons_of_comet_make_as_few_round_trips_as_stated(): void
    {
        $world = World::fresh();
        $fpm = $world->fpm();
        $life = static function () use ($world, $fpm): array {
            $service = Lives::begin('cometbackup');
            $world->call($fpm, 'cometbackup', 'CreateAccount', $service, 'ours');
            $costs = [];
            foreach (array_keys(Clicks::all()) as $function) {
                Clicks::prepare($world, $function, $service);
                $log = new StatementLog();
                ['traffic' => $traffic] = $world->call($fpm, 'cometbackup', $function, $service, 'ours');
                $costs[$function] = [$traffic['requests'], $traffic['connections'], count($log->end())];
            }

            return $costs;
        };
        $life();

        $lives = [$life(), $life(), $life()];

        $least = array_map(static fn (array ...$costs): array => array_map('min', ...$costs), ...array_map('array_values', $lives));
        $this->assertSame(self::CLICKS, array_combine(array_keys($lives[0]), $least));
    }

    /** Requests and round trips of commands that also make the license active on the customer's site. */
    public function test_the_steps_at_the_customers_site_cost_as_few_round_trips_as_stated(): void
    {
        $world = World::fresh();
        $fpm = $world->fpm();
        $hosting = Host::addProduct(['type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Capsule::table('tblproducts')->where('id', Lives::JETPACK)->update(['configoption5' => 'connect']);
        $call = static function (string $function, int $service) use ($world, $fpm): array {
            $log = new StatementLog();
            ['traffic' => $traffic] = $world->call($fpm, 'jetpack', $function, $service, 'ours');

            return [$traffic['requests'], count($log->end())];
        };
        $life = static function () use ($call, $hosting): array {
            $service = Lives::begin('jetpack');
            $client = Host::service($service)->userid;
            Host::addService(['userid' => $client, 'packageid' => $hosting, 'domain' => 'customer.example', 'domainstatus' => 'Active']);
            $create = $call('CreateAccount', $service);
            $check = $call('CheckLicense', $service);
            Capsule::table('jetpack_product_licenses')->where('service_id', $service)->update(['site' => null, 'site_step' => 'open']);

            return ['Create' => $create, 'Check' => $check, 'Check, open' => $call('CheckLicense', $service)];
        };
        $life();

        $this->assertSame(['Create' => [3, 16], 'Check' => [1, 3], 'Check, open' => [3, 15]], $life());
    }

    public function test_a_new_connection_goes_on_with_the_tls_session_of_an_earlier_one(): void
    {
        $world = World::fresh();
        $fpm = $world->fpm();
        $create = static fn (): array => $world->call($fpm, 'jetpack', 'CreateAccount', Lives::begin('jetpack'), 'ours')['traffic'];

        $first = $create();
        $second = $create();

        $this->assertSame([1, 0], [$first['connections'], $first['resumed']]);
        $this->assertSame([1, 1], [$second['connections'], $second['resumed']]);
    }

    public function test_a_page_of_the_last_minute_costs_no_request_and_three_round_trips_to_the_database(): void
    {
        [$world, $fpm, $service] = Growth::account();
        $page = static function () use ($world, $fpm, $service): array {
            $log = new StatementLog();
            ['traffic' => $traffic] = $world->call($fpm, 'cometbackup', 'ClientArea', $service, 'ours');

            return [$traffic['requests'], count($log->end())];
        };
        $page();

        $this->assertSame([0, 3], $page());
    }

    public function test_the_customers_page_holds_no_more_for_thousands_of_jobs(): void
    {
        [$world, $fpm, $service, $name] = Growth::account();
        $world->comet->changeAccount($name, ['CreateTime' => time() - 60 * 86400]);
        $page = static function () use ($world, $fpm, $service): array {
            Capsule::table('mod_cometbackup_pages')->delete();

            return $world->call($fpm, 'cometbackup', 'ClientArea', $service, 'ours');
        };
        $world->call($fpm, 'cometbackup', 'ClientArea', $service, 'ours');
        $world->comet->faultOn('get-jobs-for-custom-search', Growth::jobs(500, $name) + ['times' => 2]);
        $world->comet->faultOn('get-jobs-for-custom-search', Growth::jobs(20_000, $name) + ['times' => 1]);
        $page();
        $few = $page();

        $many = $page();

        $this->assertGreaterThan(11_000_000, $many['traffic']['bytes_sent']);
        $this->assertLessThan(1024, $many['peak'] - $few['peak']);
    }
}
