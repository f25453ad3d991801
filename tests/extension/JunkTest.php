<?php

declare(strict_types=1);

// Every exported function takes any number of arguments of any type, and keeps the contract of its answer.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\ChildProcess;
use Tests\Support\ExtensionTestCase;

/** @group junk */
final class JunkTest extends ExtensionTestCase
{
    private const LOADERS = [
        'jetpack_FetchProducts', 'jetpack_FetchProductDescriptions', 'jetpack_CreateLicensesTable', 'cometbackup_ConfigOptionsPolicyGroupLoader',
        'cometbackup_ConfigOptionsStorageProvidersLoader', 'cometbackup_ConfigOptionsRequirePasswordChange',
        'cometbackup_ConfigOptionsOrganizationLoader',
        'cometbackup_ConfigOptionsMailTemplateLoader', 'cometbackup_ConfigOptionsBackupNoticeLoader',
    ];
    private const PARTS = [
        'jetpack_AdminServicesTabFields', 'jetpack_AdminCustomButtonArray', 'jetpack_ClientArea', 'jetpack_ClientAreaAllowedFunctions',
        'cometbackup_AdminServicesTabFields', 'cometbackup_AdminCustomButtonArray', 'cometbackup_ClientArea',
        'cometbackup_MetricUsage', 'cometbackup_MetricTenantUsage',
        'cometbackup_ClientAreaAllowedFunctions', 'cometbackup_CustomActionParts',
    ];
    /** Arrays for hooks; empty where a service is passed, as to a command. */
    private const HOOKS = [
        'jetpack_ValidateOrder', 'jetpack_MailFieldNames', 'jetpack_MailFields',
        'cometbackup_ValidateOrder', 'cometbackup_MailFieldNames', 'cometbackup_MailFields',
    ];
    /** Status, nonce and HTML of a page, whatever it is given. */
    private const PAGES = ['cometbackup_SignOnPage'];
    /** Arrays that say whether it worked, and why not. */
    private const VERDICTS = [
        'cometbackup_TestConnection', 'cometbackup_ListAccounts', 'cometbackup_AdminSingleSignOn', 'cometbackup_ServiceSingleSignOn',
        'cometbackup_DownloadForThisComputer', 'cometbackup_OpenProductPage',
    ];
    private const RECONCILIATIONS = ['jetpack_Reconcile', 'cometbackup_Reconcile'];
    /** Lines of the doctor. */
    private const CHECKS = ['whmcs_provisioning_check'];
    /** HTML that is printed, whatever it is given. */
    private const PRINTED = ['whmcs_provisioning_output'];
    /** HTML without anything of the parameters. */
    private const HTML = ['whmcs_provisioning_sidebar'];
    /** Whether an addon module was switched, and a sentence. */
    private const SWITCHES = ['whmcs_provisioning_activate', 'whmcs_provisioning_deactivate'];
    private const FIGURES = ['whmcs_provisioning_widget'];
    private const TEXTS = ['jetpack_DefaultApiToken', 'cometbackup_AdminLink'];
    private const SILENT = [
        'jetpack_AdminServicesTabFieldsSave', 'jetpack_Forget', 'cometbackup_UsageUpdate', 'cometbackup_AdminServicesTabFieldsSave', 'cometbackup_Forget',
        'whmcs_provisioning_upgrade',
    ];

    /** Commands whose answer a customer reads. */
    private const FOR_CUSTOMERS = ['jetpack_AttachToMySite', 'cometbackup_RemoveOldDevice'];
    /** Commands that leave a service alone which has no license and is not to be revoked: nothing to do is success. */
    private const NOTHING_TO_DO = ['jetpack_SuspendAccount', 'jetpack_UnsuspendAccount'];

