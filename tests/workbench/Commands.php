<?php

declare(strict_types=1);

// The module commands that WHMCS starts, by the names its admin area has for them; the welcome mail goes out after Create.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class Commands
{
    public static function create(Module $module, Service|Addon $model): mixed
    {
        $answer = $module->create($model);
        if ($answer === 'success') {
            $template = $model instanceof Service
                ? Capsule::table('tblproducts')->where('id', $model->packageid)->value('welcomeemail')
                : Capsule::table('tbladdons')->where('id', $model->addonid)->value('welcomeemail');
            $name = Capsule::table('tblemailtemplates')->where('id', (int) $template)->value('name');
            if ($name !== null) {
                localAPI('SendEmail', ['messagename' => $name, 'id' => $model instanceof Service ? $model->id : $model->hostingid]);
            }
        }

        return $answer;
    }

    /** A command of the module queue or a button, by the module's function. */
    public static function run(Module $module, Service|Addon $model, string $function, string $reason = ''): mixed
    {
        return match ($function) {
            'CreateAccount' => self::create($module, $model),
            'SuspendAccount' => $module->suspend($model, $reason),
            'UnsuspendAccount' => $module->unsuspend($model),
            'TerminateAccount' => $module->terminate($model),
            'Renew' => $module->renew($model),
            'ChangePackage' => $module->changePackage($model),
            // The form was saved before: it is the stored one.
            'ChangePassword' => $module->changePassword($model, $model->serviceProperties->get('Password'), true),
            default => $module->custom($model, $function),
        };
    }

    public static function said(mixed $answer): string
    {
        return $answer === 'success'
            ? 'Module Command Success: Action completed successfully'
            : 'Module Command Error: ' . (is_string($answer) && $answer !== '' ? $answer : 'An unknown error occurred');
    }
}
