<?php

// What a strict page finds wrong with a module, in words that name the function.

declare(strict_types=1);

namespace Tests\Host;

use PHPUnit\Framework\TestCase;
use Tests\Workbench\Layout;
use Tests\Workbench\Screen;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class StrictTest extends TestCase
{
    private Module $module;
    private Service $service;
    private int $reported;

    public static function setUpBeforeClass(): void
    {
        Host::boot(Host::connectionFromEnvironment());
        Host::createTables();
    }

    protected function setUp(): void
    {
        Host::truncate();
        $GLOBALS['plain_calls'] = [];
        $this->module = new Module('servers', 'plain', __DIR__ . '/fixtures/modules');
        $product = Host::addProduct(['servertype' => 'plain']);
        $client = Host::addClient();
        $this->service = Host::service(Host::addService(['userid' => $client, 'packageid' => $product, 'username' => 'adaexam', 'domainstatus' => 'Active']));
        // Newer PHPUnits report less than PHP does.
        $this->reported = error_reporting(E_ALL);
        Strict::start();
    }

    protected function tearDown(): void
    {
        Strict::stop();
        error_reporting($this->reported);
        unset($GLOBALS['plain_answer'], $GLOBALS['plain_client_area'], $_SERVER['REQUEST_URI']);
    }

    /** @return iterable<string, array{mixed, string}> */
    public static function answers(): iterable
    {
        yield 'nothing' => [static fn (): mixed => null, 'plain_CreateAccount returned null; WHMCS expects the word success or one plain sentence'];
        yield 'true' => [true, 'plain_CreateAccount returned bool; WHMCS expects the word success or one plain sentence'];
        yield 'an array' => [[], 'plain_CreateAccount returned array; WHMCS expects the word success or one plain sentence'];
        yield 'markup' => ['<b>No</b>', 'plain_CreateAccount returned "<b>No</b>"; WHMCS expects the word success or one plain sentence'];
        $printing = static function (): string {
            echo 'Hello';

            return 'success';
        };
        yield 'output' => [$printing, 'plain_CreateAccount printed "Hello"; WHMCS expects no output'];
        yield 'a notice' => [
            static fn (): string => trigger_error('Old', E_USER_NOTICE) ? 'success' : '',
            'plain_CreateAccount caused a notice: Old (StrictTest.php:' . (__LINE__ - 1) . ')',
        ];
        yield 'a deprecation' => [
            static fn (): string => trigger_error('Old', E_USER_DEPRECATED) ? 'success' : '',
            'plain_CreateAccount caused a deprecation: Old (StrictTest.php:' . (__LINE__ - 1) . ')',
        ];
        yield 'a warning' => [
            static fn (): string => [][0] ?? ((string) hex2bin('f')) . 'success',
            'plain_CreateAccount caused a warning: hex2bin(): Hexadecimal input string must have an even length (StrictTest.php:' . (__LINE__ - 1) . ')',
        ];
    }

    /** @dataProvider answers */
    public function test_a_function_that_breaks_the_contract_is_named(mixed $answer, string $fault): void
    {
        $GLOBALS['plain_answer'] = $answer;

        $this->module->create($this->service);

        $this->assertSame([$fault], Strict::faults());
    }

    public function test_an_exception_that_escapes_is_named_and_goes_on(): void
    {
        $GLOBALS['plain_answer'] = new \DomainException('Away');

        try {
            $this->module->suspend($this->service);
            $this->fail('The exception did not escape.');
        } catch (\DomainException) {
            $this->assertSame(['plain_SuspendAccount threw DomainException: Away'], Strict::faults());
        }
    }

    public function test_what_keeps_the_contract_is_no_fault(): void
    {
        $this->module->create($this->service);
        $this->module->configOptions((int) $this->service->packageid);
        $this->module->adminTab($this->service);
        $this->module->adminButtons($this->service);
        $this->module->runCustomAction($this->service, 'open');
        $this->module->testConnection(['hostname' => 'plain.example']);
        $this->module->clientArea($this->service);
        @hex2bin('f');

        $this->assertSame([], Strict::faults());
    }

    public function test_other_functions_hooks_and_templates_are_watched_as_well(): void
    {
        $GLOBALS['plain_client_area'] = ['vars' => []];
        $this->module->clientArea($this->service);
        $GLOBALS['plain_client_area'] = ['templatefile' => 'clientarea'];
        $this->module->clientArea($this->service);
        $this->module->clientCustom($this->service, 'refresh');
        Hooks::add('ShoppingCartValidateProductUpdate', 1, static fn (): bool => true);
        Hooks::run('ShoppingCartValidateProductUpdate', []);

        $faults = Strict::faults();
        $this->assertContains('plain_ClientArea returned array; WHMCS expects HTML, or an array that names a template', $faults);
        $this->assertNotEmpty(preg_grep('/^The template clientarea.tpl of plain caused a warning: Undefined array key "greeting"/', $faults));
        $button = 'plain_refresh returned "Refreshed by <b>adaexam</b>"; WHMCS expects the word success, one plain sentence or a page';
        $this->assertContains($button, $faults);
        $this->assertContains('The hook ShoppingCartValidateProductUpdate of host returned bool; WHMCS expects text or a list of texts', $faults);
    }

    public function test_the_faults_are_on_the_page(): void
    {
        $GLOBALS['plain_answer'] = '<script>alert(1)</script>';
        $this->module->create($this->service);
        $_SERVER['REQUEST_URI'] = '/clientarea.php';

        $html = Layout::document(Screen::client('Page', ''));

        $this->assertStringContainsString('<li>plain_CreateAccount returned &quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;; WHMCS expects', $html);
        $this->assertStringNotContainsString('<script>alert(1)', $html);
    }

    public function test_a_page_that_is_not_strict_finds_nothing(): void
    {
        Strict::stop();
        $GLOBALS['plain_answer'] = '';

        $this->module->create($this->service);

        $this->assertSame([], Strict::faults());
        $this->assertSame(1, Capsule::table('tblmodulequeue')->count());
    }
}
