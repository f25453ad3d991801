<?php

declare(strict_types=1);

// whmcs_provisioning_widget and the dashboard's widget: figures from what is stored, in few statements, and no request.

namespace Tests\Admin;

use Tests\Host\Hooks;
use Tests\Support\AdminTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;
use WHMCS\Module\AbstractWidget;

final class WidgetTest extends AdminTestCase
{
    private function widget(): AbstractWidget
    {
        $this->addon->activate();
        $this->addon->includeHooks();
        $widgets = Hooks::run('AdminHomeWidgets', []);
        $this->assertCount(1, $widgets);
        $this->assertInstanceOf(AbstractWidget::class, $widgets[0]);

        return $widgets[0];
    }

    public function test_it_shows_what_waits(): void
    {
        $widget = $this->widget();
        Capsule::connection()->unprepared("INSERT INTO mod_whmcs_provisioning_journal
                (module, owner_type, owner_id, operation, state, asked, begun_at, host, process)
            VALUES ('jetpack', 'service', 1, 'issue', 'unknown', 'a', UTC_TIMESTAMP(), 'h', 'p'),
                ('jetpack', 'service', 1, 'issue', 'failed', 'a', UTC_TIMESTAMP(), 'h', 'p'),
            ('jetpack', 'service', 1, 'issue', 'failed', 'a', UTC_TIMESTAMP() - INTERVAL 2 DAY, 'h', 'p')");
        Capsule::connection()->unprepared("INSERT INTO mod_cometbackup_accounts
                (service_id, addon_id, server_id, username, state, planned_at, failed_backup_at, good_backup_at)
            VALUES (1, 0, 1, 'a', 'created', UTC_TIMESTAMP(), '2026-01-02 00:00:00', '2026-01-01 00:00:00'),
            (2, 0, 1, 'b', 'created', UTC_TIMESTAMP(), '2026-01-02 00:00:00', '2026-01-03 00:00:00'),
            (3, 0, 1, 'c', 'created', UTC_TIMESTAMP(), '2026-01-02 00:00:00', NULL)");

        $data = $widget->getData();

        $this->assertSame([1, 1, 0, 1, 2, 0], array_values($data));
        $html = $widget->generateOutput($data);
        $this->assertStringContainsString('<strong>2</strong>', $html);
        $this->assertStringContainsString('addonmodules.php?module=whmcs_provisioning&amp;page=decisions', $html);
        $this->assertNothingWasAsked();
    }

    public function test_it_costs_few_statements(): void
    {
        $this->addon->activate();
        $log = new StatementLog();
        $this->inChild('return whmcs_provisioning_widget();');

        $this->assertCount(5, $log->end());
    }

    public function test_before_there_are_tables_there_is_nothing(): void
    {
        $this->assertSame([0, 0, 0, 0, 0, 0], array_values(whmcs_provisioning_widget()));
    }

    public function test_a_client_gets_no_figures(): void
    {
        $_SESSION = ['uid' => 10];

        $this->assertSame(['error'], array_keys(whmcs_provisioning_widget()));
    }

    public function test_where_the_extension_is_missing_it_says_so(): void
    {
        $hooks = var_export(realpath(self::ROOT) . '/addons/whmcs_provisioning/hooks.php', true);
        $html = $this->inChild(
            "include $hooks; [\$widget] = Tests\\Host\\Hooks::run('AdminHomeWidgets', []); return \$widget->generateOutput(\$widget->getData());",
            [],
            [],
            false
        );

        $this->assertStringContainsString('whmcs_provisioning is not loaded in this PHP', $html);
    }

    public function test_an_extension_from_before_the_upgrade_ends_no_dashboard(): void
    {
        $hooks = var_export(realpath(self::ROOT) . '/addons/whmcs_provisioning/hooks.php', true);
        $html = $this->inChild(
            "include $hooks; [\$widget] = Tests\\Host\\Hooks::run('AdminHomeWidgets', []); return \$widget->generateOutput(\$widget->getData());",
            ['disable_functions' => 'whmcs_provisioning_widget']
        );

        $this->assertStringContainsString('reload PHP', $html);
    }

    public function test_it_takes_any_data(): void
    {
        $widget = $this->widget();
        foreach ([null, [], 'text', ['error' => '<b>'], ['decisions' => '"><script>']] as $data) {
            $this->assertStringNotContainsString('<script', $widget->generateOutput($data));
            $this->assertStringNotContainsString('<b>', $widget->generateOutput($data));
        }
    }
}
