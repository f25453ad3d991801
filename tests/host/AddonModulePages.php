<?php

// Pages and switches of an addon module.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

trait AddonModulePages
{
    /**
     * Activates the addon module and stores its version and settings.
     *
     * @param array<string, string> $settings
     * @return mixed the raw answer of `_activate`
     */
    public function activate(array $settings = []): mixed
    {
        $answer = $this->has('activate') ? $this->call('activate') : null;
        if (($answer['status'] ?? 'success') !== 'error') {
            Host::setAddonModule($this->name, $settings + ['version' => (string) ($this->config()['version'] ?? '')]);
            $active = array_filter(explode(',', Configuration::get('ActiveAddonModules')));
            Configuration::set('ActiveAddonModules', implode(',', array_unique([...$active, $this->name])));
            $this->noticeHooks();
        }

        return $answer;
    }

    public function deactivate(): mixed
    {
        $answer = $this->has('deactivate') ? $this->call('deactivate') : null;
        Capsule::table('tbladdonmodules')->where('module', $this->name)->delete();
        $active = explode(',', Configuration::get('ActiveAddonModules'));
        Configuration::set('ActiveAddonModules', implode(',', array_diff($active, [$this->name])));

        return $answer;
    }

    /**
     * The admin page of the addon module; `_upgrade` runs first when the stored version is older.
     *
     * @param array<string, mixed> $query
     * @param array<string, mixed> $post
     * @return string what `_output` prints
     */
    public function addonOutput(array $query = [], array $post = []): string
    {
        return Request::run($query + ['module' => $this->name], $post, function (): string {
            $this->upgrade();
            ob_start();
            try {
                $this->call('output', $this->addonVars());
            } finally {
                $printed = (string) ob_get_clean();
            }

            return $printed;
        });
    }

    /**
     * index.php?m=<name>: calls `<name>_clientarea`, wherever that function comes from, with an addon's variables only.
     *
     * @param array<string, mixed> $vars
     * @param array<string, mixed> $query
     */
    public function addonClientPage(string $name, array $vars = [], array $query = []): string
    {
        $addon = $this->type === 'addons' && $this->name === $name ? $this : new self('addons', $name, $this->root);

        return Request::run($query + ['m' => $name], [], static function () use ($addon, $vars): string {
            $answer = $addon->has('clientarea') ? $addon->call('clientarea', $vars + $addon->addonVars()) : null;

            return is_array($answer) && isset($answer['templatefile'])
                ? Template::render($addon->folder, $answer['templatefile'], $answer['vars'] ?? [])
                : '';
        });
    }

    /** @return array<string, mixed> */
    public function config(): array
    {
        return $this->has('config') ? (array) $this->call('config') : [];
    }

    /** @return array<string, mixed> */
    public function addonVars(): array
    {
        $settings = Capsule::table('tbladdonmodules')->where('module', $this->name)->pluck('value', 'setting')->all();

        return Host::encoded($settings) + [
            'module' => $this->name,
            'modulelink' => "addonmodules.php?module=$this->name",
            'version' => '',
            '_lang' => $this->language(),
        ];
    }

    private function upgrade(): void
    {
        $stored = (string) $this->addonVars()['version'];
        $version = (string) ($this->config()['version'] ?? '');
        if ($stored !== '' && version_compare($stored, $version, '<')) {
            if ($this->has('upgrade')) {
                $this->call('upgrade', $this->addonVars());
            }
            Host::setAddonModule($this->name, ['version' => $version]);
        }
    }

    /** @return array<string, string> */
    private function language(): array
    {
        $default = strtolower((string) ($this->config()['language'] ?? 'english'));
        foreach ([strtolower((string) ($_SESSION['Language'] ?? $default)), $default] as $language) {
            $file = "$this->folder/lang/$language.php";
            if (is_file($file)) {
                return (static function () use ($file): array {
                    $_ADDONLANG = [];
                    include $file;

                    return $_ADDONLANG;
                })();
            }
        }

        return [];
    }
}
