<?php

// encrypt() and decrypt() with the key of the installation.

declare(strict_types=1);

namespace Tests\Host;

final class Encryption
{
    private const CIPHER = 'aes-256-ctr';
    private const IV_LENGTH = 16;

    /** WHMCS keeps it in configuration.php; equal in every process, as they share a database. */
    public static string $installationKey = 'cc_encryption_hash of the stand-in for WHMCS';

    public static function encrypt(string $text): string
    {
        $iv = random_bytes(self::IV_LENGTH);

        return base64_encode($iv . self::cipher($text, $iv));
    }

    /** Clear text gives rubbish, not an error: a stream cipher "decrypts" anything. */
    public static function decrypt(string $text): string
    {
        $bytes = (string) base64_decode($text);
        if (strlen($bytes) < self::IV_LENGTH) {
            return self::cipher($bytes, str_repeat("\0", self::IV_LENGTH));
        }

        return self::cipher(substr($bytes, self::IV_LENGTH), substr($bytes, 0, self::IV_LENGTH));
    }

    /** Counter mode: the same operation both ways. */
    private static function cipher(string $text, string $iv): string
    {
        $key = hash('sha256', self::$installationKey, true);

        return (string) openssl_encrypt($text, self::CIPHER, $key, OPENSSL_RAW_DATA, $iv);
    }
}
