<?php

declare(strict_types=1);

// What happens to a service from the settings of its product to its end: all functions of both modules that ask somebody
// or that WHMCS calls on pages.

namespace Tests\Bench;

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class Lives
{
    public const TEMPLATE = 'tmpl-1';
    public const SERVER = 1;
    public const COMET = 20;
    public const JETPACK = 30;
    public const JETPACK_OTHER = 31;
    private const PASSWORD = 'A-long-enough-1';

    /** @return array<string, array<string, Step>> by module and function */
    public static function all(): array
    {
        return array_map(
            static fn (array $steps): array => array_combine(array_column($steps, 'function'), $steps),
            ['cometbackup' => self::comet(), 'jetpack' => self::jetpack()]
        );
    }

    /** Rows for a new service of the module, of a client of its own. */
    public static function begin(string $module): int
    {
        $client = Host::addClient(['email' => bin2hex(random_bytes(5)) . '@example.com']);
        if ($module === 'cometbackup') {
            // Each account brings a policy that is not there yet.
            Capsule::table('tblproducts')->where('id', self::COMET)->update(['configoption1' => 'WHMCS_' . bin2hex(random_bytes(6))]);
        }
        $id = Host::addService([
            'userid' => $client, 'packageid' => $module === 'jetpack' ? self::JETPACK : self::COMET, 'domain' => 'customer.example',
            'server' => $module === 'jetpack' ? 0 : self::SERVER, 'domainstatus' => 'Pending', 'password' => self::PASSWORD,
        ]);
        if ($module === 'cometbackup') {
            Host::chooseOption($id, (int) Capsule::table('tblproductconfigoptions')->value('id'), 3);
        }

        return $id;
    }

    /** What an administrator changed before the function is called. */
    public static function prepare(string $module, string $function, int $service): void
    {
        if ($function === 'ChangePackage' && $module === 'cometbackup') {
            Host::chooseOption($service, (int) Capsule::table('tblproductconfigoptions')->value('id'), 7);
        } elseif ($function === 'ChangePackage') {
            Capsule::table('tblhosting')->where('id', $service)->update(['packageid' => self::JETPACK_OTHER]);
        }
    }

    /** @return list<Step> */
    private static function comet(): array
    {
        $server = static fn (Module $module): array => [$module->serverParams(self::SERVER)];
        $read = static fn (PlainClient $plain, Service $service): array =>
            $plain->comet('get-user-profile-and-hash', ['TargetUser' => (string) $service->username]);
        $edit = static fn (array $change) => static fn (PlainClient $plain, Service $service) =>
            $plain->edit((string) $service->username, $change);
        $target = static fn (Service $service, array $more = []): array => ['TargetUser' => (string) $service->username] + $more;

        return [
            new Step('TestConnection', static fn (PlainClient $plain) => [$plain->comet('meta/version'), $plain->comet('account/properties')], $server, 1),
            new Step('ConfigOptionsPolicyGroupLoader', static fn (PlainClient $plain) => $plain->comet('policies/list'), $server),
            new Step('ConfigOptionsStorageProvidersLoader', static fn (PlainClient $plain) => $plain->comet('request-storage-vault-providers'), $server),
            new Step('ConfigOptionsRequirePasswordChange', null, $server),
            new Step('ConfigOptionsMailTemplateLoader', null, $server),
            new Step('ConfigOptionsBackupNoticeLoader', null, $server),
            new Step('CreateAccount', static function (PlainClient $plain, Service $service): void {
                $name = "plain$service->id@example.com";
                $plain->create($name, self::PASSWORD, 'WHMCS_' . bin2hex(random_bytes(6)), self::TEMPLATE);
                $service->serviceProperties->save(['Username' => $name]);
            }, null, null, 'Active'),
            new Step('ClientArea', static fn (PlainClient $plain, Service $service) => $plain->clientArea((string) $service->username), null, 1),
            new Step('AdminServicesTabFields', $read),
            new Step('AdminCustomButtonArray'),
            new Step('CheckAccount', $read),
            new Step('Reconcile', $read),
            new Step('ServiceSingleSignOn'),
            new Step(
                'SignOnPage',
                static fn (PlainClient $plain, Service $service) => $plain->comet('account/session-start-as-user', $target($service)),
                self::withTicket(...)
            ),
            new Step('AdminSingleSignOn', static fn (PlainClient $plain) => $plain->comet('account/session-start'), $server),
            new Step('ChangePackage', $edit(['MaximumDevices' => 7])),
            new Step('Renew', $read),
            new Step(
                'ChangePassword',
                static fn (PlainClient $plain, Service $service) =>
                $plain->comet('reset-user-password', $target($service, ['NewPassword' => 'Another-long-1'])),
                static fn (Module $module, Service $service): array => [$module->paramsFor($service, ['password' => 'Another-long-1'])]
            ),
            new Step('SuspendAccount', $edit(['IsSuspended' => true]), null, null, 'Suspended'),
            new Step('UnsuspendAccount', $edit(['IsSuspended' => false]), null, null, 'Active'),
            new Step(
                'TerminateAccount',
                static fn (PlainClient $plain, Service $service) => $plain->comet('delete-user', $target($service)),
                null,
                null,
                'Terminated'
            ),
        ];
    }

    /** @return list<Step> */
    private static function jetpack(): array
    {
        $key = static fn (Service $service): string => '/license?license_key=' . rawurlencode((string) $service->subscriptionid);
        $site = static fn (Service $service): string => '/license/' . rawurlencode((string) $service->subscriptionid) . '/site';
        $look = static fn (PlainClient $plain, Service $service): array => $plain->jetpack('GET', $key($service));
        $revoke = static fn (PlainClient $plain, Service $service): array => $plain->jetpack('DELETE', $key($service));
        $issue = static function (PlainClient $plain, Service $service): void {
            $license = $plain->jetpack('POST', '/license', ['product' => $service->product->configoption2]);
            Capsule::table('tblhosting')->where('id', $service->id)->update(['subscriptionid' => $license['license_key']]);
        };
        $token = static fn (): array => [['configoption1' => JetpackSandbox::TOKEN]];

        return [
            new Step('FetchProducts', static fn (PlainClient $plain) => $plain->jetpack('GET', '/partner/product-families'), $token),
            new Step('CreateLicensesTable', null, $token),
            new Step('DefaultApiToken', null, static fn (): array => []),
            new Step('CreateAccount', $issue, null, null, 'Active'),
            new Step('ClientArea'),
            new Step('AdminServicesTabFields'),
            new Step('AdminCustomButtonArray'),
            new Step('CheckLicense', $look),
            new Step('Reconcile', $look),
            new Step('AttachToSite', static fn (PlainClient $plain, Service $service): array =>
                $plain->jetpack('POST', $site($service), ['site' => 'https://customer.example'])),
            new Step('DetachFromSite', static fn (PlainClient $plain, Service $service): array => $plain->jetpack('DELETE', $site($service))),
            new Step('ChangePackage', static fn (PlainClient $plain, Service $service) => [$revoke($plain, $service), $issue($plain, $service)]),
            new Step('Renew', $look),
            new Step('SuspendAccount', $revoke, null, null, 'Suspended'),
            new Step('UnsuspendAccount', $issue, null, null, 'Active'),
            new Step('TerminateAccount', $revoke, null, null, 'Terminated'),
        ];
    }

    /** The customer has clicked; what is measured is the page he is sent to. @return list<mixed> */
    private static function withTicket(Module $module, Service $service): array
    {
        $answer = $module->call('ServiceSingleSignOn', $module->paramsFor($service));
        parse_str((string) parse_url($answer['redirectTo'], PHP_URL_QUERY), $_GET);

        return [];
    }
}
