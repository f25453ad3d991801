<?php

declare(strict_types=1);

// Where PHP has not loaded the extension, the module files say so in a sentence, and no page and no cron run dies.

namespace Tests\Extension;

use Tests\Support\ChildProcess;
use Tests\Support\ExtensionTestCase;

/** @group slow */
final class ExtensionMissingTest extends ExtensionTestCase
{
    private function withoutExtension(string $code): mixed
    {
        return $this->inChild('$service = Tests\Host\Host::service(100);' . $code, [], [], false);
    }

    protected function setUp(): void
    {
        parent::setUp();
        $this->service();
    }

    /** @return list<string> with their capitals */
    private static function exported(): array
    {
        $names = array_values(array_filter(
            array_diff(get_extension_funcs('whmcs_provisioning'), ['jetpack_PanicOnPurpose']),
            fn (string $name) => str_starts_with($name, 'jetpack_')
        ));
        sort($names);

        return $names;
    }

    private function assertSaysHowToLoadIt(string $answer): void
    {
        $how = ['whmcs_provisioning is not loaded', '/usr/local/lib/whmcs_provisioning/install.sh install', PHP_VERSION, 'cli'];
        $this->assertSentence($answer, ...$how);
    }

    public function test_the_stand_in_has_every_exported_function_and_no_other(): void
    {
        $names = $this->withoutExtension(<<<'PHP'
            $known = get_defined_functions()['user'];
            require_once $module->folder . '/lib/extension_missing.php';
            $names = array_diff(get_defined_functions()['user'], $known);
            $names = array_map(fn ($name) => (new ReflectionFunction($name))->getName(), array_values($names));
            sort($names);
            return $names;
            PHP);

        $this->assertSame(self::exported(), array_values(array_diff($names, ['jetpack_extensionMissing', 'jetpack_extensionMissingTexts'])));
        $this->assertContains('jetpack_extensionMissing', $names);
    }

    /** The other module has a stand-in of its own, as complete. */
    public function test_cometbackups_stand_in_has_every_exported_function_and_no_other(): void
    {
        $names = $this->withoutExtension(<<<'PHP'
            $known = get_defined_functions()['user'];
            require_once dirname($module->folder) . '/cometbackup/lib/extension_missing.php';
            $names = array_diff(get_defined_functions()['user'], $known);
            return array_map(fn ($name) => (new ReflectionFunction($name))->getName(), array_values($names));
            PHP);
        $exported = array_filter(
            get_extension_funcs('whmcs_provisioning'),
            // sso.php says itself that the extension is missing.
            fn (string $name) => str_starts_with($name, 'cometbackup_') && $name !== 'cometbackup_SignOnPage'
        );

        $own = ['cometbackup_extensionMissing', 'cometbackup_extensionMissingForVisitor', 'cometbackup_extensionMissingText'];
        $this->assertEqualsCanonicalizing([...$exported, ...$own], $names);
    }

    public function test_the_addons_stand_in_has_every_exported_function_and_says_how_to_load_it(): void
    {
        $answers = $this->withoutExtension(<<<'PHP'
            $addon = new Tests\Host\Module('addons', 'whmcs_provisioning', $module->root);
            $known = get_defined_functions()['user'];
            $page = $addon->addonOutput();
            $names = array_diff(get_defined_functions()['user'], $known);
            $_SESSION = ['uid' => 10];
            return ['names' => array_map(fn ($name) => (new ReflectionFunction($name))->getName(), array_values($names)),
                'page' => $page, 'to a client' => $addon->addonOutput(), 'sidebar' => $addon->call('sidebar', 1, []),
                'activate' => $addon->call('activate'), 'deactivate' => $addon->call('deactivate')['status'],
                'upgrade' => $addon->call('upgrade', []), 'check' => $addon->call('check')];
            PHP);

        $exported = array_filter(get_extension_funcs('whmcs_provisioning'), fn (string $name) => str_starts_with($name, 'whmcs_provisioning_'));
        $this->assertEqualsCanonicalizing([...$exported, 'whmcs_provisioning_config', 'whmcs_provisioning_extensionMissing'], $answers['names']);
        foreach ([strip_tags($answers['page']), $answers['activate']['description'], $answers['check'][0]['text']] as $said) {
            $this->assertMatchesRegularExpression('~^The PHP extension whmcs_provisioning is not loaded .*install\.sh install~', $said);
        }
        $this->assertSame(['', '', 'error', 'success', null], [$answers['to a client'], $answers['sidebar'],
            $answers['activate']['status'], $answers['deactivate'], $answers['upgrade']]);
    }

    /** @return array<string, array{string}> */
    public static function standIns(): array
    {
        return ['jetpack' => ['servers/jetpack'], 'cometbackup' => ['servers/cometbackup'], 'addon' => ['addons/whmcs_provisioning']];
    }

