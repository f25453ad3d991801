<?php

declare(strict_types=1);

// admin/configemailtemplates.php: the templates of mails, and the merge fields that modules add to the editor's list.

namespace Tests\Workbench;

use Tests\Host\Hooks;
use WHMCS\Database\Capsule;

final class AdminMailTemplates
{
    public static function show(): Screen
    {
        $template = Capsule::table('tblemailtemplates')->find(Input::id('id'));
        if ($template === null) {
            return self::list();
        }
        $address = "/admin/configemailtemplates.php?id=$template->id";
        if (Router::isPosted('message')) {
            $change = ['subject' => Input::text('subject'), 'message' => Input::text('message'), 'disabled' => isset($_POST['disabled']) ? 1 : 0];
            Capsule::table('tblemailtemplates')->where('id', $template->id)->update($change);

            return Screen::go($address, 'success', 'Changes Saved Successfully!');
        }
        $message = '<textarea class="form-control" rows="10" cols="80" name="message" aria-label="Message">' . Html::text($template->message) . '</textarea>';
        $fields = Html::fields([
            'Subject' => Html::input('subject', $template->subject, 'text', 'Subject'),
            'Message' => $message,
            'Disabled' => Html::tick('disabled', (bool) $template->disabled, 'not sent'),
        ]);
        $rows = [];
        foreach (Hooks::run('EmailTplMergeFields', ['type' => $template->type]) as $names) {
            foreach ((array) $names as $name => $meaning) {
                $rows[] = ['<code>{$' . Html::text($name) . '}</code>', Html::text($meaning)];
            }
        }
        $form = Html::form($address, [], $fields . Html::button('Save Changes', '', '', 'primary'));

        return Screen::admin("Email Template: $template->name", $form . Html::card('Merge Fields of Modules', Html::table(['Field', 'Meaning'], $rows)));
    }

    private static function list(): Screen
    {
        $rows = Capsule::table('tblemailtemplates')->orderBy('id')->get()->map(static fn (object $one): array => [
            Html::link("/admin/configemailtemplates.php?id=$one->id", $one->name), Html::text($one->type), $one->disabled ? 'disabled' : '',
        ])->all();

        return Screen::admin('Email Templates', Html::table(['Template', 'Type', ''], $rows));
    }
}
