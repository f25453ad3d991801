<?php

declare(strict_types=1);

// The client area's HTML, from templates that are compiled once, as WHMCS keeps them.

namespace Tests\Bench;

use Smarty;

final class Page
{
    /** @param array<string, mixed> $answer of the function @return array<string, mixed> the same */
    public static function of(string $who, array $answer): array
    {
        $smarty = new Smarty();
        $smarty->setTemplateDir($who === 'ours' ? dirname(__DIR__, 2) . '/modules/servers/cometbackup' : __DIR__);
        $smarty->setCompileDir(getenv('TEST_DIR') . '/templates_c');
        $smarty->assign($answer['vars'] ?? $answer);
        ob_start();
        @$smarty->display($who === 'ours' ? 'clientarea.tpl' : 'plain.tpl');
        ob_end_clean();

        return $answer;
    }
}
