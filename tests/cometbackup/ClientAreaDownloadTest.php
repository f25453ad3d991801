<?php

declare(strict_types=1);

// Installers through cometbackup_ClientArea: bytes as they arrive, constant memory, nothing else.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometSandbox;
use Tests\Support\PhpFpm;

/** @group slow */
final class ClientAreaDownloadTest extends DownloadTestCase
{
    /** @return array<string, array{string, string, string}> */
    public static function recorded(): array
    {
        return [
            'Linux' => ['Linux', 'linuxgeneric', 'ClientInstaller.run'],
            'MacOSX86' => ['MacOSX86', 'macos-x86_64', 'ClientInstaller.pkg'],
            'WindowsX86_32Zip' => ['WindowsX86_32Zip', 'windows-x86_32-zip', 'ClientInstaller(32-bit).zip'],
            'WindowsX86_64Zip' => ['WindowsX86_64Zip', 'windows-x86_64-zip', 'ClientInstaller(64-bit).zip'],
            'WindowsAnyCPUZip' => ['WindowsAnyCPUZip', 'windows-anycpu-zip', 'ClientInstaller(AnyCPU).zip'],
        ];
    }

    /** @dataProvider recorded */
    public function test_each_name_of_the_php_module_sends_its_installer_with_one_request(string $name, string $endpoint, string $file): void
    {
        $this->installers(['download_bytes' => 5000, 'download_disposition' => '']);

        $answer = $this->page("downloadResponse$name");

        $this->assertSame([self::BUILD . $endpoint], $this->comet->endpoints());
        $form = $this->comet->formsOf(self::BUILD . $endpoint)[0];
        $this->assertSame($this->comet->address(), $form['SelfAddress']);
        $this->assertSame(200, $answer->status);
        $this->assertSame("attachment; filename=\"$file\"", $answer->headers['content-disposition']);
        $this->assertSame('5000', $answer->headers['content-length']);
        $this->assertSame('nosniff', $answer->headers['x-content-type-options']);
        $this->assertSame('private, no-store', $answer->headers['cache-control']);
        $this->assertStringStartsWith('application/octet-stream', $answer->headers['content-type']);
        $this->assertSame([5000, hash('sha256', $this->direct($endpoint)), 0], [$answer->bytes, $answer->hash, $answer->exit]);
    }

    /** @return array<string, array{string, string}> */
    public static function newer(): array
    {
        return [
            'macOS on ARM' => ['MacOSArm64', 'macos-arm64'],
            'Debian' => ['LinuxDeb', 'linux-deb'],
            'Synology 6' => ['SynologyDsm6', 'spk-dsm6'],
            'Synology 7' => ['SynologyDsm7', 'spk-dsm7'],
        ];
    }

    /** @dataProvider newer */
    public function test_newer_platforms_have_installers_and_old_servers_a_sentence(string $name, string $endpoint): void
    {
        $this->assertSame(3_000_000, $this->page("downloadResponse$name")->bytes);
        $this->assertSame([self::BUILD . $endpoint], $this->comet->endpoints());

        $this->installers(['version' => self::OLD]);
        $this->assertPage($this->page("downloadResponse$name"), 'This could not be completed just now.');
    }

    public function test_200_megabytes_raise_the_resident_memory_of_the_worker_by_less_than_4_megabytes(): void
    {
        $this->installers(['download_bytes' => 1_000_000]);
        foreach (range(1, 6) as $_) {
            $this->page('downloadResponseLinux');
        }
        $workers = self::fpm()->workers();
        $memory = static function (string $field) use ($workers): array {
            $read = static fn (int $pid): int => (int) preg_replace("/.*^$field:\s+(\d+) kB.*/ms", '$1', file_get_contents("/proc/$pid/status"));
            return array_map($read, $workers);
        };
        array_map(static fn (int $pid) => file_put_contents("/proc/$pid/clear_refs", '5'), $workers);
        $before = $memory('VmRSS');
        $this->installers(['download_bytes' => 200_000_000]);
        $during = 0;

        $answer = $this->page('downloadResponseLinux', null, '', static function (FastCgi $so_far) use ($memory, $before, &$during): void {
            if ($so_far->bytes % 50 === 0) {
                $during = max($during, ...array_map(static fn (int $now, int $then): int => $now - $then, $memory('VmRSS'), $before));
            }
        });

        $this->assertSame([200_000_000, '200000000'], [$answer->bytes, $answer->headers['content-length']]);
        $more = array_map(static fn (int $now, int $then): int => $now - $then, $memory('VmHWM'), $before);
        fwrite(STDERR, "\n200 MB through FPM: VmRSS before " . implode(' and ', $before) . ' kB, peak (VmHWM) above it '
            . implode(' and ', $more) . " kB, seen meanwhile $during kB\n");
        $this->assertLessThan(4096, max($more));
        $this->assertSame($workers, self::fpm()->workers());
    }

    public function test_bytes_arrive_while_the_server_still_sends(): void
    {
        $this->installers(['download_bytes' => 1_200_000, 'download_speed' => 400_000]);
        $begun = microtime(true);
        $first = null;

        $answer = $this->page('downloadResponseLinux', null, '', static function () use (&$first): void {
            $first ??= microtime(true);
        });

        $this->assertSame(1_200_000, $answer->bytes);
        $this->assertLessThan((microtime(true) - $begun) / 2, $first - $begun);
    }

