<?php

// Base of WHMCS's models: attributes may be named in camelCase, whatever the column is called.

declare(strict_types=1);

namespace WHMCS\Model;

use Illuminate\Database\Eloquent\Model;
use Illuminate\Support\Str;

abstract class AbstractModel extends Model
{
    /** @var array<string, string> names of attributes that differ from their column in more than case */
    protected array $columnMap = [];

    protected $guarded = [];

    public function getAttribute($key)
    {
        return parent::getAttribute($this->columnOf((string) $key));
    }

    public function setAttribute($key, $value)
    {
        return parent::setAttribute($this->columnOf((string) $key), $value);
    }

    private function columnOf(string $name): string
    {
        if (isset($this->columnMap[$name])) {
            return $this->columnMap[$name];
        }
        if (array_key_exists($name, $this->attributes) || method_exists($this, $name)) {
            return $name;
        }
        foreach ([strtolower($name), Str::snake($name)] as $column) {
            if (array_key_exists($column, $this->attributes)) {
                return $column;
            }
        }

        return $name;
    }
}
