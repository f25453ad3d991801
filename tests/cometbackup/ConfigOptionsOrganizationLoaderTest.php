<?php

declare(strict_types=1);

// cometbackup_ConfigOptionsOrganizationLoader: the tenants of a server, for administrators of the top level.

namespace Tests\Cometbackup;

final class ConfigOptionsOrganizationLoaderTest extends ConfigOptionsTestCase
{
    private const TENANT = 'cb116e59-be77-406b-afe8-7375fce34bbd';
    private const NONE = ['' => 'That of the administrator'];

    public function test_the_choices_are_that_of_the_administrator_and_the_tenants(): void
    {
        $this->assertSame(self::NONE + [self::TENANT => 'Reseller'], $this->choices());
        $this->assertSame(['account/properties', 'meta/version', 'organization/list'], $this->comet->endpoints());

        $this->comet->reset([]);
        $this->choices();
        $this->assertSame(['account/properties', 'organization/list'], $this->comet->endpoints());
    }

    public function test_the_administrator_of_a_tenant_has_no_choice(): void
    {
        \WHMCS\Database\Capsule::table('tblservers')->update(['username' => 'tenant']);

        $this->assertSame(self::NONE, $this->choices());

        $this->assertSame(['account/properties'], $this->comet->endpoints());
    }

    /** @dataProvider oldServers */
    public function test_a_server_that_ignores_tenants_offers_none(string $version): void
    {
        $this->comet->reset(['version' => $version]);

        $this->assertSame(self::NONE, $this->choices());

        $this->assertNotContains('organization/list', $this->comet->endpoints());
    }

    /** @return array<string, array{string}> */
    public static function oldServers(): array
    {
        return ['without tenants' => [self::OLD], 'before the parameter' => ['22.3.6']];
    }

    public function test_what_is_stored_stays_selectable(): void
    {
        $this->settings(['configoption10' => 'gone-1']);
        $this->comet->reset(['version' => self::OLD]);

        $this->assertSame(['', 'gone-1'], array_keys($this->choices()));

        $this->assertSame('gone-1', $this->module->configOptions(20)['Organization']['submits']);
    }

    public function test_a_wrong_login_is_said_in_place_of_the_field(): void
    {
        \WHMCS\Database\Capsule::table('tblservers')->update(['username' => 'nobody']);

        $this->assertSentence($this->module->configOptions(20)['Organization']['error'], 'Unauthorised');
    }

    /** @return array<string, string> */
    private function choices(): array
    {
        return $this->module->call('ConfigOptionsOrganizationLoader', $this->module->serverParams(1));
    }
}
