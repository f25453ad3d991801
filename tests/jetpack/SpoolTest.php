<?php

declare(strict_types=1);

// An issued license that can be neither stored nor revoked waits on disk, and the next call stores it.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class SpoolTest extends JetpackTestCase
{
    private const KEY = 'jetpack-complete_KEY1';

    protected function setUp(): void
    {
        parent::setUp();
        $this->sandbox->reset(['keys' => [self::KEY]]);
        $this->clear();
    }

    protected function tearDown(): void
    {
        Capsule::connection()->unprepared('DROP TRIGGER IF EXISTS refuse_licenses');
        $this->clear();
    }

    public function test_the_key_goes_once_and_whole_into_a_private_file_and_the_module_log(): void
    {
        $answer = $this->neitherStoredNorRevoked();

        $files = $this->files();
        $this->assertCount(1, $files);
        $this->assertSame(0600, fileperms($files[0]) & 0777);
        $this->assertSame(0700, fileperms(dirname($files[0])) & 0777);
        $this->assertSame(self::KEY, json_decode(file_get_contents($files[0]), true)['license_key']);
        $this->assertSentence($answer, $files[0], 'KEY1');
        $this->assertStringNotContainsString(self::KEY, $answer);
        $log = array_filter(Host::moduleLog(), fn (object $row): bool => str_contains(json_encode($row), self::KEY));
        $this->assertSame(['keep license'], array_column($log, 'action'));
    }

    /** @dataProvider calls */
    public function test_the_next_call_of_any_kind_stores_it(string $call): void
    {
        $this->neitherStoredNorRevoked();
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $requests = count($this->sandbox->requestLines());

        $this->module->$call(Host::service(100));

        $this->assertSame([self::KEY], array_column($this->rows(), 'license_key'));
        $this->assertSame([], $this->files());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertCount($requests, $this->sandbox->requestLines());
        $this->assertStringContainsString('is stored now', implode("\n", Host::activityLog()));
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array{string}> */
    public static function calls(): array
    {
        return ['Create again' => ['create'], 'the page of the service' => ['adminTab'], 'the page of the customer' => ['clientArea']];
    }

    /** Nobody may ever touch the service again. */
    public function test_the_daily_run_stores_it_as_well(): void
    {
        $this->neitherStoredNorRevoked();
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');

        $answer = $this->module->call('Reconcile', []);

        $this->assertStringContainsString('1 licenses (1 asked about at Jetpack): 0 found', $answer);
        $this->assertSame([[], ['issue done']], [$this->files(), $this->journal()]);
        $this->assertEveryLicenseIsKnown();
    }

    /** Version 0.1.0 kept it there where no directory was named. */
    public function test_one_that_waits_in_the_former_directory_is_stored_as_well(): void
    {
        $this->neitherStoredNorRevoked();
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $former = sys_get_temp_dir() . '/whmcs_provisioning-' . posix_geteuid();
        is_dir($former) || mkdir($former, 0700);
        rename($this->files()[0], "$former/license-100-1");

        $this->module->adminTab(Host::service(100));

        $this->assertSame([self::KEY], array_column($this->rows(), 'license_key'));
        $this->assertSame([], glob("$former/license-*"));
        @rmdir($former);
    }

    public function test_while_it_cannot_be_stored_it_waits(): void
    {
        $this->neitherStoredNorRevoked();

        $this->module->adminTab(Host::service(100));

        $this->assertCount(1, $this->files());
        $this->assertSame([], $this->rows());
    }

    public function test_one_that_was_stored_in_the_meantime_is_not_stored_twice(): void
    {
        $this->neitherStoredNorRevoked();
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $copy = file_get_contents($this->files()[0]);
        $this->module->adminTab(Host::service(100));
        file_put_contents($this->directory() . '/license-100-1', $copy);

        $this->module->adminTab(Host::service(100));

        $this->assertCount(1, $this->rows());
        $this->assertSame([], $this->files());
    }

    public function test_that_of_another_whmcs_is_left_alone_and_what_cannot_be_read_is_told_once(): void
    {
        $this->neitherStoredNorRevoked();
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $file = $this->files()[0];
        file_put_contents($file, str_replace('"installation":"', '"installation":"other', file_get_contents($file)));
        file_put_contents($this->directory() . '/license-junk', '{"license_key":');

        $this->module->adminTab(Host::service(100));
        $this->module->adminTab(Host::service(100));

        $this->assertSame([$file], $this->files());
        $this->assertSame([], $this->rows());
        $told = array_filter(Host::activityLog(), fn (string $line): bool => str_contains($line, 'unreadable-license-junk'));
        $this->assertCount(1, $told);
    }

    /** A file of an earlier version names no installation, but user and database. */
    public function test_one_that_an_earlier_version_left_is_stored_by_the_database_it_names(): void
    {
        $this->neitherStoredNorRevoked();
        Capsule::connection()->unprepared('DROP TRIGGER refuse_licenses');
        $file = $this->files()[0];
        $left = json_decode(file_get_contents($file), true);
        unset($left['installation']);
        file_put_contents($file, json_encode(['database' => 'other@whmcs'] + $left));
        $this->module->adminTab(Host::service(100));
        $this->assertSame([$file], $this->files());

        file_put_contents($file, json_encode($left));
        $this->module->adminTab(Host::service(100));

        $this->assertSame([], $this->files());
        $this->assertSame([self::KEY], array_column($this->rows(), 'license_key'));
    }

    public function test_where_no_private_file_can_be_written_the_answer_holds_the_key(): void
    {
        is_dir($this->directory()) || mkdir($this->directory());
        chmod($this->directory(), 0777);

        $answer = $this->neitherStoredNorRevoked();

        $this->assertSentence($answer, self::KEY, 'Keep this key', 'cannot be used: its mode is 0777, and 0700 is needed');

        chmod($this->directory(), 0700);
        $this->assertSame([], $this->files());
    }

    /** Who may write there for a moment could leave a pipe that no command ever comes back from. */
    public function test_what_is_no_file_of_ours_is_put_aside_unread(): void
    {
        $this->neitherStoredNorRevoked();
        posix_mkfifo($this->directory() . '/license-pipe', 0600);
        symlink('/dev/zero', $this->directory() . '/license-link');
        file_put_contents($this->directory() . '/license-long', str_repeat(' ', 20_000));

        $this->module->adminTab(Host::service(100));

        $this->assertCount(1, $this->files());
        $told = implode("\n", Host::activityLog());
        foreach (['pipe', 'link', 'long'] as $name) {
            $this->assertStringContainsString("unreadable-license-$name should hold a license and cannot be read", $told);
        }
    }

    public function test_on_a_full_disk_no_half_a_file_stays_and_the_answer_holds_the_key(): void
    {
        $this->service();
        $this->refuseRows();
        $this->faultOn('DELETE', '/license', ['fault' => 'drop']);
        $full = ['bash', '-c', 'trap "" XFSZ; exec prlimit --fsize=0 "$@"', 'full'];

        $answer = $this->answerOf($this->apart('$module->create($service)', [], $full));

        $this->assertSentence($answer, self::KEY, 'Keep this key');
        $this->assertSame([], array_diff(scandir($this->directory()), ['.', '..', 'mark']));
    }

    private function neitherStoredNorRevoked(): string
    {
        Host::switchModuleLog(true);
        $service = $this->service();
        $this->refuseRows();
        $this->faultOn('DELETE', '/license', ['fault' => 'drop']);

        $answer = $this->module->create($service);

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());

        return $answer;
    }

    private function directory(): string
    {
        return getenv('TEST_DIR') . '/state';
    }

    /** @return list<string> */
    private function files(): array
    {
        return glob($this->directory() . '/license-*');
    }

    private function clear(): void
    {
        array_map('unlink', glob($this->directory() . '/*license-*'));
    }
}
