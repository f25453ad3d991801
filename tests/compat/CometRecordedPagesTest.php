<?php

declare(strict_types=1);

// Every recorded case of a page of the PHP module cometbackup, asked for here as a browser does.

namespace Tests\Compat;

use Tests\Cometbackup\FastCgi;
use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Host\Request;
use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use Tests\Support\PhpFpm;
use WHMCS\Service\Service;

final class CometRecordedPagesTest extends CometTestCase
{
    /** Where we answer otherwise on purpose; each is asserted below, and told in docs/compatibility.md. */
    private const DEVIATIONS = [
        'clientarea-full' => [self::ADOPTED, self::PROFILE, self::PLATFORMS, self::HOURS],
        'clientarea-new-user' => [self::ADOPTED, self::PROFILE, self::PLATFORMS],
        'clientarea-no-get' => [self::ADOPTED, self::PROFILE, self::PLATFORMS],
        'download-linux' => [self::ACTIVE_ONLY, self::FILE_NAME],
        'download-macosx86' => [self::ACTIVE_ONLY, self::FILE_NAME],
        'download-windowsx86_32zip' => [self::ACTIVE_ONLY, self::FILE_NAME],
        'download-windowsx86_64zip' => [self::ACTIVE_ONLY, self::FILE_NAME],
        'download-windowsanycpuzip' => [self::ACTIVE_ONLY, self::FILE_NAME],
        'sso-403' => [self::OWN_PAGE, self::SELF_ADDRESS],
    ];
    private const ADOPTED = ['a pending service has no account yet' => 'the page says that it is being prepared; Active has the recorded page'];
    private const PROFILE = ['a theme or a hook may print every variable' => 'userProfile has the fields of a list, none of which is a secret'];
    private const PLATFORMS = ['servers differ in the installers that they have' => 'once an hour a page asks for the list, after the recorded requests'];
    private const HOURS = ['hours of a 12-hour clock without am or pm' => 'StartTime has 24 hours; EndTime stays Unix seconds'];
    private const ACTIVE_ONLY = ['a service that is not paid for has no software' => 'a sentence on the page; Active has the recorded file'];
    private const FILE_NAME = ['the server knows the name of its brand' => 'its name for the file, made harmless; without one, the recorded name'];
    private const OWN_PAGE = [
        'a session key in an address is read by others' => 'the click leads to our page, which asks for the session and says what is wrong',
    ];
    private const SELF_ADDRESS = ["the vendor's own libraries always send the address they call" => 'SelfAddress is in the request for the session'];

    /** Side by side: any can be first. */
    private const FIRST_PAGE = [self::READ, 'get-jobs-for-custom-search', 'branding/available-platforms'];

    private static ?PhpFpm $fpm = null;

    public static function tearDownAfterClass(): void
    {
        self::$fpm = null;
    }

    protected function tearDown(): void
    {
        $_SESSION = $_GET = [];
    }

    /** @return array<string, array{CometRecordedCase}> */
    public static function productPages(): array
    {
        return array_map(static fn (CometRecordedCase $case): array => [$case], CometRecordedCase::pages('clientarea'));
    }

    /** @return array<string, array{CometRecordedCase}> */
    public static function downloads(): array
    {
        return array_map(static fn (CometRecordedCase $case): array => [$case], CometRecordedCase::pages('download'));
    }

    /** @return array<string, array{CometRecordedCase}> */
    public static function signOns(): array
    {
        return array_map(static fn (CometRecordedCase $case): array => [$case], CometRecordedCase::pages('sso'));
    }

    /** @dataProvider productPages */
    public function test_a_hosts_own_template_finds_the_recorded_variables(CometRecordedCase $case): void
    {
        $call = $case->calls()[0];
        $service = $this->given($case, 'Active');

        $this->variables($service, $call);
        $this->assertEqualsCanonicalizing(self::FIRST_PAGE, $this->comet->endpoints());
        $shown = $this->variables($service, $call);

        $this->assertRequests($call['requests'], [], count($call['requests']) + 1);
        $recorded = CometRecordedCase::today($call['template variables']);
        $this->assertJobs($recorded['getJobsForUser'], $shown['getJobsForUser'], $case);
        $this->assertProfile($recorded['userProfile'], $shown['userProfile']);
        unset($recorded['getJobsForUser'], $shown['getJobsForUser'], $recorded['userProfile'], $shown['userProfile']);
        $this->assertSame($recorded, $shown);
    }

