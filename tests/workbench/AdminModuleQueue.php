<?php

declare(strict_types=1);

// admin/modulequeue.php: actions of modules that failed, with Retry.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class AdminModuleQueue
{
    public static function show(): Screen
    {
        $row = Capsule::table('tblmodulequeue')->where('completed', 0)->find(Input::id('id'));
        if ($row !== null && Router::isPosted('do')) {
            return self::handle($row);
        }
        $rows = Capsule::table('tblmodulequeue')->where('completed', 0)->orderBy('id')->get()->map(static function (object $one): array {
            $model = self::modelOf($one);
            $name = ucfirst($one->service_type) . " #$one->service_id";

            return [
                $model === null ? Html::text($name) : Html::link(AdminService::address($model), $name),
                Html::text($one->module_name), Html::text($one->module_action), Html::text($one->last_attempt),
                Html::text($one->last_attempt_error), (string) $one->num_retries,
                Html::form('/admin/modulequeue.php', ['id' => $one->id], Html::button('Retry', 'do', 'retry') . Html::button('Mark Resolved', 'do', 'resolve')),
            ];
        })->all();

        return Screen::admin('Module Queue', Html::table(['Service', 'Module', 'Action', 'Last Attempt', 'Error', 'Retries', ''], $rows));
    }

    private static function handle(object $row): Screen
    {
        if (Input::text('do') === 'resolve') {
            Capsule::table('tblmodulequeue')->where('id', $row->id)->update(['completed' => 1]);

            return Screen::go('/admin/modulequeue.php', 'success', 'Marked as resolved.');
        }
        $model = self::modelOf($row);
        $module = $model === null ? null : Input::moduleOf($model);
        if ($module === null) {
            return Screen::go('/admin/modulequeue.php', 'danger', 'The service is gone.');
        }
        $answer = Commands::run($module, $model, (string) $row->module_action);

        return Screen::go('/admin/modulequeue.php', $answer === 'success' ? 'success' : 'danger', Commands::said($answer));
    }

    private static function modelOf(object $row): Service|Addon|null
    {
        return $row->service_type === 'addon' ? Addon::find($row->service_id) : Service::find($row->service_id);
    }
}
