<?php

declare(strict_types=1);

// jetpack_AdminServicesTabFields: what staff see on the service page. No request, everything escaped.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class AdminServicesTabFieldsTest extends JetpackTestCase
{
    /** Ends an attribute in either kind of quotes, opens a tag, and is an entity. */
    private const HOSTILE = '"><script>alert(1)</script>\'&amp;';

    public function test_key_product_time_state_and_last_operation_are_shown_without_request(): void
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01', 'keys' => ['jetpack-complete_KEY1']]);
        $service = $this->service();
        $this->issued($service);

        $tab = $this->module->adminTab($service);

        $this->assertSame(['License Key', 'Compared', 'Jetpack Product', 'Issued', 'State at Jetpack', 'Last Operations'], array_keys($tab));
        $this->assertSame(['jetpack-complete_KEY1'], self::inputs($tab['License Key']));
        $this->assertSame('jetpack-complete', $tab['Jetpack Product']);
        $this->assertSame('2026-01-15 10:00:01 UTC', $tab['Issued']);
        $this->assertStringContainsString('Not checked yet', $tab['State at Jetpack']);
        $this->assertStringContainsString('<strong>issue</strong>', $tab['Last Operations']);
        $this->assertStringContainsString('✓ done', $tab['Last Operations']);
        $this->assertStringContainsString($this->sandbox->requests()[0]['request_id'], $tab['Last Operations']);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_after_a_check_the_state_and_its_time_are_shown(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->custom($service, 'CheckLicense');

        $tab = $this->module->adminTab($service);

        $checked = $this->rows()[0]['checked_at'];
        $this->assertStringContainsString('Active', $tab['State at Jetpack']);
        $this->assertStringContainsString("$checked UTC", $tab['State at Jetpack']);
        $this->assertSame(['POST /license', 'GET /license'], $this->sandbox->requestLines());
    }

    public function test_the_site_of_an_attached_license_is_shown(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->custom($service, 'AttachToSite');

        $this->assertStringContainsString('https://customer.example', $this->module->adminTab($service)['State at Jetpack']);

        $this->assertCount(2, $this->sandbox->requestLines());
    }

    public function test_each_license_of_a_quantity_is_shown(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);

        $tab = $this->module->adminTab($service);

        $this->assertSame(array_column($this->rows(), 'license_key'), self::inputs($tab['License Key']));
        $this->assertSame('jetpack-complete', $tab['Jetpack Product']);
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    /** The PHP module showed the key of another addon. */
    public function test_an_addon_shows_its_own_key(): void
    {
        $service = $this->service();
        $addon = $this->addon();
        $parents = $this->issued($service);
        $own = $this->issued($addon);

        $this->assertSame([$own], self::inputs($this->module->adminTab($addon)['License Key']));

        $this->assertSame([$parents], self::inputs($this->module->adminTab($service)['License Key']));
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    public function test_a_service_without_license_says_so(): void
    {
        $tab = $this->module->adminTab($this->service());

        $this->assertSame(['License Key', 'Compared'], array_keys($tab));
        $this->assertSame(['No License Key Found'], self::inputs($tab['License Key']));
        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_a_revoked_license_is_not_shown_and_its_end_is(): void
    {
        $this->sandbox->reset(['clock' => '2026-01-15 10:00:01']);
        $service = $this->service();
        $key = $this->issued($service);
        $this->module->terminate($service);

        $tab = $this->module->adminTab($service);

        $this->assertSame(['No License Key Found'], self::inputs($tab['License Key']));
        $this->assertSame('Revoked on 2026-01-15 10:00:02 UTC', $tab['State at Jetpack']);
        $this->assertStringContainsString('<strong>revoke</strong>', $tab['Last Operations']);
        $this->assertStringNotContainsString($key, implode($tab));
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
    }

    public function test_a_failure_stays_visible_with_its_request_id(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'rate_limit', 'retry_after' => 6]);
        $this->module->create($service);

        $last = $this->module->adminTab($service)['Last Operations'];

        $this->assertStringContainsString('✗ failed', $last);
        $this->assertStringContainsString('in 6 seconds', $last);
        $this->assertStringContainsString($this->sandbox->requests()[0]['request_id'], $last);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_after_a_lost_answer_it_asks_for_the_key(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'html']);
        $this->module->create($service);

        $tab = $this->module->adminTab($service);

        $this->assertSame(['No License Key Found'], self::inputs($tab['License Key']));
        $this->assertStringContainsString('name="jetpack_found_license_key"', $tab['Lost Answer']);
        $this->assertStringContainsString('Not issued: try again', $tab['Lost Answer']);
        $this->assertStringContainsString($this->sandbox->requests()[0]['request_id'], $tab['Lost Answer']);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_what_is_sold_stands_beside_what_is_recorded_and_differences_are_marked(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $same = self::compared($this->module->adminTab($service)['Compared']);
        $this->assertSame(['active, 2 wanted', '2 active', '= same'], $same['Licenses']);
        $this->assertSame(['jetpack-complete', 'jetpack-complete', '= same'], $same['Product']);

        Capsule::table('tblhosting')->update(['qty' => 3]);
        Capsule::table('tblproducts')->update(['configoption2' => 'jetpack-scan']);
        $tab = $this->module->adminTab(Host::service(100));

        $this->assertSame(['active, 3 wanted', '2 active', '≠ differs'], self::compared($tab['Compared'])['Licenses']);
        $this->assertSame(['jetpack-scan', 'jetpack-complete', '≠ differs'], self::compared($tab['Compared'])['Product']);
        $this->assertCount(2, $this->sandbox->requestLines());
    }

    public function test_the_last_ten_operations_are_shown_newest_first(): void
    {
        $service = $this->service();
        $this->issued($service);
        foreach (range(1, 12) as $number) {
            Capsule::table(self::JOURNAL)->insert($this->journalRow(['asked' => "number $number", 'request_id' => "r$number"]));
        }

        $html = $this->module->adminTab($service)['Last Operations'];

        preg_match_all('/number (\d+)/', $html, $shown);
        $this->assertSame(array_map(strval(...), range(12, 3)), $shown[1]);
        $this->assertStringContainsString('>r12</td>', $html);
    }

    public function test_what_waits_for_a_person_is_named_with_what_decides_it(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'html']);
        $this->module->create($service);

        $waiting = strip_tags($this->module->adminTab($service)['Waiting for a Decision']);

        $this->assertStringContainsString('was lost', $waiting);
        $this->assertStringContainsString('See the field Lost Answer.', $waiting);
    }

    /**
     * The PHP module printed the key unescaped.
     *
     * @dataProvider hostileColumns
     */
    public function test_nothing_of_the_tables_is_shown_as_markup(string $table, string $column): void
    {
        $service = $this->service();
        $this->issued($service);
        Capsule::table(self::JOURNAL)->insert($this->journalRow(['operation' => 'issue', 'state' => 'unknown']));
        Capsule::table($table)->update([$column => self::HOSTILE]);

        $html = implode("\n", $this->module->adminTab(Host::service(100)));

        $escaped = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#039;&amp;amp;';
        $this->assertStringContainsString($escaped, $html);
        $this->assertStringNotContainsString('<script', $html);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /** @return array<string, array<int, string>> */
    public static function hostileColumns(): array
    {
        return [
            'the key' => [self::TABLE, 'license_key'],
            'the product' => [self::TABLE, 'product_slug'],
            'the site' => [self::TABLE, 'site'],
            "what Jetpack answered" => [self::JOURNAL, 'answered'],
            'the request id' => [self::JOURNAL, 'request_id'],
            'what was asked' => [self::JOURNAL, 'asked'],
        ];
    }

    public function test_a_key_from_jetpack_with_markup_is_escaped(): void
    {
        $this->sandbox->reset(['keys' => [self::HOSTILE]]);
        $service = $this->service();
        $this->issued($service);

        $html = implode("\n", $this->module->adminTab($service));

        $this->assertStringNotContainsString('<script', $html);
        $this->assertSame([self::HOSTILE], self::inputs($html));
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /**
     * @dataProvider foreignParameters
     */
    public function test_parameters_that_are_no_services_answer_nothing(mixed ...$arguments): void
    {
        $this->assertSame([], $this->module->call('AdminServicesTabFields', ...$arguments));

        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], Host::activityLog());
    }

    /** @return array<string, array<int, mixed>> */
    public static function foreignParameters(): array
    {
        return ['nothing' => [], 'null' => [null], 'an addon module' => [['module' => 'jetpack', 'api_token' => 'tok']]];
    }

    /** @return array<string, array<int, string>> what ⇒ here, there, compared */
    private static function compared(string $html): array
    {
        $cell = '<td[^>]*>(.*?)</td>';
        preg_match_all("~<tr[^>]*><th scope=\"row\"[^>]*>(.*?)</th>$cell$cell$cell</tr>~", $html, $rows, PREG_SET_ORDER);

        return array_combine(
            array_column($rows, 1),
            array_map(static fn (array $row): array => array_map(strip_tags(...), array_slice($row, 2)), $rows)
        );
    }

    /** @param array<string, mixed> $changes @return array<string, mixed> */
    private function journalRow(array $changes): array
    {
        return $changes + [
            'module' => 'jetpack', 'owner_type' => 'service', 'owner_id' => 100, 'operation' => 'issue', 'state' => 'done',
            'asked' => 'issue a license for jetpack-complete', 'begun_at' => '2026-01-15 10:00:00', 'host' => 'other', 'process' => '1:1',
        ];
    }

    /** @return array<int, string> values of the inputs, as a browser reads them */
    private static function inputs(string $html): array
    {
        $page = new \DOMDocument();
        $page->loadHTML('<?xml encoding="UTF-8"?>' . $html, LIBXML_NOERROR);
        $values = [];
        foreach ($page->getElementsByTagName('input') as $input) {
            $values[] = $input->getAttribute('value');
        }
        return $values;
    }
}
