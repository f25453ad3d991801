<?php

// The stand-in's pages show what WHMCS would show of a module.

declare(strict_types=1);

namespace Tests\Host;

use Tests\Support\WorldTestCase;
use WHMCS\Database\Capsule;

final class PagesTest extends WorldTestCase
{
    protected const MODULE = 'plain';
    protected const ROOT = __DIR__ . '/fixtures/modules';

    protected function prepareWorld(): void
    {
        unset($GLOBALS['plain_answer'], $GLOBALS['plain_client_area'], $GLOBALS['plain_calls'], $GLOBALS['plain_hooked']);
        Host::addClient(['id' => 10, 'firstname' => 'Ada']);
        Host::addProduct(['id' => 1, 'servertype' => 'plain', 'configoption1' => 'gone', 'configoption2' => 'east']);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domain' => 'ada.example', 'username' => 'ada']);
    }

    public function testSettingsAreDrawnWithLoadersAndTheirFailures(): void
    {
        $fields = $this->module->configOptions(1);

        self::assertSame(['Plan', 'Region', 'Backup', 'Hint', 'Broken'], array_keys($fields));
        self::assertSame(['small' => 'Small', 'large' => 'Large'], $fields['Plan']['choices']);
        self::assertSame(['gone', 'small'], [$fields['Plan']['value'], $fields['Plan']['submits']]);
        self::assertSame(['Data center', 'east', 'west'], [
            $fields['Region']['friendlyName'], $fields['Region']['submits'], $fields['Region']['default'],
        ]);
        self::assertSame('note', $fields['Hint']['type']);
        self::assertSame(['The remote side is away.', null], [$fields['Broken']['error'], $fields['Broken']['submits']]);
    }

    public function testSettingsAreStoredByPosition(): void
    {
        $product = Host::addProduct(['servertype' => '']);
        $this->module->saveConfigOptions($product, ['Region' => 'east', 'Backup' => 'on']);
        $row = Capsule::table('tblproducts')->find($product);
        self::assertSame(['plain', '', 'east', 'on'], [
            $row->servertype, $row->configoption1, $row->configoption2, $row->configoption3,
        ]);

        $addon = Host::addAddonDefinition();
        $this->module->saveConfigOptions($addon, ['Region' => 'east'], true);
        $setting = Capsule::table('tblmodule_configuration')->get()->sole();
        self::assertSame(['configoption2', 'Region', 'east'], [
            $setting->setting_name, $setting->friendly_name, $setting->value,
        ]);
        self::assertSame('east', $this->module->configOptions($addon, true)['Region']['value']);
    }

    public function testHooksFileIsNoticedWhenSettingsAreSaved(): void
    {
        $this->module->includeHooks();
        $this->module->create(Host::service(100));
        self::assertArrayNotHasKey('plain_hooked', $GLOBALS);

        $this->module->saveConfigOptions(1, []);
        $this->module->includeHooks();
        $this->module->create(Host::service(100));
        self::assertSame([100], $GLOBALS['plain_hooked']);
    }

    public function testServicePageOfTheAdmin(): void
    {
        $service = Host::service(100);
        self::assertSame('<input name="plain_note" value="ada.example">', $this->module->adminTab($service)['Note']);
        $this->module->saveAdminTab($service, ['plain_note' => 'call back']);
        self::assertSame('call back', Host::service(100)->serviceProperties->get('Note'));
        self::assertArrayNotHasKey('plain_note', $_POST);
        self::assertSame(['Refresh' => 'refresh', 'Reset' => 'reset'], $this->module->adminButtons(Host::service(100)));
        self::assertSame('success', $this->module->custom(Host::service(100), 'reset'));
        self::assertArrayNotHasKey('Renew', $this->module->coreButtons());
    }

    public function testTemplatesAreRenderedWithoutEscaping(): void
    {
        $html = $this->module->clientArea(Host::service(100));

        self::assertStringContainsString('<p class="plain">Hello <Ada></p>', $html);
        self::assertStringContainsString('<p class="escaped">Hello &lt;Ada&gt;</p>', $html);
        self::assertStringContainsString('<p>100 Pending ' . date('Y'), $html);
    }

