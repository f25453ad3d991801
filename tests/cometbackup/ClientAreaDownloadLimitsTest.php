<?php

declare(strict_types=1);

// What an installer may cost: no worker where the server gives it to everybody, else a worker for a limited time.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\PhpFpm;
use WHMCS\Database\Capsule;

/** @group slow */
final class ClientAreaDownloadLimitsTest extends DownloadTestCase
{
    private const DOWNLOADS = 'mod_cometbackup_downloads';
    private const LINUX = 'downloadResponseLinux';
    private const WHOLE = 3_000_000;

    public function test_a_client_has_two_downloads_at_a_time(): void
    {
        $this->assertSame(self::WHOLE, $this->page(self::LINUX)->bytes);
        $this->assertSame([], $this->underWay(), 'one that has ended counts no more');
        $asked = count($this->comet->endpoints());
        $this->runs(slot: 1, until: '+1 hour');
        $this->assertSame(self::WHOLE, $this->page(self::LINUX)->bytes);
        $this->runs(slot: 2, until: '+1 hour');

        $this->assertPage($this->page(self::LINUX), 'Two downloads of yours are under way. Wait until one of them has ended, and try again.');

        $builds = array_filter(array_slice($this->comet->endpoints(), $asked), fn (string $endpoint): bool => str_starts_with($endpoint, self::BUILD));
        $this->assertCount(1, $builds);
    }

    /** @return array<string, array{string}> */
    public static function past(): array
    {
        return ['its time is over' => ['-1 second'], 'the clock was set back by a year' => ['+1 year']];
    }

    /** @dataProvider past */
    public function test_one_that_died_does_not_count_for_ever(string $until): void
    {
        $this->page(self::LINUX);
        $this->runs(slot: 1, until: $until);
        $this->runs(slot: 2, until: $until);

        $this->assertSame(self::WHOLE, $this->page(self::LINUX)->bytes);
    }

    public function test_a_server_that_drips_ends_the_download_short_of_its_length(): void
    {
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'slow_body', 'ms_per_byte' => 1]);
        $fpm = self::limited();

        $answer = $this->page(self::LINUX, fpm: $fpm);

        $this->assertSame((string) self::WHOLE, $answer->headers['content-length']);
        $this->assertLessThan(self::WHOLE, $answer->bytes);
        // The worker writes it when the visitor has all that he gets.
        $this->waitFor(fn () => str_contains($fpm->log(), 'slower than 100000 bytes a second (whmcs_provisioning.download_lowest_speed)'));
        $this->waitFor(fn () => $this->underWay() === []);
        $this->assertSame(self::WHOLE, $this->page(self::LINUX, fpm: $fpm)->bytes);
    }

    public function test_a_visitor_who_takes_nothing_gives_the_worker_back(): void
    {
        $fpm = self::limited();
        $before = $fpm->workers();
        $gone = false;

        $answer = $this->page(self::LINUX, fpm: $fpm, meanwhile: function () use ($fpm, $before, &$gone): void {
            for ($tries = 0; !$gone && $tries < 200; $tries++) {
                usleep(100_000);
                $gone = array_diff($before, $fpm->workers()) !== [];
            }
        });

        $this->assertTrue($gone);
        $this->assertLessThan(self::WHOLE, $answer->bytes);
        $this->assertSame(self::WHOLE, $this->page(self::LINUX, fpm: $fpm)->bytes);
    }

    public function test_while_the_server_builds_a_visitor_who_leaves_gives_the_worker_back(): void
    {
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'hang', 'ms' => 60_000]);
        $fpm = PhpFpm::start(true, ['whmcs_provisioning.request_timeout' => '3'], ['pm.max_children' => '1']);
        FastCgi::abandon($fpm, self::script(), self::query(self::LINUX), 300_000);

        $this->assertSame(self::WHOLE, $this->page(self::LINUX, fpm: $fpm)->bytes, 'the one worker is free again');

        $this->assertStringContainsString('the visitor went away before an answer came', implode("\n", Host::activityLog()));
        $this->assertCount(2, array_keys($this->comet->endpoints(), self::BUILD . 'linuxgeneric'), 'each visitor asked once');
    }

    public function test_a_file_whose_connection_is_dropped_is_not_asked_for_again(): void
    {
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'drop']);

        $this->assertPage($this->page(self::LINUX));

        $this->assertCount(1, array_keys($this->comet->endpoints(), self::BUILD . 'linuxgeneric'));
    }

    public function test_where_the_server_gives_installers_to_everybody_no_worker_passes_them_on(): void
    {
        $this->installers(['branding' => ['AllowUnauthenticatedDownloads' => true]]);
        Capsule::table('tblservers')->update(['secure' => 'on', 'port' => $this->comet->httpsPort()]);
        $fpm = PhpFpm::start(true, ['whmcs_provisioning.ca_file' => $this->comet->caFile()]);
        $address = 'https://127.0.0.1:' . $this->comet->httpsPort() . '/dl/';

        $old = $this->page(self::LINUX, fpm: $fpm);
        $links = json_decode($fpm->run('$_SESSION["uid"] = 10; $module = new Tests\Host\Module("servers", "cometbackup", '
            . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . '$answer = $module->call("ClientArea", $module->params()->forModel(Tests\Host\Host::service(200)));'
            . 'echo json_encode(array_column($answer["vars"]["downloads"], "url"));')['output'], true);

        $this->assertSame([302, $address . '7', 0], [$old->status, $old->headers['location'], $old->bytes]);
        $this->assertContains($address . '7', $links);
        $this->assertSame([], array_filter($links, fn (string $link): bool => !str_starts_with($link, $address)));
        $this->assertSame([], preg_grep('~^' . self::BUILD . '~', $this->comet->endpoints()));
    }

    public function test_functions_that_a_host_has_disabled_stop_no_download(): void
    {
        $fpm = PhpFpm::start(true, ['disable_functions' => 'connection_aborted,headers_sent,ignore_user_abort,flush']);

        $this->assertSame(self::WHOLE, $this->page(self::LINUX, fpm: $fpm)->bytes);
    }

    /** The speed is measured over a second here. */
    private static function limited(): PhpFpm
    {
        return PhpFpm::start(true, ['whmcs_provisioning.request_timeout' => '3',
            'whmcs_provisioning.download_lowest_speed' => '100000', 'whmcs_provisioning.download_longest_time' => '10']);
    }

    /** @return list<object> */
    private function underWay(): array
    {
        return Capsule::table(self::DOWNLOADS)->get()->all();
    }

    private function runs(int $slot, string $until): void
    {
        Capsule::table(self::DOWNLOADS)->insert(['client_id' => 10, 'slot' => $slot, 'holder' => str_repeat((string) $slot, 32),
            'expires_at' => gmdate('Y-m-d H:i:s', strtotime($until))]);
    }
}
