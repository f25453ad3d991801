<?php

declare(strict_types=1);

// The sandboxes of the workbench: the one for Jetpack and the first Comet Server, and that of the second Comet Server.

namespace Tests\Workbench;

use Tests\Support\SandboxControl;

final class Remotes
{
    /** Runs while SandboxControl speaks to the second sandbox. */
    public static function onSecond(string $card, callable $body): mixed
    {
        $first = (string) getenv('TEST_SANDBOX');
        putenv("TEST_SANDBOX=$card");
        try {
            return $body();
        } finally {
            putenv("TEST_SANDBOX=$first");
        }
    }

    public static function onEach(callable $body): void
    {
        $body();
        self::onSecond(getenv('TEST_DIR') . '/second-comet/sandbox.json', $body);
    }

    /** The remote calls as the sandbox lists them: name ⇒ filter of a fault. @return array<string, array<string, array<string, string>>> */
    public static function calls(): array
    {
        $listed = SandboxControl::get('/_control/endpoints');

        return [
            'Comet' => array_column($listed['comet'], 'match', 'name'),
            'Jetpack' => array_column($listed['licensing'], 'match', 'name'),
        ];
    }
}
