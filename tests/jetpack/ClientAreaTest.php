<?php

declare(strict_types=1);

// jetpack_ClientArea and its template: the customer's key, its state, the ways to activate it. No request.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Host\Template;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

final class ClientAreaTest extends JetpackTestCase
{
    private const HOSTILE = '"></textarea><script>alert(1)</script>\'&amp;';

    public function test_the_customer_sees_key_and_command_without_request(): void
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();
        $this->issued($service);

        $page = $this->module->clientArea($service);

        $fields = self::fields($page);
        $this->assertContains('jetpack-complete_KEY1', $fields);
        $this->assertCount(1, preg_grep('/^wp eval \'.*"jetpack-complete_KEY1".*\'$/', $fields));
        $this->assertStringContainsString('2026-01-15 10:00:01', $page);
        $this->assertSame('active', $this->state($service));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_the_page_holds_no_secret_but_the_key(): void
    {
        $service = $this->service();
        $this->issued($service);

        $page = $this->module->clientArea($service);

        $this->assertStringNotContainsString(JetpackSandbox::TOKEN, html_entity_decode($page));
        $variables = $this->module->call('ClientArea', $this->module->paramsFor($service))['vars'];
        $this->assertStringNotContainsString('tok_test', json_encode($variables));
    }

    /** The PHP module printed the key unescaped. */
    public function test_a_key_with_markup_is_escaped(): void
    {
        $this->sandbox->reset(['keys' => [self::HOSTILE]]);
        $service = $this->service();
        $this->issued($service);

        $page = $this->module->clientArea($service);

        $this->assertStringNotContainsString('<script>alert(1)', $page);
        $this->assertContains(self::HOSTILE, self::fields($page));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_a_site_with_markup_is_escaped(): void
    {
        $service = $this->service();
        $this->issued($service);
        Capsule::table(self::TABLE)->update(['site' => self::HOSTILE]);

        $page = $this->module->clientArea($service);

        $this->assertStringNotContainsString('<script>alert(1)', $page);
        $this->assertStringContainsString('&lt;script&gt;alert(1)', $page);
    }

    public function test_each_license_of_a_quantity_is_shown(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);

        $fields = self::fields($this->module->clientArea($service));

        foreach ($this->rows() as $row) {
            $this->assertContains($row['license_key'], $fields);
        }
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    /** The PHP module showed the key of another addon. */
    public function test_an_addon_shows_its_own_key(): void
    {
        $service = $this->service();
        $addon = $this->addon();
        $parents = $this->issued($service);
        $own = $this->issued($addon);

        $fields = self::fields($this->module->clientArea($addon));

        $this->assertContains($own, $fields);
        $this->assertNotContains($parents, $fields);
    }

    /**
     * @dataProvider states
     */
    public function test_a_key_is_shown_only_while_it_is_paid_for(string $status, bool $issued, string $state): void
    {
        $service = $this->service();
        $key = $issued ? $this->issued($service) : 'jetpack-complete_';
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);
        $service = Host::service(100);

        $page = $this->module->clientArea($service);

        $this->assertSame($state, $this->state($service));
        $this->assertSame($state === 'active', str_contains($page, $key));
        $this->assertNotSame('', trim(strip_tags($page)));
        $this->assertCount($issued ? 1 : 0, $this->sandbox->requestLines());
        $this->assertSame([], preg_grep('/' . self::PREFIX . '/', Host::activityLog()));
    }

    /** @return array<string, array<int, mixed>> */
    public static function states(): array
    {
        return [
            'active' => ['Active', true, 'active'],
            'issued before WHMCS activates' => ['Pending', true, 'active'],
            'pending without license' => ['Pending', false, 'preparing'],
            'suspended, license kept' => ['Suspended', true, 'suspended'],
            'suspended without license' => ['Suspended', false, 'suspended'],
            'terminated, license still there' => ['Terminated', true, 'ended'],
            'cancelled' => ['Cancelled', true, 'ended'],
            'fraud' => ['Fraud', true, 'ended'],
            'completed' => ['Completed', true, 'active'],
            'completed without license' => ['Completed', false, 'revoked'],
        ];
    }

    public function test_an_active_service_whose_license_was_revoked_says_so(): void
    {
        $service = $this->service();
        $key = $this->issued($service);
        $this->sandbox->revokeBehindOurBack($key);
        $this->module->custom($service, 'CheckLicense');

        $page = $this->module->clientArea($service);

        $this->assertSame('revoked', $this->state($service));
        $this->assertStringNotContainsString($key, $page);
        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
    }

