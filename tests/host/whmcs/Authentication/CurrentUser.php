<?php

// Who is logged in, as modules may ask since WHMCS 8.0.

declare(strict_types=1);

namespace WHMCS\Authentication;

use WHMCS\User\Client;

class CurrentUser
{
    /** What a test has in place of the session's. */
    public static ?int $clientId = null;
    public static ?bool $isAdmin = null;
    public static ?\Throwable $failure = null;

    public function client(): ?Client
    {
        if (self::$failure !== null) {
            throw self::$failure;
        }
        $id = self::$clientId ?? self::idOf('uid');

        return $id === 0 ? null : (new Client())->forceFill(['id' => $id]);
    }

    public function user(): ?object
    {
        return self::idOf('uid') === 0 ? null : (object) ['id' => self::idOf('uid')];
    }

    public function isAuthenticatedAdmin(): bool
    {
        return self::$isAdmin ?? self::idOf('adminid') !== 0;
    }

    public function isMasqueradingAdmin(): bool
    {
        return $this->isAuthenticatedAdmin() && $this->client() !== null;
    }

    public static function forget(): void
    {
        self::$clientId = self::$isAdmin = self::$failure = null;
    }

    private static function idOf(string $key): int
    {
        $id = $_SESSION[$key] ?? 0;

        return is_int($id) || (is_string($id) && ctype_digit($id)) ? (int) $id : 0;
    }
}
