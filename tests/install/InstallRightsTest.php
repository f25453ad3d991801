<?php

declare(strict_types=1);

// install.sh run by root, where other users may write: it runs nothing of theirs, and writes with their rights only.

namespace Tests\Install;

use Tests\Support\InstallTestCase;

final class InstallRightsTest extends InstallTestCase
{
    private const WEB_USER = 12345;

    public function test_a_program_that_a_crontab_names_is_never_run(): void
    {
        $this->succeed('install');
        $this->write('eve/php', "#!/bin/sh\ntouch '$this->place/proof'\necho 'whmcs_provisioning'\n");
        chmod("$this->place/eve/php", 0755);
        $program = str_replace(' ', '', "/tmp/eve-" . bin2hex(random_bytes(4)));
        symlink("$this->place/eve", $program);
        $this->write('crontab', "* * * * * $program/php $program/cron.php\n* * * * * " . PHP_BINARY . " -q /srv/crons/cron.php\n");
        // A path of crontabs may have no blank.
        symlink("$this->place/crontab", "$program.crontab");

        [$code, $output] = $this->installer('check', ['CRONTABS' => "$program.crontab"]);
        unlink("$program.crontab");
        unlink($program);

        self::assertSame(2, $code, $output);
        self::assertStringContainsString("cron.php in a crontab runs with $program/php, which is none of these: let it call", $output);
        self::assertSame(1, substr_count($output, 'in a crontab'), $output);
        self::assertFileDoesNotExist("$this->place/proof");
    }

    public function test_file_names_cannot_command_the_terminal(): void
    {
        $this->succeed('install');
        $this->write("WHMCS root/modules/servers/jetpack/\e[2J\u{9b}3J.tpl", 'x');

        foreach (['C', 'C.UTF-8'] as $locale) {
            [, $output] = $this->installer('check', [], ['LC_ALL' => $locale]);

            self::assertStringContainsString('?[2J?3J.tpl', $output);
            self::assertStringNotContainsString("\e", $output);
        }
    }

    /** The web user owns the tree, and puts links to root's files under every name that appears there. */
    public function test_no_link_of_the_owner_leads_root_to_another_file(): void
    {
        $this->ownedByTheWebUser();
        $this->write('of root', 'secret');
        chmod("$this->place/of root", 0600);
        $before = stat("$this->place/of root");
        $attacker = $this->attack();
        try {
            $this->installer('install');
            $this->installer('uninstall');
        } finally {
            proc_terminate($attacker, SIGKILL);
            proc_close($attacker);
        }

        clearstatcache();
        $after = stat("$this->place/of root");
        self::assertStringEqualsFile("$this->place/of root", 'secret');
        self::assertSame([$before['uid'], $before['mode']], [$after['uid'], $after['mode']]);
        foreach (self::entries("$this->place/WHMCS root") as $entry) {
            $copied = is_file($entry) && !is_link($entry) && file_get_contents($entry) === 'secret';
            self::assertFalse($copied, $entry);
        }
    }

    public function test_all_that_is_placed_belongs_to_the_owner_and_what_was_there_comes_back(): void
    {
        $this->writeOldModule();
        $this->ownedByTheWebUser();
        $servers = "$this->place/WHMCS root/modules/servers";
        symlink("$this->place/release", "$servers/.jetpack.whmcs_provisioning-new");

        $this->succeed('install');
        $installed = self::owners("$servers/jetpack");
        $this->write('WHMCS root/modules/servers/jetpack/templates/own.tpl', 'own');
        $this->succeed('uninstall');

        self::assertSame([self::WEB_USER], $installed);
        self::assertSame([self::WEB_USER], self::owners("$servers/jetpack"));
        self::assertSame($this->sorted(self::OLD_MODULE), $this->moduleFiles());
        self::assertSame(['own'], array_values($this->files("$this->place/backup/changed")));
        self::assertSame(self::OUR_MODULE['jetpack.php'], file_get_contents("$this->place/release/servers/jetpack/jetpack.php"));
        self::assertSame([], glob("$servers/.whmcs_provisioning*"));
        self::assertSame(0700, fileperms("$this->place/backup") & 07777);
    }