    /** Calls the function with each junk and prints what broke the contract. Tells on stderr what it is about to try. */
    private const CALL_ALL = <<<'PHP'
        require '%1$s/junk.php';
        $contract = require '%1$s/contract.php';
        $function = '%2$s';
        $warnings = [];
        set_error_handler(function (int $level, string $message, string $file) use (&$warnings): bool {
            if (Tests\Host\Strict::isOfLibrary($level, $file)) { return true; }
            $warnings[] = $message;
            if (%3$s) { throw new ErrorException($message); }
            return true;
        });
        $_POST = ['jetpack_found_license_key' => "jetpack-complete_KEY", 'comet_link_account' => 'ada', 'comet_remove_device' => 'd1'];
        $broken = [];
        $calls = 0;
        foreach (junk() as $name => $arguments) {
            fwrite(STDERR, "$function($name)\n");
            $calls++;
            $aService = is_array($arguments[0] ?? null) && is_object($arguments[0]['model'] ?? null);
            $first = is_array($arguments[0] ?? null) ? $arguments[0] : [];
            $namesAService = isset($first['serviceid']) || isset($first['addonId']) || $aService;
            ob_start();
            try {
                $ended = ['answer' => $function(...$arguments)];
            } catch (Throwable $thrown) {
                $ended = ['thrown' => $thrown];
            }
            $printed = ob_get_clean();
            $why = $contract('%4$s', $ended, $aService, str_starts_with($function, 'jetpack_'), $namesAService);
            if ('%4$s' === 'printed') {
                $page = str_starts_with($printed, '<div class="provisioning-admin">') && !preg_match('/tok_secret|onclick=|\\xff/', $printed);
                $why = $page ? $why : [...$why, "no page: $printed"];
            } elseif ($printed !== '') {
                $why[] = "it printed $printed";
            }
            foreach (array_splice($warnings, 0) as $warning) { $why[] = "PHP warned: $warning"; }
            foreach ($why as $sentence) { $broken[] = "$function($name): $sentence"; }
        }
        echo json_encode(['calls' => $calls, 'broken' => $broken], JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);
        PHP;

    /** @return iterable<string, array{string, bool}> */
    public static function functions(): iterable
    {
        foreach (self::exported() as $function) {
            yield $function => [$function, false];
            yield "$function, where warnings are thrown" => [$function, true];
        }
    }

    /** @dataProvider functions */
    public function test_a_function_keeps_its_contract_whatever_it_is_given(string $function, bool $throwing): void
    {
        $log = tempnam((string) getenv('TEST_DIR'), 'junk');
        $code = sprintf(self::CALL_ALL, __DIR__, $function, var_export($throwing, true), self::kind($function));

        $end = ChildProcess::start($code, ['error_log' => $log])->wait();

        $tried = array_filter(explode("\n", $end['errors']));
        $this->assertSame(0, $end['exit'], 'PHP ended in ' . end($tried) . ': ' . $end['output']);
        $told = json_decode($end['output'], true);
        $this->assertIsArray($told, $end['output'] . $end['errors']);
        $this->assertSame([], array_slice($told['broken'], 0, 10), count($told['broken']) . ' in all');
        $this->assertGreaterThan(300, $told['calls']);
        $this->assertCount($told['calls'], $tried, 'nothing but the names went to stderr');
        // A panic keeps the contract too, and is a fault all the same.
        $logged = (string) file_get_contents($log);
        $this->assertSame($function === 'jetpack_PanicOnPurpose', str_contains($logged, 'internal error'), $logged);
        if (!in_array($function, ['jetpack_FetchProducts', 'jetpack_FetchProductDescriptions', 'whmcs_provisioning_check'], true)) {
            $this->assertSame([], $this->sandbox->requestLines());
        }
        $sent = array_unique(array_column($this->sandbox->requests(), 'method'));
        $this->assertSame([], array_diff($sent, ['GET']), 'a loader only reads');
        $this->assertSame([], $this->sandbox->licenses());
    }

    public function test_every_exported_function_is_of_a_known_kind(): void
    {
        $named = [
            ...self::LOADERS, ...self::PARTS, ...self::HOOKS, ...self::TEXTS, ...self::SILENT,
            ...self::VERDICTS, ...self::PAGES, ...self::PRINTED, ...self::HTML, ...self::SWITCHES, ...self::FIGURES, ...self::CHECKS,
            ...self::RECONCILIATIONS, ...self::NOTHING_TO_DO, ...self::FOR_CUSTOMERS,
        ];
        $this->assertSame([], array_diff($named, self::exported()));
        $types = array_map(
            fn (string $function) => (string) (new \ReflectionFunction($function))->getReturnType(),
            array_combine(self::exported(), self::exported())
        );
        foreach ($types as $function => $type) {
            $expected = match (self::kind($function)) {
                'loader', 'part', 'hook', 'verdict', 'page', 'check', 'switch', 'figures' => 'array',
                'silent', 'printed' => 'void',
                default => 'string',
            };
            $this->assertSame($expected, $type, $function);
        }
    }

