<?php

declare(strict_types=1);

// admin/configservers.php: the servers with sign-on, the form of one, and the connection test with what is typed there.

namespace Tests\Workbench;

use Tests\Host\Module;
use WHMCS\Database\Capsule;

final class AdminServers
{
    private const COLUMNS = ['name', 'hostname', 'ipaddress', 'type', 'username', 'accesshash', 'port'];

    public static function show(): Screen
    {
        if (Input::text('action') === 'manage' || Input::text('action') === 'test') {
            return self::form();
        }
        $server = Capsule::table('tblservers')->find(Input::id('id'));
        if (Input::text('action') === 'singlesignon' && $server !== null && Router::isPosted()) {
            return self::signOn($server);
        }
        $rows = Capsule::table('tblservers')->orderBy('id')->get()->map(static function (object $server): array {
            $module = World::module('servers', (string) $server->type);
            $link = $module !== null && $module->has('AdminLink') ? $module->call('AdminLink', $module->serverParams((int) $server->id)) : '';
            $signOn = $module !== null && $module->has('AdminSingleSignOn')
                ? Html::form(
                    "/admin/configservers.php?action=singlesignon&id=$server->id",
                    [],
                    Html::button((string) ($module->metaData()['AdminSingleSignOnLabel'] ?? 'Login'))
                ) : '';

            return [
                Html::link("/admin/configservers.php?action=manage&id=$server->id", $server->name), Html::text($server->hostname),
                Html::text($server->type), $server->disabled ? 'disabled' : '', $link . $signOn,
            ];
        })->all();

        return Screen::admin('Servers', Html::table(['Server', 'Hostname', 'Module', '', 'Sign-on'], $rows));
    }

    private static function form(): Screen
    {
        $server = Capsule::table('tblservers')->find(Input::id('id'));
        if ($server === null) {
            return Screen::go('/admin/configservers.php');
        }
        $values = array_intersect_key((array) $server, array_flip([...self::COLUMNS, 'secure', 'disabled']))
            + ['password' => decrypt($server->password)];
        $said = '';
        if (Router::isPosted('name')) {
            foreach ([...self::COLUMNS, 'password'] as $column) {
                $values[$column] = Input::text($column);
            }
            $values['secure'] = isset($_POST['secure']) ? 'on' : '';
            $values['disabled'] = isset($_POST['disabled']) ? 1 : 0;
            if (isset($_POST['test'])) {
                $said = self::test($values, (int) $server->id);
            } else {
                Capsule::table('tblservers')->where('id', $server->id)
                    ->update(['password' => encrypt($values['password']), 'port' => $values['port'] === '' ? null : (int) $values['port']] + $values);

                return Screen::go("/admin/configservers.php?action=manage&id=$server->id", 'success', 'Changes Saved Successfully!');
            }
        }
        $rows = [];
        foreach ([...self::COLUMNS, 'password'] as $column) {
            $rows[ucfirst($column)] = Html::input($column, $values[$column], $column === 'password' ? 'password' : 'text', $column);
        }
        $rows['SSL'] = Html::tick('secure', $values['secure'] === 'on', 'Use SSL');
        $rows['Disabled'] = Html::tick('disabled', (bool) $values['disabled'], 'Disabled');
        $buttons = Html::button('Test Connection', 'test', '1') . Html::button('Save Changes', '', '', 'primary');
        $address = "/admin/configservers.php?action=manage&id=$server->id";

        return Screen::admin('Server: ' . $server->name, $said . Html::form($address, [], Html::fields($rows) . $buttons));
    }

    /** @param array<string, mixed> $form values that may not be saved yet */
    private static function test(array $form, int $id): string
    {
        $module = World::module('servers', (string) $form['type']);
        if ($module === null || !$module->has('TestConnection')) {
            return Html::alert('danger', 'This module has no connection test.');
        }
        $answer = $module->testConnection(['id' => $id] + $form);

        return ($answer['success'] ?? false) === true
            ? Html::alert('success', 'Connection successful. Some values have been auto-filled.')
            : Html::alert('danger', Html::text($answer['error'] ?? 'An unknown error occurred'));
    }

    private static function signOn(object $server): Screen
    {
        $module = World::module('servers', (string) $server->type);
        $answer = $module instanceof Module && $module->has('AdminSingleSignOn')
            ? $module->call('AdminSingleSignOn', $module->serverParams((int) $server->id)) : [];

        return ($answer['success'] ?? false) === true
            ? Screen::go((string) $answer['redirectTo'])
            : Screen::go('/admin/configservers.php', 'danger', (string) ($answer['errorMsg'] ?? 'An unknown error occurred'));
    }
}
