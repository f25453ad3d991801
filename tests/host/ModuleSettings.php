<?php

// The Module Settings tab of a product or addon definition: drawing with loaders, and saving.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

trait ModuleSettings
{
    /**
     * Draws the tab. `value` is what is stored (the default for a product that is not yet of this module), `submits`
     * what saving the untouched form would store (null: nothing is sent), `error` the message shown in place of the field.
     *
     * @param int $id of the product, or of the addon definition
     * @return array<string, array{position: int, friendlyName: string, type: string, value: string, default: string,
     *     choices: array<string>, submits: ?string, error: ?string, description: string, simpleMode: bool}>
     */
    public function configOptions(int $id, bool $isAddon = false): array
    {
        return $this->onSettingsPage($id, 'module-settings', [], function () use ($id, $isAddon): array {
            $stored = $this->storedSettings($id, $isAddon);
            $fields = [];
            foreach ($this->settingDefinitions($id, $isAddon) as $name => $definition) {
                $position = count($fields) + 1;
                $default = (string) ($definition['Default'] ?? '');
                $value = $stored["configoption$position"] ?? $default;
                [$choices, $error] = $this->choices($definition, $id, $isAddon);
                $type = strtolower((string) ($definition['Type'] ?? 'note'));
                $fields[$name] = [
                    'position' => $position,
                    'friendlyName' => (string) ($definition['FriendlyName'] ?? $name),
                    'type' => $type,
                    'value' => $value,
                    'default' => $default,
                    'choices' => $choices,
                    'submits' => $error === null ? self::submitted($type, $value, $choices) : null,
                    'error' => $error,
                    'description' => (string) ($definition['Description'] ?? ''),
                    'simpleMode' => (bool) ($definition['SimpleMode'] ?? false),
                ];
            }

            return $fields;
        });
    }

    /**
     * Saves the tab: option name (or position) ⇒ value, stored by position. From then on WHMCS notices hooks.php.
     *
     * @param array<string|int, string> $values
     */
    public function saveConfigOptions(int $id, array $values, bool $isAddon = false): void
    {
        $this->onSettingsPage($id, 'save', ['servertype' => $this->name], function () use ($id, $values, $isAddon): void {
            $names = array_keys($this->settingDefinitions($id, $isAddon));
            foreach ($values as $name => $value) {
                $position = is_int($name) ? $name : array_search($name, $names, true);
                if ($position === false) {
                    throw new \InvalidArgumentException("The module has no setting \"$name\".");
                }
                $position += is_int($name) ? 0 : 1;
                $this->storeSetting($id, $isAddon, $position, (string) ($names[$position - 1] ?? ''), $value);
            }
            if ($isAddon) {
                Capsule::table('tbladdons')->where('id', $id)->update(['module' => $this->name]);
            } else {
                Capsule::table('tblproducts')->where('id', $id)->update(['servertype' => $this->name]);
            }
        });
        $this->noticeHooks();
        Hooks::run($isAddon ? 'AddonConfigSave' : 'ProductEdit', $isAddon ? ['id' => $id] : ['pid' => $id]);
    }

    /** @param array<string, mixed> $form */
    private function onSettingsPage(int $id, string $action, array $form, callable $page): mixed
    {
        return Request::run(['action' => $action, 'id' => (string) $id], $form, $page);
    }

    /** @return array<string, array<string, mixed>> */
    private function settingDefinitions(int $id, bool $isAddon): array
    {
        $row = Capsule::table($isAddon ? 'tbladdons' : 'tblproducts')->find($id);

        return (array) $this->call('ConfigOptions', [
            'whmcsVersion' => Host::VERSION,
            'producttype' => (string) ($row->type ?? ''),
            'isAddon' => $isAddon,
        ]);
    }

    /** @return array<string, string> configoptionN ⇒ value; empty when nothing was saved for this module yet */
    private function storedSettings(int $id, bool $isAddon): array
    {
        if ($isAddon) {
            return Capsule::table('tblmodule_configuration')
                ->where(['entity_type' => 'addon', 'entity_id' => $id])
                ->pluck('value', 'setting_name')
                ->all();
        }
        $product = Capsule::table('tblproducts')->where(['id' => $id, 'servertype' => $this->name])->first();

        return $product === null ? [] : array_map('strval', array_filter(
            (array) $product,
            static fn (string $column): bool => preg_match('/^configoption\d+$/', $column) === 1,
            ARRAY_FILTER_USE_KEY
        ));
    }

    private function storeSetting(int $id, bool $isAddon, int $position, string $name, string $value): void
    {
        if ($isAddon) {
            Capsule::table('tblmodule_configuration')->updateOrInsert(
                ['entity_type' => 'addon', 'entity_id' => $id, 'setting_name' => "configoption$position"],
                ['friendly_name' => $name, 'value' => $value]
            );
        } else {
            Capsule::table('tblproducts')->where('id', $id)->update(["configoption$position" => $value]);
        }
    }

    /**
     * @param array<string, mixed> $definition
     * @return array{array<string>, ?string} choices, and what is shown in place of the field
     */
    private function choices(array $definition, int $id, bool $isAddon): array
    {
        $loader = $definition['Loader'] ?? null;
        if ($loader === null) {
            $options = $definition['Options'] ?? [];
            if (is_string($options)) {
                $names = explode(',', $options);
                $options = array_combine($names, $names);
            }

            return [array_map('strval', $options), null];
        }
        $params = ['whmcsVersion' => Host::VERSION];
        if ($this->metaData()['RequiresServer'] ?? true) {
            $serverId = $this->assignedServer($id, $isAddon);
            if ($serverId === null) {
                return [[], 'No servers found for the module'];
            }
            $params = $this->serverParams($serverId);
        }
        try {
            $name = is_string($loader) ? $loader : "A loader of $this->name";
            $choices = Strict::run($name, 'loader', static fn (): mixed => $loader($params));
        } catch (\Exception $exception) {
            return [[], $exception->getMessage()];
        }

        return is_array($choices) ? [array_map('strval', $choices), null] : [[], 'The loader did not return a list'];
    }

    private function assignedServer(int $id, bool $isAddon): ?int
    {
        $owner = Capsule::table($isAddon ? 'tbladdons' : 'tblproducts')->find($id);
        $server = Capsule::table('tblservers')
            ->join('tblservergroupsrel', 'tblservergroupsrel.serverid', '=', 'tblservers.id')
            ->where('tblservergroupsrel.groupid', $owner->servergroup ?? $owner->server_group_id ?? 0)
            ->where('disabled', 0)
            ->orderByDesc('active')
            ->orderBy('tblservers.id')
            ->first('tblservers.id');

        return $server?->id;
    }

    /** @param array<string> $choices */
    private static function submitted(string $type, string $value, array $choices): ?string
    {
        return match ($type) {
            'note' => null,
            'yesno' => $value === 'on' ? 'on' : '',
            // A browser sends the first choice of a list that lacks the stored value.
            'dropdown' => isset($choices[$value]) ? $value : (string) array_key_first($choices),
            'radio' => isset($choices[$value]) ? $value : null,
            default => $value,
        };
    }
}
