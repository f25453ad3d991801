<?php

declare(strict_types=1);

// A machine in a folder: the PHPs of a panel, their pools, crontabs and a WHMCS; and the release as an archive unpacks it.

namespace Tests\Support;

abstract class EmulatedMachine extends InstallTestCase
{
    /** Of nobody on any machine. */
    protected const USER = 954321;
    protected const BUILDS = ['8.1' => 'API20210902,NTS', '8.2' => 'API20220829,NTS', '8.3' => 'API20230831,NTS'];
    protected const SAPIS = [
        'cli' => 'Command Line Interface', 'cgi' => 'CGI/FastCGI', 'fpm' => 'FPM/FastCGI', 'lsphp' => 'LiteSpeed V8.1',
    ];
    /** Where the panels have their PHPs. MINOR stands for 8.2, DIGITS for 82. */
    protected const LAYOUTS = [
        'cPanel' => [
            'binaries' => ['cli' => 'bin/php', 'cgi' => 'bin/php-cgi', 'lsphp' => 'bin/lsphp', 'fpm' => 'sbin/php-fpm'],
            'base' => '/opt/cpanel/ea-phpDIGITS/root/usr',
            'modules' => '/opt/cpanel/ea-phpDIGITS/root/usr/lib64/php/modules',
            'ini' => '/opt/cpanel/ea-phpDIGITS/root/etc/php.d',
            'pool' => '/opt/cpanel/ea-phpDIGITS/root/etc/php-fpm.d/shop.conf',
            'cron' => '/usr/local/bin/ea-phpDIGITS',
        ],
        'CloudLinux' => [
            'binaries' => ['cli' => 'bin/php', 'cgi' => 'bin/php-cgi', 'lsphp' => 'bin/lsphp', 'fpm' => 'sbin/php-fpm'],
            'base' => '/opt/alt/phpDIGITS/usr',
            'modules' => '/opt/alt/phpDIGITS/usr/lib64/php/modules',
            'ini' => '/opt/alt/phpDIGITS/etc/php.d',
            'pool' => '/opt/alt/phpDIGITS/etc/php-fpm.d/shop.conf',
            'cron' => '/opt/alt/phpDIGITS/usr/bin/php',
        ],
        'Plesk' => [
            'binaries' => ['cli' => 'bin/php', 'cgi' => 'bin/php-cgi', 'fpm' => 'sbin/php-fpm'],
            'base' => '/opt/plesk/php/MINOR',
            'modules' => '/opt/plesk/php/MINOR/lib64/php/modules',
            'ini' => '/opt/plesk/php/MINOR/etc/php.d',
            'pool' => '/opt/plesk/php/MINOR/etc/php-fpm.d/shop.example.conf',
            'cron' => '/opt/plesk/php/MINOR/bin/php',
        ],
        'DirectAdmin' => [
            'binaries' => ['cli' => 'bin/phpDIGITS', 'fpm' => 'sbin/php-fpmDIGITS', 'lsphp' => 'bin/lsphp'],
            'base' => '/usr/local/phpDIGITS',
            'modules' => '/usr/local/phpDIGITS/lib/php/extensions/no-debug-non-zts',
            'ini' => '/usr/local/phpDIGITS/lib/php.conf.d',
            'pool' => '/usr/local/directadmin/data/users/shop/php/php-fpmDIGITS.conf',
            'cron' => '/usr/local/phpDIGITS/bin/phpDIGITS',
        ],
        'Remi' => [
            'binaries' => ['cli' => 'bin/php', 'cgi' => 'bin/php-cgi', 'fpm' => 'sbin/php-fpm'],
            'base' => '/opt/remi/phpDIGITS/root/usr',
            'modules' => '/opt/remi/phpDIGITS/root/usr/lib64/php/modules',
            'ini' => '/etc/opt/remi/phpDIGITS/php.d',
            'pool' => '/etc/opt/remi/phpDIGITS/php-fpm.d/www.conf',
            'cron' => '/usr/bin/phpDIGITS',
        ],
        'Debian' => [
            'binaries' => ['cli' => 'bin/phpMINOR', 'cgi' => 'bin/php-cgiMINOR', 'fpm' => 'sbin/php-fpmMINOR'],
            'base' => '/usr',
            'modules' => '/usr/lib/php/DIGITS',
            'ini' => '/etc/php/MINOR/SAPI/conf.d',
            'pool' => '/etc/php/MINOR/fpm/pool.d/shop.conf',
            'cron' => 'phpMINOR',
        ],
        'Enhance' => [
            'binaries' => ['cli' => 'bin/php', 'fpm' => 'sbin/php-fpm', 'lsphp' => 'bin/lsphp'],
            'base' => '/opt/ecp-phpDIGITS',
            'modules' => '/opt/ecp-phpDIGITS/lib/extensions',
            'ini' => '/opt/ecp-phpDIGITS/etc/php.d',
            'pool' => '/opt/ecp-phpDIGITS/etc/php-fpm.d/shop.conf',
            'cron' => '/opt/ecp-phpDIGITS/bin/php',
        ],
        'LiteSpeed' => [
            'binaries' => ['cli' => 'bin/php', 'lsphp' => 'bin/lsphp'],
            'base' => '/usr/local/lsws/lsphpDIGITS',
            'modules' => '/usr/local/lsws/lsphpDIGITS/lib64/php/modules',
            'ini' => '/usr/local/lsws/lsphpDIGITS/etc/php.d',
            'pool' => '',
            'cron' => '/usr/local/lsws/lsphpDIGITS/bin/php',
        ],
    ];
    protected const SITE = '/home/shop/public_html/whmcs';

