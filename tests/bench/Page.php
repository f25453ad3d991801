<?php

declare(strict_types=1);

// The jobs of the client area as HTML. One template for both, with the variables that both give, and compiled once, as WHMCS
// keeps its templates.

namespace Tests\Bench;

use Smarty;

final class Page
{
    /** @param array<string, mixed> $answer of the function @return array<string, mixed> the same */
    public static function of(array $answer): array
    {
        $smarty = new Smarty();
        $smarty->setTemplateDir(__DIR__);
        $smarty->setCompileDir(getenv('TEST_DIR') . '/templates_c');
        $smarty->assign($answer['vars'] ?? $answer);
        $html = @$smarty->fetch('clientarea.tpl');

        return ['shown' => substr_count($html, '<tr>')] + $answer;
    }
}
