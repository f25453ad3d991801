<?php

declare(strict_types=1);

// admin/clientsservices.php: a client's service or product addon, as staff see it: commands, what WHMCS holds, the module's fields.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class AdminService
{
    /** WHMCS's own commands, by the value of its buttons. */
    private const COMMANDS = [
        'create' => 'CreateAccount', 'renew' => 'Renew', 'suspend' => 'SuspendAccount', 'unsuspend' => 'UnsuspendAccount',
        'terminate' => 'TerminateAccount', 'changepackage' => 'ChangePackage', 'changepw' => 'ChangePassword',
    ];

    public static function show(): Screen
    {
        $service = Service::find(Input::id('id'));
        $model = Input::id('aid') > 0 ? Addon::find(Input::id('aid')) : $service;
        if ($service === null || $model === null || (int) ($model->hostingid ?? $service->id) !== (int) $service->id) {
            return Screen::go('/admin/clients.php', 'danger', 'Service not found');
        }
        $module = Input::moduleOf($model);
        if (Input::text('modop') === 'singlesignon' && $module !== null) {
            return self::signOn($module, $model);
        }
        if (Router::isPosted('modop') && $module !== null) {
            return self::command($module, $model);
        }
        if (Router::isPosted('save')) {
            ServiceForm::save($model);
            $module?->saveAdminTab($model, $_POST);

            return Screen::go(self::address($model), 'success', 'Changes Saved Successfully!');
        }
        $title = $model instanceof Addon ? "Addon #$model->id: $model->name" : "Service #$model->id: " . $model->product?->name;

        return Screen::admin($title, self::page($service, $model, $module));
    }

    public static function address(Service|Addon $model): string
    {
        return $model instanceof Service
            ? "/admin/clientsservices.php?userid=$model->userid&id=$model->id"
            : "/admin/clientsservices.php?userid=$model->userid&id=$model->hostingid&aid=$model->id";
    }

    private static function command(Module $module, Service|Addon $model): Screen
    {
        $command = Input::text('modop');
        $function = $command === 'custom' ? Input::text('ac') : self::COMMANDS[$command] ?? '';
        $buttons = $module->coreButtons() + $module->adminButtons($model);
        if (!in_array($function, $buttons, true)) {
            return Screen::go(self::address($model), 'danger', 'There is no such command.');
        }
        $answer = Commands::run($module, $model, $function, Input::text('suspendreason'));

        return Screen::go(self::address($model), $answer === 'success' ? 'success' : 'danger', Commands::said($answer));
    }

    private static function signOn(Module $module, Service|Addon $model): Screen
    {
        $answer = $module->call('ServiceSingleSignOn', $module->paramsFor($model, ['action' => 'ServiceSingleSignOn']));

        return ($answer['success'] ?? false) === true
            ? Screen::go((string) $answer['redirectTo'])
            : Screen::go(self::address($model), 'danger', (string) ($answer['errorMsg'] ?? 'An unknown error occurred'));
    }

    private static function page(Service $service, Service|Addon $model, ?Module $module): string
    {
        $links = Html::form(
            '/login.php',
            ['as' => "both-$model->userid", 'goto' => ClientProduct::address($model)],
            Html::button('As the client sees it', '', '', 'link')
        ) . Html::link($model instanceof Service
                ? "/admin/configproducts.php?action=edit&id=$model->packageid"
                : "/admin/configaddons.php?action=manage&id=$model->addonid", 'Module settings');
        $addons = '';
        foreach ([$service, ...$service->addons] as $one) {
            $label = $one instanceof Addon ? "Addon #$one->id $one->name" : "Service #$one->id " . $one->product?->name;
            $addons .= Html::link(self::address($one), $label) . ' ' . Html::state((string) $one->status) . ' ';
        }
        if ($module === null) {
            $fields = Html::fields(ServiceForm::fields($model)) . Html::button('Save Changes');

            return "<p>$addons</p>" . Html::form(self::address($model), ['save' => '1'], $fields);
        }
        // The module's fields stand in WHMCS's own form; its commands are another one.
        $fields = Html::fields(ServiceForm::fields($model) + ['Module Commands' => self::buttons($module, $model)] + $module->adminTab($model));
        $metrics = $module->has('MetricProvider') && $model instanceof Service ? Html::card('Metric Statistics', Usage::ofService($module, $model)) : '';

        return "<p>$addons</p><p>$links</p>"
            . Html::form(self::address($model), [], '', 'commands')
            . Html::form(self::address($model), ['save' => '1'], $fields . Html::button('Save Changes', '', '', 'primary'), 'service')
            . $metrics;
    }

    private static function buttons(Module $module, Service|Addon $model): string
    {
        $html = '';
        foreach ($module->coreButtons() as $label => $function) {
            $html .= Html::button($label, 'modop', (string) array_search($function, self::COMMANDS, true), 'default', 'commands');
        }
        foreach ($module->adminButtons($model) as $label => $function) {
            $address = Html::text(self::address($model) . '&ac=' . rawurlencode($function));
            $html .= "<button type=\"submit\" class=\"btn btn-default\" form=\"commands\" name=\"modop\" value=\"custom\" formaction=\"$address\">"
                . Html::text($label) . '</button> ';
        }
        $html .= '<input type="text" class="form-control" form="commands" name="suspendreason" placeholder="reason of a suspension" '
            . 'aria-label="Reason of a suspension"> ';
        if ($module->has('ServiceSingleSignOn')) {
            $label = $module->metaData()['ServiceSingleSignOnLabel'] ?? 'Login to Control Panel';
            $html .= Html::link(self::address($model) . '&modop=singlesignon', $label) . ' ';
        }

        return $html . ($module->has('LoginLink') ? $module->call('LoginLink', $module->paramsFor($model)) : '');
    }
}
