<?php

declare(strict_types=1);

// clientarea.php?action=productdetails: the page of a service or product addon, with the module's output in its tab as the stock themes place it.

namespace Tests\Workbench;

use Tests\Host\Hooks;
use Tests\Host\Module;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;
use WHMCS\Service\Status;

final class ClientProduct
{
    public static function show(): Screen
    {
        $service = Service::find(Input::id('id'));
        if ($service === null || (int) $service->userid !== Visitor::clientId()) {
            return Screen::go('/clientarea.php?action=services');
        }
        // As WHMCS 8.13.1 does (CVE-2026-29204): whose product addon it is, is for the module to check.
        $model = Addon::find(Input::id('addonId')) ?? $service;
        $module = Input::moduleOf($model);
        $alert = '';
        if ($module !== null) {
            $alert = self::act($module, $model);
            if ($alert instanceof Screen) {
                return $alert;
            }
        }
        $name = (string) ($model instanceof Addon ? $model->name : $model->product?->name);
        if ($alert !== '' && !str_contains($alert, 'class="alert ')) {
            return Screen::client($name, $alert);
        }
        $model->refresh();
        $output = $module === null ? '' : $module->clientAreaOutput($model);
        $more = implode('', array_filter(Hooks::run('ClientAreaProductDetailsOutput', ['service' => $service]), 'is_string'));

        return Screen::client($name, $alert . self::page($service, $model, $module, $output . $more));
    }

    /** What was asked of the page: an alert, the module's own page, another address; nothing otherwise. */
    private static function act(Module $module, Service|Addon $model): string|Screen
    {
        if (Input::text('dosinglesignon') === '1' && $module->has('ServiceSingleSignOn')) {
            $answer = $module->call('ServiceSingleSignOn', $module->paramsFor($model, ['action' => 'ServiceSingleSignOn']));

            return ($answer['success'] ?? false) === true
                ? Screen::go((string) $answer['redirectTo'])
                : Html::alert('danger', Html::text($answer['errorMsg'] ?? 'Single sign-on failed'));
        }
        if (Input::text('modop') === 'custom') {
            // The stock themes print it unescaped.
            return $module->clientCustomOutput($model, Input::text('a'));
        }
        if (Router::isPosted('modulechangepassword')) {
            return self::changePassword($module, $model);
        }

        return '';
    }

    private static function changePassword(Module $module, Service|Addon $model): string
    {
        $password = is_string($_POST['newpw'] ?? null) ? $_POST['newpw'] : '';
        if (!$module->has('ChangePassword') || $model->status !== Status::ACTIVE) {
            return '';
        }
        if ($password === '' || $password !== ($_POST['confirmpw'] ?? null)) {
            return Html::alert('danger', 'The passwords you entered did not match');
        }
        $answer = $module->changePassword($model, $password);

        return $answer === 'success'
            ? Html::alert('success', 'Your password has now been changed')
            : Html::alert('danger', Html::text(strip_tags((string) $answer)));
    }

    private static function page(Service $service, Service|Addon $model, ?Module $module, string $output): string
    {
        $sidebar = self::sidebar($service, $model, $module);
        $password = $module !== null && $module->has('ChangePassword') && $model->status === Status::ACTIVE
            ? Html::card('Change Password', self::passwordForm($model))
            : '';
        $state = Html::state((string) $model->status);
        $domain = $model instanceof Service && $model->domain !== '' ? '<p>' . Html::text($model->domain) . '</p>' : '';

        return <<<HTML
            <div class="row">
              <div class="col-md-3 col-lg-3 sidebar workbench-sidebar">$sidebar</div>
              <div class="col-md-9 col-lg-9 primary-content main-content">
                <p>$state Registered {$model->regdate}, next due {$model->nextduedate}</p>
                $domain
                <div class="tab-content product-details-tab-container">
                  <div class="tab-pane fade in show active text-center" role="tabpanel" id="tabOverview" aria-label="Manage">
            $output
                  </div>
                </div>
                $password
              </div>
            </div>
            HTML;
    }

    private static function sidebar(Service $service, Service|Addon $model, ?Module $module): string
    {
        $here = self::address($model);
        $actions = '';
        if ($module !== null && $model->status === Status::ACTIVE) {
            foreach ($module->clientButtons($model) as $label => $function) {
                $actions .= '<li>' . Html::form($here, ['modop' => 'custom', 'a' => $function], Html::button((string) $label)) . '</li>';
            }
            if ($module->has('ServiceSingleSignOn')) {
                $label = $module->metaData()['ServiceSingleSignOnLabel'] ?? 'Login';
                $actions .= '<li>' . Html::link("$here&dosinglesignon=1", $label) . '</li>';
            }
        }
        if ($model instanceof Service && $model->status === Status::ACTIVE) {
            $actions .= '<li>' . Html::link("/upgrade.php?id=$model->id", 'Upgrade/Downgrade') . '</li>';
        }
        $addons = '<li>' . Html::link("/clientarea.php?action=productdetails&id=$service->id", (string) $service->product?->name) . '</li>';
        foreach ($service->addons as $addon) {
            $addons .= '<li>' . Html::link(self::address($addon), $addon->name) . ' ' . Html::state($addon->status) . '</li>';
        }

        return Html::card('Overview', "<ul>$addons</ul>") . ($actions === '' ? '' : Html::card('Actions', "<ul>$actions</ul>"));
    }

    private static function passwordForm(Service|Addon $model): string
    {
        $field = static fn (string $name, string $label): string => "<p><label>$label<br>"
            . "<input type=\"password\" class=\"form-control\" name=\"$name\" autocomplete=\"new-password\"></label></p>";

        return Html::form(
            self::address($model),
            ['modulechangepassword' => '1'],
            $field('newpw', 'New Password') . $field('confirmpw', 'Confirm New Password') . Html::button('Save Changes', '', '', 'primary')
        );
    }

    public static function address(Service|Addon $model): string
    {
        return $model instanceof Service
            ? "/clientarea.php?action=productdetails&id=$model->id"
            : "/clientarea.php?action=productdetails&id=$model->hostingid&addonId=$model->id";
    }
}
