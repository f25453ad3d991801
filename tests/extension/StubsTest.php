<?php

declare(strict_types=1);

// The stubs say what the extension exports, neither more nor less.

namespace Tests\Extension;

use Tests\Support\ExtensionTestCase;

final class StubsTest extends ExtensionTestCase
{
    private const STUBS = __DIR__ . '/../../php-stubs/whmcs_provisioning.stub.php';

    /** Describes functions, by the name as it is written. `$functions` is a list of ReflectionFunction. */
    private const DESCRIBE = <<<'PHP'
        $described = [];
        foreach ($functions as $function) {
            $parameters = [];
            foreach ($function->getParameters() as $parameter) {
                $parameters[] = ['name' => $parameter->getName(), 'type' => (string) $parameter->getType(),
                    'variadic' => $parameter->isVariadic(), 'optional' => $parameter->isOptional(),
                    'by reference' => $parameter->isPassedByReference()];
            }
            $described[$function->getName()] = ['parameters' => $parameters, 'returns' => (string) $function->getReturnType(),
                'by reference' => $function->returnsReference(), 'deprecated' => $function->isDeprecated()];
        }
        ksort($described);
        PHP;

    /** Where reflection shows no type: PHP's own stubs write `mixed`, which says the same. */
    private const UNTYPED = ['' => 'mixed'];

    /** @return array<string, array<string, mixed>> */
    private static function exported(): array
    {
        $functions = array_filter(
            (new \ReflectionExtension('whmcs_provisioning'))->getFunctions(),
            fn (\ReflectionFunction $function) => $function->getName() !== 'jetpack_PanicOnPurpose'
        );
        eval(self::DESCRIBE);
        foreach ($described as &$function) {
            foreach ($function['parameters'] as &$parameter) {
                $parameter['type'] = self::UNTYPED[$parameter['type']] ?? $parameter['type'];
            }
        }

        return $described;
    }

    /** @return array{functions: array<string, mixed>, comments: array<string, string|false>, classes: int} */
    private function stubs(): array
    {
        $this->assertFileExists(self::STUBS);
        $code = '$before = count(get_declared_classes()); $known = get_defined_functions()["user"];'
            . 'ob_start(); require ' . var_export(realpath(self::STUBS), true) . '; $printed = ob_get_clean();'
            . '$names = array_diff(get_defined_functions()["user"], $known);'
            . '$functions = array_map(fn ($name) => new ReflectionFunction($name), $names);'
            . self::DESCRIBE
            . '$comments = []; foreach ($functions as $f) { $comments[$f->getName()] = $f->getDocComment(); }'
            . 'return ["functions" => $described, "comments" => $comments, "printed" => $printed,'
            . '"classes" => count(get_declared_classes()) - $before];';

        return $this->inChild($code, [], [], false);
    }

    public function test_the_stubs_have_every_exported_function_with_its_signature_and_no_other(): void
    {
        $stubs = $this->stubs();

        $exported = self::exported();
        $this->assertGreaterThan(15, count($exported));
        $this->assertSame(array_keys($exported), array_keys($stubs['functions']));
        $this->assertSame($exported, $stubs['functions']);
        $this->assertSame(['', 0], [$stubs['printed'], $stubs['classes']]);
    }

    public function test_every_stub_says_what_its_function_does(): void
    {
        foreach ($this->stubs()['comments'] as $name => $comment) {
            $this->assertIsString($comment, "$name has no doc comment");
            $text = trim((string) preg_replace('~^[/*\s]+|[*/\s]+$~m', '', $comment));
            $this->assertMatchesRegularExpression('/^[A-Z].{20,}/s', $text, $name);
        }
    }

    public function test_the_loaders_say_that_they_throw(): void
    {
        $comments = $this->stubs()['comments'];
        $throwing = array_keys(array_filter($comments, fn (string $comment) => str_contains($comment, '@throws')));
        sort($throwing);

        $this->assertSame([
            'cometbackup_ConfigOptionsBackupNoticeLoader',
            'cometbackup_ConfigOptionsMailTemplateLoader',
            'cometbackup_ConfigOptionsOrganizationLoader',
            'cometbackup_ConfigOptionsPolicyGroupLoader',
            'cometbackup_ConfigOptionsRequirePasswordChange',
            'cometbackup_ConfigOptionsStorageProvidersLoader',
            'jetpack_CreateLicensesTable',
            'jetpack_FetchProductDescriptions',
            'jetpack_FetchProducts',
        ], $throwing);
    }

    public function test_every_function_has_a_test_file_of_its_name(): void
    {
        foreach (array_keys(self::exported()) as $function) {
            // The doctor is of no module; the others are the addon module's.
            $ofNoModule = preg_replace(['/^whmcs_provisioning_check$/', '/^whmcs_provisioning_/'], ['extension_check', 'admin_'], $function);
            [$module, $name] = explode('_', ucwords((string) $ofNoModule, '_'));
            $module = lcfirst($module);
            // Both answers to one question: "Moved, or a copy?"
            $file = str_starts_with($name, 'Installation') ? 'Installation' : $name;
            $this->assertFileExists(dirname(__DIR__) . "/$module/{$file}Test.php");
        }
    }
}
