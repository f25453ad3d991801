<?php

declare(strict_types=1);

// cometbackup_ClientArea: the customer's page, with two requests, and as much of it as can be had.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class ClientAreaTest extends CometTestCase
{
    private const JOBS = 'get-jobs-for-custom-search';

    /** @dataProvider versions */
    public function test_the_page_takes_two_requests(string $version): void
    {
        $this->world(['version' => $version]);
        $service = $this->created();
        // Which installers there are is asked once an hour.
        $this->module->clientArea($service);
        $this->pagesAge();

        $asked = $this->during(function () use ($service, &$html): void {
            $html = $this->module->clientArea($service);
        });

        // Side by side: either can be first.
        $this->assertEqualsCanonicalizing([self::READ, self::JOBS], $asked);
        $this->assertStringContainsString(self::NAME, $html);
        $this->assertStringContainsString('downloadResponseWindowsAnyCPUZip', $html);
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['today' => [self::NEW], 'the oldest' => [self::OLD]];
    }

    /** Names come from the customer's computer, and a theme or a hook may show every variable. */
    public function test_remote_names_are_escaped_and_no_secret_is_among_the_variables(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['merge' => [
            'AccountName' => '<script>alert(1)</script>',
            'PasswordHash' => 'SECRET-hash',
            'PasswordRecovery' => 'SECRET-code',
            'Devices' => ['d1' => ['FriendlyName' => '"><img src=x onerror=alert(2)>']],
            'Destinations' => ['v1' => ['Description' => 'V1', 'CometBucketKey' => 'SECRET-key', 'S3SecretKey' => 'SECRET-s3', 'DestinationType' => 1000]],
        ]]);

        $answer = $this->module->call('ClientArea', $this->module->paramsFor($service));
        $html = $this->module->clientArea($service);

        $this->assertStringNotContainsString('SECRET', json_encode($answer));
        $this->assertStringNotContainsString('SECRET', $html);
        $this->assertStringNotContainsString('<script>alert', $html);
        $this->assertStringNotContainsString('<img src=x', $html);
        $this->assertSame('clientarea', $answer['templatefile']);
        $variables = [
            'Username', 'AllProtectedItemsQuota', 'MaximumDevices', 'CreateTime',
            'StorageVaultQuota', 'totalSize', 'userProfile', 'getJobsForUser',
        ];
        foreach ($variables as $name) {
            $this->assertArrayHasKey($name, $answer['vars']);
        }
    }

    /** The page of the PHP module died where only the jobs could not be had. */
    public function test_the_page_lives_when_only_the_jobs_fail(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::JOBS, ['fault' => 'html']);

        $html = $this->module->clientArea($service);

        $this->assertStringContainsString(self::NAME, $html);
        $this->assertStringContainsString('downloadResponseLinux', $html);
    }

    public function test_the_page_says_so_when_nothing_can_be_had(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::READ, ['fault' => 'status', 'status' => 502, 'body' => '', 'times' => 0]);
        $this->comet->faultOn(self::JOBS, ['fault' => 'status', 'status' => 502, 'body' => '', 'times' => 0]);

        $html = $this->module->clientArea($service);

        $this->assertStringContainsString('available', $html);
        $this->assertStringNotContainsString('502', $html);
    }

    /** @dataProvider statesWithoutAccount */
    public function test_nothing_is_asked_for_a_service_without_account(string $status): void
    {
        $service = $this->service();
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);

        $asked = $this->during(fn () => $this->module->clientArea(Host::service($service->id)));

        $this->assertSame([], $asked);
    }

    /** @return array<string, array{string}> */
    public static function statesWithoutAccount(): array
    {
        return ['pending' => ['Pending'], 'terminated' => ['Terminated'], 'cancelled' => ['Cancelled']];
    }

    /** It is paid to its end and goes on. */
    public function test_the_page_of_a_completed_service_is_that_of_an_active_one(): void
    {
        $service = $this->created();
        $active = $this->module->clientArea(Host::service($service->id));
        Capsule::table('tblhosting')->update(['domainstatus' => 'Completed']);

        $page = $this->module->clientArea(Host::service($service->id));

        $this->assertStringNotContainsString('This service has ended', $page);
        $this->assertStringContainsString('downloadResponseLinux', $page);
        $this->assertSame($active, $page);
        $this->assertSame('success', $this->module->custom(Host::service($service->id), 'CheckAccount'));
        $this->comet->changeAccount(self::NAME, ['IsSuspended' => true]);
        $this->assertSentence($this->module->custom(Host::service($service->id), 'CheckAccount'), 'is suspended, and the service is completed');
    }

    public function test_sizes_are_written_as_the_visitors_language_writes_them(): void
    {
        $this->created();
        $this->comet->changeAccount(self::NAME, ['AllProtectedItemsQuotaEnabled' => true, 'AllProtectedItemsQuotaBytes' => 5 * self::GB]);

        $selected = $this->inChild('define("ROOTDIR", ' . var_export(dirname(__DIR__, 2), true) . ');
            foreach (["english", "german", "french", "spanish"] as $language) {
                $_SESSION = ["uid" => 10, "Language" => $language];
                $params = $module->paramsFor(WHMCS\\Service\\Service::find(' . self::SERVICE . '));
                ["used" => $used, "of" => $of] = $module->call("ClientArea", $params)["vars"]["meters"][1];
                $selected[] = "$used $of";
            }
            return $selected;');

        $this->assertSame(['0 bytes of 5.00 GB', '0 Byte von 5,00 GB', '0 octets sur 5,00 Go', '0 bytes de 5,00 GB'], $selected);
    }

    public function test_parameters_that_are_no_services_show_nothing(): void
    {
        $asked = $this->during(function () use (&$answer): void {
            $answer = $this->module->call('ClientArea', ['module' => 'cometbackup', 'serverpassword' => 'SECRET']);
        });

        $this->assertSame([], $answer);
        $this->assertSame([], $asked);
    }
}
