<?php

declare(strict_types=1);

// What is kept of the customer's page: for a minute, and while the server is away; never another's, and no secret.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class KeptPageTest extends CometTestCase
{
    private const JOBS = 'get-jobs-for-custom-search';
    private const DOWN = ['fault' => 'status', 'status' => 502, 'body' => '', 'times' => 0];

    public function test_within_a_minute_nothing_is_asked_and_the_page_is_the_same(): void
    {
        $service = $this->viewed();
        $this->comet->changeAccount(self::NAME, ['AccountName' => 'Changed at Comet']);

        $asked = $this->during(function () use ($service, &$html): void {
            $html = $this->module->clientArea($service);
        });

        $this->assertSame([], $asked);
        $this->assertStringContainsString(self::NAME, $html);
        $this->assertStringNotContainsString('Changed at Comet', $html);

        $this->pagesAge();
        $asked = $this->during(fn () => $this->assertStringContainsString('Changed at Comet', $this->module->clientArea($service)));
        $this->assertEqualsCanonicalizing([self::READ, self::JOBS], $asked);
    }

    public function test_what_was_last_known_is_shown_while_the_server_is_away(): void
    {
        $service = $this->viewed();
        $this->pagesAge(200);
        $at = gmdate('Y-m-d H:i', strtotime($this->kept()['read_at'] . ' UTC'));
        $this->goesAway();

        $html = $this->module->clientArea($service);

        $this->assertStringContainsString(self::NAME, $html);
        $this->assertStringContainsString($at, $html);
        $this->assertStringContainsString('cannot be reached', $html);
        $this->assertStringNotContainsString('502', $html);
    }

    /** Nobody is at its port: the request does not even leave. What is kept stays for the next visitor. */
    public function test_what_was_last_known_is_shown_while_nothing_reaches_the_server(): void
    {
        $this->viewed();
        $this->pagesAge(200);
        $code = 'return $module->call("ClientArea", $module->paramsFor(Tests\Host\Host::service(200)))["vars"];';
        $nobody = ['whmcs_provisioning.proxy' => 'http://127.0.0.1:9'];

        foreach (['first', 'next'] as $visitor) {
            $variables = $this->inChild($code, $nobody);
            $this->assertNotSame('', $variables['knownAt'], $visitor);
            $this->assertSame(self::NAME, $variables['Username'], $visitor);
        }
        $this->assertSame(1, Capsule::table(self::PAGES)->count());
    }

    public function test_what_is_older_than_a_month_is_not_shown(): void
    {
        $service = $this->viewed();
        $this->pagesAge(31 * 24 * 60);
        $this->goesAway();

        $this->assertStringContainsString('cannot be shown right now', $this->module->clientArea($service));
        $this->module->call('Reconcile', []);
        $this->assertSame(0, Capsule::table(self::PAGES)->count());
    }

    /** @return iterable<string, array{callable(self, Service): mixed}> */
    public static function changes(): iterable
    {
        yield 'package' => [static function (self $test, Service $service): void {
            $test->settings([self::POLICY => '', 'configoption4' => '']);
            Host::chooseOption((int) $service->id, Host::addConfigurableOption(20, ['optionname' => 'number_of_devices', 'optiontype' => '4']), 7);
            $test->module->changePackage(Host::service((int) $service->id));
        }];
        yield 'suspension' => [static fn (self $test, Service $service) => $test->module->suspend($service)];
        yield 'another client' => [static fn (self $test) => Capsule::table('tblhosting')->update(['userid' => Host::addClient(['id' => 11])])];
        yield 'another server address' => [static fn () => Capsule::table('tblservers')->update(['hostname' => 'localhost'])];
        yield 'another version' => [static fn () => Capsule::table(self::PAGES)->update(['shape' => 999])];
        yield 'a broken row' => [static fn () => Capsule::table(self::PAGES)->update(['page' => '{"username":7'])];
        yield 'a clock that was set back' => [static fn () => Capsule::table(self::PAGES)->update(['read_at' => gmdate('Y-m-d H:i:s', time() + 3600)])];
    }

    /** @dataProvider changes */
    public function test_after_a_change_the_page_is_read_anew(callable $change): void
    {
        $service = $this->viewed();
        $change($this, $service);

        $asked = $this->during(fn () => $this->module->clientArea(Host::service((int) $service->id)));

        $this->assertContains(self::READ, $asked);
        if (Capsule::table('tblservers')->value('hostname') !== 'localhost') {
            $this->assertSame([], $this->during(fn () => $this->module->clientArea(Host::service((int) $service->id))));
        }
    }

    public function test_what_was_known_before_a_change_is_not_shown_while_the_server_is_away(): void
    {
        $service = $this->viewed();
        $this->module->suspend($service);
        $this->goesAway();

        $this->assertStringContainsString('cannot be shown right now', $this->module->clientArea($service));
    }

    public function test_nothing_is_left_of_an_account_that_has_ended(): void
    {
        $service = $this->viewed();
        $row = $this->kept();

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(0, Capsule::table(self::PAGES)->count());
        $this->assertSame('ended', Capsule::table(self::ACCOUNTS)->where('id', $row['account_id'])->value('state'));
    }

    public function test_a_page_that_was_being_read_while_the_account_ended_is_not_kept(): void
    {
        $this->viewed();
        $this->pagesAge();
        $before = count($this->comet->requests());
        $this->comet->faultOn(self::READ, ['fault' => 'delay', 'ms' => 700, 'when' => 'before']);
        $page = $this->apart('$module->clientArea($service)');
        $this->waitFor(fn () => count($this->comet->requests()) > $before);

        Capsule::table(self::PAGES)->delete();
        Capsule::table(self::ACCOUNTS)->update(['state' => 'ended']);

        $this->assertStringContainsString(self::NAME, $this->answerOf($page));
        $this->assertSame(0, Capsule::table(self::PAGES)->count());
    }

    public function test_nothing_is_left_of_a_service_that_was_deleted(): void
    {
        $service = $this->viewed();
        $this->module->call('Forget', 'service', (int) $service->id);

        $this->assertSame(0, Capsule::table(self::PAGES)->count());
    }

    /** Another account has the name now: nothing of the old one is shown, nor of the new. */
    public function test_nothing_is_left_where_the_account_is_another_one(): void
    {
        $service = $this->viewed();
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another', 'AccountName' => 'A stranger']);
        $this->pagesAge();

        $html = $this->module->clientArea($service);

        $this->assertStringContainsString('cannot be shown right now', $html);
        $this->assertStringNotContainsString('stranger', $html);
        $this->assertSame(0, Capsule::table(self::PAGES)->count());
    }

    public function test_no_secret_is_kept_and_no_account_of_the_php_module(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['merge' => [
            'PasswordHash' => 'SECRET-hash',
            'FutureSecret' => ['Deep' => 'SECRET-future'],
            'Sources' => ['s1' => ['Description' => 'Kept', 'EngineProps' => ['PASSWORD' => 'SECRET-engine']]],
            'Destinations' => ['v1' => ['Description' => 'V1', 'S3SecretKey' => 'SECRET-s3', 'DestinationType' => 1000]],
        ]]);
        $this->module->clientArea($service);

        $this->assertStringContainsString('Kept', $this->kept()['page']);
        $this->assertStringNotContainsString('SECRET', $this->kept()['page']);

        Capsule::table(self::PAGES)->delete();
        Capsule::table(self::ACCOUNTS)->delete();
        Capsule::table('tblhosting')->delete();
        $this->module->clientArea($this->legacy());
        $this->assertSame(0, Capsule::table(self::PAGES)->count());
    }

    public function test_a_page_without_jobs_is_not_kept(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::JOBS, ['fault' => 'html']);
        $this->module->clientArea($service);

        $this->assertSame(0, Capsule::table(self::PAGES)->count());
    }

    private function viewed(): Service
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->assertStringContainsString(self::NAME, $this->module->clientArea($service));
        $this->assertSame(1, Capsule::table(self::PAGES)->count());

        return $service;
    }

    private function goesAway(): void
    {
        $this->comet->faultOn(self::READ, self::DOWN);
        $this->comet->faultOn(self::JOBS, self::DOWN);
    }

    /** @return array<string, mixed> */
    private function kept(): array
    {
        return (array) Capsule::table(self::PAGES)->first();
    }
}
