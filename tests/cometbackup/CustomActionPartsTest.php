<?php

declare(strict_types=1);

// cometbackup_CustomActionParts and cometbackup_CustomActions: what WHMCS offers for a service on the client's home page (8.5 and later). They only lead on.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\CustomAction;

final class CustomActionPartsTest extends SignOnTestCase
{
    private const PAGE = 'https://whmcs.example/clientarea.php?action=productdetails&id=200';

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => 'SystemURL'], ['value' => 'https://whmcs.example/']);
    }

    public function test_each_has_an_identifier_of_its_own_and_building_them_asks_nobody(): void
    {
        $actions = [];
        $params = $this->module->paramsFor($this->service);
        $log = new StatementLog();
        $asked = $this->during(function () use ($params, &$actions): void {
            $actions = $this->module->call('CustomActions', $params)->all();
        });

        $this->assertSame([[], []], [$asked, $log->end()]);
        $this->assertSame(
            [
                'cometbackup-open' => ['Open Comet Backup', ['productsso']],
                'cometbackup-download' => ['Download Comet Backup for this computer', []],
                'cometbackup-page' => ['Show the backup account', []],
            ],
            array_combine(
                array_map(static fn (CustomAction $action): string => $action->getIdentifier(), $actions),
                array_map(static fn (CustomAction $action): array => [$action->getDisplay(), $action->getPermissions()], $actions)
            )
        );
    }

    public function test_the_label_has_the_name_that_is_remembered(): void
    {
        $state = getenv('TEST_DIR') . '/brand' . bin2hex(random_bytes(4));
        mkdir($state, 0700);
        $base = 'http://127.0.0.1:' . $this->comet->port();
        file_put_contents("$state/product-name-" . substr(hash('sha256', $base), 0, 16), 'Acme <b>Vault</b>');
        chmod("$state/product-name-" . substr(hash('sha256', $base), 0, 16), 0600);
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . ' echo $module->customActions(Tests\Host\Host::service(200))[0]->getDisplay();';

        $child = ChildProcess::start($code, ['whmcs_provisioning.state_dir' => $state])->wait();

        $this->assertSame(['', 'Open Acme Vault'], [$child['errors'], $child['output']]);
    }

    /** @dataProvider notInUse */
    public function test_a_service_that_is_not_in_use_offers_none(string $status): void
    {
        Capsule::table('tblhosting')->update(['domainstatus' => $status]);

        $this->assertSame([], $this->module->customActions(Host::service(200)));
    }

    /** @return array<string, array{string}> */
    public static function notInUse(): array
    {
        return array_map(static fn (string $status): array => [$status], ['pending' => 'Pending', 'suspended' => 'Suspended', 'over' => 'Terminated']);
    }

    public function test_open_leads_to_the_sign_on_and_the_last_one_to_the_product_page(): void
    {
        $opened = $this->module->runCustomAction($this->service, 'cometbackup-open');

        $this->assertStringContainsString('/modules/servers/cometbackup/sso.php?ticket=', $opened['redirectTo']);
        $this->assertSame(
            ['success' => true, 'redirectTo' => self::PAGE],
            $this->module->runCustomAction($this->service, 'cometbackup-page')
        );
    }

    public function test_who_may_is_checked_at_the_click(): void
    {
        $actions = $this->module->customActions($this->service);
        $_SESSION = ['uid' => 11];

        foreach ($actions as $action) {
            $answer = $action->invokeCallable();

            $this->assertFalse($answer['success'], $action->getIdentifier());
            $this->assertStringContainsString('Log in as the client whose service this is', $answer['errorMsg']);
        }
        $_SESSION = [];
        $this->assertFalse($actions[1]->invokeCallable()['success']);
    }

    public function test_a_whmcs_without_the_classes_gets_no_actions_and_no_error(): void
    {
        $file = var_export(dirname(__DIR__, 2) . '/modules/servers/cometbackup/cometbackup.php', true);
        $code = "foreach (spl_autoload_functions() as \$loader) { spl_autoload_unregister(\$loader); } require $file;"
            . ' echo json_encode(cometbackup_CustomActions([]));';

        $child = ChildProcess::start($code)->wait();

        $this->assertSame(['', '[]'], [$child['errors'], $child['output']]);
    }
}
