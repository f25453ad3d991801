<?php

declare(strict_types=1);

// Becoming staff, a client or nobody: without a password, as nothing here is anybody's.

namespace Tests\Workbench;

final class Login
{
    public static function show(): Screen
    {
        // An address of the workbench, not of another host.
        $goto = Input::text('goto');
        $goto = preg_match('~^/(?!/)[^\\\\\s]*$~', $goto) === 1 ? $goto : '';
        $as = Input::text('as');
        if (isset(Visitor::choices()[$as])) {
            session_regenerate_id(true);
            Visitor::become($as);
            $isStaff = str_starts_with($as, 'staff');
            $isClient = str_starts_with($as, 'client');
            $fits = $goto !== '' && !($isStaff && !preg_match('~^/(admin|workbench)/~', $goto)) && !($isClient && str_starts_with($goto, '/admin/'));

            return Screen::go($fits ? $goto : match (true) {
                $isStaff => '/admin/index.php',
                $as === 'nobody' => '/',
                default => '/clientarea.php',
            });
        }
        $wanted = Input::text('side') === 'admin' ? '/^staff/' : '/^(client|both)/';
        $buttons = '';
        foreach (preg_grep($wanted, array_keys(Visitor::choices())) ?: [] as $choice) {
            $buttons .= '<p>' . Html::button(Visitor::choices()[$choice], 'as', $choice) . '</p>';
        }

        return Screen::bench('Who are you?', Html::form('/login.php', ['goto' => $goto], $buttons));
    }
}
