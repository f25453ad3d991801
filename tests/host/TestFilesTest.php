<?php

declare(strict_types=1);

// The files of the tests themselves: data providers that every PHPUnit takes, and a length that can be read.

namespace Tests\Host;

use PHPUnit\Framework\TestCase;
use ReflectionClass;
use ReflectionMethod;

final class TestFilesTest extends TestCase
{
    /** As `tests/house` has it for the files of `src/`. */
    private const LONGEST_FILE = 400;

    public function test_no_file_is_longer_than_one_of_the_extension(): void
    {
        $files = glob(dirname(__DIR__) . '/*/*.php');
        $this->assertGreaterThan(200, count($files));

        foreach ($files as $file) {
            $this->assertLessThanOrEqual(self::LONGEST_FILE, count(file($file)), $file);
        }
    }

    /** Newer PHPUnits take one only where it is static and nothing stands behind its name. */
    public function test_every_data_provider_is_taken_by_every_phpunit(): void
    {
        $providers = 0;
        foreach (glob(dirname(__DIR__) . '/*/*Test.php') as $file) {
            $class = new ReflectionClass('Tests\\' . ucfirst(basename(dirname($file))) . '\\' . basename($file, '.php'));
            foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
                preg_match_all('/@dataProvider\s+(.*?)\s*(\*\/)?$/m', (string) $method->getDocComment(), $named);
                foreach ($named[1] as $name) {
                    $this->assertTrue($class->hasMethod($name), "{$class->name}: no method \"$name\"");
                    $this->assertTrue($class->getMethod($name)->isStatic(), "{$class->name}::$name is not static");
                    $providers++;
                }
            }
        }
        $this->assertGreaterThan(100, $providers);
    }
}
