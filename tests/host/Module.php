<?php

// A server or addon module, loaded and called as WHMCS does.

declare(strict_types=1);

namespace Tests\Host;

final class Module
{
    use ModuleActions;
    use ModuleSettings;
    use AdminServicePages;
    use ClientPages;
    use AddonModulePages;
    use UsageMetrics;
    use ServerSync;

    /** What went wrong while the module file was included; WHMCS then merely finds no functions. */
    public ?\Throwable $loadError = null;

    public readonly string $folder;

    private bool $loaded = false;

    /** @var array<string, self> server modules by name, for the internal API */
    private static array $installed = [];

    /**
     * @param string $type `servers` or `addons`
     * @param string $root a folder laid out as WHMCS's `modules/`. One process can hold one root for a name only:
     *                     functions cannot be declared twice.
     */
    public function __construct(
        public readonly string $type,
        public readonly string $name,
        public readonly string $root
    ) {
        $this->folder = "$root/$type/$name";
        if ($type === 'servers') {
            self::$installed[$name] = $this;
        }
    }

    public static function installed(string $name): ?self
    {
        return self::$installed[$name] ?? null;
    }

    public function has(string $function): bool
    {
        $this->load();

        return function_exists($this->name . '_' . $function);
    }

    /** Calls `<name>_<function>` with exactly these arguments. */
    public function call(string $function, mixed ...$arguments): mixed
    {
        if (!$this->has($function)) {
            throw new \BadFunctionCallException("The module has no function {$this->name}_$function.", 0, $this->loadError);
        }

        $name = $this->name . '_' . $function;
        $prints = $this->type === 'addons' && strtolower($function) === 'output';

        return Strict::run($name, Contract::kindOf($this->type, $function), static fn (): mixed => $name(...$arguments), $prints);
    }

    /** @return array<string, mixed> */
    public function metaData(): array
    {
        return $this->has('MetaData') ? (array) $this->call('MetaData') : [];
    }

    public function params(): ModuleParams
    {
        return new ModuleParams($this);
    }

    /** Includes hooks.php as each page does, once WHMCS has noticed the module (see saveConfigOptions, activate). */
    public function includeHooks(): void
    {
        $file = $this->folder . '/hooks.php';
        if (in_array($this->name, self::noticedModules(), true) && is_file($file)) {
            Strict::run("hooks.php of $this->name", null, static fn (): mixed => include $file);
        }
    }

    private function load(): void
    {
        if ($this->loaded) {
            return;
        }
        $this->loaded = true;
        $this->registerClasses();
        $file = "$this->folder/$this->name.php";
        try {
            if (is_file($file)) {
                Strict::run("$this->name.php", null, static fn (): mixed => include_once $file);
            }
        } catch (\Throwable $error) {
            $this->loadError = $error;
        }
    }

    /** Classes below lib/ are loaded on demand: \WHMCS\Module\Server\<Name>\X or \WHMCS\Module\Addon\<Name>\X. */
    private function registerClasses(): void
    {
        $kind = $this->type === 'servers' ? 'Server' : 'Addon';
        $prefix = 'WHMCS\\Module\\' . $kind . '\\' . ucfirst($this->name) . '\\';
        $folder = $this->folder . '/lib/';
        spl_autoload_register(static function (string $class) use ($prefix, $folder): void {
            $file = $folder . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
            if (str_starts_with($class, $prefix) && is_file($file)) {
                require $file;
            }
        });
    }

    private function noticeHooks(): void
    {
        if (is_file($this->folder . '/hooks.php')) {
            $names = array_unique([...self::noticedModules(), $this->name]);
            Configuration::set('ModuleHooks', implode(',', $names));
        }
    }

    /** @return list<string> */
    private static function noticedModules(): array
    {
        return array_values(array_filter(explode(',', Configuration::get('ModuleHooks'))));
    }
}
