<?php

declare(strict_types=1);

// jetpack_AttachToSite, the button "Attach to site", and setting 5, which does the same after issuing.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class AttachToSiteTest extends JetpackTestCase
{
    private const KEY = 'jetpack-complete_KEY1';
    private const ATTACHING = 'POST /license/jetpack-complete_KEY1/site';

    protected function setUp(): void
    {
        parent::setUp();
        $this->sandbox->reset(['keys' => [self::KEY]]);
    }

    public function test_the_license_is_attached_to_the_domain_as_an_absolute_url(): void
    {
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));

        $this->assertSame(['POST /license', self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame(['site' => 'https://customer.example'], json_decode($this->sandbox->requests()[1]['body'], true));
        $this->assertSame('https://customer.example', $this->sandbox->licenses()[0]['site']);
        $this->assertSame('https://customer.example', $this->rows()[0]['site']);
        $this->assertSame(['issue done', 'attach done'], $this->journal());
    }

    public function test_attaching_again_is_harmless(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->custom($service, 'AttachToSite');

        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));

        $this->assertSame(['POST /license', self::ATTACHING, self::ATTACHING], $this->sandbox->requestLines());
    }

    public function test_a_key_with_a_slash_stays_one_part_of_the_path(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_a/../b?c']]);
        $service = $this->service();
        $this->issued($service);

        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));

        $this->assertSame('https://customer.example', $this->sandbox->licenses()[0]['site']);
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    /** An addon has no domain of its own: "the service's domain" is its parent's. */
    public function test_an_addon_is_attached_to_the_domain_of_its_service(): void
    {
        $this->service();
        $addon = $this->addon();
        $this->issued($addon);

        $this->assertSame('success', $this->module->custom($addon, 'AttachToSite'));

        $this->assertSame(['POST /license', self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame(['site' => 'https://customer.example'], json_decode($this->sandbox->requests()[1]['body'], true));
    }

    /**
     * @dataProvider unusableDomains
     * @group slow
     */
    public function test_without_a_domain_nothing_is_sent(string $domain): void
    {
        $service = $this->service(['domain' => $domain]);
        $this->issued($service);

        $this->assertSentence($this->module->custom($service, 'AttachToSite'), 'no domain', 'Attach to site');

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done'], $this->journal());
    }

    /** @return array<string, array<int, string>> */
    public static function unusableDomains(): array
    {
        return [
            'empty' => [''], 'blank' => [' '], 'no dot' => ['localhost'], 'an IP address' => ['127.0.0.1'],
            'with a path' => ['customer.example/x'], 'with a port' => ['customer.example:8080'],
            'with a user' => ['user@customer.example'], 'markup' => ['<b>customer</b>.example'], 'two words' => ['my site.example'],
        ];
    }

    public function test_without_license_it_answers_the_words_staff_know(): void
    {
        $this->assertSame('No license key found for this order', $this->module->custom($this->service(), 'AttachToSite'));

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_a_partner_who_may_not_is_told_so(): void
    {
        $this->sandbox->reset(['keys' => [self::KEY], 'hosting_allowed' => false]);
        $service = $this->service();
        $this->issued($service);

        $answer = $this->module->custom($service, 'AttachToSite');

        $this->assertSentence($answer, 'HTTP 403', 'with Jetpack that the token may do this', 'request id ' . $this->sandbox->requests()[1]['request_id']);
        $this->assertStringNotContainsString(self::KEY, $answer);
        $this->assertSame(['POST /license', self::ATTACHING], $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['site']);
        $this->assertSame(['issue done', 'attach failed'], $this->journal());
    }

    /**
     * @dataProvider lostAnswers
     * @param array<string, mixed> $fault
     */
    public function test_after_a_lost_answer_it_may_be_run_again(array $fault): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('POST', '/license/', $fault);
        $this->assertSentence($this->module->custom($service, 'AttachToSite'), 'It is not known whether', 'safe to run it again');
        $this->assertSame(['issue done', 'attach unknown'], $this->journal());

        $this->assertSame('success', $this->module->custom($service, 'AttachToSite'));

        $this->assertSame(['POST /license', self::ATTACHING, self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'attach done', 'attach done'], $this->journal());
        $this->assertSame('https://customer.example', $this->rows()[0]['site']);
    }

    /** @return array<string, array<int, mixed>> */
    public static function lostAnswers(): array
    {
        return [
            'dropped' => [['fault' => 'drop']],
            'acted and dropped' => [['fault' => 'act_and_drop']],
            '502' => [['fault' => 'html', 'status' => 502, 'act' => false]],
            'HTML with 200' => [['fault' => 'html']],
            'wrong types' => [['fault' => 'wrong_types']],
        ];
    }

    /** A lost attachment is no reason to keep a license from being revoked, or another from being issued. */
    public function test_a_lost_attachment_does_not_block_other_functions(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('POST', '/license/', ['fault' => 'drop']);
        $this->module->custom($service, 'AttachToSite');

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', self::ATTACHING, 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame('success', $this->module->create($service));
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * @dataProvider yes
     */
    public function test_setting_5_attaches_after_issuing(string $yes): void
    {
        $service = $this->attaching($yes);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame('https://customer.example', $this->rows()[0]['site']);
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function yes(): array
    {
        return ['as WHMCS stores it' => ['on'], 'as imports store it' => ['1']];
    }

    public function test_a_second_create_attaches_nothing_again(): void
    {
        $service = $this->attaching();
        $this->module->create($service);

        $this->assertSame('success', $this->module->create($service));

        $this->assertCount(2, $this->sandbox->requestLines());
    }

    /**
     * @dataProvider failures
     * @param array<string, mixed> $fault
     */
    public function test_a_site_that_is_not_ready_does_not_fail_the_order(array $fault): void
    {
        $service = $this->attaching();
        $this->faultOn('POST', '/license/', $fault);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', self::ATTACHING], $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['site']);
        $this->assertSame(self::KEY, $this->keptKey($service));
        $lines = preg_grep('/Attach to site/', Host::activityLog());
        $this->assertCount(1, $lines);
        $this->assertSentence(current($lines), 'The license itself is issued', 'Service ID: 100');
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, mixed>> */
    public static function failures(): array
    {
        return [
            '400' => [['fault' => 'json', 'status' => 400, 'act' => false, 'body' => ['code' => 'invalid_site', 'message' => 'The site is not valid.']]],
            'dropped' => [['fault' => 'drop']],
            '503' => [['fault' => 'html', 'status' => 503]],
        ];
    }

    public function test_a_service_without_domain_is_created_all_the_same(): void
    {
        $service = $this->attaching('on', ['domain' => '']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, preg_grep('/no domain/', Host::activityLog()));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_the_license_of_a_new_product_is_attached_in_place_of_the_old(): void
    {
        Host::addProduct($this->product(2, 'jetpack-scan', [self::ATTACH => 'on']));
        $this->sandbox->reset(['keys' => [self::KEY, 'jetpack-scan_KEY2']]);
        $this->module->create($this->attaching());
        Capsule::table('tblhosting')->update(['packageid' => 2]);

        $this->assertSame('success', $this->module->changePackage(Host::service(100)));

        $this->assertSame(
            ['POST /license', self::ATTACHING, 'POST /license', 'DELETE /license', 'POST /license/jetpack-scan_KEY2/site'],
            $this->sandbox->requestLines()
        );
        $this->assertSame('https://customer.example', $this->activeRows()[0]['site']);
        $this->assertEveryLicenseIsKnown();
    }

    /** @param array<string, mixed> $row */
    private function attaching(string $yes = 'on', array $row = []): Service
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => $yes]);
        return $this->service($row);
    }
}
