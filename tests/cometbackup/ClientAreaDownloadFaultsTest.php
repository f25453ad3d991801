<?php

declare(strict_types=1);

// Installers that do not come: an error is never a file, and a file that breaks off never looks whole.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;

/** @group slow */
final class ClientAreaDownloadFaultsTest extends DownloadTestCase
{
    /** @return array<string, array{array<string, mixed>}> */
    public static function errors(): array
    {
        return [
            'JSON with HTTP 200' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised']]],
            'JSON without a Status' => [['fault' => 'json', 'body' => ['a' => 'b']]],
            'JSON called a file' => [[
                'fault' => 'status', 'status' => 200, 'body' => ' {"Status":500,"Message":"no"}',
                'content_type' => 'application/octet-stream',
            ]],
            'HTML' => [['fault' => 'html']],
            'HTML called a file' => [['fault' => 'status', 'status' => 200, 'body' => '<html>', 'content_type' => 'application/octet-stream']],
            'HTTP 500' => [['fault' => 'status', 'status' => 500, 'body' => 'PK', 'content_type' => 'application/octet-stream']],
            'nothing' => [['fault' => 'status', 'status' => 200, 'body' => '', 'content_type' => 'application/octet-stream']],
            'a redirect' => [['fault' => 'redirect', 'location' => 'http://evil.example/']],
            'no answer' => [['fault' => 'drop', 'times' => 2]],
            'breaks off before the first byte' => [['fault' => 'truncate', 'at' => 0]],
        ];
    }

    /**
     * @dataProvider errors
     * @param array<string, mixed> $fault
     */
    public function test_an_error_is_a_page_and_never_an_attachment(array $fault): void
    {
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', $fault);

        $answer = $this->page('downloadResponseLinux');

        $this->assertPage($answer, 'This could not be completed just now.');
        $this->assertStringContainsString('get the installer Linux', implode("\n", Host::activityLog()));
        $this->assertSame(self::BUILD . 'linuxgeneric', $this->comet->endpoints()[0]);
    }

    public function test_a_server_without_the_build_role_is_told_to_staff(): void
    {
        $this->installers(['roles_off' => ['SoftwareBuildRole']]);

        $this->assertPage($this->page('downloadResponseLinux'), 'This could not be completed just now.');
        $this->assertStringContainsString('get the installer', implode("\n", Host::activityLog()));
    }

    public function test_a_file_that_breaks_off_ends_short_of_its_length(): void
    {
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'truncate', 'at' => 200_000]);
        $workers = self::fpm()->workers();

        $answer = $this->page('downloadResponseLinux');

        $this->assertSame('3000000', $answer->headers['content-length']);
        $this->assertSame(200_000, $answer->bytes);
        $this->assertSame($workers, self::fpm()->workers());
    }

    public function test_a_file_without_length_that_breaks_off_breaks_the_response_off(): void
    {
        $this->installers(['download_chunked' => true]);
        $whole = $this->page('downloadResponseLinux');
        $this->assertSame([3_000_000, 0], [$whole->bytes, $whole->exit]);
        $this->assertArrayNotHasKey('content-length', $whole->headers);

        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'truncate', 'at' => 200_000]);
        $answer = $this->page('downloadResponseLinux');

        $this->assertGreaterThan(0, $answer->bytes);
        $this->assertLessThan(3_000_000, $answer->bytes);
        $this->assertNull($answer->exit, 'the web server never hears of an end of this request');
        $this->assertSame(3_000_000, $this->page('downloadResponseLinux')->bytes);
    }

    public function test_on_the_command_line_a_file_that_breaks_off_ends_with_a_code(): void
    {
        $this->comet->faultOn(self::BUILD . 'linuxgeneric', ['fault' => 'truncate', 'at' => 200_000]);
        $run = fn (): array => ChildProcess::start('$_GET = ["type" => "downloadResponseLinux"];'
            . '$module = new Tests\Host\Module("servers", "cometbackup", ' . var_export(dirname(__DIR__, 2) . '/modules', true) . ');'
            . '$module->call("ClientArea", $module->params()->forModel(Tests\Host\Host::service(200))); echo "not ended";')->wait();

        $broken = $run();
        $whole = $run();

        $this->assertSame([200_000, 255], [strlen($broken['output']), $broken['exit']]);
        $this->assertStringContainsString('ended after 200000 bytes', $broken['errors']);
        $this->assertSame([hash('sha256', $this->direct('linuxgeneric')), '', 0], [hash('sha256', $whole['output']), $whole['errors'], $whole['exit']]);
    }
}
