<?php

declare(strict_types=1);

// install and uninstall are killed before each of their commands that changes something; a second run ends in a whole state.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

/**
 * @group slow
 */
final class KilledTest extends EmulatedMachine
{
    /** Before each such command of the script a byte is added to a file; at the byte that was asked for, everything is killed. */
    private const TRAP = <<<'BASH'
        count_and_kill() {
            [[ $BASH_COMMAND =~ ^(as(_in)?\ .*\ )?(mv|cp|rm|rmdir|mkdir|mktemp|install|chmod|chown|printf|touch|cat|record)\  ]] || return 0
            [[ $BASH_COMMAND != printf* || $BASH_COMMAND == *'>>'* ]] || return 0
            printf x >>"$KILL_COUNT"
            read -r steps <"$KILL_COUNT" || true
            [ "${#steps}" != "$KILL_AT" ] || kill -KILL 0
        }
        set -T
        trap count_and_kill DEBUG
        BASH;
    private const ALL = 'exec setsid -w "$@"';

    /** @var array<string, string> */
    private array $before;

    protected function setUp(): void
    {
        parent::setUp();
        foreach (['8.2', '8.3'] as $minor) {
            $this->php('Plesk', $minor, '', ['cli']);
        }
        $this->php('Plesk', '8.2', '', ['fpm']);
        $this->pages('Plesk', '8.2');
        $this->cron('Plesk', '8.3');
        $this->write('trap', self::TRAP);
        foreach (self::OLD_MODULE as $file => $text) {
            $this->write('machine' . self::SITE . "/modules/servers/jetpack/$file", $text);
        }
        $this->write('machine' . self::SITE . '/modules/servers/jetpack/lang/overrides/german.json', '{}');
        $this->give($this->machine . self::SITE, $this->user);
        $this->before = $this->state();
    }

    private function killed(string $action, int $at): bool
    {
        @unlink("$this->place/count");
        [$code] = $this->installer($action, [], [
            'BASH_ENV' => "$this->place/trap", 'KILL_COUNT' => "$this->place/count", 'KILL_AT' => (string) $at,
        ], self::ALL);

        return $code !== 0;
    }

    /** The whole of an installation, without what names the moment. @return array<string, string> */
    private function whole(): array
    {
        return preg_replace('~backups/whmcs_provisioning/[\dT:-]+~', 'backups/whmcs_provisioning/TIME', $this->state());
    }

    public function test_install_and_uninstall_killed_at_each_step_end_whole_by_a_second_run(): void
    {
        $this->succeed('install');
        $installed = $this->whole();
        $this->succeed('uninstall');
        self::assertSame($this->before, $this->state());
        $every = getenv('TORTURE') ? 1 : 24;

        for ($at = random_int(1, $every); $this->killed('install', $at); $at += $every) {
            $at % 2 === 0 || $this->uninstalls("install killed at $at");
            $this->succeed('install');
            self::assertSame($installed, $this->whole(), "install killed at $at");
            $this->uninstalls("install killed at $at, then installed");
        }
        self::assertGreaterThan(30, $at);
        $this->uninstalls('not killed');
        $this->succeed('install');
        for ($at = random_int(1, $every); $this->killed('uninstall', $at); $at += $every) {
            if ($at % 2 === 1) {
                $this->uninstalls("uninstall killed at $at");
            }
            $this->succeed('install');
            self::assertSame($installed, $this->whole(), "uninstall killed at $at");
        }
        self::assertGreaterThan(10, $at);
    }

    private function uninstalls(string $after): void
    {
        [$code, $said] = $this->installer('uninstall');
        self::assertTrue($code === 0 || str_contains($said, 'no installation for'), "$after: $said");
        self::assertSame($this->before, $this->state(), $after);
    }
}
