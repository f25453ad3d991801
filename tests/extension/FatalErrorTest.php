<?php

declare(strict_types=1);

// A fatal error, or an exception, in PHP code that the extension has called: nothing of it stays in the worker or leaves.

namespace Tests\Extension;

use Tests\Cometbackup\FastCgi;
use Tests\Support\ExtensionTestCase;
use Tests\Support\PhpFpm;

/** @group slow */
final class FatalErrorTest extends ExtensionTestCase
{
    /** Kilobytes that hundreds of requests may add; each held some five before. */
    private const GROWTH = 500;
    private const REQUESTS = 300;

    /** @return array<string, array{string}> */
    public static function places(): array
    {
        $fatal = "eval('function strlen() {}')";

        return [
            'the Activity Log' => ["function logActivity(\$message) { $fatal; } cometbackup_UsageUpdate(\$params);"],
            "a getter of the model" => ["class Model { function __isset(\$n) { return true; } function __get(\$n) { $fatal; } }"
                . 'jetpack_CreateAccount(["serviceid" => 1, "model" => new Model()] + $params);'],
        ];
    }

    /** @dataProvider places */
    public function test_a_fatal_error_loses_no_memory(string $code): void
    {
        $fpm = PhpFpm::start(true, ['display_errors' => '0', 'log_errors' => '0'], ['pm.max_children' => '1']);
        $script = '<?php $params = ["serverid" => 1, "serverhostname" => "h", "customfields" => ["a" => str_repeat("x", 4000)]];'
            . $code . ' echo "not reached";';
        $ask = static fn (): FastCgi => FastCgi::request($fpm, $script, '');
        for ($count = 0; $count < 30; $count++) {
            $answer = $ask();
        }
        $this->assertSame([500, ''], [$answer->status, $answer->start]);
        $worker = $fpm->workers()[0];
        $before = self::resident($worker);

        for ($count = 0; $count < self::REQUESTS; $count++) {
            $ask();
        }

        $this->assertSame([$worker], $fpm->workers());
        $this->assertLessThan(self::GROWTH, self::resident($worker) - $before);
    }

    /** Its trace would hold the parameters, where zend.exception_ignore_args is 0. */
    public function test_no_exception_leaves_a_frame_that_holds_the_parameters(): void
    {
        $left = $this->inChild(<<<'PHP'
            class Bomb {
                public static $holder;
                public function __isset($name) { return true; }
                public function __get($name) { self::$holder = null; return 7; }
                public static $armed = false;
                public function __destruct() { self::$armed && throw new RuntimeException('while it is dropped'); }
            }
            $left = [];
            foreach (get_extension_funcs('whmcs_provisioning') as $function) {
                Bomb::$holder = new Bomb();
                Bomb::$armed = true;
                // The addon's pages are printed.
                ob_start();
                try {
                    $function(['serviceid' => 100, 'serverpassword' => 'secret', 'model' => &Bomb::$holder]);
                } catch (Throwable $thrown) {
                    $left[$function] = get_class($thrown) . ': ' . $thrown->getMessage();
                }
                Bomb::$armed = false;
                ob_end_clean();
            }
            return $left;
            PHP, ['zend.exception_ignore_args' => '0', 'error_log' => '/dev/null']);

        $this->assertSame([], $left);
    }

    private static function resident(int $process): int
    {
        preg_match('/^VmRSS:\s+(\d+) kB/m', (string) file_get_contents("/proc/$process/status"), $found);

        return (int) $found[1];
    }
}
