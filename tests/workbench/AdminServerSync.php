<?php

declare(strict_types=1);

// admin/serversync.php: the accounts of a server against its services, with import.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;

final class AdminServerSync
{
    public static function show(): Screen
    {
        $server = Capsule::table('tblservers')->find(Input::id('serverid'));
        $module = $server === null ? null : World::module('servers', (string) $server->type);
        if ($module === null || !$module->has('ListAccounts')) {
            $rows = Capsule::table('tblservers')->orderBy('id')->get()
                ->map(static fn (object $one): array => [Html::link("/admin/serversync.php?serverid=$one->id", $one->name)])->all();

            return Screen::admin('Server Sync', Html::table(['Server'], $rows));
        }
        $address = "/admin/serversync.php?serverid=$server->id";
        if (Router::isPosted('import')) {
            try {
                $service = $module->importAccount((int) $server->id, Input::text('import'), Input::id('client'));
            } catch (\UnexpectedValueException $error) {
                return Screen::go($address, 'danger', $error->getMessage());
            }

            return Screen::go(AdminService::address($service), 'success', 'Imported.');
        }
        $result = $module->serverSync((int) $server->id);
        if (is_string($result)) {
            return Screen::admin('Server Sync: ' . $server->name, Html::alert('danger', Html::text($result)));
        }
        $clients = Capsule::table('tblclients')->orderBy('id')->pluck('email', 'id')->all();
        $import = static fn (string $name): string => Html::form(
            $address,
            ['import' => $name],
            Html::select('client', $clients, '', 'Client') . Html::button('Import')
        );
        $link = static function (int $id): string {
            $user = Capsule::table('tblhosting')->where('id', $id)->value('userid');

            return Html::link("/admin/clientsservices.php?userid=$user&id=$id", "Service #$id");
        };
        $pair = static fn (int $id, ?string $name): array => [$link($id), Html::text($name)];
        $html = Html::card('Matched', Html::table(['Service', 'Account'], array_map($pair, array_keys($result['matched']), $result['matched'])))
            . Html::card('Unknown to WHMCS', Html::table(['Account', ''], array_map(
                static fn (string $name): array => [Html::text($name), $import($name)],
                $result['unknown']
            )))
            . Html::card('Missing on the server', Html::table(['Service'], array_map(static fn (int $id): array => [$link($id)], $result['missing'])));

        return Screen::admin('Server Sync: ' . $server->name, $html);
    }
}
