<?php

declare(strict_types=1);

// workbench/faults.php: what goes wrong with each remote call, from now until all is good again.

namespace Tests\Workbench;

use Tests\Host\Configuration;
use Tests\Support\SandboxControl;

final class FaultsPage
{
    private const SETTING = 'WorkbenchFaults';

    /** What the sandbox is told for each; see tests/sandbox/faults.rs. */
    private const FAULTS = [
        'slow' => ['fault' => 'delay', 'ms' => 2500],
        'hang' => ['fault' => 'hang', 'ms' => 60_000],
        'down' => ['fault' => 'drop'],
        '502' => ['fault' => 'status', 'status' => 502, 'body' => '<html><h1>502 Bad Gateway</h1></html>', 'content_type' => 'text/html'],
        'refused' => ['fault' => 'status', 'status' => 403, 'body' => '{"Status":403,"Message":"Access denied"}', 'content_type' => 'application/json'],
        'busy' => ['fault' => 'rate_limit', 'retry_after' => 30],
        'cut' => ['fault' => 'truncate'],
        'malformed' => ['fault' => 'html', 'act' => false],
        'wrong types' => ['fault' => 'wrong_types'],
        'lost answer' => ['fault' => 'act_and_drop'],
    ];

    private const MEANINGS = [
        'slow' => 'answered after 2.5 seconds', 'hang' => 'no answer for a minute', 'down' => 'the connection ends without an answer',
        '502' => 'a page of a proxy', 'refused' => 'access denied', 'busy' => 'too many requests', 'cut' => 'half an answer',
        'malformed' => 'HTML in place of JSON', 'wrong types' => 'numbers as text and the like', 'lost answer' => 'carried out, and the connection ends',
    ];

    public static function show(): Screen
    {
        if (Router::isPosted('do')) {
            return self::act();
        }
        $chosen = self::chosen();
        $buttons = Html::button('All good again', 'do', 'good', 'primary') . Html::button('All down', 'do', 'down');
        $html = Html::form('/workbench/faults.php', [], $buttons) . ' '
            . '<p>A fault holds for each such request, until it is taken back. ' . self::meanings() . '</p>';
        $faults = array_combine(array_keys(self::FAULTS), array_keys(self::FAULTS));
        $fields = '';
        foreach (Remotes::calls() as $side => $calls) {
            $rows = [];
            foreach (array_keys($calls) as $name) {
                $select = Html::select("fault[$side|$name]", ['' => 'good'] + $faults, $chosen["$side|$name"] ?? '', $name);
                $rows[] = ['<code>' . Html::text($name) . '</code>', $select];
            }
            $fields .= Html::card($side, Html::table(['Call', 'Fault'], $rows));
        }

        $form = Html::form('/workbench/faults.php', [], $fields . Html::button('Set', 'do', 'set', 'primary'));

        return Screen::bench('Faults', self::state($chosen) . $html . $form);
    }

    private static function act(): Screen
    {
        $do = Input::text('do');
        Remotes::onEach(static fn () => SandboxControl::clearFaults());
        if ($do === 'down') {
            Configuration::set(self::SETTING, '{"*":"down"}');
            Remotes::onEach(static fn () => SandboxControl::shutDoor());

            return Screen::go('/workbench/faults.php', 'danger', 'Both APIs and both Comet Servers refuse every connection.');
        }
        Remotes::onEach(static fn () => SandboxControl::openDoor());
        $wanted = $do === 'set' ? array_filter(Input::texts('fault'), static fn (string $fault): bool => isset(self::FAULTS[$fault])) : [];
        Configuration::set(self::SETTING, json_encode((object) $wanted, JSON_THROW_ON_ERROR));
        $orders = [];
        foreach (Remotes::calls() as $side => $calls) {
            foreach ($calls as $name => $match) {
                $fault = $wanted["$side|$name"] ?? null;
                if ($fault !== null) {
                    $orders[] = self::FAULTS[$fault] + ['match' => $match, 'times' => 0];
                }
            }
        }
        Remotes::onEach(static fn () => SandboxControl::fault(...$orders));

        return Screen::go('/workbench/faults.php', 'success', $orders === [] ? 'All good again.' : count($orders) . ' calls have a fault.');
    }

    /** @return array<string, string> side and call ⇒ fault */
    private static function chosen(): array
    {
        $chosen = json_decode(Configuration::get(self::SETTING), true);

        return is_array($chosen) ? $chosen : [];
    }

    /** @param array<string, string> $chosen */
    private static function state(array $chosen): string
    {
        return match (true) {
            isset($chosen['*']) => Html::alert('danger', 'All is down.'),
            $chosen === [] => '',
            default => Html::alert('warning', count($chosen) . ' calls have a fault.'),
        };
    }

    private static function meanings(): string
    {
        $meaning = static fn (string $fault, string $text): string => '<b>' . Html::text($fault) . '</b>: ' . Html::text($text);

        return implode('; ', array_map($meaning, array_map('strval', array_keys(self::MEANINGS)), self::MEANINGS)) . '.';
    }
}
