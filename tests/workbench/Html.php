<?php

declare(strict_types=1);

// Pieces of HTML for the pages of the workbench. Arguments named html are HTML already; everything else is escaped here.

namespace Tests\Workbench;

use Tests\Host\FormToken;

final class Html
{
    public static function text(mixed $text): string
    {
        return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE);
    }

    public static function link(string $address, mixed $label): string
    {
        return '<a href="' . self::text($address) . '">' . self::text($label) . '</a>';
    }

    public static function alert(string $kind, string $html): string
    {
        return "<div class=\"alert alert-$kind\" role=\"alert\">$html</div>";
    }

    public static function card(string $title, string $html): string
    {
        return '<div class="panel panel-default card mb-3"><div class="panel-heading card-header"><h3 class="panel-title card-title m-0 h5">'
            . self::text($title) . "</h3></div><div class=\"panel-body card-body\">$html</div></div>";
    }

    /** @param list<string> $headings @param iterable<array<string>> $rows cells of HTML */
    public static function table(array $headings, iterable $rows, string $empty = 'Nothing yet.'): string
    {
        $html = '';
        foreach ($rows as $row) {
            $html .= '<tr><td>' . implode('</td><td>', $row) . '</td></tr>';
        }
        if ($html === '') {
            return '<p>' . self::text($empty) . '</p>';
        }
        $head = implode('', array_map(static fn (string $one): string => '<th scope="col">' . self::text($one) . '</th>', $headings));

        return "<div class=\"table-responsive\"><table class=\"table table-striped workbench-table\"><thead><tr>$head</tr></thead>"
            . "<tbody>$html</tbody></table></div>";
    }

    /** Label and field, as WHMCS's admin forms have them. @param array<string, string> $rows label ⇒ HTML */
    public static function fields(array $rows): string
    {
        $html = '';
        foreach ($rows as $label => $field) {
            $html .= '<tr><td class="fieldlabel">' . self::text($label) . "</td><td class=\"fieldarea\">$field</td></tr>";
        }

        return $html === '' ? '' : "<table class=\"form workbench-form\">$html</table>";
    }

    /** A form that is posted with WHMCS's token. @param array<string, mixed> $hidden */
    public static function form(string $action, array $hidden, string $html, string $id = ''): string
    {
        $fields = '';
        foreach ($hidden as $name => $value) {
            $fields .= '<input type="hidden" name="' . self::text($name) . '" value="' . self::text($value) . '">';
        }
        $id = $id === '' ? '' : ' id="' . self::text($id) . '"';

        return '<form method="post" action="' . self::text($action) . "\"$id class=\"workbench-inline\">" . FormToken::generate('form')
            . "$fields$html</form>";
    }

    public static function button(string $label, string $name = '', string $value = '', string $kind = 'default btn-secondary', string $form = ''): string
    {
        $form = $form === '' ? '' : ' form="' . self::text($form) . '"';
        $name = $name === '' ? '' : ' name="' . self::text($name) . '" value="' . self::text($value) . '"';

        return "<button type=\"submit\" class=\"btn btn-$kind\"$name$form>" . self::text($label) . '</button> ';
    }

    public static function input(string $name, mixed $value, string $type = 'text', string $label = ''): string
    {
        $label = $label === '' ? $name : $label;

        return "<input type=\"$type\" class=\"form-control\" name=\"" . self::text($name) . '" value="' . self::text($value)
            . '" aria-label="' . self::text($label) . '">';
    }

    public static function tick(string $name, bool $isOn, string $label): string
    {
        return '<label><input type="checkbox" name="' . self::text($name) . '"' . ($isOn ? ' checked' : '') . '> ' . self::text($label) . '</label>';
    }

    /** @param array<int|string, mixed> $choices value ⇒ label */
    public static function select(string $name, array $choices, mixed $chosen, string $label = ''): string
    {
        $html = '';
        foreach ($choices as $value => $text) {
            $mark = (string) $value === (string) $chosen ? ' selected' : '';
            $html .= '<option value="' . self::text($value) . "\"$mark>" . self::text($text) . '</option>';
        }

        return '<select class="form-control custom-select" name="' . self::text($name) . '" aria-label="' . self::text($label === '' ? $name : $label)
            . "\">$html</select>";
    }

    public static function state(string $status): string
    {
        $kind = match ($status) {
            'Active', 'Completed' => 'success',
            'Pending', 'Suspended' => 'warning',
            default => 'secondary',
        };

        return "<span class=\"label label-$kind badge badge-$kind\">" . self::text($status) . '</span>';
    }
}
