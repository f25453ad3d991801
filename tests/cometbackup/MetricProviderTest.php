<?php

declare(strict_types=1);

// The class MetricProvider against WHMCS's contract: what pricing pages, cron and service pages ask of it.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use WHMCS\UsageBilling\Contracts\Metrics\MetricInterface;
use WHMCS\UsageBilling\Metrics\Units\GigaBytes;
use WHMCS\UsageBilling\Metrics\Units\WholeNumber;

final class MetricProviderTest extends MetricsTestCase
{
    public function test_the_metrics_are_the_same_list_always_and_ask_nothing(): void
    {
        $service = $this->created();

        $asked = $this->during(function () use ($service): void {
            foreach ([null, $this->module->serverParams(1), $this->module->serverParams(0), $this->module->paramsFor($service)] as $params) {
                $this->assertSame(array_keys(self::figures()), array_keys($this->module->metrics($params)));
            }
            $_SESSION = ['uid' => 10];
            $this->assertCount(8, $this->module->metrics());
        });

        $this->assertSame([], $asked);
        $this->assertCount(8, $this->module->call('MetricProvider')->metrics(), 'without any parameters');
        $this->assertCount(8, $this->module->call('MetricProvider', 'junk', 7)->metrics());
    }

    public function test_each_is_a_state_in_a_unit_of_whmcs(): void
    {
        foreach ($this->module->metrics() as $name => $metric) {
            $this->assertSame(MetricInterface::TYPE_SNAPSHOT, $metric->type(), $name);
            $this->assertInstanceOf(str_ends_with($name, '_data') ? GigaBytes::class : WholeNumber::class, $metric->units());
            $this->assertNotSame('', $metric->displayName());
        }
    }

    public function test_where_the_extension_is_not_loaded_the_list_is_the_same_and_there_are_no_figures(): void
    {
        $folder = var_export(dirname(__DIR__, 2) . '/modules', true);
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", ' . $folder . ');'
            . 'echo json_encode([array_keys($module->metrics()), $module->collectUsage(1), $module->tenantUsage(["serverid" => 1], "ada")]);';

        $end = ChildProcess::start($code, [], [], false)->wait();

        $this->assertSame(['', 0], [$end['errors'], $end['exit']], $end['output']);
        $this->assertSame([array_keys(self::figures()), [], []], json_decode($end['output'], true));
        $this->assertStringContainsString('whmcs_provisioning is not loaded', implode(Host::activityLog()));
    }

    /** WHMCS before 7.9 has none of the interfaces, and never calls the function. */
    public function test_without_whmcs_s_interfaces_the_module_files_load(): void
    {
        $file = var_export(dirname(__DIR__, 2) . '/modules/servers/cometbackup/cometbackup.php', true);
        $command = [PHP_BINARY, '-n', '-d', 'display_errors=stderr', '-r', "define('WHMCS', true); require $file; var_dump(cometbackup_MetricProvider([]));"];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        $said = [stream_get_contents($pipes[1]), stream_get_contents($pipes[2])];

        $this->assertSame(0, proc_close($process));
        $this->assertSame(["NULL\n", ''], $said);
    }

    public function test_the_server_s_login_is_in_no_dump(): void
    {
        $provider = $this->module->metricProvider($this->module->serverParams(1));

        $this->assertStringNotContainsString(\Tests\Support\CometSandbox::PASSWORD, print_r($provider, true));
    }

    public function test_the_file_of_the_class_says_nothing_to_who_opens_it(): void
    {
        $file = dirname(__DIR__, 2) . '/modules/servers/cometbackup/lib/MetricProvider.php';

        $this->assertSame('This file cannot be accessed directly', shell_exec(escapeshellarg(PHP_BINARY) . ' -n ' . escapeshellarg($file)));
    }
}
