<?php

// Watches the functions of modules where a page wants it (see start): wrong answers, output, notices and exceptions are faults of the page.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Exception\ProgramExit;

final class Strict
{
    private const LEVELS = [
        E_DEPRECATED => 'a deprecation', E_USER_DEPRECATED => 'a deprecation', E_NOTICE => 'a notice', E_USER_NOTICE => 'a notice',
        E_WARNING => 'a warning', E_USER_WARNING => 'a warning',
    ];

    private static bool $isOn = false;

    /** @var list<string> sentences that name the function */
    private static array $faults = [];

    /** @var list<string> what runs, the innermost last */
    private static array $running = [];

    public static function start(): void
    {
        self::$isOn = true;
        self::$faults = self::$running = [];
        set_error_handler(self::notice(...));
    }

    public static function stop(): void
    {
        if (self::$isOn) {
            self::$isOn = false;
            restore_error_handler();
        }
    }

    /** @return list<string> */
    public static function faults(): array
    {
        return self::$faults;
    }

    public static function add(string $fault): void
    {
        self::$faults[] = $fault;
    }

    /**
     * @param string $name of the function, for people
     * @param string|null $kind of its answer, see Contract
     * @param bool $mayPrint `_output` of an addon module prints its page
     */
    public static function run(string $name, ?string $kind, callable $body, bool $mayPrint = false): mixed
    {
        if (!self::$isOn) {
            return $body();
        }
        self::$running[] = $name;
        ob_start();
        try {
            $answer = $body();
        } catch (ProgramExit $exit) {
            throw $exit;
        } catch (\Throwable $error) {
            // A loader reports a failure by an exception: it is shown in place of the field.
            if ($kind !== 'loader' || !$error instanceof \Exception) {
                self::add("$name threw " . $error::class . ': ' . $error->getMessage());
            }
            throw $error;
        } finally {
            array_pop(self::$running);
            $printed = (string) ob_get_clean();
            if ($mayPrint) {
                echo $printed;
            } elseif ($printed !== '') {
                self::add("$name printed \"" . mb_strimwidth($printed, 0, 80, '…') . '"; WHMCS expects no output');
            }
        }
        self::check($name, $kind, $answer);

        return $answer;
    }

    public static function check(string $name, ?string $kind, mixed $answer): void
    {
        $violation = self::$isOn && $kind !== null ? Contract::violation($kind, $answer) : null;
        if ($violation !== null) {
            self::add("$name $violation");
        }
    }

    /** What Debian's libraries do that a newer PHP deprecates is nobody's fault here. */
    public static function isOfLibrary(int $level, string $file): bool
    {
        return ($level & (E_DEPRECATED | E_USER_DEPRECATED)) !== 0 && str_starts_with($file, '/usr/share/php/');
    }

    private static function notice(int $level, string $text, string $file, int $line): bool
    {
        // Nor is what is silenced with @.
        if ((error_reporting() & $level) !== 0 && !self::isOfLibrary($level, $file)) {
            $name = self::$running === [] ? 'The page' : end(self::$running);
            self::add("$name caused " . (self::LEVELS[$level] ?? 'an error') . ": $text (" . basename($file) . ":$line)");
        }

        return true;
    }
}