    public function test_after_a_lost_answer_the_license_is_being_prepared(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'act_and_drop']);
        $this->module->create($service);

        $page = $this->module->clientArea($service);

        $this->assertSame('preparing', $this->state($service));
        $this->assertStringNotContainsString('partner portal', $page);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /** Function names ignore case: WHMCS finds this function for the client page of an addon module "jetpack". */
    public function test_as_client_page_of_an_addon_module_it_answers_nothing(): void
    {
        $vars = ['module' => 'jetpack', 'modulelink' => 'index.php?m=jetpack', 'version' => '1.0', 'api_token' => JetpackSandbox::TOKEN];

        $this->assertSame([], $this->module->call('ClientArea', $vars));
        $this->assertSame([], $this->module->call('clientarea', $vars));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], Host::activityLog());
    }

    public function test_while_the_database_is_away_the_page_says_so_and_the_activity_log_why(): void
    {
        $this->service();
        $ini = ['whmcs_provisioning.database_url' => 'mysql://whmcs:x@127.0.0.1:1/whmcs'];

        $page = $this->answerOf($this->apart('$module->clientArea($service)', $ini));

        $this->assertStringContainsString('cannot show your Jetpack license right now', $page);
        $this->assertStringNotContainsString('database', strip_tags($page));
        $log = Host::activityLog();
        $this->assertSentence(end($log), 'in the WHMCS database', 'Service ID: 100');
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** Run by a shell, as a customer pastes it. */
    public function test_the_command_keeps_keys_that_are_on_the_site(): void
    {
        $key = 'jp_" . system("id") . "\'; touch /tmp/x; \'$HOME`id`\\é%41';
        foreach (['jetpack-complete_KEY1', $key] as $at => $key) {
            $at === 0 || $this->setUp();
            $this->sandbox->reset(['keys' => [$key]]);
            $service = $this->service();
            $this->issued($service);
            $command = $this->module->call('ClientArea', $this->module->paramsFor($service))['vars']['jetpackLicenses'][0]['command'];

            $this->assertSame(['first', 'second', $key], self::stored($command, ['first', 'second']));
            $this->assertSame([$key], self::stored($command, [$key]));
            $this->assertSame([$key], self::stored($command, false));
            $this->assertSame(['alone', $key], self::stored($command, 'alone'));
        }
    }

    /** @return list<string> what is in Jetpack's option after it */
    private static function stored(string $command, mixed $before): array
    {
        $wordPress = 'wp() { [ "$1" = eval ] && [ $# = 2 ] && php -n -r \'function get_option($n, $d) { return json_decode($GLOBALS["argv"][2]) ?: $d; }'
            . ' function update_option($n, $v) { echo json_encode([$n, $v]); } eval($argv[1]);\' -- "$2" "$BEFORE"; }';
        $process = proc_open(['sh', '-c', "$wordPress\n$command"], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, [
            'PATH' => dirname(PHP_BINARY) . ':' . getenv('PATH'), 'BEFORE' => (string) json_encode($before),
        ]);
        $said = (string) stream_get_contents($pipes[1]);
        proc_close($process);
        [$name, $keys] = json_decode($said) ?? self::fail($said);
        self::assertSame('jetpack_licenses', $name);

        return $keys;
    }

    public function test_a_template_without_any_variable_renders(): void
    {
        foreach ([[], ['jetpackState' => 'active'], ['jetpackState' => 'active', 'jetpackLicenses' => [[]]]] as $variables) {
            $html = Template::render(dirname(__DIR__, 2) . '/modules/servers/jetpack', 'jetpack_license', $variables);
            $this->assertStringContainsString('provisioning-page', $html);
        }
    }

    private function state(Service|Addon $model): string
    {
        return $this->module->call('ClientArea', $this->module->paramsFor($model))['vars']['jetpackState'];
    }

    /** @return array<int, string> values of inputs and text areas, as a browser reads them */
    private static function fields(string $html): array
    {
        $page = new \DOMDocument();
        $page->loadHTML('<?xml encoding="UTF-8"?>' . $html, LIBXML_NOERROR);
        $values = [];
        foreach ($page->getElementsByTagName('input') as $input) {
            $values[] = $input->getAttribute('value');
        }
        foreach ($page->getElementsByTagName('textarea') as $area) {
            $values[] = $area->textContent;
        }
        return $values;
    }
}
