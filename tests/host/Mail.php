<?php

// Mails to clients: SendEmail of the internal API, for templates of products.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

final class Mail
{
    /** @param array<string, mixed> $values @return array<string, mixed> */
    public static function send(array $values): array
    {
        $template = isset($values['messagename'])
            ? Capsule::table('tblemailtemplates')->where('name', (string) $values['messagename'])->where('language', '')->first()
            : self::ofOwnWords($values);
        if ($template === null) {
            return LocalApi::error('Email Template not found');
        }
        // The id of what a template of this type is about: of a product it is the service's, never a product addon's.
        $service = $template->type === 'product'
            ? Capsule::table('tblhosting')->where('id', (int) ($values['id'] ?? 0))->first() : null;
        $fields = self::fields($values['customvars'] ?? '');
        if ($service === null || $fields === null || trim($template->message) === '') {
            return LocalApi::error('Sending Failed. Please see documentation.');
        }
        $fields += MailFields::ofService($service);
        $vars = ['messagename' => $template->name, 'relid' => (int) $service->id, 'mergefields' => $fields];
        foreach (Hooks::run('EmailPreSend', $vars) as $answer) {
            if (($answer['abortsend'] ?? false) === true) {
                return LocalApi::error('Sending Failed. Please see documentation.');
            }
            $fields = array_diff_key($answer, ['abortsend' => 1, 'attachments' => 1]) + $fields;
        }
        if ((int) $template->disabled === 0) {
            Capsule::table('tblemails')->insert([
                'userid' => $service->userid,
                'subject' => self::filled($template->subject, $fields),
                'message' => self::filled($template->message, $fields),
                'date' => date('Y-m-d H:i:s'),
            ]);
        }

        return LocalApi::success();
    }

    /** A message without a template. @param array<string, mixed> $values */
    private static function ofOwnWords(array $values): ?object
    {
        $given = array_intersect_key($values, array_flip(['customtype', 'customsubject', 'custommessage']));

        return count($given) < 3 ? null : (object) [
            'type' => $given['customtype'], 'name' => 'Mass Mail Template', 'disabled' => 0,
            'subject' => $given['customsubject'], 'message' => $given['custommessage'],
        ];
    }

    /** What was sent: whom to, and the text. @return list<array{int, string}> */
    public static function sent(): array
    {
        return Capsule::table('tblemails')->orderBy('id')->get()
            ->map(static fn (object $mail): array => [(int) $mail->userid, $mail->message])->all();
    }

    /** @return array<string, mixed>|null */
    private static function fields(mixed $encoded): ?array
    {
        if ($encoded === '') {
            return [];
        }
        $text = base64_decode((string) $encoded, true);
        $fields = $text === false ? false : @unserialize($text, ['allowed_classes' => false]);

        return is_array($fields) ? $fields : null;
    }

    /** @param array<string, mixed> $fields */
    private static function filled(string $text, array $fields): string
    {
        return preg_replace_callback(
            '/\{\$(\w+)\}/',
            static fn (array $match): string => (string) ($fields[$match[1]] ?? ''),
            $text
        ) ?? '';
    }
}
