<?php

// Whole pages around a module's output, for looking at it and for screenshots.

declare(strict_types=1);

namespace Tests\Host;

final class Page
{
    public static function client(string $moduleOutput, string $title): string
    {
        $title = self::text($title);

        return self::document('client', $title, <<<HTML
            <div class="row">
              <div class="sidebar">
                <div class="card panel">
                  <div class="card-header panel-heading">Overview</div>
                  <a class="list-group-item active" href="#">Information</a>
                  <a class="list-group-item" href="#">Addons</a>
                </div>
                <div class="card panel">
                  <div class="card-header panel-heading">Actions</div>
                  <a class="list-group-item" href="#">Change Password</a>
                  <a class="list-group-item" href="#">Request Cancellation</a>
                </div>
              </div>
              <div class="primary-content">
                <h1>$title</h1>
                <ul class="nav-tabs"><li>Manage</li></ul>
                <div class="tab-content product-details-tab-container text-center">
            $moduleOutput
                </div>
              </div>
            </div>
            HTML);
    }

    /** In a client theme that has these rules and nothing of ours; the classes are those of both Bootstraps. */
    public static function themed(string $moduleOutput, string $title, string $style): string
    {
        $title = self::text($title);

        return self::document('client', $title, <<<HTML
            <div class="row">
              <div class="col-md-3 col-lg-3 sidebar">
                <div class="panel panel-default card mb-3">
                  <div class="panel-heading card-header">Overview</div>
                  <div class="list-group list-group-flush"><a class="list-group-item active" href="#">Information</a></div>
                </div>
              </div>
              <div class="col-md-9 col-lg-9 primary-content main-content">
                <h1>$title</h1>
                <div class="tab-content product-details-tab-container">
                  <div class="tab-pane fade in show active text-center">
            $moduleOutput
                  </div>
                </div>
              </div>
            </div>
            HTML, $style);
    }

    /**
     * @param array<string, string> $tabFields label ⇒ HTML, of Module::adminTab
     * @param array<string, string> $buttons label ⇒ function, of Module::coreButtons and Module::adminButtons
     * @param array<string, array<string, mixed>> $configOptions of Module::configOptions
     */
    public static function admin(array $tabFields, array $buttons = [], array $configOptions = []): string
    {
        $content = '';
        if ($buttons !== []) {
            $content .= self::table(['Module Commands' => implode(' ', array_map(
                static fn (string $label): string => '<button type="button" class="btn btn-default">'
                    . self::text($label) . '</button>',
                array_keys($buttons)
            ))]);
        }
        $content .= self::table($tabFields);
        $content = $content === '' ? '' : self::card('Products/Services', $content);
        if ($configOptions !== []) {
            $rows = [];
            foreach ($configOptions as $field) {
                $rows[$field['friendlyName']] = self::field($field);
            }
            $content .= self::card('Module Settings', self::table($rows));
        }

        return self::document('admin', 'WHMCS Admin', $content);
    }

    /** The admin page around the output of an addon module. */
    public static function addon(string $moduleOutput, string $title): string
    {
        return self::document('admin', self::text($title), '<h1>' . self::text($title) . '</h1>' . $moduleOutput);
    }

    /** @param array<string, mixed> $field */
    private static function field(array $field): string
    {
        if ($field['error'] !== null) {
            return '<span class="inputerror">' . self::text($field['error']) . '</span>';
        }
        $name = 'packageconfigoption[' . $field['position'] . ']';
        $value = self::text($field['value']);
        $input = match ($field['type']) {
            'note' => '',
            'dropdown' => "<select name=\"$name\">" . self::choices($field, '<option value="%s"%s>%s</option>', ' selected')
                . '</select>',
            'radio' => self::choices(
                $field,
                "<label><input type=\"radio\" name=\"$name\" value=\"%s\"%s> %s</label> ",
                ' checked'
            ),
            'yesno' => "<input type=\"checkbox\" name=\"$name\"" . ($field['value'] === 'on' ? ' checked' : '') . '>',
            'textarea' => "<textarea name=\"$name\" rows=\"3\" cols=\"60\">$value</textarea>",
            'password' => "<input type=\"password\" name=\"$name\" value=\"$value\">",
            default => "<input type=\"text\" name=\"$name\" value=\"$value\" size=\"40\">",
        };

        return trim($input . ' ' . $field['description']);
    }

    /** @param array<string, mixed> $field */
    private static function choices(array $field, string $format, string $mark): string
    {
        $html = '';
        foreach ($field['choices'] as $value => $label) {
            $marked = (string) $value === $field['submits'] ? $mark : '';
            $html .= sprintf($format, self::text((string) $value), $marked, self::text($label));
        }

        return $html;
    }

    /** @param array<string, string> $rows label ⇒ HTML */
    private static function table(array $rows): string
    {
        $html = '';
        foreach ($rows as $label => $content) {
            $label = self::text((string) $label);
            $html .= "<tr><td class=\"fieldlabel\">$label</td><td class=\"fieldarea\">$content</td></tr>";
        }

        return $html === '' ? '' : "<table class=\"form\">$html</table>";
    }

    private static function card(string $title, string $content): string
    {
        return "<div class=\"card panel\"><div class=\"card-header panel-heading\">$title</div>"
            . "<div class=\"card-body panel-body\">$content</div></div>";
    }

    private static function document(string $side, string $title, string $content, ?string $style = null): string
    {
        $style ??= (string) file_get_contents(__DIR__ . '/page.css');

        return <<<HTML
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>$title</title>
            <style>
            $style
            </style>
            </head>
            <body class="$side">
            <div class="topbar">Example Hosting</div>
            <div class="container">
            $content
            </div>
            </body>
            </html>
            HTML;
    }

    private static function text(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE);
    }
}
