<?php

declare(strict_types=1);

// Who looks at the workbench, and how: kept in WHMCS's session, as WHMCS keeps it.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;

final class Visitor
{
    /** Those that the modules' texts come in. */
    public const LANGUAGES = ['english' => 'en', 'german' => 'de', 'french' => 'fr', 'spanish' => 'es'];

    public const LOOKS = ['bootstrap3' => 'Bootstrap 3', 'bootstrap4' => 'Bootstrap 4', 'bare' => 'bare'];

    public static function clientId(): int
    {
        return (int) ($_SESSION['uid'] ?? 0);
    }

    public static function adminId(): int
    {
        return (int) ($_SESSION['adminid'] ?? 0);
    }

    public static function roleId(): int
    {
        return (int) Capsule::table('tbladmins')->where('id', self::adminId())->value('roleid');
    }

    public static function look(): string
    {
        return $_SESSION['workbench_look'] ?? 'bootstrap4';
    }

    public static function isDark(): bool
    {
        return ($_SESSION['workbench_dark'] ?? '') === '1';
    }

    /** ?look=, ?dark= and ?language= of any page. */
    public static function takeWishes(): void
    {
        if (isset(self::LOOKS[$_GET['look'] ?? ''])) {
            $_SESSION['workbench_look'] = $_GET['look'];
        }
        if (in_array($_GET['dark'] ?? '', ['0', '1'], true)) {
            $_SESSION['workbench_dark'] = $_GET['dark'];
        }
        $language = $_GET['language'] ?? '';
        if (is_string($language) && preg_match('/^[a-z]{2,20}$/', $language) === 1) {
            $_SESSION['Language'] = $language;
        }
    }

    /** @param string $as staff-N, client-N, both-N (staff who look at a client's pages) or nobody */
    public static function become(string $as): void
    {
        unset($_SESSION['uid'], $_SESSION['adminid'], $_SESSION['Language'], $_SESSION['workbench_cart']);
        [$kind, $id] = explode('-', $as . '-0');
        if ($kind === 'client' || $kind === 'both') {
            $_SESSION['uid'] = (int) $id;
            $_SESSION['Language'] = (string) Capsule::table('tblclients')->where('id', (int) $id)->value('language');
        }
        if ($kind === 'staff' || $kind === 'both') {
            $_SESSION['adminid'] = $kind === 'both' ? 1 : max(1, (int) $id);
        }
    }

    public static function is(): string
    {
        return match (true) {
            self::clientId() > 0 && self::adminId() > 0 => 'both-' . self::clientId(),
            self::clientId() > 0 => 'client-' . self::clientId(),
            self::adminId() > 0 => 'staff-' . self::adminId(),
            default => 'nobody',
        };
    }

    /** @return array<string, string> what can be chosen ⇒ how it is called */
    public static function choices(): array
    {
        $choices = ['nobody' => 'nobody'];
        foreach (Capsule::table('tbladmins')->orderBy('id')->get() as $admin) {
            $choices["staff-$admin->id"] = "staff: $admin->username";
        }
        $clients = Capsule::table('tblclients')->orderBy('id')->get();
        foreach ($clients as $client) {
            $choices["client-$client->id"] = "client $client->id: " . mb_strimwidth("$client->firstname $client->lastname", 0, 40, '…');
        }
        foreach ($clients as $client) {
            $choices["both-$client->id"] = "staff as client $client->id";
        }

        return $choices;
    }
}
