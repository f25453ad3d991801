<?php

declare(strict_types=1);

// Each panel's PHPs are found where it has them: WHMCS's pages run with one minor, its cron with another, a third is there.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class LayoutsTest extends EmulatedMachine
{
    /** @return iterable<string, array{string}> */
    public static function layouts(): iterable
    {
        foreach (array_keys(self::LAYOUTS) as $layout) {
            yield $layout => [$layout];
        }
    }

    /** @dataProvider layouts */
    public function test_the_phps_of_pages_and_cron_are_found_with_all_their_binaries(string $layout): void
    {
        $this->machineOf($layout);
        $before = $this->state();

        $said = $this->succeed('install', ['--dry-run' => '']);

        foreach (['8.1', '8.2', '8.3'] as $minor) {
            self::assertSame($minor !== '8.1', str_contains($said, 'Would       write ' . $this->installed($layout, $minor)), $said);
            foreach (array_keys(self::LAYOUTS[$layout]['binaries']) as $sapi) {
                $ini = $layout === 'Debian' ? "$this->machine/etc/php/$minor/mods-available/whmcs_provisioning.ini"
                    : $this->ini($layout, $minor, $sapi) . '/30-whmcs_provisioning.ini';
                self::assertSame($minor !== '8.1', str_contains($said, "Would       write $ini"), $said);
            }
        }
        self::assertMatchesRegularExpression('/Left out +PHP 8\.1\.30 \(.*\): nothing says that this WHMCS uses it/', $said);
        self::assertSame($before, $this->state());
    }

    /** @return iterable<string, array{string}> one folder of ini files for all binaries, one for each, and LiteSpeed alone */
    public static function kinds(): iterable
    {
        foreach (['cPanel', 'Debian', 'LiteSpeed'] as $layout) {
            yield $layout => [$layout];
        }
    }

    /** @dataProvider kinds */
    public function test_each_gets_its_own_library_and_all_of_it_goes_again(string $layout): void
    {
        $this->machineOf($layout);
        $before = $this->state();

        $said = $this->succeed('install');
        $libraries = [];
        foreach (['8.2', '8.3'] as $minor) {
            $libraries[$minor] = file_get_contents($this->installed($layout, $minor));
            foreach (array_keys(self::LAYOUTS[$layout]['binaries']) as $sapi) {
                self::assertStringContainsString('ok        ' . $this->binary($layout, $minor, $sapi) . ' (', $said);
            }
        }
        $this->succeed('uninstall');

        self::assertSame(['8.2' => "API20220829,NTS\n", '8.3' => "API20230831,NTS\n"], $libraries);
        self::assertSame($before, $this->state());
    }

    private function machineOf(string $layout): void
    {
        // Of the one that nothing uses one binary is enough.
        $this->php($layout, '8.1', '', ['cli']);
        $this->php($layout, '8.2');
        $this->php($layout, '8.3');
        $this->pages($layout, '8.2');
        $this->cron($layout, '8.3');
    }
}
