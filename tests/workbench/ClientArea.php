<?php

declare(strict_types=1);

// clientarea.php: the home page with the modules' actions, the list of services, the mails. The page of one service is ClientProduct's.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class ClientArea
{
    public static function show(): Screen
    {
        if (Visitor::clientId() === 0) {
            return Screen::go('/login.php?goto=' . rawurlencode((string) $_SERVER['REQUEST_URI']));
        }

        return match (Input::text('action')) {
            'productdetails' => ClientProduct::show(),
            'services', 'products' => self::services(),
            'emails' => self::mails(),
            'customaction' => self::runAction(),
            default => self::home(),
        };
    }

    private static function home(): Screen
    {
        $client = Capsule::table('tblclients')->find(Visitor::clientId());
        $rows = [];
        foreach (self::servicesOfClient() as $service) {
            if ($service->domainstatus !== 'Active') {
                continue;
            }
            $module = Input::moduleOf($service);
            $rows[] = [self::linkTo($service), $module === null ? '' : self::actions($module, $service)];
        }
        $html = Html::card('Your Active Products/Services', Html::table(['Service', 'Actions'], $rows));

        return Screen::client('Welcome back, ' . ($client->firstname ?? ''), $html);
    }

    /** The collection is built on each view, for each active service. */
    private static function actions(Module $module, Service $service): string
    {
        $html = '';
        foreach ($module->customActions($service) as $action) {
            $html .= Html::form(
                '/clientarea.php?action=customaction',
                ['id' => $service->id, 'identifier' => $action->getIdentifier()],
                Html::button($action->getDisplay())
            );
        }

        return $html;
    }

    private static function runAction(): Screen
    {
        $service = Service::find(Input::id('id'));
        $module = $service === null || (int) $service->userid !== Visitor::clientId() ? null : Input::moduleOf($service);
        if (!Router::isPosted() || $module === null || $service->domainstatus !== 'Active') {
            return Screen::go('/clientarea.php');
        }
        try {
            $answer = $module->runCustomAction($service, Input::text('identifier'));
        } catch (\OutOfBoundsException) {
            return Screen::go('/clientarea.php', 'danger', 'There is no such action.');
        }

        return ($answer['success'] ?? false) === true
            ? Screen::go((string) $answer['redirectTo'])
            : Screen::go('/clientarea.php', 'danger', (string) ($answer['errorMsg'] ?? 'An unknown error occurred'));
    }

    private static function services(): Screen
    {
        $rows = [];
        foreach (self::servicesOfClient() as $service) {
            $rows[] = [self::linkTo($service), Html::text($service->billingcycle), Html::state($service->domainstatus), self::pay($service)];
            foreach ($service->addons as $addon) {
                $rows[] = ['&nbsp;&nbsp;' . self::linkToAddon($addon), Html::text($addon->billingcycle), Html::state($addon->status), ''];
            }
        }

        return Screen::client('My Products & Services', Html::table(['Product/Service', 'Billing', 'Status', ''], $rows));
    }

    private static function mails(): Screen
    {
        $rows = Capsule::table('tblemails')->where('userid', Visitor::clientId())->orderByDesc('id')->get()->map(static fn (object $mail): array => [
            Html::text($mail->date), Html::text($mail->subject), '<div class="workbench-text">' . nl2br(Html::text($mail->message)) . '</div>',
        ])->all();

        return Screen::client('Email History', Html::table(['Date', 'Subject', 'Message'], $rows));
    }

    /** A service that was ordered and not paid. */
    private static function pay(Service $service): string
    {
        return $service->domainstatus === 'Pending'
            ? Html::form('/cart.php?a=pay', ['id' => $service->id], Html::button('Pay the invoice'))
            : '';
    }

    /** @return iterable<Service> */
    private static function servicesOfClient(): iterable
    {
        return Service::where('userid', Visitor::clientId())->orderBy('id')->get();
    }

    private static function linkTo(Service $service): string
    {
        $name = (string) $service->product?->name;

        return Html::link("/clientarea.php?action=productdetails&id=$service->id", $name === '' ? "Service $service->id" : $name)
            . ($service->domain === '' ? '' : '<br>' . Html::text($service->domain));
    }

    private static function linkToAddon(Addon $addon): string
    {
        return Html::link("/clientarea.php?action=productdetails&id=$addon->hostingid&addonId=$addon->id", $addon->name);
    }
}
