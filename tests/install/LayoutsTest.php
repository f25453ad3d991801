<?php

declare(strict_types=1);

// Each panel's PHPs are found where it has them: WHMCS's pages run with one minor, its cron with another, a third is there.

namespace Tests\Install;

use Tests\Support\EmulatedMachine;

final class LayoutsTest extends EmulatedMachine
{
    /** @return iterable<string, array{string}> */
    public function layouts(): iterable
    {
        foreach (array_keys(self::LAYOUTS) as $layout) {
            yield $layout => [$layout];
        }
    }

    /** @dataProvider layouts */
    public function test_the_phps_of_pages_and_cron_get_it_each_with_its_own_library(string $layout): void
    {
        foreach (['8.1', '8.2', '8.3'] as $minor) {
            $this->php($layout, $minor);
        }
        $this->pages($layout, '8.2');
        $this->cron($layout, '8.3');
        $before = $this->state();

        $said = $this->succeed('install');
        $ends = [];
        foreach (['8.1', '8.2', '8.3'] as $minor) {
            $ends[$minor] = file_exists($this->installed($layout, $minor)) ? file_get_contents($this->installed($layout, $minor)) : '';
            foreach (array_keys(self::LAYOUTS[$layout]['binaries']) as $sapi) {
                $ini = $this->ini($layout, $minor, $sapi) . '/30-whmcs_provisioning.ini';
                self::assertSame($minor !== '8.1', file_exists($ini), $said);
                self::assertSame($minor !== '8.1', str_contains($said, $this->binary($layout, $minor, $sapi) . ' ('), $said);
            }
        }
        $this->succeed('uninstall');

        self::assertSame(['8.1' => '', '8.2' => "API20220829,NTS\n", '8.3' => "API20230831,NTS\n"], $ends);
        self::assertMatchesRegularExpression('/Left out +PHP 8\.1\.30 \(.*\): nothing says that this WHMCS uses it/', $said);
        self::assertSame($before, $this->state());
    }
}