    /** Whoever opens the file itself, where the extension is loaded, sees nothing, and PHP logs nothing. @dataProvider standIns */
    public function test_a_stand_in_that_is_opened_directly_says_nothing(string $module): void
    {
        $file = dirname(__DIR__, 2) . "/modules/$module/lib/extension_missing.php";
        foreach ([['-d', 'extension=' . ChildProcess::extension()], []] as $extension) {
            $end = $this->barePhp(...[...$extension, '-d', 'log_errors=1', '-d', 'error_log=', $file]);
            $this->assertSame(['', '', 0], [$end['output'], $end['errors'], $end['exit']]);
        }
    }

    public function test_a_client_is_not_told_what_is_missing_and_staff_are(): void
    {
        $told = $this->withoutExtension(<<<'PHP'
            require_once dirname($module->folder) . '/cometbackup/lib/extension_missing.php';
            $_SESSION = ['uid' => 10];
            $client = [cometbackup_ChangePassword([]), cometbackup_ServiceSingleSignOn([])['errorMsg']];
            $log = implode(' ', Tests\Host\Host::activityLog());
            $_SESSION = ['uid' => 10, 'adminid' => 1];
            return [$client, $log, cometbackup_ChangePassword([])];
            PHP);

        $sentence = 'This could not be completed just now. Try again in a few minutes, and ask our support if it stays so.';
        $this->assertSame([$sentence, $sentence], $told[0]);
        $this->assertStringContainsString('whmcs_provisioning is not loaded', $told[1]);
        $this->assertStringContainsString('whmcs_provisioning is not loaded', $told[2]);
    }

    public function test_a_client_reads_it_in_his_language(): void
    {
        $told = $this->withoutExtension(<<<'PHP'
            $module->has('MetaData');
            require_once dirname($module->folder) . '/cometbackup/lib/extension_missing.php';
            $said = static fn (string $language): array => [$_SESSION = ['uid' => 10, 'Language' => $language],
                cometbackup_ChangePassword([]), jetpack_AttachToMySite([]), cometbackup_ClientArea(['serviceid' => 100])];
            return [$said('German'), $said('../lang/german'), $said('klingon')];
            PHP);

        foreach ([[1, 'gerade nicht'], [2, 'gerade nicht'], [3, '<p>Ihr Backup-Konto']] as [$at, $german]) {
            $this->assertStringContainsString($german, $told[0][$at]);
            $this->assertSame($told[1][$at], $told[2][$at]);
            $this->assertStringNotContainsString($german, $told[1][$at]);
        }
    }

    public function test_the_module_file_loads_the_stand_in_only_where_the_extension_is_missing(): void
    {
        $this->assertSame([false, null], $this->inChild(
            'return [$module->has("extensionMissing"), $module->loadError?->getMessage()];'
        ));
        $this->assertSame([true, null], $this->withoutExtension(
            'return [$module->has("extensionMissing"), $module->loadError?->getMessage()];'
        ));
    }

    public function test_every_function_answers_as_its_contract_says_whatever_it_is_given(): void
    {
        $code = <<<'PHP'
            $module->has('MetaData');
            $answers = [];
            foreach (%s as $function) {
                foreach ([[], [null], ['junk', 2], [[]], [$module->paramsFor($service)], [1, 2, 3, 4, 5]] as $arguments) {
                    try {
                        $answers[$function][] = $function(...$arguments);
                    } catch (Exception $thrown) {
                        $answers[$function][] = ['thrown' => $thrown->getMessage()];
                    }
                }
            }
            return $answers;
            PHP;
        $answers = $this->withoutExtension(sprintf($code, var_export(self::exported(), true)));

        $this->assertSame(self::exported(), array_keys($answers));
        foreach ($answers as $function => $given) {
            foreach ($given as $number => $answer) {
                $this->assertAnswer($function, $answer, $number === 4);
            }
        }
        $this->assertSame([], $this->sandbox->requests());
    }

    private function assertAnswer(string $function, mixed $answer, bool $toAService): void
    {
        match ($function) {
            'jetpack_FetchProducts', 'jetpack_CreateLicensesTable', 'jetpack_FetchProductDescriptions' => $this->assertSaysHowToLoadIt($answer['thrown']),
            'jetpack_DefaultApiToken' => $this->assertSame('', $answer),
            'jetpack_AdminServicesTabFieldsSave', 'jetpack_Forget' => $this->assertNull($answer),
            'jetpack_AdminCustomButtonArray', 'jetpack_ClientAreaAllowedFunctions', 'jetpack_ValidateOrder', 'jetpack_MailFieldNames',
            'jetpack_MailFields' => $this->assertSame([], $answer),
            'jetpack_AttachToMySite' => $this->assertMatchesRegularExpression('/^This could not be completed just now\. [^<>]*\.$/', $answer),
            'jetpack_AdminServicesTabFields' => $this->assertSaysHowToLoadIt($answer['License Key']),
            'jetpack_ClientArea' => $toAService
                ? $this->assertSame('unavailable', $answer['vars']['jetpackState'])
                : $this->assertSame([], $answer),
            default => $this->assertSaysHowToLoadIt($answer),
        };
    }

