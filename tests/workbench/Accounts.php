<?php

declare(strict_types=1);

// The accounts that are at the first Comet Server from the start, besides those of the sample documents.

namespace Tests\Workbench;

final class Accounts
{
    public const DAY = 86400;
    private const GB = 1024 ** 3;

    /** User name ⇒ items: id, description, device, how its jobs went. The days of a plan count backwards from today. */
    public const BACKUPS = [
        'ada-office' => [
            ['ada-docs', 'Documents', 'ada-pc', 'good'],
            ['ada-mail', 'Mailboxes', 'ada-pc', 'warnings'],
            ['ada-share', 'Shared folders', 'ada-files', 'unseen'],
        ],
        'juergen-gmbh' => [
            ['jg-data', 'Buchhaltung', 'jg-server', 'failing'],
            ['jg-disk', 'Systemlaufwerk', 'jg-server', 'quota'],
        ],
        'mallory-shop' => [
            ['mal-1', Seeds::HOSTILE, 'mal-device', 'good'],
            ['mal-2', Seeds::RIGHT_TO_LEFT, 'mal-device', 'missed'],
            ['mal-3', Seeds::EMOJI, 'mal-emoji', 'warnings'],
            ['mal-4', Seeds::LONG . Seeds::LONG, 'mal-long', 'good'],
        ],
        'maria-new' => [],
        'unassigned-1' => [['un-1', 'Old folder', 'un-pc', 'unseen']],
    ];

    private const DEVICES = [
        'ada-pc' => 'ADA-PC', 'ada-files' => 'NW-FILES01', 'jg-server' => 'SERVER-2019', 'mal-device' => Seeds::HOSTILE,
        'mal-emoji' => Seeds::EMOJI, 'mal-long' => Seeds::LONG, 'un-pc' => 'OLD-PC',
    ];

    /** Names and mail addresses; those of the others are not their client's, which the daily run reports. */
    private const CONTACTS = [
        'ada-office' => ['Ada Lovelace', 'ada@example.com'], 'maria-new' => ['María Núñez', 'maria@example.es'],
        'mallory-shop' => [Seeds::HOSTILE, 'mallory@example.com'],
    ];

    /** @return list<array<string, mixed>> as the sandbox takes them */
    public static function all(): array
    {
        $accounts = [];
        foreach (self::BACKUPS as $name => $items) {
            $accounts[] = ['Username' => $name, 'Password' => "Backup-of-$name-1", 'merge' => self::profile($name, $items)];
        }

        return $accounts;
    }

    /** @param list<array{string, string, string, string}> $items @return array<string, mixed> */
    private static function profile(string $name, array $items): array
    {
        [$fullName, $mail] = self::CONTACTS[$name] ?? [ucfirst($name), "$name@example.com"];
        $profile = [
            'AccountName' => $fullName,
            'Emails' => [$mail],
            'CreateTime' => time() - 400 * self::DAY,
        ];
        if ($items === []) {
            return $profile;
        }
        $isFull = $name === 'juergen-gmbh';
        $profile['MaximumDevices'] = 5;
        $profile['Destinations'] = ["vault-$name" => [
            'Description' => $name === 'mallory-shop' ? Seeds::RIGHT_TO_LEFT : 'Managed storage', 'DestinationType' => 1003,
            'StorageLimitEnabled' => true, 'StorageLimitBytes' => 100 * self::GB,
            'Statistics' => ['ClientProvidedSize' => [
                'Size' => ($isFull ? 99 : 37) * self::GB, 'MeasureStarted' => time() - 7300, 'MeasureCompleted' => time() - 7200,
            ]],
        ]];
        foreach ($items as [$id, $description, $device, $course]) {
            $profile['Devices'][$device] = [
                'FriendlyName' => self::DEVICES[$device], 'RegistrationTime' => time() - 390 * self::DAY, 'PlatformVersion' => ['os' => 'windows'],
                'ClientVersion' => '25.9.6',
            ];
            $profile['Sources'][$id] = [
                'Description' => $description, 'OwnerDevice' => $device, 'Engine' => 'engine1/file',
                'Statistics' => Jobs::statistics($name, $id, $device, $course),
            ];
        }

        return $profile;
    }
}
