<?php

// Service properties: named values of a service or addon, kept in columns or custom fields.

declare(strict_types=1);

namespace WHMCS\Service;

use WHMCS\Database\Capsule;

class Properties
{
    /** Only for services: an addon has none of these columns. */
    private const SERVICE_COLUMNS = [
        'Username' => 'username',
        'Password' => 'password',
        'Domain' => 'domain',
        'License Key' => 'domain',
        'Dedicated IP' => 'dedicatedip',
        'Disk Usage' => 'diskusage',
        'Disk Limit' => 'disklimit',
        'Bandwidth Usage' => 'bwusage',
        'Bandwidth Limit' => 'bwlimit',
        'Last Update' => 'lastupdate',
    ];

    public function __construct(private readonly Service|Addon $model)
    {
    }

    public function get(string $name): string
    {
        $column = $this->columnOf($name);
        if ($column !== null) {
            $value = (string) $this->model->getAttribute($column);

            return $column === 'password' ? decrypt($value) : $value;
        }
        $fieldId = $this->customFieldId($name);

        return $fieldId === null ? '' : (string) $this->customFieldValue($fieldId)->value('value');
    }

    /** @param array<string, mixed> $values name or `key|Label` ⇒ text, or ['type' => …, 'value' => …] */
    public function save(array $values): bool
    {
        foreach ($values as $name => $given) {
            $value = (string) (is_array($given) ? $given['value'] ?? '' : $given);
            $column = $this->columnOf($name);
            if ($column !== null) {
                $this->model->setAttribute($column, $column === 'password' ? encrypt($value) : $value);
                $this->model->save();
                continue;
            }
            $type = is_array($given) ? (string) ($given['type'] ?? 'text') : 'text';
            $fieldId = $this->customFieldId($name) ?? $this->addCustomField($name, $type);
            if ($this->customFieldValue($fieldId)->exists()) {
                $this->customFieldValue($fieldId)->update(['value' => $value]);
            } else {
                Capsule::table('tblcustomfieldsvalues')
                    ->insert(['fieldid' => $fieldId, 'relid' => $this->model->id, 'value' => $value]);
            }
        }

        return true;
    }

    private function columnOf(string $name): ?string
    {
        return $this->model instanceof Service ? self::SERVICE_COLUMNS[self::keyOf($name)] ?? null : null;
    }

    private function customFieldId(string $name): ?int
    {
        foreach (Capsule::table('tblcustomfields')->where($this->fieldOwner())->orderBy('id')->get() as $field) {
            if (self::keyOf($field->fieldname) === self::keyOf($name)) {
                return (int) $field->id;
            }
        }

        return null;
    }

    private function addCustomField(string $name, string $type): int
    {
        return (int) Capsule::table('tblcustomfields')->insertGetId($this->fieldOwner() + [
            'fieldname' => $name,
            'fieldtype' => $type,
            'adminonly' => 'on',
            'created_at' => date('Y-m-d H:i:s'),
            'updated_at' => date('Y-m-d H:i:s'),
        ]);
    }

    private function customFieldValue(int $fieldId): \Illuminate\Database\Query\Builder
    {
        return Capsule::table('tblcustomfieldsvalues')->where(['fieldid' => $fieldId, 'relid' => $this->model->id]);
    }

    /** @return array{type: string, relid: int} */
    private function fieldOwner(): array
    {
        return $this->model instanceof Service
            ? ['type' => 'product', 'relid' => (int) $this->model->packageid]
            : ['type' => 'addon', 'relid' => (int) $this->model->addonid];
    }

    private static function keyOf(string $name): string
    {
        return trim(explode('|', $name, 2)[0]);
    }
}
