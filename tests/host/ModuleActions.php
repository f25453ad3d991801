<?php

// Running the functions that change something, as WHMCS's module runner does.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Service\Addon;
use WHMCS\Service\Service;
use WHMCS\Service\Status;

trait ModuleActions
{
    /**
     * The full $params of a service or addon. What `extra` holds is typed and encoded like the rest.
     *
     * @param array<string, mixed> $extra
     * @return array<string, mixed>
     */
    public function paramsFor(Service|Addon $model, array $extra = []): array
    {
        return $this->params()->forModel($model, $extra);
    }

    /** @return array<string, mixed> */
    public function serverParams(int $serverId): array
    {
        return $this->params()->forServer($serverId);
    }

    /** @param array<string, mixed> $extra parameters that replace what paramsFor gives */
    public function create(Service|Addon $model, array $extra = []): mixed
    {
        return $this->act('Create', 'CreateAccount', $model, $extra, static function () use ($model): void {
            self::setStatus($model, Status::ACTIVE, 'AddonActivated');
        });
    }

    /** @param array<string, mixed> $extra */
    public function suspend(Service|Addon $model, string $reason = '', array $extra = []): mixed
    {
        $extra += ['suspendreason' => $reason];

        return $this->act('Suspend', 'SuspendAccount', $model, $extra, static function () use ($model, $reason): void {
            if ($model instanceof Service) {
                $model->suspendreason = $reason;
            }
            self::setStatus($model, Status::SUSPENDED, 'AddonSuspended');
        });
    }

    /** @param array<string, mixed> $extra */
    public function unsuspend(Service|Addon $model, array $extra = []): mixed
    {
        return $this->act('Unsuspend', 'UnsuspendAccount', $model, $extra, static function () use ($model): void {
            if ($model instanceof Service) {
                $model->suspendreason = '';
            }
            self::setStatus($model, Status::ACTIVE, 'AddonUnsuspended');
        });
    }

    /** @param array<string, mixed> $extra */
    public function terminate(Service|Addon $model, array $extra = []): mixed
    {
        return $this->act('Terminate', 'TerminateAccount', $model, $extra, static function () use ($model): void {
            $model->termination_date = date('Y-m-d');
            self::setStatus($model, Status::TERMINATED, 'AddonTerminated');
        });
    }

    /** @param array<string, mixed> $extra */
    public function renew(Service|Addon $model, array $extra = []): mixed
    {
        return $this->act('Renew', 'Renew', $model, $extra);
    }

    /** @param array<string, mixed> $extra */
    public function changePackage(Service|Addon $model, array $extra = []): mixed
    {
        return $this->act('ChangePackage', 'ChangePackage', $model, $extra);
    }

    /**
     * @param bool $byAdmin an admin saves the form first: a failure leaves the new password stored
     * @param array<string, mixed> $extra
     */
    public function changePassword(
        Service|Addon $model,
        string $password,
        bool $byAdmin = false,
        array $extra = []
    ): mixed {
        $store = static fn () => $model->serviceProperties->save(['Password' => $password]);
        if ($byAdmin) {
            $store();
        }

        return $this->act('ChangePassword', 'ChangePassword', $model, $extra + ['password' => $password], $store);
    }

    /**
     * A button of the admin's service page.
     *
     * @param array<string, mixed> $extra
     */
    public function custom(Service|Addon $model, string $suffix, array $extra = []): mixed
    {
        return $this->act('Custom', $suffix, $model, $extra);
    }

    /** @param array<string, mixed> $form values of the server form in plain text, saved or not */
    public function testConnection(array $form): mixed
    {
        return $this->call('TestConnection', $this->params()->forServerForm($form));
    }

    /**
     * @param array<string, mixed> $extra
     * @return mixed the raw answer, or WHMCS's own message when it did not call the function
     */
    private function act(
        string $action,
        string $function,
        Service|Addon $model,
        array $extra,
        ?callable $onSuccess = null
    ): mixed {
        $params = $this->paramsFor($model, $extra + ['action' => $function]);
        foreach (Hooks::run("PreModule$action", ['params' => $params]) as $answer) {
            if (is_array($answer) && ($answer['abortcmd'] ?? false)) {
                return 'Function Aborted by Action Hook Code';
            }
            $params = is_array($answer) ? $answer + $params : $params;
        }
        $label = 'Module ' . trim((string) preg_replace('/(?=[A-Z])/', ' ', $action));
        $subject = self::subjectOf($model);
        try {
            $answer = $this->has($function) ? $this->call($function, $params) : 'Function Not Supported by Module';
        } catch (\Throwable $escaped) {
            Logs::activity("$label Ended by an Escaped Exception - $subject - Error: {$escaped->getMessage()}");
            throw $escaped;
        }
        Strict::check("{$this->name}_$function", $action === 'Custom' ? 'command' : null, $answer);
        $error = $answer === 'success' ? null : self::shown($answer);
        if ($error === null && $onSuccess !== null) {
            $onSuccess();
        }
        $serviceType = $model instanceof Service ? 'service' : 'addon';
        Logs::moduleQueue($serviceType, (int) $model->id, $this->name, $function, $error);
        Logs::activity($error === null ? "$label Successful - $subject" : "$label Failed - $subject - Error: $error");
        if ($error === null) {
            Hooks::run("AfterModule$action", ['params' => $params]);
        } else {
            Hooks::run("AfterModule{$action}Failed", ['params' => $params, 'failureResponseMessage' => $error]);
        }
        $model->refresh();

        return $answer;
    }

    private static function setStatus(Service|Addon $model, string $status, string $addonHook): void
    {
        $model->status = $status;
        $model->save();
        if ($model instanceof Addon) {
            Hooks::run($addonHook, [
                'id' => (int) $model->id,
                'userid' => (int) $model->userid,
                'serviceid' => (int) $model->hostingid,
                'addonid' => (int) $model->addonid,
            ]);
        }
    }

    private static function subjectOf(Service|Addon $model): string
    {
        return $model instanceof Service
            ? "Service ID: $model->id"
            : "Service ID: $model->hostingid - Addon ID: $model->id";
    }

    /** Anything but a text is an error WHMCS has no words for. */
    private static function shown(mixed $answer): string
    {
        return is_string($answer) && $answer !== '' ? $answer : 'An unknown error occurred';
    }
}
