<?php

declare(strict_types=1);

// A site that setting 5 cannot connect at once: what is tried again, by whom and when, and the licenses that come later.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\ConnectSiteTestCase;
use WHMCS\Database\Capsule;

final class ConnectSiteLaterTest extends ConnectSiteTestCase
{
    /**
     * @dataProvider failures
     * @param array<string, mixed> $sites
     * @param array<string, mixed>|null $fault
     */
    public function test_a_site_that_is_not_ready_fails_nothing_and_is_tried_again(array $sites, ?array $fault, string $tries): void
    {
        $this->atJetpack($sites);
        $this->hosting();
        $service = $this->service();
        if ($fault !== null) {
            $this->faultOn('POST', '/site-connection', $fault);
        }

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ISSUING, self::CONNECTING], $this->sandbox->requestLines());
        $this->assertSame(['open', null], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $this->assertCount(1, preg_grep('/The license itself is issued; press Attach to site/', Host::activityLog()));
        $this->assertSame(self::KEY, $this->keptKey($service));
        $this->assertStringContainsString('still to be connected and attached', $this->module->adminTab($service)['Site']);
        $service->refresh();

        $this->atJetpackWithLicense();
        $answer = match ($tries) {
            'Renew' => $this->module->renew($service),
            'CheckLicense' => $this->module->custom($service, 'CheckLicense'),
            'Reconcile' => $this->module->custom($service, 'Reconcile'),
            'the daily run' => $this->module->call('Reconcile', []),
        };

        $this->assertMatchesRegularExpression('/^success$|^Reconciled .*, 1 repaired|is attached to the client/', $answer);
        $this->assertEqualsCanonicalizing(['GET /license', self::CONNECTING, self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame([null, self::SITE], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $this->assertEveryLicenseIsKnown();
    }

    /** @return iterable<string, array{array<string, mixed>, ?array<string, mixed>, string}> */
    public static function failures(): iterable
    {
        $failures = [
            'a site that does not answer' => [['others' => 'unknown'], null],
            'a partner who may not' => [['endpoint' => 'not_allowed'], null],
            'no such endpoint' => [['endpoint' => 'off'], null],
            'a dropped answer' => [[], ['fault' => 'act_and_drop']],
            'another shape' => [[], ['fault' => 'json', 'body' => ['code' => 'perhaps', 'blog_id' => []]]],
            'HTTP 503' => [[], ['fault' => 'html', 'status' => 503, 'act' => false]],
        ];
        $ways = ['Renew', 'CheckLicense', 'Reconcile', 'the daily run'];
        $number = 0;
        foreach ($failures as $name => [$sites, $fault]) {
            $way = $ways[$number++ % count($ways)];
            yield "$name, $way" => [$sites, $fault, $way];
        }
    }

    public function test_what_jetpack_says_of_a_site_reaches_staff(): void
    {
        $this->atJetpack(['others' => 'unknown']);
        $this->hosting();

        $this->module->create($this->service());

        $told = current(preg_grep('/site_not_reachable/', Host::activityLog()));
        $requestId = $this->sandbox->requests()[1]['request_id'];
        $this->assertSentence($told, 'HTTP 403', 'Jetpack could not be reached on the site', 'installed and active', $requestId);
    }

    /** A license that staff detached, and one of before, stay as they are. */
    public function test_nothing_is_attached_by_itself_that_is_not_open(): void
    {
        $this->hosting();
        $service = $this->service();
        $this->module->create($service);
        $this->module->custom($service, 'DetachFromSite');
        $before = count($this->sandbox->requestLines());

        $this->module->custom($service, 'CheckLicense');
        $this->module->renew($service);
        $this->module->call('Reconcile', []);

        $this->assertSame([], array_diff(array_slice($this->sandbox->requestLines(), $before), ['GET /license']));
        $this->assertNull($this->rows()[0]['site']);
    }

    /** @dataProvider quietServices */
    public function test_the_daily_run_tries_only_services_in_use_whose_product_asks_for_it(string $status, string $setting): void
    {
        $this->atJetpack(['others' => 'unknown']);
        $this->hosting();
        $this->module->create($this->service());
        // Another product asks for it, so that there is something to look for.
        Host::addProduct($this->product(3, 'jetpack-scan', [self::ATTACH => 'on']));
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => $setting]);
        Capsule::table('tblhosting')->where('id', 100)->update(['domainstatus' => $status]);
        $before = count($this->sandbox->requestLines());

        $this->module->call('Reconcile', []);

        $this->assertSame(['GET /license'], array_slice($this->sandbox->requestLines(), $before));
    }

    /** @return array<string, array{string, string}> */
    public static function quietServices(): array
    {
        return ['suspended' => ['Suspended', 'connect'], 'setting off by now' => ['Active', ''], 'terminated' => ['Terminated', 'connect']];
    }

    public function test_the_daily_run_takes_those_first_that_waited_longest(): void
    {
        $this->atJetpack(['others' => 'unknown'], []);
        foreach ([100, 101, 102] as $id) {
            $this->hosting(['id' => 1000 + $id, 'domain' => "customer$id.example"]);
            $this->module->create($this->service(['id' => $id, 'orderid' => $id, 'domain' => "customer$id.example"]));
        }
        Capsule::table(self::TABLE)->where('service_id', 102)->update(['site_tried_at' => '2026-01-01 00:00:00']);
        Capsule::table(self::TABLE)->where('service_id', 101)->update(['site_tried_at' => '2026-01-02 00:00:00']);
        $before = count($this->sandbox->requests());

        $this->module->call('Reconcile', []);

        $isConnect = static fn (array $request): bool => str_ends_with($request['path'], 'site-connection');
        $connects = array_filter(array_slice($this->sandbox->requests(), $before), $isConnect);
        $urls = array_map(static fn (array $r): string => json_decode($r['body'], true)['url'], array_values($connects));
        $this->assertSame(['https://customer102.example', 'https://customer101.example', 'https://customer100.example'], $urls);
    }

    public function test_the_daily_run_reads_the_custom_fields(): void
    {
        $this->atJetpack(['others' => 'unknown']);
        $this->field('Site URL', 'https://customer.example/shop');
        $this->field('WordPress Admin', 'ada');
        $this->hosting();
        $this->module->create($this->service());
        $this->atJetpackWithLicense();

        $this->module->call('Reconcile', []);

        $this->assertSame('https://customer.example/shop', $this->rows()[0]['site']);
        $this->assertSame('ada', $this->sandbox->sites()['https://customer.example/shop']['local_user']);
    }

    public function test_the_license_of_a_new_product_is_made_active_in_place_of_the_old(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan', [self::ATTACH => 'connect']));
        $this->atJetpack([], [self::KEY, 'jetpack-scan_KEY2']);
        $this->hosting();
        $this->module->create($this->service());
        Capsule::table('tblhosting')->where('id', 100)->update(['packageid' => 2]);

        $this->assertSame('success', $this->module->changePackage(Host::service(100)));

        $this->assertSame(self::SITE, $this->activeRows()[0]['site']);
        $this->assertSame(
            [self::ISSUING, 'DELETE /license', self::CONNECTING, 'POST /license/jetpack-scan_KEY2/site'],
            array_slice($this->sandbox->requestLines(), 3)
        );
        $this->assertEveryLicenseIsKnown();
    }

    public function test_of_several_licenses_the_first_is_attached(): void
    {
        $this->atJetpack([], [self::KEY, 'jetpack-complete_KEY2']);
        $this->hosting();
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);

        $this->module->custom($service, 'CheckLicense');
        $this->module->call('Reconcile', []);

        $this->assertSame([self::SITE, null], array_column($this->rows(), 'site'));
        $posts = preg_grep('/^POST/', $this->sandbox->requestLines());
        $this->assertSame([self::ISSUING, self::ISSUING, self::CONNECTING, self::ATTACHING], array_values($posts));
    }

    /** It could be neither stored nor revoked, and waits on disk: what is left to do at its site waits with it. */
    public function test_a_license_that_waited_on_disk_is_made_active_later(): void
    {
        $this->hosting();
        $service = $this->service();
        $this->refuseRows();
        $this->faultOn('DELETE', '/license', ['fault' => 'drop']);
        $this->assertSentence($this->module->create($service), 'It is kept in');
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');

        $answer = $this->module->custom($service, 'CheckLicense');

        $this->assertStringContainsString('is stored now', implode("\n", Host::activityLog()));
        $this->assertSame('success', $answer);

        $this->assertSame([null, self::SITE], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_license_of_a_lost_answer_is_made_active_once_it_is_found(): void
    {
        $this->hosting();
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->module->create($service);
        $this->module->saveAdminTab($service, ['jetpack_found_license_key' => self::KEY]);
        $this->assertSame('open', $this->rows()[0]['site_step']);

        $this->assertSame('success', $this->module->custom($service, 'CheckLicense'));

        $this->assertSame([null, self::SITE], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
    }

    public function test_a_product_that_attaches_only_has_no_button_to_connect(): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => 'on']);
        $service = $this->service();
        $this->faultOn('POST', '/license/', ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertNotContains('ConnectSite', $this->module->adminButtons($service));
        $this->assertSentence($this->module->custom($service, 'ConnectSite'), 'does not connect sites');
        $this->assertStringContainsString('still to be attached', $this->module->adminTab($service)['Site']);
    }
}