    /** @dataProvider clientAreaAnswers */
    public function testEveryFormOfAClientAreaAnswerIsShown(string|array $answer): void
    {
        $GLOBALS['plain_client_area'] = $answer;

        self::assertStringContainsString('Hi', $this->module->clientArea(Host::service(100)));
    }

    public static function clientAreaAnswers(): array
    {
        $vars = ['greeting' => 'Hi'];

        return [
            'html' => ['<p>Hi</p>'],
            'output' => [['tabOverviewModuleOutputTemplate' => 'clientarea.tpl', 'templateVariables' => $vars]],
            'replacement' => [['tabOverviewReplacementTemplate' => 'clientarea.tpl', 'templateVariables' => $vars]],
        ];
    }

    public function testAClientStartsListedFunctionsOnlyAndSeesTheAnswerUnescaped(): void
    {
        self::assertSame(
            '<div class="alert alert-danger">Refreshed by <b>ada</b></div>',
            $this->module->clientCustom(Host::service(100), 'refresh')
        );
        self::assertSame('', $this->module->clientCustom(Host::service(100), 'reset'));
    }

    public function testActiveCustomActionsAreOfferedAndRunByIdentifier(): void
    {
        self::assertCount(1, $this->module->customActions(Host::service(100)));
        self::assertSame(
            ['success' => true, 'redirectTo' => 'https://plain.example/100'],
            $this->module->runCustomAction(Host::service(100), 'open')
        );
    }

    public function testConnectionsAreTestedWithUnsavedValues(): void
    {
        $answer = $this->module->testConnection(['hostname' => 'new.example', 'password' => 'p', 'secure' => 'on']);

        self::assertSame('https://new.example:443 p', $answer['error']);
    }

    public function testAddonModuleIsActivatedUpgradedAndShown(): void
    {
        $addon = new Module('addons', 'plain', self::ROOT);
        self::assertSame('success', $addon->activate(['color' => 'red'])['status']);
        Host::setAddonModule('plain', ['version' => '1.0']);

        $page = $addon->addonOutput(['action' => 'greet'], ['name' => 'Grace']);
        self::assertSame('Plain & simple red addonmodules.php?module=plain Grace', $page);
        self::assertSame(['Upgraded from 1.0'], Host::activityLog());
        self::assertSame('1.1', $addon->addonVars()['version']);
    }

    public function testAnAddonsClientPageReachesTheServerFunctionOfTheSameName(): void
    {
        $GLOBALS['plain_client_area'] = 'not a page';
        $this->module->has('ClientArea');
        Host::setAddonModule('plain', ['color' => 'red']);

        self::assertSame('', $this->module->addonClientPage('plain'));
        self::assertSame('red', $GLOBALS['plain_calls'][0]['color']);
        self::assertArrayNotHasKey('model', $GLOBALS['plain_calls'][0]);
    }

    public function testFunctionsMayBeCalledWithAnyNumberOfArguments(): void
    {
        self::assertSame(['small' => 'Small', 'large' => 'Large'], $this->module->call('LoadPlans', [], 'more', 3));
        self::assertIsArray($this->module->call('MetaData'));
        $this->expectException(\BadFunctionCallException::class);
        $this->module->call('Renew', []);
    }

    public function testPagesStandAlone(): void
    {
        $client = Page::client($this->module->clientArea(Host::service(100)), 'Plain <product>');
        self::assertStringContainsString('Plain &lt;product&gt;', $client);
        self::assertStringContainsString('.btn-primary', $client);

        $service = Host::service(100);
        $buttons = $this->module->coreButtons() + $this->module->adminButtons($service);
        $admin = Page::admin($this->module->adminTab($service), $buttons, $this->module->configOptions(1));
        self::assertStringContainsString('>Change Password</button>', $admin);
        self::assertStringContainsString('<option value="east" selected>east</option>', $admin);
        self::assertStringContainsString('The remote side is away.', $admin);
        self::assertStringNotContainsString('http', strip_tags($admin, '<link><script><img>'));
    }
}
