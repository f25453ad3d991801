<?php

declare(strict_types=1);

// admin/clients.php and admin/clientssummary.php: the clients, or one of them, and their services.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class AdminClients
{
    public static function show(): Screen
    {
        $rows = [];
        $one = Input::id('userid');
        $clients = Capsule::table('tblclients')->orderBy('id')->when($one > 0, fn ($query) => $query->where('id', $one))->get();
        foreach ($clients as $client) {
            $services = '';
            foreach (Service::where('userid', $client->id)->orderBy('id')->get() as $service) {
                $services .= '<div>' . Html::link(AdminService::address($service), "#$service->id " . $service->product?->name)
                    . ' ' . Html::state($service->domainstatus) . ' ' . Html::text($service->domain) . '</div>';
                foreach ($service->addons as $addon) {
                    $services .= '<div>&nbsp;&nbsp;' . Html::link(AdminService::address($addon), "Addon #$addon->id $addon->name")
                        . ' ' . Html::state($addon->status) . '</div>';
                }
            }
            $rows[] = [(string) $client->id, Html::text("$client->firstname $client->lastname"), Html::text($client->email), $services];
        }

        return Screen::admin('Clients', Html::table(['ID', 'Name', 'Email', 'Products/Services'], $rows));
    }
}
