<?php

declare(strict_types=1);

// hooks.php: WHMCS's daily cron runs the reconciliation; pages pay nothing for it.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\JetpackReconcileTestCase;

final class HooksTest extends JetpackReconcileTestCase
{
    private const FILE = __DIR__ . '/../../modules/servers/jetpack/hooks.php';

    public function test_once_the_settings_are_saved_the_daily_cron_reconciles(): void
    {
        $this->service();
        $this->module->includeHooks();
        run_hook('DailyCronJob');
        $this->assertSame([], $this->told());

        $this->module->saveConfigOptions(1, ['On suspension' => 'keep']);
        $this->module->includeHooks();
        $answers = run_hook('DailyCronJob');

        $this->assertSame([], $answers);
        $this->assertSame(['missing service 100'], $this->found());
        $this->assertCount(2, $this->told());
    }

    public function test_a_page_that_includes_it_makes_no_statement_and_no_request(): void
    {
        $before = count($this->sandbox->requests());

        $statements = $this->statementsOf(static fn () => include self::FILE);

        $this->assertSame([0, $before], [$statements, count($this->sandbox->requests())]);
    }

    public function test_without_the_extension_it_tells_so_and_cron_goes_on(): void
    {
        $code = 'include ' . var_export(self::FILE, true) . '; run_hook("DailyCronJob"); echo "the next job";';

        $end = ChildProcess::start($code, [], [], false)->wait();

        $this->assertSame(['the next job', '', 0], [$end['output'], $end['errors'], $end['exit']]);
        $told = Host::activityLog();
        $this->assertCount(1, $told);
        $this->assertStringContainsString('whmcs_provisioning is not loaded in this PHP', $told[0]);
    }

    public function test_outside_whmcs_it_does_nothing(): void
    {
        $process = proc_open([PHP_BINARY, '-n', self::FILE], [1 => ['pipe', 'w']], $pipes);

        $this->assertSame('This file cannot be accessed directly', stream_get_contents($pipes[1]));
        proc_close($process);
    }

    /** New files, and workers that are not reloaded yet: they have loaded an extension without these functions. */
    public function test_with_an_older_extension_no_order_form_and_no_mail_dies(): void
    {
        $hooks = ['ShoppingCartValidateProductUpdate', 'EmailTplMergeFields', 'EmailPreSend'];
        $missing = ['jetpack_ValidateOrder', 'jetpack_MailFieldNames', 'jetpack_MailFields'];
        $missing = [...$missing, ...str_replace('jetpack_', 'cometbackup_', $missing)];
        $code = 'include ' . var_export(self::FILE, true) . '; include ' . var_export(dirname(self::FILE) . '/../cometbackup/hooks.php', true) . ';'
            . 'foreach (' . var_export($hooks, true) . ' as $hook) { run_hook($hook, ["customfield" => [1 => "x"], "type" => "product"]); } echo "the page";';

        $end = ChildProcess::start($code, ['disable_functions' => strtolower(implode(',', $missing))])->wait();

        $this->assertSame(['the page', '', 0], [$end['output'], $end['errors'], $end['exit']]);
    }
}