    public function test_whmcs_notes_a_failed_command_and_goes_on(): void
    {
        $told = $this->withoutExtension(<<<'PHP'
            $answer = $module->create($service);
            $queue = Tests\Host\Host::moduleQueue();
            return [$answer, count($queue), $queue[0]->last_attempt_error, Tests\Host\Host::activityLog()];
            PHP);

        $this->assertSaysHowToLoadIt($told[0]);
        $this->assertSame([1, $told[0]], [$told[1], $told[2]]);
        $this->assertStringContainsString($told[0], implode("\n", $told[3]));
    }

    public function test_the_settings_page_is_drawn_with_the_reason_in_place_of_the_lists(): void
    {
        $fields = $this->withoutExtension('return $module->configOptions(1);');

        $names = ['API Token', 'Jetpack Product', 'Licensing Table', 'On suspension', "Attach to the service's domain"];
        $this->assertSame($names, array_keys($fields));
        $this->assertSaysHowToLoadIt($fields['Jetpack Product']['error']);
        $this->assertSaysHowToLoadIt($fields['Licensing Table']['error']);
        // What is stored is not lost by saving such a page.
        $this->assertNull($fields['Jetpack Product']['submits']);
    }

    public function test_the_client_page_has_the_same_shape_as_with_the_extension(): void
    {
        $code = 'return $module->call("ClientArea", $module->paramsFor(Tests\Host\Host::service(100)));';
        $with = $this->inChild($code);
        $without = $this->withoutExtension($code);

        $this->assertSame(array_keys($with), array_keys($without));
        $this->assertSame($with['templatefile'], $without['templatefile']);
        $this->assertSame(array_keys($with['vars']), array_keys($without['vars']));
        $this->assertSame('unavailable', $without['vars']['jetpackState']);
        $this->assertStringNotContainsString('extension', json_encode($without));
    }

    public function test_no_file_of_the_module_can_be_opened_by_its_address(): void
    {
        $folders = dirname(__DIR__, 2) . '/modules/{servers/jetpack,addons/whmcs_provisioning}';
        $files = glob("$folders/{*.php,lib/*.php,vendor/*.php,lang/*.php}", GLOB_BRACE);
        $this->assertGreaterThanOrEqual(7, count($files));
        foreach ($files as $file) {
            $told = $this->barePhp($file);
            // The stand-in is silent, as it is where the extension is loaded.
            $says = str_ends_with($file, 'extension_missing.php') ? '' : 'This file cannot be accessed directly';
            $this->assertSame($says, $told['output'], $file);
            $this->assertSame(['', 0], [$told['errors'], $told['exit']], $file);
        }
    }

    /**
     * Files change before workers load the extension, so opcache may compile them without it; enable_dl is off in PHP's own
     * configuration for production, and opcache then takes the answer of extension_loaded() for a constant.
     *
     * @dataProvider standIns
     */
    public function test_what_opcache_compiled_without_the_extension_serves_with_it(string $module): void
    {
        $cache = (string) getenv('TEST_DIR') . '/opcache-' . bin2hex(random_bytes(4));
        mkdir($cache, 0700);
        $files = dirname(__DIR__, 2) . "/modules/$module";
        $module = basename($module);
        $function = $module . ($module === 'whmcs_provisioning' ? '_activate' : '_CreateAccount');
        // Opcache leaves alone what was changed within the last two seconds.
        foreach (["$module.php", 'lib/extension_missing.php'] as $file) {
            is_dir(dirname("$cache-files/$file")) || mkdir(dirname("$cache-files/$file"), 0700, true);
            copy("$files/$file", "$cache-files/$file");
            touch("$cache-files/$file", time() - 3600);
        }
        $code = "require '$cache-files/$module.php'; return (new ReflectionFunction('$function'))->isInternal();";
        $ini = ['opcache.enable_cli' => '1', 'opcache.file_cache' => $cache, 'opcache.file_cache_only' => '1', 'enable_dl' => '0'];

        $this->assertFalse($this->inChild($code, $ini, [], false));
        $this->assertNotSame([], glob("$cache/*"), 'opcache kept nothing');
        $this->assertTrue($this->inChild($code, $ini));
    }
}
