<?php

declare(strict_types=1);

// What a page of the workbench reads from its request. What is no such value counts as not sent.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class Input
{
    public static function id(string $name): int
    {
        $value = $_GET[$name] ?? $_POST[$name] ?? 0;

        return is_scalar($value) ? (int) $value : 0;
    }

    public static function text(string $name): string
    {
        $value = $_POST[$name] ?? $_GET[$name] ?? '';

        return is_string($value) ? trim($value) : '';
    }

    /** @return array<int|string, string> */
    public static function texts(string $name): array
    {
        $values = $_POST[$name] ?? [];

        return is_array($values) ? array_filter($values, 'is_string') : [];
    }

    /** The module that a service or product addon is sold with. */
    public static function moduleOf(Service|Addon $model): ?Module
    {
        $name = $model instanceof Service
            ? Capsule::table('tblproducts')->where('id', $model->packageid)->value('servertype')
            : Capsule::table('tbladdons')->where('id', $model->addonid)->value('module');

        return World::module('servers', (string) $name);
    }
}
