<?php

declare(strict_types=1);

// Which page an address is, who may see it, and what becomes of an exception.

namespace Tests\Workbench;

use Tests\Host\FormToken;
use Tests\Host\Strict;
use WHMCS\Exception\ProgramExit;

final class Router
{
    /** Path ⇒ page. */
    private const PAGES = [
        '/' => Start::class,
        '/login.php' => Login::class,
        '/index.php' => AddonClientPage::class,
        '/clientarea.php' => ClientArea::class,
        '/cart.php' => Shop::class,
        '/upgrade.php' => Upgrade::class,
        '/workbench/faults.php' => FaultsPage::class,
        '/admin/' => AdminDashboard::class,
        '/admin/index.php' => AdminDashboard::class,
        '/admin/clients.php' => AdminClients::class,
        '/admin/clientssummary.php' => AdminClients::class,
        '/admin/clientsservices.php' => AdminService::class,
        '/admin/configproducts.php' => AdminProduct::class,
        '/admin/configaddons.php' => AdminProduct::class,
        '/admin/configservers.php' => AdminServers::class,
        '/admin/automation.php' => AdminAutomation::class,
        '/admin/serversync.php' => AdminServerSync::class,
        '/admin/modulequeue.php' => AdminModuleQueue::class,
        '/admin/configaddonmods.php' => AdminAddonModules::class,
        '/admin/addonmodules.php' => AdminAddonPage::class,
        '/admin/configemailtemplates.php' => AdminMailTemplates::class,
        '/admin/systemactivitylog.php' => AdminLogs::class,
        '/admin/systemmodulelog.php' => AdminLogs::class,
        '/admin/systememaillog.php' => AdminLogs::class,
        '/admin/supporttickets.php' => AdminLogs::class,
    ];

    public static function answer(string $path): void
    {
        if ($path === '/workbench/ping') {
            echo 'ready';

            return;
        }
        World::open();
        register_shutdown_function(self::reportFatalError(...));
        Visitor::takeWishes();
        $side = str_starts_with($path, '/admin/') ? 'admin' : 'client';
        ob_start();
        try {
            $screen = self::page($path, $side);
        } catch (ProgramExit $exit) {
            $screen = Screen::refused($side, 'Refused', $exit->getMessage(), 403);
        } catch (\Throwable $error) {
            error_log((string) $error);
            if (Strict::faults() === []) {
                Strict::add('The page ended with ' . $error::class . ': ' . $error->getMessage());
            }
            $screen = Screen::refused($side, 'Oops!', 'Something went wrong and we could not process your request.', 500);
        }
        $printed = (string) ob_get_clean();
        if ($printed !== '') {
            Strict::add('The page printed "' . mb_strimwidth($printed, 0, 80, '…') . '"');
        }
        self::send($screen);
    }

    private static function page(string $path, string $side): Screen
    {
        $page = self::PAGES[$path] ?? null;
        if ($page === null) {
            return Screen::refused($side, 'Not found', 'There is no such page.', 404);
        }
        if ($side === 'admin' && Visitor::adminId() === 0) {
            return Screen::go('/login.php?side=admin&goto=' . rawurlencode((string) $_SERVER['REQUEST_URI']));
        }

        return $page::show();
    }

    /** WHMCS checks the token of its own forms. */
    public static function isPosted(string $what = ''): bool
    {
        if ($_SERVER['REQUEST_METHOD'] !== 'POST' || ($what !== '' && !isset($_POST[$what]))) {
            return false;
        }

        return FormToken::check(is_string($_POST['token'] ?? null) ? $_POST['token'] : '');
    }

    private static function send(Screen $screen): void
    {
        $faults = Strict::faults();
        http_response_code($faults !== [] && $screen->location === null ? 500 : $screen->status);
        header('Content-Type: text/html; charset=utf-8');
        header('Cache-Control: private, no-store');
        header('X-Workbench-Faults: ' . count($faults));
        if ($screen->location !== null) {
            foreach ($faults as $fault) {
                $_SESSION['workbench_said'][] = ['danger', "Against WHMCS's module contract: $fault"];
            }
            header("Location: $screen->location");

            return;
        }
        echo Layout::document($screen);
    }

    private static function reportFatalError(): void
    {
        $error = error_get_last();
        if ($error !== null && ($error['type'] & (E_ERROR | E_PARSE | E_COMPILE_ERROR | E_CORE_ERROR)) !== 0 && !headers_sent()) {
            http_response_code(500);
            echo '<div class="workbench-faults" role="alert">The page died: ' . Html::text($error['message']) . '</div>';
        }
    }
}