    /** @dataProvider productPages */
    public function test_our_template_shows_the_recorded_account(CometRecordedCase $case): void
    {
        $call = $case->calls()[0];
        $service = $this->given($case, 'Active');

        $html = self::page($this->module, $service, $call['query'] ?? null);

        $this->assertEqualsCanonicalizing(self::FIRST_PAGE, $this->comet->endpoints());
        $shown = ['<dd class="notranslate" translate="no">adaservice</dd>'];
        foreach ($call['template variables']['getJobsForUser'] as $job) {
            array_push($shown, $job['Status'], $job['SourceDescription'], $job['TotalSize'], $job['UploadSize']);
        }
        foreach ($shown as $text) {
            $this->assertStringContainsString($text, $html);
        }
        $this->assertStringNotContainsString('&lt;secret&gt;', $html);
    }

    /** @dataProvider productPages */
    public function test_the_page_of_a_pending_service_asks_the_server_nothing(CometRecordedCase $case): void
    {
        $service = $this->given($case, 'Pending');

        $html = self::page($this->module, $service, $case->calls()[0]['query'] ?? null);

        $this->assertStringContainsString('is being prepared', $html);
        $this->assertSame([], $this->comet->endpoints());
    }

    public function test_jobs_of_an_earlier_account_of_the_same_name_are_not_shown(): void
    {
        $case = CometRecordedCase::pages('clientarea')['clientarea-full'];
        $service = $this->given($case, 'Active');
        $oldest = min(array_column($this->variables($service, $case->calls()[0])['getJobsForUser'], 'EndTime'));

        $this->comet->changeAccount('adaservice', ['merge' => ['CreateTime' => $oldest]]);

        $this->assertCount(2, $this->variables($service, $case->calls()[0])['getJobsForUser']);
    }

    /** @dataProvider downloads */
    public function test_a_download_has_the_recorded_name_and_length(CometRecordedCase $case): void
    {
        $call = $case->calls()[0];
        $recorded = $call['returns']['download'];
        $this->given($case, 'Active');

        $answer = $this->ask($call['query']);

        $this->assertRequests($call['requests']);
        $this->assertSame([$recorded['status'], $recorded['bytes']], [$answer->status, $answer->bytes]);
        // The space behind the semicolon is ours; no browser tells the two apart.
        $this->assertSame($recorded['content-disposition'], str_replace('; ', ';', $answer->headers['content-disposition']));
    }

    /** @dataProvider downloads */
    public function test_the_servers_own_file_name_is_passed_on(CometRecordedCase $case): void
    {
        $this->given($case, 'Active', ['download_disposition' => 'attachment; filename="Brand.bin"']);

        $this->assertSame('attachment; filename="Brand.bin"', $this->ask($case->calls()[0]['query'])->headers['content-disposition']);
    }

    /** @dataProvider downloads */
    public function test_a_pending_service_has_no_download(CometRecordedCase $case): void
    {
        $this->given($case, 'Pending');

        $answer = $this->ask($case->calls()[0]['query']);

        $this->assertArrayNotHasKey('content-disposition', $answer->headers);
        $this->assertStringContainsString('active services only', $answer->start);
        $this->assertSame([], $this->comet->endpoints());
    }

    /** @dataProvider signOns */
    public function test_a_sign_on_that_the_server_refuses_is_told_on_our_page(CometRecordedCase $case): void
    {
        $call = $case->calls()[0];
        $case->prepareSandbox($this->comet);
        $given = $case->params($call, $this->comet);
        Host::addServer($this->server($case->server(), ['password' => $given['serverpassword']]));
        $_SESSION = ['adminid' => 3];

        $click = $this->module->call('AdminSingleSignOn', $given + $this->module->serverParams($case->server()));

        $this->assertTrue($click['success']);
        $this->assertSame([], $this->comet->endpoints());
        parse_str((string) parse_url($click['redirectTo'], PHP_URL_QUERY), $_GET);
        $page = cometbackup_SignOnPage();
        $this->assertRequests($call['requests'], ['SelfAddress' => $this->comet->address() . '/']);
        $this->assertSame([403, false], [$page['status'], $call['returns']['success']]);
        $this->assertStringContainsString('Check user name and password', $page['html']);
        $this->assertStringNotContainsString('sessionkey', $click['redirectTo'] . $page['html']);
    }

    public function test_every_recorded_case_is_run_and_every_deviation_is_one_of_a_page(): void
    {
        $pages = [...self::productPages(), ...self::downloads(), ...self::signOns()];
        $this->assertSame(array_keys($pages), array_keys(self::DEVIATIONS));
        $this->assertEqualsCanonicalizing(
            array_keys(CometRecordedCase::all()),
            [...array_keys(CometRecordedCase::functions()), ...array_keys($pages)]
        );
        $this->assertCount(49, CometRecordedCase::all());
    }

    /** @param array<string, mixed> $settings of the sandbox */
    private function given(CometRecordedCase $case, string $status, array $settings = []): Service
    {
        $case->prepareSandbox($this->comet, $settings);
        $case->prepareRows($status);

        return Host::service(200);
    }

