<?php

declare(strict_types=1);

// Setting 5, "Connect the site and attach", and jetpack_ConnectSite, the button for staff: a license is active on the customer's
// site without the customer. By itself only where WHMCS hosts that domain for the same client.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\ConnectSiteTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class ConnectSiteTest extends ConnectSiteTestCase
{
    public function test_a_site_that_whmcs_hosts_for_the_client_is_connected_and_attached(): void
    {
        $this->hosting();
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ISSUING, self::CONNECTING, self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame(['url' => self::SITE, 'local_user' => 1], json_decode($this->sandbox->requests()[1]['body'], true));
        $this->assertSame(['issue done', 'connect done', 'attach done'], $this->journal());
        $row = $this->rows()[0];
        $this->assertSame([self::SITE, null, 210_000_001], [$row['site'], $row['site_step'], (int) $row['blog_id']]);
        $this->assertNotNull($row['connected_at']);
        $this->assertNotNull($row['attached_at']);
        $this->assertSame('connected', $this->sandbox->sites()[self::SITE]['condition']);
        $this->assertSame(self::SITE, $this->sandbox->licenses()[0]['site']);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_second_create_connects_nothing_again(): void
    {
        $this->hosting();
        $service = $this->service();
        $this->module->create($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertCount(3, $this->sandbox->requestLines());
    }

    public function test_the_service_page_shows_site_blog_id_and_times(): void
    {
        $this->hosting();
        $service = $this->service();
        $this->module->create($service);

        $site = $this->module->adminTab($service)['Site'];

        $row = $this->rows()[0];
        foreach ([self::SITE, "connected to Jetpack on {$row['connected_at']} UTC", 'blog id 210000001', "attached on {$row['attached_at']} UTC"] as $part) {
            $this->assertStringContainsString($part, $site);
        }
        $this->assertNotContains('ConnectSite', $this->module->adminButtons($service));
        $this->assertCount(3, $this->sandbox->requestLines());
    }

    public function test_ids_may_come_as_text_and_a_site_may_be_connected_already(): void
    {
        $this->atJetpack(['blog_ids_as_text' => true, 'list' => [['url' => self::SITE, 'condition' => 'connected']]]);
        $this->hosting();

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame([210_000_001, self::SITE], [(int) $this->rows()[0]['blog_id'], $this->rows()[0]['site']]);
        $this->assertStringContainsString('connected already', $this->rows(self::JOURNAL)[1]['answered']);
    }

    public function test_a_connection_that_the_owner_has_cut_is_said_and_left_alone(): void
    {
        $this->atJetpack(['list' => [['url' => self::SITE, 'condition' => 'cut']]]);
        $this->hosting();
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ISSUING, self::CONNECTING], $this->sandbox->requestLines());
        $this->assertSame(['cut', null, null], [$this->rows()[0]['site_step'], $this->rows()[0]['site'], $this->rows()[0]['connected_at']]);
        $this->assertSame(['issue done', 'connect done'], $this->journal());
        $log = Host::activityLog();
        $this->assertSentence(current(preg_grep('/has cut/', $log)), self::SITE, 'The license itself is issued', 'Service ID: 100');
        $this->assertStringContainsString('has cut the connection', $this->module->adminTab($service)['Site']);

        // Nothing of it by itself.
        $this->module->create($service);
        $this->module->custom($service, 'CheckLicense');
        $this->module->renew($service);
        $this->module->call('Reconcile', []);
        $this->assertSame([], array_diff(array_slice($this->sandbox->requestLines(), 2), ['GET /license']));
        $this->assertStringContainsString('has cut', $this->module->adminTab($service)['Reconciliation']);

        $this->sandbox->setSite(self::SITE, 'connected');
        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));
        $this->assertSame([null, self::SITE], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $this->module->call('Reconcile', []);
        $this->assertArrayNotHasKey('Reconciliation', $this->module->adminTab($service));
    }

    /**
     * @dataProvider foreignSites
     * @param array<string, mixed> $hosting
     * @param array<string, mixed> $product
     */
    public function test_a_site_that_whmcs_does_not_host_for_the_client_is_connected_by_staff_only(array $hosting, array $product = []): void
    {
        $this->atJetpack(['attach_needs_connection' => true]);
        Host::addClient(['id' => 11]);
        Capsule::table('tblproducts')->where('id', self::HOSTING)->update($product + ['name' => 'Hosting']);
        if ($hosting !== []) {
            $this->hosting($hosting);
        }
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ISSUING, self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame(['staff', null], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $log = Host::activityLog();
        $this->assertSentence(current(preg_grep('/Connect site/', $log)), 'The license itself is issued', 'another active hosting service');
        $this->assertContains('ConnectSite', $this->module->adminButtons($service));
        $this->assertStringContainsString('press Connect site', $this->module->adminTab($service)['Site']);

        $this->assertSame('success', $this->module->custom($service, 'ConnectSite'));

        $this->assertSame([self::CONNECTING, self::ATTACHING], array_slice($this->sandbox->requestLines(), 2));
        $this->assertSame([null, self::SITE], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $this->assertNotContains('ConnectSite', $this->module->adminButtons($service));
        $this->assertSentence($this->module->custom($service, 'ConnectSite'), 'attached already');
    }

    /** @return array<string, array<int, array<string, mixed>>> */
    public static function foreignSites(): array
    {
        return [
            'no other service' => [[]],
            'of another client' => [['userid' => 11]],
            'suspended' => [['domainstatus' => 'Suspended']],
            'terminated' => [['domainstatus' => 'Terminated']],
            'pending' => [['domainstatus' => 'Pending']],
            'another domain' => [['domain' => 'another.example']],
            'a name that ends with it' => [['domain' => 'example']],
            'a subdomain of it' => [['domain' => 'www.customer.example']],
            'no domain' => [['domain' => '']],
            'a wildcard' => [['domain' => '%']],
            'not sold as hosting' => [[], ['type' => 'other']],
            'another license of this module' => [['domain' => 'customer.example'], ['servertype' => 'jetpack']],
        ];
    }

    /** The database's collation takes letters with and without marks for the same. */
    public function test_a_domain_that_only_looks_like_it_is_another(): void
    {
        $this->hosting(['domain' => 'bucher.example']);
        $service = $this->service(['domain' => 'bücher.example']);

        $this->module->create($service);

        $this->assertNotContains(self::CONNECTING, $this->sandbox->requestLines());
        Capsule::table('tblhosting')->where('packageid', self::HOSTING)->update(['domain' => 'BÜCHER.example.']);
        $this->module->custom($service, 'DetachFromSite');
        $this->module->create($service);
        $this->assertContains(self::CONNECTING, $this->sandbox->requestLines());
        $this->assertArrayHasKey('https://xn--bcher-kva.example', $this->sandbox->sites());
    }

    public function test_the_custom_fields_name_the_site_and_its_administrator(): void
    {
        $this->field('Site URL|Address of your site', 'https://www.customer.example/blog/');
        $this->field('WordPress Admin', 'ada@customer.example');
        $this->hosting();

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame(
            ['url' => 'https://www.customer.example/blog', 'local_user' => 'ada@customer.example'],
            json_decode($this->sandbox->requests()[1]['body'], true)
        );
        $this->assertSame('https://www.customer.example/blog', $this->rows()[0]['site']);
    }

    /** @dataProvider unusableAddresses */
    public function test_an_address_that_is_none_is_not_sent_nor_passed_over(string $address): void
    {
        $this->field('Site URL', $address);
        $this->hosting();
        $service = $this->service();

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ISSUING], $this->sandbox->requestLines());
        $this->assertSame('staff', $this->rows()[0]['site_step']);
        $this->assertSentence(current(preg_grep('/Site URL/', Host::activityLog())), 'does not hold the address of a site', 'The license itself is issued');
        foreach (['ConnectSite', 'AttachToSite'] as $button) {
            $this->assertSentence($this->module->custom($service, $button), 'Site URL');
        }
        $tab = $this->module->adminTab($service)['Site'];
        $this->assertStringContainsString('does not hold the address of a site', $tab);
        $this->assertStringNotContainsString('<', str_replace('<br>', '', $tab));
        $this->assertStringNotContainsString('alert(1)', $this->module->clientArea($service));
        $this->assertSame([self::ISSUING], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function unusableAddresses(): array
    {
        return [
            'a script' => ['javascript:alert(1)'], 'a script behind a host' => ['javascript://customer.example/%0aalert(1)'],
            'a port' => ['https://customer.example:8443/'], 'a login' => ['https://ada:secret@customer.example/'],
            'a query' => ['https://customer.example/?alert(1)'], 'another way out' => ['https://customer.example/../x'],
            'markup' => ['https://customer.example/"><script>alert(1)</script>'], 'a file' => ['file:///etc/passwd'],
            'the machine itself' => ['http://127.0.0.1/'], 'a name without dot' => ['https://localhost/blog'],
            'too long' => ['https://customer.example/' . str_repeat('x', 255)],
        ];
    }

    public function test_a_login_that_is_none_is_not_sent(): void
    {
        $this->field('WordPress Admin', str_repeat('x', 200));
        $this->hosting();

        $this->module->create($this->service());

        $this->assertSame([self::ISSUING], $this->sandbox->requestLines());
        $this->assertNotEmpty(preg_grep('/WordPress Admin/', Host::activityLog()));
    }

    /** A product addon's site is that of its service, which is a hosting service of the client. */
    public function test_an_addon_is_connected_at_the_hosting_service_it_belongs_to(): void
    {
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => self::HOSTING, 'domainstatus' => 'Active', 'domain' => 'customer.example']);
        $addon = $this->addon();
        Capsule::table('tblmodule_configuration')->insert(
            ['entity_type' => 'addon', 'entity_id' => $addon->addonid, 'setting_name' => 'configoption5', 'value' => 'connect']
        );

        $this->assertSame('success', $this->module->create(Host::serviceAddon(300)));

        $this->assertSame([self::ISSUING, self::CONNECTING, self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame(self::SITE, $this->rows()[0]['site']);
    }

    /** A service whose parent was replaced in the parameters is looked up, not believed. */
    public function test_whose_domain_it_is_is_what_the_tables_say(): void
    {
        Host::addClient(['id' => 11]);
        $this->hosting(['userid' => 11]);
        $service = $this->service();

        $this->module->create($service, ['userid' => 11]);

        $this->assertNotContains(self::CONNECTING, $this->sandbox->requestLines());
    }

    /** A table of an earlier version gets its columns with the first command. */
    public function test_a_table_of_an_earlier_version_is_upgraded(): void
    {
        $this->createTables();
        $columns = ['site_step', 'site_tried_at', 'blog_id', 'connected_at', 'attached_at'];
        Capsule::connection()->statement('ALTER TABLE ' . self::TABLE . ' DROP ' . implode(', DROP ', $columns));
        $this->hosting();

        $this->assertSame('success', $this->module->create($this->service()));

        $this->assertSame(self::SITE, $this->rows()[0]['site']);
    }
}