    /** @return iterable<string, array{callable, string}> */
    public static function unsafe(): iterable
    {
        yield 'a folder of root that anyone may write to' => [
            fn (string $place) => chmod("$place/WHMCS root/modules", 0777),
            "others may write to %/WHMCS root/modules, which is root's",
        ];
        yield 'a folder of root that a group may write to' => [
            fn (string $place) => chmod("$place/WHMCS root/modules/servers", 0775),
            "others may write to %/WHMCS root/modules/servers, which is root's",
        ];
        yield 'a folder of root below the user\'s' => [
            fn (string $place) => chown("$place/WHMCS root", self::WEB_USER),
            '%/WHMCS root/modules/servers is not writable for its owner (user 12345)',
        ];
        yield 'a module of root in a folder of the user' => [
            fn (string $place) => chown("$place/WHMCS root/modules/servers", self::WEB_USER),
            "%/WHMCS root/modules/servers/jetpack is not the user 12345's to replace: chown -hR 12345",
        ];
        yield 'a backup where another user may write' => [
            fn (string $place) => mkdir("$place/backup", 0700) && chown("$place/backup", self::WEB_USER),
            'others than root may write to %/backup: name another place with BACKUP_DIR=',
        ];
    }

    /** @dataProvider unsafe */
    public function test_where_root_cannot_write_safely_it_refuses_and_changes_nothing(callable $arrange, string $sentence): void
    {
        $this->onlyAsRoot();
        $this->writeOldModule();
        $arrange($this->place);
        $before = $this->files($this->place);

        [$code, $output] = $this->installer('install');

        self::assertSame(1, $code, $output);
        self::assertStringContainsString('Problem: ' . str_replace('%', $this->place, $sentence), $output);
        self::assertSame($before, $this->files($this->place));
    }

    protected function installer(string $action, array $arguments = [], array $environment = [], string $within = ''): array
    {
        $arguments += ['WHMCS_USER' => (string) self::WEB_USER, 'STATE_DIR' => "$this->place/state"];

        return parent::installer($action, $arguments, $environment, $within);
    }

    private function onlyAsRoot(): void
    {
        posix_geteuid() === 0 || self::markTestSkipped('Only root has the rights of others.');
    }

    private function ownedByTheWebUser(): void
    {
        $this->onlyAsRoot();
        foreach ([...self::entries("$this->place/WHMCS root"), "$this->place/WHMCS root"] as $entry) {
            chown($entry, self::WEB_USER);
            chgrp($entry, self::WEB_USER);
        }
    }

    /** @return resource a process of the web user that exchanges every new folder below modules for one with a link */
    private function attack()
    {
        $code = <<<'PHP'
            [, $servers, $victim] = $argv;
            posix_setgid(12345);
            posix_setuid(12345);
            echo 'up';
            for ($end = time() + 60; time() < $end;) {
                $known = "$servers/.jetpack.whmcs_provisioning-new";
                @mkdir($known) && @symlink($victim, "$known/jetpack.php");
                foreach (glob("$servers/.whmcs_provisioning.*") as $stage) {
                    @mkdir("$stage/new") && @symlink($victim, "$stage/new/jetpack.php");
                }
                // Thousands of times a second, and the installer runs as well.
                usleep(100);
            }
            PHP;
        $command = [PHP_BINARY, '-r', $code, "$this->place/WHMCS root/modules/servers", "$this->place/of root"];
        $attacker = proc_open($command, [1 => ['pipe', 'w']], $pipes);
        self::assertIsResource($attacker);
        self::assertSame('up', fread($pipes[1], 2));

        return $attacker;
    }

    /** @return list<int> */
    private static function owners(string $folder): array
    {
        return array_values(array_unique(array_map('fileowner', [...self::entries($folder), $folder])));
    }
}
