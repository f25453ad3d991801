<?php

declare(strict_types=1);

// The fields of a module's settings: in simple mode those that the module flags, in advanced mode all.

namespace Tests\Workbench;

use Tests\Host\Module;

final class ModuleSettingsForm
{
    public static function html(Module $module, int $id, bool $isAddon, string $mode): string
    {
        $all = $module->configOptions($id, $isAddon);
        $simple = array_filter($all, static fn (array $field): bool => $field['simpleMode']);
        $hasModes = $simple !== [] && count($simple) < count($all);
        $shown = $hasModes && $mode === 'simple' ? $simple : $all;
        $rows = [];
        foreach ($shown as $field) {
            $rows[$field['friendlyName']] = self::field($field);
        }
        $other = $mode === 'simple' ? 'advanced' : 'simple';
        $switch = $hasModes ? '<p>' . Html::link(AdminProduct::address($id, $isAddon, $other), "Switch to $other mode") . '</p>' : '';

        return $switch . Html::fields($rows);
    }

    /** @param array<string, mixed> $field */
    private static function field(array $field): string
    {
        if ($field['error'] !== null) {
            return '<span class="text-danger">' . Html::text($field['error']) . '</span>';
        }
        $name = "packageconfigoption[{$field['position']}]";
        $label = $field['friendlyName'];
        $input = match ($field['type']) {
            'note' => '',
            'dropdown' => Html::select($name, $field['choices'], $field['submits'], $label),
            'radio' => self::radio($name, $field),
            'yesno' => '<input type="hidden" name="packageticks[' . $field['position'] . ']" value="1">'
                . Html::tick($name, $field['value'] === 'on', $label),
            'textarea' => '<textarea class="form-control" rows="3" cols="60" name="' . Html::text($name) . '" aria-label="' . Html::text($label) . '">'
                . Html::text($field['value']) . '</textarea>',
            'password' => Html::input($name, $field['value'], 'password', $label),
            default => Html::input($name, $field['value'], 'text', $label),
        };

        // Descriptions may be HTML.
        return $input . ' ' . $field['description'];
    }

    /** @param array<string, mixed> $field */
    private static function radio(string $name, array $field): string
    {
        $html = '';
        foreach ($field['choices'] as $value => $label) {
            $mark = (string) $value === $field['submits'] ? ' checked' : '';
            $input = '<input type="radio" name="' . Html::text($name) . '" value="' . Html::text($value) . "\"$mark>";
            $html .= "<label>$input " . Html::text($label) . '</label> ';
        }

        return $html;
    }
}