    protected string $machine;
    protected int $user;

    protected function setUp(): void
    {
        $this->place = (string) realpath(sys_get_temp_dir()) . '/install test ' . bin2hex(random_bytes(4));
        $this->machine = "$this->place/machine";
        // Root acts for another user; who is not root is that user.
        $this->user = posix_geteuid() === 0 ? self::USER : posix_geteuid();
        $this->writePackage();
        $this->site(self::SITE);
        mkdir("$this->machine/run", 0755, true);
        mkdir("$this->machine/var/lib", 0755, true);
        mkdir("$this->machine/usr/local/lib", 0755, true);
        $this->writePhpenmod();
    }

    /** Debian's scripts, as far as they are used: links from mods-available to each SAPI's folder. */
    private function writePhpenmod(): void
    {
        $etc = escapeshellarg("$this->machine/etc/php");
        $scripts = [
            'phpquery' => 'if [ "$1" = -S ]; then cd ' . $etc . '/$3 && ls -d */ | grep -v mods | tr -d /; '
                . 'else [ -e ' . $etc . '/$3/$5/conf.d/30-$7.ini ]; fi',
            'phpenmod' => 'ln -sf ' . $etc . '/$2/mods-available/$5.ini ' . $etc . '/$2/$4/conf.d/30-$5.ini',
            'phpdismod' => 'rm -f ' . $etc . '/$3/$5/conf.d/30-$6.ini',
        ];
        foreach ($scripts as $name => $script) {
            $this->write("machine/usr/sbin/$name", "#!/bin/sh\n$script\n");
            chmod("$this->machine/usr/sbin/$name", 0755);
        }
    }

    /** The release as it is unpacked: what it holds is text here. */
    protected function writePackage(): void
    {
        foreach (self::OUR_MODULE as $file => $text) {
            $this->write("package/modules/servers/jetpack/$file", $text);
        }
        $this->write('package/modules/servers/cometbackup/cometbackup.php', "<?php\n// metadata only\n");
        foreach (self::BUILDS as $build) {
            $this->write("package/lib/$build/" . php_uname('m') . '/whmcs_provisioning.so', "$build\n");
        }
        $this->write('package/VERSION', "0.1.0\n");
        copy(self::REPOSITORY . '/install.sh', "$this->place/package/install.sh");
        chmod("$this->place/package/install.sh", 0755);
        $this->sign();
    }

    protected function sign(): void
    {
        $sums = '';
        foreach ($this->files("$this->place/package") as $file => $text) {
            $sums .= $file === 'SHA256SUMS' ? '' : hash('sha256', $text) . "  $file\n";
        }
        $this->write('package/SHA256SUMS', $sums);
    }

    protected function site(string $path, ?int $user = null): void
    {
        $files = ['init.php', 'configuration.php', 'modules/servers/cpanel/cpanel.php', 'crons/cron.php'];
        foreach ($files as $file) {
            $this->write("machine$path/$file", "<?php\n");
        }
        $this->give("$this->machine$path", $user ?? $this->user);
    }

    protected function give(string $folder, int $user): void
    {
        if (posix_geteuid() === 0) {
            foreach ([...self::entries($folder), $folder] as $entry) {
                lchown($entry, $user);
                lchgrp($entry, $user);
            }
        }
    }

    protected static function ofMinor(string $text, string $minor): string
    {
        return str_replace(['MINOR', 'DIGITS'], [$minor, str_replace('.', '', $minor)], $text);
    }

    /**
     * The binaries of one PHP of a panel.
     *
     * @param list<string> $sapis
     */
    protected function php(string $layout, string $minor, string $more = '', array $sapis = ['cli', 'cgi', 'fpm', 'lsphp']): void
    {
        $places = self::LAYOUTS[$layout];
        foreach (array_intersect_key($places['binaries'], array_flip($sapis)) as $sapi => $file) {
            $ini = $this->ini($layout, $minor, $sapi);
            $this->emulate(self::ofMinor("{$places['base']}/$file", $minor), $minor, [
                'sapi' => self::SAPIS[$sapi],
                'extension_dir' => $this->machine . self::ofMinor($places['modules'], $minor),
                'scan_dir' => $ini,
            ], $more);
            is_dir($ini) || mkdir($ini, 0755, true);
        }
        if ($layout === 'Debian') {
            @mkdir("$this->machine/etc/php/$minor/mods-available");
        }
        $modules = $this->machine . self::ofMinor($places['modules'], $minor);
        is_dir($modules) || mkdir($modules, 0755, true);
        $link = $this->machine . self::ofMinor($places['cron'], $minor);
        if (str_starts_with($places['cron'], '/') && !file_exists($link)) {
            is_dir(dirname($link)) || mkdir(dirname($link), 0755, true);
            symlink($this->binary($layout, $minor, 'cli'), $link);
        }
    }

