<?php

declare(strict_types=1);

// admin/index.php: the dashboard with the widgets of the hook AdminHomeWidgets.

namespace Tests\Workbench;

use Tests\Host\Hooks;
use Tests\Host\Strict;
use WHMCS\Database\Capsule;

final class AdminDashboard
{
    public static function show(): Screen
    {
        $html = '';
        foreach (Hooks::run('AdminHomeWidgets', []) as $widget) {
            $html .= self::widget($widget);
        }
        $count = static fn (string $table): int => Capsule::table($table)->count();
        $facts = [
            'Clients' => Html::link('/admin/clients.php', $count('tblclients') . ' clients, ' . $count('tblhosting') . ' services'),
            'Module Queue' => Html::link('/admin/modulequeue.php', Capsule::table('tblmodulequeue')->where('completed', 0)->count() . ' failed actions'),
            'Tickets' => Html::link('/admin/supporttickets.php', $count('tbltickets') . ' tickets'),
        ];

        return Screen::admin('Dashboard', Html::fields($facts) . "<div class=\"row\">$html</div>");
    }

    private static function widget(mixed $widget): string
    {
        if (!$widget instanceof \WHMCS\Module\AbstractWidget) {
            return '';
        }
        $output = Strict::run('The widget ' . $widget::class, 'text', static fn (): mixed => $widget->generateOutput($widget->getData()));

        return '<div class="col-md-6">' . Html::card((string) $widget->getTitle(), (string) $output) . '</div>';
    }
}
