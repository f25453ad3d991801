<?php

declare(strict_types=1);

// jetpack_AttachToMySite: the customer's own button. By POST, with his session's token, for his own site, once a minute at most.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Host\Request;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class AttachToMySiteTest extends JetpackTestCase
{
    private const FUNCTION = 'AttachToMySite';
    private const SITE = 'https://customer.example';
    private const ATTACHING = 'POST /license/jetpack-complete_KEY1/site';
    private const CONNECTING = 'POST /site-connection';

    protected function setUp(): void
    {
        parent::setUp();
        Host::addClient(['id' => 11]);
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1'], 'sites' => ['others' => 'unknown', 'attach_needs_connection' => true]]);
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => 'on']);
        $_SESSION = ['uid' => 10];
        // From here on the session has its token.
        generate_token('plain');
    }

    protected function tearDown(): void
    {
        $_SESSION = [];
    }

    public function test_the_page_offers_it_and_a_click_attaches_the_license(): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        $form = $this->form($service);

        $this->assertSame(['clientarea.php?action=productdetails&id=100', 'post'], [$form['action'], $form['method']]);
        $this->assertSame(['custom', self::FUNCTION], [$form['modop'], $form['a']]);
        $this->assertStringContainsString('Successful', $this->click($service));

        $this->assertSame(['POST /license', self::ATTACHING, self::ATTACHING], $this->sandbox->requestLines());
        $this->assertSame([null, self::SITE], [$this->rows()[0]['site_step'], $this->rows()[0]['site']]);
        $page = $this->module->clientArea($service);
        $this->assertStringContainsString("<dd>{$this->rows()[0]['attached_at']} UTC</dd>", $page);
        $this->assertStringNotContainsString('Attach to my site', $page);
        $this->assertStringContainsString('Successful', $this->click($service));
        $this->assertCount(3, $this->sandbox->requestLines());
    }

    /** An addon has no domain of its own, and a form of its own page. */
    public function test_an_addon_is_attached_to_the_site_of_its_service(): void
    {
        $this->service(['id' => 100]);
        $addon = $this->addon();
        Capsule::table('tblmodule_configuration')->insert(
            ['entity_type' => 'addon', 'entity_id' => $addon->addonid, 'setting_name' => 'configoption5', 'value' => 'on']
        );
        $addon = Host::serviceAddon(300);
        $this->module->create($addon);
        Capsule::table(self::TABLE)->update(['site_tried_at' => null]);
        $this->sandbox->setSite(self::SITE, 'connected');

        $this->assertSame('clientarea.php?action=productdetails&id=100&addonId=300', $this->form($addon)['action']);
        $this->assertStringContainsString('Successful', $this->click($addon));

        $this->assertSame(self::SITE, $this->rows()[0]['site']);
    }

    public function test_where_setting_5_leaves_it_to_the_customer_there_is_no_button(): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => '']);
        $service = $this->waiting();

        $this->assertStringNotContainsString('Attach to my site', $this->module->clientArea($service));
        $this->assertSame('', $this->click($service));
        $answer = $this->posted(fn () => $this->module->call(self::FUNCTION, $this->module->paramsFor($service)));
        $this->assertStringContainsString('only while the service is active', $answer);
    }

    /** @dataProvider statuses */
    public function test_a_service_that_is_not_in_use_offers_nothing(string $status): void
    {
        $service = $this->waiting();
        $params = $this->module->paramsFor($service, ['status' => $status]);

        $answer = $this->posted(fn (): string => $this->module->call(self::FUNCTION, $params));

        $this->assertSame('A license can be attached only while the service is active. Please contact us if it should be.', $answer);
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    /** @return array<string, array<int, string>> */
    public static function statuses(): array
    {
        return array_map(fn (string $status) => [$status], ['pending' => 'Pending', 'suspended' => 'Suspended', 'over' => 'Terminated', 'strange' => 'on']);
    }

    /**
     * @dataProvider forgeries
     * @param array<string, mixed> $query
     * @param array<string, mixed> $post
     */
    public function test_a_form_that_is_not_from_the_page_does_nothing(array $query, array $post): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        $token = generate_token('plain');
        $fill = fn (array $fields): array => array_map(fn (mixed $value) => $value === 'TOKEN' ? $token : $value, $fields);

        $answer = Request::run($fill($query), $fill($post), fn () => $this->module->call(self::FUNCTION, $this->module->paramsFor($service)));

        $this->assertStringContainsString('not sent from the page of your service', $answer);
        $this->assertCount(2, $this->sandbox->requestLines());
        $this->assertNull($this->rows()[0]['site']);
    }

    /** @return array<string, array<int, array<string, mixed>>> */
    public static function forgeries(): array
    {
        return [
            'a link' => [[], []], 'a link with the token' => [['token' => 'TOKEN'], []], 'a form without token' => [[], ['a' => 'AttachToMySite']],
            'a form with an empty token' => [[], ['token' => '']], 'a guess' => [[], ['token' => str_repeat('0', 40)]],
            'the token in the address' => [['token' => 'TOKEN'], ['token' => 'x']], 'a list' => [[], ['token' => ['TOKEN']]],
        ];
    }

    public function test_nobody_attaches_for_another_client(): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        foreach ([['uid' => 11], ['uid' => 0], []] as $_SESSION) {
            $answer = $this->posted(fn () => $this->module->call(self::FUNCTION, $this->module->paramsFor($service)));

            $this->assertSame('Log in as the client whose service this is: it is shown and changed for nobody else.', $answer);
        }
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    /** Whatever address the form or the link names: the license goes to the site of the service. */
    public function test_no_address_is_taken_from_the_request(): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        $foreign = array_fill_keys(['domain', 'site', 'url', 'customfields', 'Site URL', 'address', 'local_user'], 'https://victim.example');

        $answer = Request::run(
            $foreign,
            ['token' => generate_token('plain')] + $foreign,
            fn () => $this->module->call(self::FUNCTION, $this->module->paramsFor($service))
        );

        $this->assertSame('success', $answer);
        $this->assertSame(['site' => self::SITE], json_decode($this->sandbox->requests()[2]['body'], true));
    }

    public function test_it_can_be_tried_once_a_minute_by_the_clock_of_the_database(): void
    {
        $service = $this->waiting();

        $first = $this->click($service);
        $second = $this->click($service);

        $this->assertStringContainsString('could not be attached to https://customer.example', $first);
        $this->assertStringContainsString('Jetpack plugin is installed and connected', $first);
        $this->assertStringContainsString('less than a minute ago', $second);
        $this->assertCount(3, $this->sandbox->requestLines());
        Capsule::table(self::TABLE)->update(['site_tried_at' => Capsule::raw('UTC_TIMESTAMP() - INTERVAL 59 SECOND')]);
        $this->assertStringContainsString('less than a minute ago', $this->click($service));
        Capsule::table(self::TABLE)->update(['site_tried_at' => Capsule::raw('UTC_TIMESTAMP() - INTERVAL 61 SECOND')]);
        $this->sandbox->setSite(self::SITE, 'connected');
        $this->assertStringContainsString('Successful', $this->click($service));
        // A clock that was set back keeps nobody waiting.
        $this->module->custom($service, 'DetachFromSite');
        Capsule::table(self::TABLE)->update(['site_tried_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 DAY')]);
        $this->assertStringContainsString('Successful', $this->click($service));
    }

    public function test_two_clicks_at_once_are_one_try(): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 300, 'times' => 0, 'match' => ['path' => '/license/']]);
        $token = generate_token('plain');
        $session = var_export($_SESSION, true);
        $click = "(function () use (\$module, \$service) { \$_SESSION = $session; return Tests\\Host\\Request::run([], ['token' => '$token'],"
            . ' fn () => $module->call("AttachToMySite", $module->paramsFor($service))); })()';

        $clicks = [$this->apart($click), $this->apart($click), $this->apart($click)];
        $answers = array_map($this->answerOf(...), $clicks);

        $this->assertContains('success', $answers);
        $attached = array_keys($this->sandbox->requestLines(), self::ATTACHING, true);
        $this->assertCount(2, $attached, implode("\n", $answers));
        $this->assertSame(self::SITE, $this->rows()[0]['site']);
    }

    /** What Jetpack says is for staff. */
    public function test_the_customer_reads_what_he_can_do_and_staff_what_jetpack_said(): void
    {
        $service = $this->waiting();
        $said = ['code' => 'invalid_site', 'message' => 'No <b>"blog"</b> there.'];
        $this->faultOn('POST', '/license/', ['fault' => 'json', 'status' => 400, 'act' => false, 'body' => $said]);

        $answer = $this->click($service);

        $this->assertStringNotContainsString('blog', $answer);
        $this->assertStringContainsString('Request id: ' . $this->sandbox->requests()[2]['request_id'], $answer);
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'invalid_site', 'No blog there', 'Service ID: 100');
    }

    public function test_after_a_lost_answer_he_is_asked_to_come_back(): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        $this->faultOn('POST', '/license/', ['fault' => 'act_and_drop']);

        $this->assertStringContainsString('Try again in a few minutes', $this->click($service));

        Capsule::table(self::TABLE)->update(['site_tried_at' => null]);
        $this->assertStringContainsString('Successful', $this->click($service));
        $this->assertSame(self::SITE, $this->rows()[0]['site']);
    }

    public function test_without_an_address_he_is_asked_to_say_where_his_site_is(): void
    {
        $service = $this->waiting(['domain' => '"><script>alert(1)</script>']);

        $page = $this->module->clientArea($service);
        $this->assertStringContainsString('do not know yet where your site is', $page);
        $this->assertStringNotContainsString('alert(1)', $page);
        $this->assertStringNotContainsString('<form', $page);
        $this->assertStringContainsString('tell us where your site is', $this->click($service));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_a_service_without_license_says_so(): void
    {
        $service = $this->service();

        $this->assertStringContainsString('not there yet', $this->click($service));
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** Connecting is only for a site that WHMCS hosts for him; attaching is not. */
    public function test_his_click_connects_no_site_that_whmcs_does_not_host_for_him(): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => 'connect']);
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connectable');

        $this->assertStringContainsString('Once Jetpack is installed and connected on', $this->module->clientArea($service));
        $this->assertStringContainsString('could not be attached', $this->click($service));
        $this->assertNotContains(self::CONNECTING, $this->sandbox->requestLines());

        Host::addProduct(['id' => 7, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Host::addService(['userid' => 10, 'packageid' => 7, 'domainstatus' => 'Active', 'domain' => 'customer.example']);
        Capsule::table(self::TABLE)->update(['site_tried_at' => null]);
        $this->assertStringContainsString('Successful', $this->click($service));
        $this->assertSame([self::CONNECTING, self::ATTACHING], array_slice($this->sandbox->requestLines(), -2));
    }

    public function test_a_connection_that_was_cut_is_not_made_again_by_a_click(): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => 'connect']);
        Host::addProduct(['id' => 7, 'type' => 'hostingaccount', 'servertype' => 'cpanel']);
        Host::addService(['userid' => 10, 'packageid' => 7, 'domainstatus' => 'Active', 'domain' => 'customer.example']);
        $this->sandbox->setSite(self::SITE, 'cut');
        $service = $this->waiting();

        $this->assertStringContainsString('was cut', $this->module->clientArea($service));
        $this->assertStringContainsString('could not be attached', $this->click($service));
        $this->assertSame('cut', $this->rows()[0]['site_step']);
        $this->assertSame(['POST /license', self::CONNECTING, self::ATTACHING], $this->sandbox->requestLines());

        $this->sandbox->setSite(self::SITE, 'connected');
        Capsule::table(self::TABLE)->update(['site_tried_at' => null]);
        $this->assertStringContainsString('Successful', $this->click($service));
        $this->assertNull($this->rows()[0]['site_step']);
    }

    public function test_staff_may_click_it_for_him(): void
    {
        $service = $this->waiting();
        $this->sandbox->setSite(self::SITE, 'connected');
        $_SESSION = ['adminid' => 3];

        $this->assertSame('success', $this->posted(fn () => $this->module->call(self::FUNCTION, $this->module->paramsFor($service))));
    }

    /** A license whose site was not ready when it was issued, and a minute has passed. @param array<string, mixed> $row */
    private function waiting(array $row = []): Service
    {
        $service = $this->service($row);
        $this->assertSame('success', $this->module->create($service));
        Capsule::table(self::TABLE)->update(['site_tried_at' => null]);

        return $service->refresh();
    }

    /** What the button of the page does. @return string the alert, as the stock themes print it */
    private function click(Service|Addon $model): string
    {
        return $this->module->clientCustom($model, self::FUNCTION, ['token' => generate_token('plain')]);
    }

    private function posted(callable $page): mixed
    {
        return Request::run([], ['token' => generate_token('plain')], $page);
    }

    /** @return array<string, string> the form of the page, with what it sends */
    private function form(Service|Addon $model): array
    {
        $page = new \DOMDocument();
        $page->loadHTML('<?xml encoding="UTF-8"?>' . $this->module->clientArea($model), LIBXML_NOERROR);
        $form = $page->getElementsByTagName('form')->item(0);
        $this->assertNotNull($form);
        $fields = ['action' => $form->getAttribute('action'), 'method' => $form->getAttribute('method')];
        foreach ($form->getElementsByTagName('input') as $input) {
            $fields[$input->getAttribute('name')] = $input->getAttribute('value');
        }
        $this->assertSame(generate_token('plain'), $fields['token']);

        return $fields;
    }
}
