<?php

declare(strict_types=1);

// What customers and staff wait for beside the life of a Comet service: links, lists, figures, and buttons.

namespace Tests\Bench;

use Tests\Host\Module;
use Tests\Support\CometSandbox;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class Clicks
{
    private const OLD_DEVICE = 'old';
    private const LONG_AGO = 1_750_000_000;

    /** @return array<string, Step> by function */
    public static function all(): array
    {
        $server = static fn (Module $module): array => [$module->serverParams(Lives::SERVER)];
        $steps = [
            new Step('ClientAreaAllowedFunctions'),
            new Step('CustomActionParts'),
            new Step('AdminLink', null, $server),
            new Step('ListAccounts', null, $server),
            new Step('MetricUsage', null, $server),
            new Step('RefetchProfile'),
            new Step('SwitchOffSecondFactor'),
            new Step('RemoveOldDevice', null, self::withForm(...)),
        ];

        return array_combine(array_column($steps, 'function'), $steps);
    }

    /** The account has what the buttons are for. */
    public static function prepare(World $world, string $function, int $service): void
    {
        $name = (string) Capsule::table('tblhosting')->where('id', $service)->value('username');
        match ($function) {
            'RefetchProfile' => self::connect($world->comet, $name),
            'SwitchOffSecondFactor' => $world->comet->changeAccount($name, ['merge' => [
                'AllowPasswordLogin' => false, 'AllowPasswordAndTOTPLogin' => true,
            ]]),
            'RemoveOldDevice' => $world->comet->changeAccount($name, ['merge' => [
                'Devices' => [self::OLD_DEVICE => ['FriendlyName' => 'Old laptop', 'RegistrationTime' => self::LONG_AGO]],
                'Sources' => ['s1' => [
                    'OwnerDevice' => self::OLD_DEVICE, 'Statistics' => ['LastBackupJob' => ['StartTime' => self::LONG_AGO]],
                ]],
            ]]),
            default => null,
        };
    }

    /** One device of the account is connected, and does as it is told. */
    private static function connect(CometSandbox $comet, string $name): void
    {
        $bodies = [
            'dispatcher/list-active' => ['c1' => ['Username' => $name, 'DeviceID' => 'new']],
            'dispatcher/refetch-profile' => ['Status' => 200, 'Message' => 'OK'],
        ];
        foreach ($bodies as $endpoint => $body) {
            $comet->faultOn($endpoint, ['fault' => 'json', 'act' => false, 'body' => $body]);
        }
    }

    /** What the customer's page sends. @return list<mixed> */
    private static function withForm(Module $module, Service $service): array
    {
        $_POST = ['token' => generate_token('plain'), 'comet_device' => self::OLD_DEVICE];

        return [$module->paramsFor($service)];
    }
}
