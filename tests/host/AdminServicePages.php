<?php

// What a module adds to the admin's page of a service.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Service\Addon;
use WHMCS\Service\Service;

trait AdminServicePages
{
    /** @return array<string, string> label ⇒ HTML */
    public function adminTab(Service|Addon $model): array
    {
        if (!$this->has('AdminServicesTabFields')) {
            return [];
        }

        return Request::run(
            self::servicePage($model),
            [],
            fn (): array => (array) $this->call('AdminServicesTabFields', $this->paramsFor($model))
        );
    }

    /** @param array<string, mixed> $post what the form sends */
    public function saveAdminTab(Service|Addon $model, array $post): void
    {
        if ($this->has('AdminServicesTabFieldsSave')) {
            Request::run(
                self::servicePage($model),
                $post,
                fn (): mixed => $this->call('AdminServicesTabFieldsSave', $this->paramsFor($model))
            );
        }
    }

    /** @return array<string, string> label ⇒ function suffix, of the module's own buttons */
    public function adminButtons(Service|Addon $model): array
    {
        return $this->has('AdminCustomButtonArray')
            ? (array) $this->call('AdminCustomButtonArray', $this->paramsFor($model))
            : [];
    }

    /** @return array<string, string> label ⇒ function, of WHMCS's buttons for functions the module has */
    public function coreButtons(): array
    {
        $buttons = [
            'Create' => 'CreateAccount',
            'Renew' => 'Renew',
            'Suspend' => 'SuspendAccount',
            'Unsuspend' => 'UnsuspendAccount',
            'Terminate' => 'TerminateAccount',
            'Change Package' => 'ChangePackage',
            'Change Password' => 'ChangePassword',
        ];

        return array_filter($buttons, fn (string $function): bool => $this->has($function));
    }

    /** @return array<string, string> */
    private static function servicePage(Service|Addon $model): array
    {
        $page = ['userid' => (string) $model->userid];

        return $model instanceof Service
            ? $page + ['id' => (string) $model->id]
            : $page + ['id' => (string) $model->hostingid, 'aid' => (string) $model->id];
    }
}
