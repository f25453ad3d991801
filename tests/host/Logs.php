<?php

// The module log, the activity log and the module queue.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

final class Logs
{
    /** @param array<mixed> $replaceVars values that are blotted out wherever they occur literally */
    public static function moduleCall(
        mixed $module,
        mixed $action,
        mixed $request,
        mixed $response,
        mixed $processed,
        array $replaceVars
    ): void {
        if (Configuration::get('ModuleDebugMode') !== 'on') {
            return;
        }
        $text = static function (mixed $value) use ($replaceVars): string {
            $text = is_scalar($value) || $value === null ? (string) $value : print_r($value, true);
            foreach ($replaceVars as $secret) {
                $text = str_replace((string) $secret, str_repeat('*', strlen((string) $secret)), $text);
            }

            return trim($text);
        };
        Capsule::table('tblmodulelog')->insert([
            'date' => date('Y-m-d H:i:s'),
            'module' => strtolower((string) $module),
            'action' => strtolower((string) $action),
            'request' => $text($request),
            'response' => $text($response),
            'arrdata' => $text($processed),
        ]);
    }

    public static function activity(string $message, int $clientId = 0): void
    {
        if ($clientId === 0 && preg_match('/User ID: (\d+)/', $message, $match)) {
            $clientId = (int) $match[1];
        }
        Capsule::table('tblactivitylog')->insert([
            'date' => date('Y-m-d H:i:s'),
            'description' => $message,
            'user' => 'System',
            'userid' => $clientId,
            'ipaddr' => '127.0.0.1',
        ]);
    }

    /** A failed action waits in the module queue until it is run again with success. */
    public static function moduleQueue(
        string $serviceType,
        int $serviceId,
        string $moduleName,
        string $moduleAction,
        ?string $error
    ): void {
        $waiting = Capsule::table('tblmodulequeue')->where('completed', 0)->where([
            'service_type' => $serviceType,
            'service_id' => $serviceId,
            'module_name' => $moduleName,
            'module_action' => $moduleAction,
        ]);
        $now = date('Y-m-d H:i:s');
        if ($error === null) {
            $waiting->update(['completed' => 1, 'updated_at' => $now]);

            return;
        }
        $attempt = ['last_attempt' => $now, 'last_attempt_error' => $error, 'updated_at' => $now];
        if ($waiting->exists()) {
            $waiting->increment('num_retries', 1, $attempt);

            return;
        }
        Capsule::table('tblmodulequeue')->insert($attempt + [
            'service_type' => $serviceType,
            'service_id' => $serviceId,
            'module_name' => $moduleName,
            'module_action' => $moduleAction,
            'created_at' => $now,
        ]);
    }
}
