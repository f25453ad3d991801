<?php

declare(strict_types=1);

// A panic in Rust becomes an answer: the process lives, the log gets the place, nobody gets the panic's text.

namespace Tests\Extension;

use Tests\Host\Host;
use Tests\Support\ExtensionTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class PanicTest extends ExtensionTestCase
{
    /** The panic is raised for real parameters of a service: junk would be refused before. */
    private const PANIC = 'jetpack_PanicOnPurpose($module->paramsFor(Tests\Host\Host::service(100)))';
    private const SECRET = 'a secret that no log may hold';

    private string $log;

    protected function setUp(): void
    {
        parent::setUp();
        $this->log = (string) tempnam((string) getenv('TEST_DIR'), 'panic');
        Host::switchModuleLog(true);
        $this->service();
    }

    /** @param array<string, string> $ini */
    private function panicking(string $code, array $ini = []): mixed
    {
        return $this->inChild(str_replace('PANIC', self::PANIC, $code), $ini + ['error_log' => $this->log]);
    }

    private function logged(): string
    {
        return (string) file_get_contents($this->log);
    }

    public function test_a_panic_is_answered_with_a_sentence_and_its_place_goes_to_the_error_log(): void
    {
        $answer = $this->panicking('return PANIC;');

        $this->assertSentence($answer, 'internal error', "PHP's error log");
        $place = '~whmcs_provisioning: internal error at src/jetpack/exports\.rs:\d+$~m';
        $this->assertMatchesRegularExpression($place, $this->logged());
        $this->assertSame(1, substr_count($this->logged(), "\n"));
    }

    public function test_the_text_of_a_panic_is_nowhere(): void
    {
        $everything = $this->panicking(
            'ob_start(); $answer = PANIC; return [ob_get_clean(), $answer, error_get_last()];',
            ['log_errors' => '1', 'display_errors' => '1', 'html_errors' => '0']
        );

        $this->assertSame(['', null], [$everything[0], $everything[2]]);
        $logs = [Capsule::table('tblmodulelog')->get(), Capsule::table('tblactivitylog')->get(), $this->rows(self::JOURNAL)];
        $this->assertStringNotContainsString(self::SECRET, json_encode([$everything, $logs, $this->logged()]));
        $this->assertStringContainsString('internal error at', $this->logged());
    }

    public function test_the_process_goes_on_and_the_next_command_works(): void
    {
        $answers = $this->panicking('return [PANIC, $module->create(Tests\Host\Host::service(100)), PANIC,'
            . '$module->terminate(Tests\Host\Host::service(100))];');

        $this->assertSentence($answers[0]);
        $this->assertSame([$answers[0], 'success', $answers[0], 'success'], $answers);
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue done', 'revoke done'], $this->journal());
    }

    public function test_where_warnings_are_thrown_a_panic_is_a_sentence_all_the_same(): void
    {
        $answer = $this->panicking(
            'set_error_handler(function (...$a) { throw new ErrorException($a[1]); }); return PANIC;'
        );

        $this->assertSentence($answer, 'internal error');
    }

    public function test_a_panic_is_answered_wherever_php_calls_from(): void
    {
        $answers = $this->panicking(<<<'PHP'
            $params = $module->paramsFor(Tests\Host\Host::service(100));
            $panic = 'jetpack_PanicOnPurpose';
            $answers = array_map($panic, [$params, $params]);
            $answers[] = call_user_func_array($panic, [$params]);
            $answers[] = (new ReflectionFunction($panic))->invoke($params);
            $answers[] = jetpack_PanicOnPurpose(...)($params);
            (new Fiber(function () use (&$answers, $panic, $params) {
                Fiber::suspend();
                $answers[] = $panic($params);
            }))->start();
            $fiber = new Fiber(function () use (&$answers, $panic, $params) {
                $answers[] = Fiber::suspend($panic($params));
            });
            $answers[] = $fiber->start();
            $fiber->resume($panic($params));
            foreach ((function () use ($panic, $params) { yield $panic($params); })() as $answers[]);
            return $answers;
            PHP);

        $this->assertCount(8, $answers);
        $this->assertCount(1, array_unique($answers));
        $this->assertSentence($answers[0], 'internal error');
    }

    public function test_a_panic_at_the_end_of_the_script_does_not_change_the_exit_code(): void
    {
        $told = $this->panicking(<<<'PHP'
            class Last {
                public function __construct(private array $params) {}
                public function __destruct() { jetpack_PanicOnPurpose($this->params); }
            }
            $params = $module->paramsFor(Tests\Host\Host::service(100));
            register_shutdown_function('jetpack_PanicOnPurpose', $params);
            $GLOBALS['last'] = new Last($params);
            return 'told';
            PHP);

        $this->assertSame('told', $told);
        $this->assertSame(2, substr_count($this->logged(), 'internal error at'));
    }

    public function test_an_open_journal_row_and_the_open_connection_stay_as_they_are(): void
    {
        $this->module->call('CreateLicensesTable');
        $open = [
            'module' => 'jetpack', 'owner_type' => 'service', 'owner_id' => 100, 'operation' => 'issue', 'state' => 'sent',
            'open_key' => 'jetpack:service:100', 'asked' => 'issue a license for jetpack-complete', 'host' => 'another',
            'process' => 'alive', 'begun_at' => gmdate('Y-m-d H:i:s'), 'sent_at' => gmdate('Y-m-d H:i:s'),
        ];
        Capsule::table(self::JOURNAL)->insert($open);
        $before = $this->rows(self::JOURNAL);

        $connections = $this->panicking(<<<'PHP'
            $service = Tests\Host\Host::service(100);
            $module->adminTab($service);
            $ours = fn () => array_column(WHMCS\Database\Capsule::select(
                'SELECT id AS id FROM information_schema.processlist WHERE id <> CONNECTION_ID() ORDER BY id'
            ), 'id');
            $before = $ours();
            for ($i = 0; $i < 5; $i++) { PANIC; }
            $tab = $module->adminTab($service);
            return [$before, $ours(), $tab];
            PHP);

        $this->assertSame($before, $this->rows(self::JOURNAL));
        // The parent's and the child's one of ours; the child's own PDO does not count itself.
        $this->assertSame($connections[0], $connections[1]);
        $this->assertStringContainsString('No License Key Found', $connections[2]['License Key']);
    }

    public function test_a_thousand_panics_leave_no_memory_behind(): void
    {
        [$php, $process] = $this->panicking(<<<'PHP'
            $params = $module->paramsFor(Tests\Host\Host::service(100));
            $resident = fn () => (int) explode('VmRSS:', file_get_contents('/proc/self/status'))[1];
            for ($i = 0; $i < 200; $i++) { jetpack_PanicOnPurpose($params); }
            [$php, $process] = [memory_get_usage(), $resident()];
            for ($i = 0; $i < 1000; $i++) { jetpack_PanicOnPurpose($params); }
            return [memory_get_usage() - $php, $resident() - $process];
            PHP);

        $this->assertSame(1200, substr_count($this->logged(), 'internal error at'));
        $this->assertLessThan(4096, $php, 'bytes that PHP counts');
        $this->assertLessThan(1024, $process, 'kB of resident memory');
    }
}
