<?php

declare(strict_types=1);

// The document around a page: the workbench's own bar, the look, what was said before, and the faults of the modules.

namespace Tests\Workbench;

use Tests\Host\Strict;

final class Layout
{
    private const STYLES = [
        'bootstrap3' => '/workbench/javascript/bootstrap/css/bootstrap.min.css',
        'bootstrap4' => '/workbench/javascript/bootstrap4/css/bootstrap.min.css',
    ];

    private const CLIENT_MENU = [
        '/clientarea.php' => 'Home', '/clientarea.php?action=services' => 'Services', '/cart.php' => 'Shop', '/clientarea.php?action=emails' => 'Mails',
    ];

    private const ADMIN_MENU = [
        '/admin/index.php' => 'Dashboard', '/admin/clients.php' => 'Clients',
        '/admin/configproducts.php' => 'Products', '/admin/configservers.php' => 'Servers',
        '/admin/configemailtemplates.php' => 'Email Templates',
        '/admin/automation.php' => 'Automation', '/admin/serversync.php' => 'Server Sync', '/admin/modulequeue.php' => 'Module Queue',
        '/admin/configaddonmods.php' => 'Addon Modules', '/admin/systemactivitylog.php' => 'Activity Log',
        '/admin/systemmodulelog.php' => 'Module Log', '/admin/systememaillog.php' => 'Mails', '/admin/supporttickets.php' => 'Tickets',
    ];

    public static function document(Screen $screen): string
    {
        // WHMCS's admin area is Bootstrap 3, whatever theme the clients have.
        $look = $screen->side === 'client' ? Visitor::look() : 'bootstrap3';
        $style = isset(self::STYLES[$look]) ? '<link rel="stylesheet" href="' . self::STYLES[$look] . '">' : '';
        $title = Html::text($screen->title);
        $menu = self::menu(match ($screen->side) {
            'client' => self::CLIENT_MENU,
            'admin' => self::ADMIN_MENU,
            default => [],
        });
        $bar = self::bar();
        $said = self::said();
        $faults = self::faults();
        $dark = Visitor::isDark() ? ' workbench-dark' : '';
        $container = $screen->side === 'client' ? 'container' : 'workbench-wide';
        $lang = Visitor::LANGUAGES[$_SESSION['Language'] ?? 'english'] ?? 'en';

        return <<<HTML
            <!DOCTYPE html>
            <html lang="$lang" class="workbench-look-$look$dark">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>$title</title>
            $style
            <link rel="stylesheet" href="/workbench/workbench.css">
            </head>
            <body class="workbench-$screen->side">
            $bar
            $menu
            <main class="$container" id="main-body">
            <h1 class="h2">$title</h1>
            $faults
            $said
            $screen->html
            </main>
            </body>
            </html>
            HTML;
    }

    private static function bar(): string
    {
        $here = (string) $_SERVER['REQUEST_URI'];
        $looks = '';
        foreach (Visitor::LOOKS as $look => $label) {
            $current = $look === Visitor::look() ? ' aria-current="true"' : '';
            $looks .= '<a href="' . Html::text(self::with($here, 'look', $look)) . "\"$current>" . Html::text($label) . '</a> ';
        }
        $dark = Visitor::isDark() ? ['0', 'light'] : ['1', 'dark'];
        $looks .= '<a href="' . Html::text(self::with($here, 'dark', $dark[0])) . "\">$dark[1]</a>";
        $languages = '';
        foreach (Visitor::LANGUAGES as $language => $code) {
            $current = $language === ($_SESSION['Language'] ?? 'english') ? ' aria-current="true"' : '';
            $languages .= '<a href="' . Html::text(self::with($here, 'language', $language)) . "\"$current>$code</a> ";
        }
        $who = '<form method="post" action="/login.php"><input type="hidden" name="goto" value="' . Html::text($here) . '">'
            . Html::select('as', Visitor::choices(), Visitor::is(), 'Who you are') . '<button type="submit">be</button></form>';

        return '<nav class="workbench-bar" aria-label="Workbench"><a href="/"><b>Workbench</b></a><a href="/clientarea.php">client area</a>'
            . '<a href="/cart.php">shop</a><a href="/admin/index.php">admin area</a><a href="/workbench/faults.php">faults</a>'
            . "<span>$looks</span><span>$languages</span>$who</nav>";
    }

    /** @param array<string, string> $entries address ⇒ label */
    private static function menu(array $entries): string
    {
        $html = '';
        foreach ($entries as $address => $label) {
            $html .= '<li>' . Html::link($address, $label) . '</li>';
        }

        return $html === '' ? '' : "<nav class=\"workbench-menu\" aria-label=\"Menu\"><ul>$html</ul></nav>";
    }

    private static function said(): string
    {
        $html = '';
        foreach ($_SESSION['workbench_said'] ?? [] as [$kind, $text]) {
            $html .= Html::alert($kind, Html::text($text));
        }
        unset($_SESSION['workbench_said']);

        return $html;
    }

    private static function faults(): string
    {
        $items = implode('', array_map(static fn (string $one): string => '<li>' . Html::text($one) . '</li>', Strict::faults()));

        return $items === '' ? '' : "<div class=\"workbench-faults\" role=\"alert\"><p>Against WHMCS's module contract:</p><ul>$items</ul></div>";
    }

    private static function with(string $address, string $name, string $value): string
    {
        $path = (string) parse_url($address, PHP_URL_PATH);
        parse_str((string) parse_url($address, PHP_URL_QUERY), $query);
        // An action of the module is not repeated by a change of look.
        unset($query['modop'], $query['a'], $query['dosinglesignon'], $query['type']);

        return $path . '?' . http_build_query([$name => $value] + $query);
    }
}