    /**
     * A button, and the API's ModuleCustom, can name any function. Those that take a service are commands; what the
     * module's files and WHMCS call otherwise returns nothing.
     */
    public function test_only_what_takes_a_service_can_be_commanded(): void
    {
        Host::truncate(true);
        Host::addClient(['id' => 10]);
        Host::addProduct(['id' => 1, 'servertype' => 'jetpack', 'configoption1' => 'tok_secret', 'configoption2' => 'jetpack-complete']);
        $service = Host::service(Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active']));
        $params = (new Module('servers', 'jetpack', dirname(__DIR__, 2) . '/modules'))->paramsFor($service);
        $this->assertSame('tok_secret', jetpack_DefaultApiToken());
        foreach (self::exported() as $function) {
            $answer = match (self::kind($function)) {
                'loader', 'text', 'silent', 'verdict', 'page' => $function($params),
                default => null,
            };
            $shown = match (self::kind($function)) {
                'loader' => $answer === [],
                'text' => $answer === '',
                'verdict' => $answer['success'] === false && !isset($answer['redirectTo']),
                'page' => $answer['status'] === 403,
                default => $answer === null,
            };
            $this->assertTrue($shown, $function . ': ' . json_encode($answer));
            $this->assertStringNotContainsString('tok_secret', (string) json_encode($answer), $function);
        }
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertStringNotContainsString('tok_secret', implode("\n", Host::activityLog()));
    }

    public function test_a_model_that_is_gone_while_it_is_read_ends_no_process(): void
    {
        $code = <<<'PHP'
            class Vanishing {
                public static $holder;
                public static $spoil = [];
                public function __isset($name) { return true; }
                public function __get($name) {
                    self::$holder = null;
                    // Takes the memory of what was freed before: a use of it does not pass unnoticed.
                    for ($length = 1; $length < 120; $length++) { self::$spoil[] = str_repeat("\xa5", $length); }
                    return 7;
                }
            }
            $_POST = ['jetpack_found_license_key' => 'jetpack-complete_KEY', 'comet_link_account' => 'ada'];
            foreach (get_extension_funcs('whmcs_provisioning') as $function) {
                Vanishing::$holder = new Vanishing();
                try {
                    $function(['serviceid' => 100, 'model' => &Vanishing::$holder]);
                } catch (Exception) {
                }
                echo "$function\n";
            }
            PHP;
        $end = ChildProcess::start($code, ['error_log' => '/dev/null'])->wait();

        $this->assertSame(['', 0], [$end['errors'], $end['exit']], $end['output']);
        $this->assertSame(count(self::exported()), substr_count($end['output'], "\n"));
    }

    public function test_exit_in_a_getter_of_the_model_ends_the_script_and_not_more(): void
    {
        $code = <<<'PHP'
            class Leaver {
                public function __isset($name) { return true; }
                public function __get($name) { exit(7); }
            }
            $_POST = ['jetpack_found_license_key' => 'jetpack-complete_KEY', 'comet_link_account' => 'ada'];
            $parent = getmypid();
            register_shutdown_function(function () use ($parent) { if (getmypid() !== $parent) { echo 'left '; } });
            $ends = [];
            foreach (get_extension_funcs('whmcs_provisioning') as $function) {
                $child = pcntl_fork();
                if ($child === 0) {
                    try {
                        $function(['serviceid' => 100, 'model' => new Leaver()]);
                    } catch (Throwable) {
                        exit(8);
                    }
                    exit(9);
                }
                pcntl_waitpid($child, $status);
                $ends[$function] = pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'a signal';
            }
            echo json_encode($ends);
            PHP;
        $end = ChildProcess::start($code)->wait();

        $this->assertSame(['', 0], [$end['errors'], $end['exit']], $end['output']);
        $left = substr_count($end['output'], 'left ');
        $ends = json_decode(str_replace('left ', '', $end['output']), true);
        // What a hook calls takes ids alone, and the doctor a yes or no: they look at no model.
        $withoutModel = ['jetpack_Forget' => 9, 'cometbackup_Forget' => 9, 'whmcs_provisioning_check' => 9];
        $this->assertSame(array_merge(array_fill_keys(self::exported(), 7), $withoutModel), $ends);
        $this->assertSame(count($ends), $left, 'shutdown functions ran');
        $this->assertNothingWasSent();
    }

    /** @return list<string> */
    private static function exported(): array
    {
        return get_extension_funcs('whmcs_provisioning');
    }

    private static function kind(string $function): string
    {
        return match (true) {
            in_array($function, self::LOADERS, true) => 'loader',
            in_array($function, self::PARTS, true) => 'part',
            in_array($function, self::HOOKS, true) => 'hook',
            in_array($function, self::TEXTS, true) => 'text',
            in_array($function, self::SILENT, true) => 'silent',
            in_array($function, self::VERDICTS, true) => 'verdict',
            in_array($function, self::PAGES, true) => 'page',
            in_array($function, self::CHECKS, true) => 'check',
            in_array($function, self::PRINTED, true) => 'printed',
            in_array($function, self::HTML, true) => 'html',
            in_array($function, self::SWITCHES, true) => 'switch',
            in_array($function, self::FIGURES, true) => 'figures',
            in_array($function, self::RECONCILIATIONS, true) => 'reconciliation',
            in_array($function, self::FOR_CUSTOMERS, true) => 'command of a customer',
            in_array($function, self::NOTHING_TO_DO, true) => 'command that may have nothing to do',
            default => 'command',
        };
    }
}
