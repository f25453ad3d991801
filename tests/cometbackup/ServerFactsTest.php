<?php

declare(strict_types=1);

// What depends on the server's version or on what it offers: asked once an hour, hidden or told where it is missing.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class ServerFactsTest extends CometTestCase
{
    private const ABOUT = 'meta/version';
    private const PLATFORMS = 'branding/available-platforms';
    private const KNOWN = 'mod_cometbackup_servers';

    public function test_the_page_offers_what_the_server_offers_and_asks_once(): void
    {
        $this->world(['platforms' => [
            7 => ['Category' => 'Linux', 'Description' => 'Linux (.run)', 'Recommended' => true],
            40 => ['Category' => 'BSD', 'Description' => '<b>FreeBSD', 'Recommended' => false],
        ]]);
        $service = $this->created(['domainstatus' => 'Active']);

        $this->assertSame(['Linux', 'Platform40'], $this->offers($service));
        $this->pagesAge();
        $this->assertSame(['Linux', 'Platform40'], $this->offers($service));

        $this->assertSame(1, $this->asked(self::PLATFORMS));
        $this->assertStringContainsString('FreeBSD', $this->module->clientArea($service));
        $this->assertStringNotContainsString('<b>FreeBSD', $this->module->clientArea($service));
    }

    public function test_after_an_hour_and_at_another_address_it_asks_again(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->offers($service);
        Capsule::table(self::KNOWN)->update(['platforms_at' => gmdate('Y-m-d H:i:s', time() - 3601)]);
        $this->pagesAge();
        $this->offers($service);
        $this->assertSame(2, $this->asked(self::PLATFORMS));

        Capsule::table('tblservers')->update(['hostname' => 'localhost']);
        $this->offers($service);

        $this->assertSame(3, $this->asked(self::PLATFORMS));
    }

    /** The clock of the database was set back. */
    public function test_what_was_remembered_in_the_future_is_asked_again(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->offers($service);
        Capsule::table(self::KNOWN)->update(['platforms_at' => Capsule::raw('UTC_TIMESTAMP() + INTERVAL 1 YEAR')]);
        $this->pagesAge();

        $this->offers($service);

        $this->assertSame(2, $this->asked(self::PLATFORMS));
    }

    /** @dataProvider withoutInstallers */
    public function test_a_server_that_builds_nothing_offers_nothing(array $world): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->comet->faultOn(self::PLATFORMS, ['fault' => 'json', 'times' => 0] + $world);

        $this->assertSame([], $this->offers($service));
        $this->pagesAge();
        $this->assertSame([], $this->offers($service));

        $this->assertSame(1, $this->asked(self::PLATFORMS));
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function withoutInstallers(): array
    {
        return [
            'not for this administrator' => [['body' => ['Status' => 403, 'Message' => 'Unauthorised']]],
            'an empty list' => [['body' => (object) []]],
            'none' => [['body' => null]],
        ];
    }

    public function test_an_old_server_without_a_list_offers_what_every_server_has(): void
    {
        $this->world(['version' => self::OLD]);
        $service = $this->created(['domainstatus' => 'Active']);

        $basic = ['WindowsAnyCPUZip', 'WindowsX86_64Zip', 'WindowsX86_32Zip', 'MacOSX86', 'Linux'];
        $this->assertSame($basic, $this->offers($service));
        $this->pagesAge();
        $this->assertSame($basic, $this->offers($service));

        $this->assertSame([1, 1], [$this->asked(self::PLATFORMS), $this->asked(self::ABOUT)]);
    }

    public function test_a_list_that_is_lost_is_asked_for_again(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->comet->faultOn(self::PLATFORMS, ['fault' => 'status', 'status' => 502, 'times' => 1]);

        $this->assertContains('Linux', $this->offers($service));
        $this->pagesAge();
        $this->assertContains('LinuxDeb', $this->offers($service));
    }

    /** @dataProvider versions */
    public function test_a_password_change_at_first_login_is_asked_for_where_the_server_can(string $version, bool $can): void
    {
        $this->world(['version' => $version]);
        $this->created([], [self::FIRST_LOGIN => 'yes']);
        $this->created(['id' => 201]);

        $forms = $this->comet->formsOf(self::ADD);
        $this->assertSame([$can, $can], array_map(fn (array $form): bool => isset($form['RequirePasswordChange']), $forms));
        $this->assertSame(1, $this->asked(self::ABOUT));
        $this->assertSame($can ? 0 : 2, $this->told('too old to require a password change'));
    }

    /** @return array<string, array{string, bool}> */
    public static function versions(): array
    {
        return ['before' => ['20.3.3', false], 'since' => ['20.3.5', true]];
    }

    /** @dataProvider versions */
    public function test_devices_are_asked_to_uninstall_where_the_server_can(string $version, bool $can): void
    {
        $this->world(['version' => $version]);
        $service = $this->created([], [self::UNINSTALL => 'on']);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame($can, isset($this->comet->formsOf('delete-user')[0]['UninstallConfig']));
        $this->assertSame($can ? 0 : 1, $this->told('too old to uninstall'));
    }

    /** @dataProvider requestsForAPassword */
    public function test_devices_are_looked_for_only_where_the_server_can_tell_them(string $version, array $asked): void
    {
        $this->world(['version' => $version]);
        $service = $this->created();
        $this->module->testConnection($this->server(1));

        $this->assertSame($asked, $this->during(fn () => $this->module->changePassword($service, 'An0ther&Password')));
    }

    /** @return array<string, array{string, list<string>}> */
    public static function requestsForAPassword(): array
    {
        return [
            'before' => ['25.9.5', [self::READ, 'reset-user-password']],
            'since' => ['25.9.6', [self::READ, 'reset-user-password', 'dispatcher/list-active']],
        ];
    }

    public function test_a_version_that_cannot_be_read_keeps_nothing_from_being_done(): void
    {
        $this->comet->faultOn(self::ABOUT, ['fault' => 'drop', 'times' => 0]);

        $this->created([], [self::FIRST_LOGIN => 'yes']);

        $this->assertTrue(isset($this->comet->formsOf(self::ADD)[0]['RequirePasswordChange']));
    }

    public function test_a_memory_that_cannot_be_written_costs_only_a_request(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        Capsule::schema()->drop(self::KNOWN);
        Capsule::statement('CREATE VIEW ' . self::KNOWN . ' AS SELECT 1 AS server_id');
        try {
            $this->assertContains('LinuxDeb', $this->offers($service));
        } finally {
            Capsule::statement('DROP VIEW ' . self::KNOWN);
        }
    }

    /** @return list<string> */
    private function offers(object $service): array
    {
        $answer = $this->module->call('ClientArea', $this->module->paramsFor($service));

        return array_map(fn (array $link): string => substr($link['type'], strlen('downloadResponse')), array_values($answer['vars']['downloads']));
    }

    private function asked(string $endpoint): int
    {
        return count(array_keys($this->comet->endpoints(), $endpoint, true));
    }

    private function told(string $words): int
    {
        return count(array_filter(Host::activityLog(), fn (string $line): bool => str_contains($line, $words)));
    }
}
