<?php

// generate_token() and check_token(): WHMCS's protection against forged forms.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Exception\ProgramExit;

final class FormToken
{
    public static function generate(string $type): string
    {
        $_SESSION['tkval'] ??= bin2hex(random_bytes(8));
        $token = sha1($_SESSION['tkval'] . Encryption::$installationKey);

        return match ($type) {
            'plain' => $token,
            'link' => '&token=' . $token,
            default => '<input type="hidden" name="token" value="' . $token . '" />',
        };
    }

    /** WHMCS ends the page when the token is wrong. */
    public static function check(?string $token): bool
    {
        $given = $token ?? $_POST['token'] ?? $_REQUEST['token'] ?? '';
        if (!is_string($given) || !hash_equals(self::generate('plain'), $given)) {
            throw new ProgramExit('Invalid Token');
        }

        return true;
    }
}
