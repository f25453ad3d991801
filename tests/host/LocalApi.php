<?php

// The internal API, localAPI().

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class LocalApi
{
    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    public function run(string $command, array $values): array
    {
        return match (strtolower($command)) {
            'updateclientproduct' => ClientProducts::update($values),
            'updateclientaddon' => ClientProducts::updateAddon($values),
            'getclientsproducts' => ClientProducts::list($values),
            'modulecreate' => $this->module($values, static fn (Module $m, Service $s) => $m->create($s)),
            'modulesuspend' => $this->module(
                $values,
                static fn (Module $m, Service $s) => $m->suspend($s, (string) ($values['suspendreason'] ?? ''))
            ),
            'moduleunsuspend' => $this->module($values, static fn (Module $m, Service $s) => $m->unsuspend($s)),
            'moduleterminate' => $this->module($values, static fn (Module $m, Service $s) => $m->terminate($s)),
            'modulechangepackage' => $this->module($values, static fn (Module $m, Service $s) => $m->changePackage($s)),
            'modulechangepw' => $this->module($values, static fn (Module $m, Service $s) => $m->changePassword(
                $s,
                (string) ($values['servicepassword'] ?? decrypt($s->password)),
                true
            )),
            'modulecustom' => $this->module(
                $values,
                static fn (Module $m, Service $s) => $m->custom($s, (string) ($values['func_name'] ?? ''))
            ),
            'getmodulequeue' => $this->moduleQueue($values),
            'encryptpassword' => self::success(['password' => encrypt($values['password2'] ?? '')]),
            'decryptpassword' => self::success(['password' => decrypt($values['password2'] ?? '')]),
            'sendemail' => Mail::send($values),
            'openticket' => Tickets::open($values),
            'logactivity' => $this->logActivity($values),
            default => self::error('Invalid API Command'),
        };
    }

    /**
     * @param array<string, mixed> $answer
     * @return array<string, mixed>
     */
    public static function success(array $answer = []): array
    {
        return ['result' => 'success'] + $answer;
    }

    /** @return array<string, string> */
    public static function error(string $message): array
    {
        return ['result' => 'error', 'message' => $message];
    }

    /**
     * @param array<string, mixed> $values
     * @param callable(Module, Service): mixed $action
     * @return array<string, mixed>
     */
    private function module(array $values, callable $action): array
    {
        $service = Service::find((int) ($values['serviceid'] ?? $values['accountid'] ?? 0));
        if ($service === null) {
            return self::error('Service ID not found');
        }
        $module = Module::installed((string) $service->product?->servertype);
        if ($module === null) {
            return self::error('Service not assigned to a module');
        }
        $answer = $action($module, $service);

        return $answer === 'success'
            ? self::success()
            : self::error(is_string($answer) ? $answer : 'An unknown error occurred');
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    private function moduleQueue(array $values): array
    {
        $filters = [
            'relatedId' => 'service_id',
            'serviceType' => 'service_type',
            'moduleName' => 'module_name',
            'moduleAction' => 'module_action',
        ];
        $rows = Capsule::table('tblmodulequeue')->where('completed', 0)->orderBy('id');
        foreach ($filters as $name => $column) {
            if (isset($values[$name])) {
                $rows->where($column, $values[$name]);
            }
        }
        if (isset($values['since'])) {
            $rows->where('last_attempt', '>=', $values['since']);
        }
        $queue = $rows->get()->map(static fn (object $row): array => [
            'id' => $row->id,
            'serviceType' => $row->service_type,
            'serviceId' => $row->service_id,
            'moduleName' => $row->module_name,
            'moduleAction' => $row->module_action,
            'lastAttempt' => $row->last_attempt,
            'lastAttemptError' => $row->last_attempt_error,
            'numRetries' => $row->num_retries,
            'completed' => $row->completed,
        ])->all();

        return self::success(['count' => count($queue), 'queue' => $queue]);
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    private function logActivity(array $values): array
    {
        if (($values['description'] ?? '') === '') {
            return self::error('You must define a description');
        }
        Logs::activity((string) $values['description'], (int) ($values['clientid'] ?? $values['userid'] ?? 0));

        return self::success();
    }
}
