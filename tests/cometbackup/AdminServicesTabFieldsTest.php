<?php

declare(strict_types=1);

// cometbackup_AdminServicesTabFields: what staff see on the service page. No request, everything escaped.

namespace Tests\Cometbackup;

use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class AdminServicesTabFieldsTest extends CometTestCase
{
    public function test_the_tab_shows_the_account_as_created_and_the_last_operation_without_a_request(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE]);

        $asked = $this->during(function () use ($service, &$tab): void {
            $tab = $this->module->adminTab($service);
        });

        $this->assertSame([], $asked);
        $shown = implode(' ', $tab);
        foreach ([self::NAME, $this->record()['creation_guid'], $this->record()['vault_id'], 'done'] as $part) {
            $this->assertStringContainsString($part, $shown);
        }
    }

    public function test_the_button_brings_the_state_at_the_server_onto_the_tab(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE], ['number_of_devices' => 5, 'storage_vault_quota_gb' => 20]);
        $this->assertStringContainsString('press Check at Comet', $this->module->adminTab($service)['At the Server']);

        $this->module->custom($service, 'CheckAccount');

        $seen = $this->module->adminTab($service)['At the Server'];
        $this->assertMatchesRegularExpression('/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: active; /', $seen);
        $this->assertStringContainsString('stored not measured yet (allowed: 20.00 GB)', $seen);
        $this->assertStringContainsString('devices 0 (allowed: 5)', $seen);

        $this->comet->changeAccount(self::NAME, ['merge' => ['IsSuspended' => true]]);
        $this->assertSame($seen, $this->module->adminTab($service)['At the Server']);
        $this->module->custom($service, 'CheckAccount');
        $this->assertStringContainsString('UTC: suspended; ', $this->module->adminTab($service)['At the Server']);
    }

    public function test_what_is_sold_stands_beside_what_was_last_read_and_differences_are_marked(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE], ['number_of_devices' => 5, 'storage_vault_quota_gb' => 20]);
        $this->assertSame(['5', 'not read yet', '? not known'], self::compared($this->module->adminTab($service)['Compared'])['Devices']);
        $this->module->custom($service, 'CheckAccount');
        $same = self::compared($this->module->adminTab($service)['Compared']);
        $this->assertSame(['active', 'active', '= same'], $same['State']);
        $this->assertSame(['5', '5; 0 used', '= same'], $same['Devices']);
        $this->assertSame(['20.00 GB', '20.00 GB', '= same'], $same['Storage']);
        $this->assertSame('not set by the product', $same['Protected items'][0]);

        $this->comet->changeAccount(self::NAME, ['merge' => ['IsSuspended' => true, 'MaximumDevices' => 9]]);
        $this->module->custom($service, 'CheckAccount');
        $asked = $this->during(function () use ($service, &$tab): void {
            $tab = $this->module->adminTab($service);
        });

        $this->assertSame([], $asked);
        $this->assertSame(['active', 'suspended', '≠ differs'], self::compared($tab['Compared'])['State']);
        $this->assertSame(['5', '9; 0 used', '≠ differs'], self::compared($tab['Compared'])['Devices']);
        $this->assertStringContainsString(' ago. Nothing is asked', $tab['Compared']);
    }

    public function test_what_was_read_before_the_last_change_is_not_compared(): void
    {
        $service = $this->created();
        $this->module->custom($service, 'CheckAccount');
        Capsule::table(self::ACCOUNTS)->update(['seen_at' => '2026-01-01 00:00:00']);

        $tab = $this->module->adminTab($service);

        $this->assertSame(['active', 'active', '? not known'], self::compared($tab['Compared'])['State']);
        $this->assertStringContainsString('changed since', $tab['Compared']);
    }

    public function test_what_waits_for_a_person_is_named_with_its_buttons(): void
    {
        $service = $this->created();
        $this->assertArrayNotHasKey('Waiting for a Decision', $this->module->adminTab($service));
        Capsule::table(self::ACCOUNTS)->update(['client_id' => 4711]);

        $waiting = strip_tags($this->module->adminTab($service)['Waiting for a Decision']);

        $this->assertStringContainsString('created for another client', $waiting);
        $this->assertStringContainsString('Press Transfer to New Client.', $waiting);
        $this->assertArrayHasKey('Transfer to New Client', $this->module->adminButtons($service));
    }

    public function test_an_account_is_shown_where_the_service_has_no_server(): void
    {
        $service = $this->created();
        Capsule::table('tblhosting')->update(['server' => 0]);

        $this->assertSame(self::NAME, $this->module->adminTab(\Tests\Host\Host::service((int) $service->id))['Comet Account']);
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

    /** @dataProvider addresses */
    public function test_a_check_says_whether_the_password_travels_in_the_clear(string $address, bool $is_said): void
    {
        Capsule::table('tblservers')->update(['hostname' => $address]);
        $service = $this->created();

        $this->assertSame('success', $this->module->custom($service, 'CheckAccount'));

        $seen = html_entity_decode($this->module->adminTab($service)['At the Server'], ENT_QUOTES);
        $this->assertSame($is_said, str_contains($seen, "; the administrator's password travels to it in the clear"));
    }

    /** @return array<string, array{string, bool}> */
    public static function addresses(): array
    {
        return ['this machine' => ['127.0.0.1', false], 'another' => ['0.0.0.0', true]];
    }

    public function test_a_failure_is_shown_escaped(): void
    {
        $service = $this->created();
        $this->comet->faultOn(self::WRITE, ['fault' => 'json', 'act' => false, 'body' => [
            'Status' => 400, 'Message' => '<script>alert("x")</script>&',
        ]]);
        $this->assertNotSame('success', $this->module->suspend($service));

        $shown = implode(' ', $this->module->adminTab($service));

        $this->assertStringContainsString('failed', $shown);
        $this->assertDoesNotMatchRegularExpression('/<script|"x"/', $shown);
    }

    public function test_what_stands_in_the_table_is_escaped(): void
    {
        $service = $this->created();
        Capsule::table(self::ACCOUNTS)->update(['username' => '<i>"ada"</i>', 'creation_guid' => '<u>', 'vault_id' => "'&"]);

        $shown = implode(' ', $this->module->adminTab($service));

        $this->assertStringContainsString('&lt;i&gt;', $shown);
        $this->assertDoesNotMatchRegularExpression('/<i>|<u>|"ada"|&(?!\w+;|#\d+;)/', $shown);
    }

    public function test_a_service_without_account_says_so(): void
    {
        $tab = $this->module->adminTab($this->service());

        $this->assertNotSame([], $tab);
        $this->assertStringContainsString('None', implode(' ', $tab));
        $this->assertSame([], $this->comet->endpoints());
    }

    public function test_a_planned_account_is_not_shown_as_made(): void
    {
        $this->comet->faultOn(self::ADD, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]);
        $service = $this->service();
        $this->module->create($service);

        $this->assertStringContainsString('not created yet', implode(' ', $this->module->adminTab($service)));
    }

    public function test_no_password_is_on_the_page(): void
    {
        $service = $this->created();
        $this->module->changePassword($service, 'An0ther&Password');

        $page = html_entity_decode(implode(' ', $this->module->adminTab($service)));

        foreach ([self::PASSWORD, 'An0ther&Password', CometSandbox::PASSWORD] as $secret) {
            $this->assertStringNotContainsString($secret, $page);
        }
    }
}