    public function test_the_total_time_is_not_limited_but_the_first_answer_may_take_long(): void
    {
        // The usual limit for a whole exchange is 3 seconds here.
        $this->installers(['download_bytes' => 500_000, 'download_speed' => 120_000]);
        $this->assertSame(500_000, $this->page('downloadResponseLinux')->bytes);

        $this->installers(['download_bytes' => 5000]);
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'delay', 'ms' => 3500]);
        $this->assertSame(5000, $this->page('downloadResponseLinux')->bytes);
    }

    public function test_a_customer_who_goes_away_leaves_no_socket_open(): void
    {
        $this->installers(['download_bytes' => 50_000_000]);
        foreach (range(1, 4) as $_) {
            $this->page('downloadResponseLinux', 1_000_000);
        }
        $sockets = static fn (): array => array_map(
            static fn (int $worker): int => count(preg_grep('/^socket/', PhpFpm::openFiles($worker))),
            self::fpm()->workers()
        );
        $this->settled($sockets);
        [$workers, $before] = [self::fpm()->workers(), $sockets()];

        foreach (range(1, 6) as $_) {
            $this->page('downloadResponseLinux', 1_000_000);
            $this->page('downloadResponseLinux', 1_000_000, 'ignore_user_abort(true);');
        }

        $this->settled($sockets);
        // Twelve went away; one connection to Comet may be kept.
        $more = array_map(static fn (int $now, int $then): int => $now - $then, $sockets(), $before);
        $this->assertLessThanOrEqual(1, max($more));
        $this->assertSame($workers, self::fpm()->workers());
    }

    private function settled(callable $count): void
    {
        for ($same = 0, $last = null; $same < 20; usleep(20_000)) {
            $now = $count();
            $same = $now === $last ? $same + 1 : 0;
            $last = $now;
        }
    }

    /** @return array<string, array{string, string}> */
    public static function names(): array
    {
        return [
            'a brand' => ['attachment; filename="Ada Backup 25.9.zip"', 'attachment; filename="Ada Backup 25.9.zip"'],
            'a path' => ['attachment; filename="../../x/setup.run"', 'attachment; filename="setup.run"'],
            'accents' => ['attachment; filename*=UTF-8\'\'M%C3%BCller.zip', 'attachment; filename="M_ller.zip"; filename*=UTF-8\'\'M%C3%BCller%2Ezip'],
            'nothing left' => ['attachment; filename="/"', 'attachment; filename="ClientInstaller.run"'],
        ];
    }

    /** @dataProvider names */
    public function test_the_file_has_the_servers_name_made_harmless(string $told, string $passedOn): void
    {
        $this->installers(['download_disposition' => $told, 'download_bytes' => 10]);

        $this->assertSame($passedOn, $this->page('downloadResponseLinux')->headers['content-disposition']);
    }

    /** @return array<string, array{string}> */
    public static function notNames(): array
    {
        return array_map(static fn (string $type): array => [$type], ['downloadResponse', 'downloadResponseWindows',
            'xdownloadResponseLinux', 'downloadResponseLinux ', 'DOWNLOADRESPONSELINUX', 'Linux', '', 'downloadResponse../x']);
    }

    /** @dataProvider notNames */
    public function test_any_other_type_is_the_ordinary_page(string $type): void
    {
        $this->assertPage($this->page($type));
        $this->assertSame([], preg_grep('/generate-client/', $this->comet->endpoints()));
    }

    /** @return array<string, array{string}> */
    public static function notActive(): array
    {
        return ['pending' => ['Pending'], 'suspended' => ['Suspended'], 'terminated' => ['Terminated'], 'fraud' => ['Fraud']];
    }

    /** @dataProvider notActive */
    public function test_only_an_active_service_has_installers(string $status): void
    {
        \WHMCS\Database\Capsule::table('tblhosting')->update(['domainstatus' => $status]);

        $this->assertPage($this->page('downloadResponseLinux'), 'active services only');
        $this->assertSame([], preg_grep('/generate-client/', $this->comet->endpoints()));
    }

    public function test_what_other_code_prepared_does_not_spoil_the_file(): void
    {
        $answer = $this->page('downloadResponseLinux', null, 'ini_set("zlib.output_compression", "1"); header("Content-Encoding: gzip");'
            . 'header("Content-Type: text/html"); http_response_code(404); session_start();');

        $this->assertSame([200, 3_000_000], [$answer->status, $answer->bytes]);
        $this->assertArrayNotHasKey('content-encoding', $answer->headers);
        $this->assertSame(hash('sha256', $this->direct('linuxgeneric')), $answer->hash);
    }

    public function test_a_page_that_has_sent_output_stays_a_page(): void
    {
        $answer = $this->page('downloadResponseLinux', null, 'while (ob_get_level()) { ob_end_flush(); } flush(); ob_start(); ob_start();');

        $this->assertStringStartsWith('<html>more' . self::PAGE, $answer->start);
        $this->assertStringContainsString('cannot be sent', implode("\n", Host::activityLog()));
    }

    public function test_a_download_is_in_no_journal_and_its_log_has_no_secret(): void
    {
        Host::switchModuleLog(true);

        $this->page('downloadResponseLinux');

        $log = json_encode(Host::moduleLog());
        $this->assertStringContainsString('generate-client', $log);
        $this->assertStringNotContainsString(substr(json_encode(CometSandbox::PASSWORD), 1, -1), $log);
        $schema = \WHMCS\Database\Capsule::schema();
        $this->assertSame(0, $schema->hasTable(self::JOURNAL) ? \WHMCS\Database\Capsule::table(self::JOURNAL)->count() : 0);
    }
}