    /** @param array<string, string> $facts */
    protected function emulate(string $file, string $minor, array $facts, string $more = ''): void
    {
        $facts += ['version' => "$minor.30", 'build' => self::BUILDS[$minor] ?? 'API20190902,NTS'];
        $script = "#!/bin/sh\n$more\n";
        foreach ($facts as $name => $value) {
            $script .= "$name='$value'\n";
        }
        $this->write("machine$file", $script . '. ' . escapeshellarg(__DIR__ . '/emulated-php') . "\n");
        chmod($this->machine . $file, 0755);
    }

    protected function binary(string $layout, string $minor, string $sapi): string
    {
        $places = self::LAYOUTS[$layout];

        return $this->machine . self::ofMinor("{$places['base']}/{$places['binaries'][$sapi]}", $minor);
    }

    protected function ini(string $layout, string $minor, string $sapi = 'cli'): string
    {
        return $this->machine . str_replace('SAPI', $sapi, self::ofMinor(self::LAYOUTS[$layout]['ini'], $minor));
    }

    protected function installed(string $layout, string $minor): string
    {
        return $this->machine . self::ofMinor(self::LAYOUTS[$layout]['modules'], $minor) . '/whmcs_provisioning.so';
    }

    /** The pages of the user run with this PHP, by its pool or, where there are none, by a process. */
    protected function pages(string $layout, string $minor): void
    {
        $pool = self::ofMinor(self::LAYOUTS[$layout]['pool'], $minor);
        if ($pool === '') {
            $this->process(4711, $this->binary($layout, $minor, 'lsphp'));
        } else {
            if (!file_exists($this->binary($layout, $minor, 'fpm'))) {
                $this->php($layout, $minor, '', ['fpm']);
            }
            $this->write("machine$pool", "[shop]\nuser = $this->user\nlisten = /run/shop.sock\n");
        }
    }

    protected function process(int $number, string $binary): void
    {
        mkdir("$this->machine/proc/$number", 0755, true);
        symlink($binary, "$this->machine/proc/$number/exe");
        $this->give("$this->machine/proc/$number", $this->user);
    }

    protected function cron(string $layout, string $minor): void
    {
        $php = self::ofMinor(self::LAYOUTS[$layout]['cron'], $minor);
        $this->crontab("*/5 * * * * $php -q $this->machine" . self::SITE . "/crons/cron.php\n");
    }

    protected function crontab(string $text): void
    {
        $this->write("machine/var/spool/cron/$this->user", $text);
    }

    /**
     * @param array<string, string> $arguments
     * @param array<string, string> $environment
     * @return array{int, string}
     */
    protected function installer(string $action, array $arguments = [], array $environment = [], string $within = ''): array
    {
        $arguments += ['WHMCS_ROOT' => $this->machine . self::SITE, 'MACHINE_ROOT' => $this->machine];
        $arguments += posix_geteuid() === 0 ? [] : ['STATE_DIR' => "$this->place/state"];

        $command = ["$this->place/package/install.sh", $action, ...self::named($arguments)];
        if ($within !== '') {
            $command = ['bash', '-c', $within, 'bash', ...$command];
        }

        return $this->execute($command, $environment);
    }

    /**
     * @param array<string, string> $arguments
     * @return list<string>
     */
    protected static function named(array $arguments): array
    {
        return array_map(
            static fn (string $name, string $value): string => str_starts_with($name, '--') ? $name : "$name=$value",
            array_keys($arguments),
            $arguments
        );
    }

    /**
     * @param list<string> $command
     * @param array<string, string> $environment
     * @return array{int, string}
     */
    protected function execute(array $command, array $environment = []): array
    {
        $environment += ['PATH' => (string) getenv('PATH')];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes, $this->place, $environment);
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);

        return [proc_close($process), $output];
    }

    /** @return array<string, string> of every file and link of the machine, but for what is of one run only */
    protected function state(): array
    {
        $state = [];
        foreach (self::entries($this->machine) as $entry) {
            $name = substr($entry, strlen($this->machine));
            if (!str_starts_with($name, '/run') && !str_starts_with($name, '/var/backups')) {
                $state[$name] = match (true) {
                    is_link($entry) => (string) readlink($entry),
                    is_dir($entry) => 'folder ' . fileowner($entry),
                    default => fileowner($entry) . ' ' . file_get_contents($entry),
                };
            }
        }

        return $this->sorted($state);
    }
}