    /** The module's part of the client's page. @param ?array<string, string> $query none where the case has none */
    private static function page(Module $module, Service $service, ?array $query): string
    {
        return $query === null
            ? Request::run([], [], static fn (): string => $module->clientAreaOutput($service))
            : $module->clientArea($service, $query);
    }

    /** What a template of the host's own finds. @param array<string, mixed> $call @return array<string, mixed> */
    private function variables(Service $service, array $call): array
    {
        $root = getenv('TEST_DIR') . '/theme' . bin2hex(random_bytes(4));
        mkdir("$root/servers/cometbackup", 0700, true);
        $names = array_map(static fn (string $name): string => "'$name' => \$$name", array_keys($call['template variables']));
        file_put_contents("$root/servers/cometbackup/clientarea.tpl", '{json_encode([' . implode(', ', $names) . '])}');
        $page = self::page(new Module('servers', 'cometbackup', $root), $service, $call['query'] ?? null);

        return json_decode($page, true, 16, JSON_THROW_ON_ERROR);
    }

    /** The same page in PHP-FPM, which a file replaces. @param array<string, string> $query */
    private function ask(array $query): FastCgi
    {
        self::$fpm ??= PhpFpm::start();
        $tests = var_export(dirname(__DIR__), true);
        $script = "<?php require $tests . '/bootstrap.php'; Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());"
            . "\$module = new Tests\Host\Module('servers', 'cometbackup', $tests . '/../modules');"
            . 'ob_start(); echo $module->clientArea(Tests\Host\Host::service(200), $_GET);';

        return FastCgi::request(self::$fpm, $script, http_build_query($query));
    }

    /**
     * @param list<array<string, mixed>> $recorded
     * @param array<string, string> $further fields that come on top
     * @param int $before requests that are not looked at
     */
    private function assertRequests(array $recorded, array $further = [], int $before = 0): void
    {
        $ours = array_slice($this->comet->requests(), $before);
        $this->assertCount(count($recorded), $ours);
        // Ours are side by side, so either can be first.
        $order = array_flip(array_column($recorded, 'path'));
        usort($ours, static fn (array $one, array $other): int => ($order[$one['path']] ?? 0) <=> ($order[$other['path']] ?? 0));
        foreach ($recorded as $number => $request) {
            $form = $ours[$number]['form'];
            if (isset($form['Query'])) {
                $since = &$form['Query']['ClauseChildren'][1]['RuleValue'];
                // The moment of the recording.
                $this->assertEqualsWithDelta(time() - 14 * 86400, (int) $since, 60);
                $since = $request['form']['Query']['ClauseChildren'][1]['RuleValue'];
                unset($since);
            }
            $this->assertSame([$request['method'], $request['path']], [$ours[$number]['method'], $ours[$number]['path']]);
            $expected = CometRecordedCase::here($request['form'], $this->comet) + $further;
            // The transcript holds no password, but whether it was right.
            $expected['Password'] = $expected['Password'] === CometSandbox::PASSWORD ? 'correct' : 'wrong';
            $this->assertEquals($expected, $form);
        }
    }

    /** @param list<array<string, mixed>> $recorded @param list<array<string, mixed>> $ours */
    private function assertJobs(array $recorded, array $ours, CometRecordedCase $case): void
    {
        $begun = array_column($case->jobsGiven(), 'StartTime', 'EndTime');
        foreach ($recorded as &$job) {
            $job['StartTime'] = gmdate('Y-m-d H:i:s', $begun[$job['EndTime']]);
        }
        $this->assertEquals($recorded, $ours);
    }

    /** @param array<string, mixed> $recorded @param array<string, mixed> $ours */
    private function assertProfile(array $recorded, array $ours): void
    {
        unset($recorded['Profile']['...']);
        $recorded['ProfileHash'] = $this->comet->account('adaservice')['hash'];
        $this->assertEquals($recorded, self::like($recorded, $ours));
        $secrets = array_intersect_key($this->comet->profile('adaservice'), array_flip(['PasswordHash', 'PasswordRecovery']));
        $this->assertCount(2, array_filter($secrets));
        foreach ([...$secrets, '<secret>'] as $secret) {
            $this->assertStringNotContainsString($secret, json_encode($ours, JSON_UNESCAPED_SLASHES));
        }
    }

    /** The part of ours that was recorded. */
    private static function like(mixed $recorded, mixed $ours): mixed
    {
        if (!is_array($recorded) || !is_array($ours) || $recorded === []) {
            return $ours;
        }
        $part = array_intersect_key($ours, $recorded);

        return array_combine(array_keys($part), array_map(
            static fn (int|string $key): mixed => self::like($recorded[$key], $part[$key]),
            array_keys($part)
        ));
    }
}
