<?php

declare(strict_types=1);

// In PHP-FPM: nothing is open before the fork, every worker works, and no MySQL connection outlives its request.

namespace Tests\Extension;

use Tests\Support\ExtensionTestCase;
use Tests\Support\PhpFpm;

/** @group slow */
final class FpmTest extends ExtensionTestCase
{
    /** Takes long enough that two of them need two workers. */
    private const ADMIN_PAGE = <<<'PHP'
        $service = Tests\Host\Host::service(100);
        $tab = $module->adminTab($service);
        usleep(300_000);
        echo json_encode([getmypid(), isset($tab['License Key']), count($module->adminButtons($service)) >= 0]);
        PHP;

    /** @var list<string> */
    private array $connections;

    protected function setUp(): void
    {
        parent::setUp();
        $this->service();
        $this->connections = $this->databaseConnections();
    }

    /** @param array{output: string, errors: string, exit: int} $end */
    private function decoded(PhpFpm $fpm, array $end): mixed
    {
        $this->assertSame(['', 0], [$end['errors'], $end['exit']], $end['output'] . $fpm->log());
        $told = json_decode($end['output'], true);
        $this->assertNotNull($told, $end['output'] . $fpm->log());

        return $told;
    }

    public function test_before_the_first_request_master_and_workers_have_nothing_of_ours_open(): void
    {
        $without = PhpFpm::start(false);
        $with = PhpFpm::start();

        // A master that has just forked still has its worker's ends of the pipes.
        $this->waitFor(fn (): bool => count(PhpFpm::openFiles($without->master())) === count(PhpFpm::openFiles($with->master())));
        $this->assertSame(PhpFpm::openFiles($without->master()), PhpFpm::openFiles($with->master()));
        $this->assertSame(1, PhpFpm::threads($with->master()));
        [$ours] = $with->workers();
        [$bare] = $without->workers();
        $this->assertSame(PhpFpm::openFiles($bare), PhpFpm::openFiles($ours));
        $this->assertSame(1, PhpFpm::threads($ours));
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
        $this->assertSame(0, $this->sandbox->connections());
        $this->assertTrue(json_decode($with->run('echo json_encode(extension_loaded("whmcs_provisioning"));')['output']));
    }

    public function test_both_workers_work_and_no_connection_outlives_its_request(): void
    {
        $fpm = PhpFpm::start();
        $workers = $fpm->workers();

        $pages = array_map(fn (array $end) => $this->decoded($fpm, $end), $fpm->runAtOnce(self::ADMIN_PAGE, 2));

        $this->assertEqualsCanonicalizing($workers, array_column($pages, 0));
        $this->assertSame([true, true], array_column($pages, 1));
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
        $sockets = fn (int $process) => count(preg_grep('/^socket/', PhpFpm::openFiles($process)));
        // Of a worker's own: what it listens on is passed by number, too. It closes its answer's after the last byte.
        $this->waitFor(fn (): bool => $sockets($workers[0]) === $sockets($workers[1]));
        $this->assertSame([1, 1], array_map([PhpFpm::class, 'threads'], $workers));
        $this->assertSame($workers, $fpm->workers(), 'no worker died');
    }

    public function test_a_license_lives_through_requests_in_different_workers(): void
    {
        $fpm = PhpFpm::start();
        $command = fn (string $name) => $this->decoded(
            $fpm,
            $fpm->run("echo json_encode(\$module->$name(Tests\\Host\\Host::service(100)));")
        );

        $ends = array_map($command, ['create', 'suspend', 'unsuspend', 'renew', 'create', 'terminate', 'terminate']);

        $this->assertSame(array_fill(0, 7, 'success'), $ends);
        $this->assertSame(['POST /license', 'GET /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_two_customers_at_once_get_a_license_each(): void
    {
        $this->service(['id' => 101, 'orderid' => 501]);
        $fpm = PhpFpm::start();
        $code = 'usleep(20_000); $id = 100 + (int) (getmypid() === %d); echo json_encode([$id,'
            . '$module->create(Tests\Host\Host::service($id)), usleep(200_000)]);';

        $ends = array_map(
            fn (array $end) => $this->decoded($fpm, $end),
            $fpm->runAtOnce(sprintf($code, $fpm->workers()[1]), 2)
        );

        $this->assertEqualsCanonicalizing([[100, 'success', null], [101, 'success', null]], $ends);
        $this->assertCount(2, $this->sandbox->activeLicenses());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_setting_that_a_script_changed_is_the_old_one_in_the_next_request(): void
    {
        $fpm = PhpFpm::start(true, ['whmcs_provisioning.request_timeout' => '7']);
        $code = 'usleep(100_000); $before = ini_get("whmcs_provisioning.request_timeout");'
            . 'ini_set("whmcs_provisioning.request_timeout", "0.5"); ob_start(); phpinfo(INFO_MODULES);'
            . 'echo json_encode([$before, substr_count(ob_get_clean(), "0.5 seconds")]);';

        $told = array_map(
            fn (array $end) => $this->decoded($fpm, $end),
            [...$fpm->runAtOnce($code, 2), ...$fpm->runAtOnce($code, 2)]
        );

        $this->assertSame(array_fill(0, 4, ['7', 1]), $told);
    }

    public function test_a_script_that_dies_in_the_middle_leaves_no_connection_and_a_worker_that_works(): void
    {
        $fpm = PhpFpm::start();
        $workers = $fpm->workers();
        $deaths = [
            'exit(3);',
            'throw new Exception("x");',
            'trigger_error("x", E_USER_ERROR);',
            'ini_set("memory_limit", "8M"); str_repeat("x", 1 << 30);',
            'eval("function jetpack_Renew() {}");',
            // In the middle of our function, where the engine skips its frames.
            'class Dying { function __isset($n) { return true; } function __get($n) { trigger_error("x", E_USER_ERROR); } }'
                . 'jetpack_CreateAccount(["serviceid" => 100, "model" => new Dying()]);',
            // When a license was just issued and WHMCS is told of its key.
            'class Late { public $orderid = 500; function __get($n) { trigger_error("x", E_USER_ERROR); }'
                . 'function __isset($n) { return $n === "serviceProperties"; } }'
                . 'jetpack_CreateAccount(["model" => new Late()] + $module->paramsFor(Tests\\Host\\Host::service(100)));',
        ];
        foreach ($deaths as $death) {
            foreach ($fpm->runAtOnce("jetpack_CreateLicensesTable(); usleep(50_000); $death echo 'alive';", 2) as $end) {
                $this->assertStringNotContainsString('alive', $end['output'], $death);
            }
        }

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
        // Of the two that met the second found nothing left to do, or the license already there.
        $this->assertSame(['issue done'], array_values(array_diff($this->journal(), ['issue failed'])));
        $this->assertSame([], $this->databaseConnectionsSince($this->connections));
        $this->assertSame($workers, $fpm->workers());
        foreach ($fpm->runAtOnce(self::ADMIN_PAGE, 2) as $end) {
            $this->assertTrue($this->decoded($fpm, $end)[1]);
        }
    }
}
