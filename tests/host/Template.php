<?php

// Smarty as WHMCS sets it up: templates of the theme before those of the module's folder, nothing escaped by itself.

declare(strict_types=1);

namespace Tests\Host;

final class Template
{
    /** A theme's folder, which may have copies of the modules' templates. */
    public static ?string $theme = null;

    private static ?string $compileFolder = null;

    /**
     * @param string $name with or without `.tpl`
     * @param array<string, mixed> $vars
     */
    public static function render(string $folder, string $name, array $vars): string
    {
        $smarty = new \Smarty();
        $smarty->setTemplateDir(self::places($folder));
        $smarty->setCompileDir(self::compileFolder());
        $smarty->registerPlugin('function', 'lang', static fn (array $given): string => (string) ($given['key'] ?? ''));
        $smarty->assign($vars + [
            'template' => Configuration::get('Template'),
            'language' => $_SESSION['Language'] ?? Configuration::get('Language'),
            'systemurl' => Configuration::get('SystemURL'),
            'WEB_ROOT' => '',
            'token' => FormToken::generate('plain'),
        ]);
        $file = str_ends_with($name, '.tpl') ? $name : "$name.tpl";
        $render = static fn (): string => self::withoutSmartyDeprecations(static fn (): string => $smarty->fetch($file));

        return Strict::run("The template $file of " . basename($folder), 'text', $render);
    }

    /** Compiled templates outlive the process: quicker for a server with many of them. */
    public static function keepCompiledIn(string $folder): void
    {
        self::$compileFolder = $folder;
    }

    /** @return list<string> where a module's template is looked for, the first that has it */
    private static function places(string $folder): array
    {
        $ofTheme = self::$theme === null ? [] : [self::$theme . '/modules/servers/' . basename($folder)];

        return [...$ofTheme, "$folder/templates", $folder];
    }

    /** Smarty 4 uses functions that PHP 8 deprecates; what templates themselves cause is still reported. */
    private static function withoutSmartyDeprecations(callable $render): string
    {
        $previous = null;
        $previous = set_error_handler(static function (int $level, string $text, string $file, int $line) use (&$previous) {
            return Strict::isOfLibrary($level, $file) ? true : ($previous === null ? false : $previous($level, $text, $file, $line));
        });
        try {
            return $render();
        } finally {
            restore_error_handler();
        }
    }

    private static function compileFolder(): string
    {
        if (self::$compileFolder === null) {
            $folder = sys_get_temp_dir() . '/whmcs-templates-' . bin2hex(random_bytes(8));
            mkdir($folder, 0700);
            self::$compileFolder = $folder;
            $owner = getmypid();
            register_shutdown_function(static function () use ($folder, $owner): void {
                if (getmypid() === $owner) {
                    array_map('unlink', glob("$folder/*") ?: []);
                    rmdir($folder);
                }
            });
        }

        return self::$compileFolder;
    }
}
