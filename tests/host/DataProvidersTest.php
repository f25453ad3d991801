<?php

declare(strict_types=1);

// Newer PHPUnits take a data provider only where it is static and nothing stands behind its name.

namespace Tests\Host;

use PHPUnit\Framework\TestCase;
use ReflectionClass;
use ReflectionMethod;

final class DataProvidersTest extends TestCase
{
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
