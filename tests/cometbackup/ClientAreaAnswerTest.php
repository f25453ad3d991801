<?php

declare(strict_types=1);

// What the customer's page says first: whether the backups are all right; and what it leads to, for the visitor's own system.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Host\Template;
use Tests\Support\CometTestCase;
use WHMCS\Service\Service;

final class ClientAreaAnswerTest extends CometTestCase
{
    private const HOSTILE = '"><script>alert(1)</script>';

    protected function tearDown(): void
    {
        unset($_SERVER['HTTP_USER_AGENT']);
    }

    public function test_backups_of_the_last_day_are_good(): void
    {
        $variables = $this->variables($this->backedUp(3 * 3600, 5000));

        $this->assertSame('good', $variables['headline']['sign']);
        $this->assertSame('Shared was backed up within the last day.', $variables['headline']['sentence']);
        $this->assertSame('good', $variables['headline']['meaning']);
    }

    public function test_an_old_backup_is_named_with_its_reason_and_what_to_do(): void
    {
        $variables = $this->variables($this->backedUp(4 * 86400 + 3600, 5000));

        $this->assertSame('failure', $variables['headline']['sign']);
        $this->assertStringContainsString('has not been backed up for 4 days: the device NW-FILES01 has not been seen', $variables['headline']['sentence']);
        $this->assertStringContainsString('Switch NW-FILES01 on', $variables['headline']['advice']);
    }

    public function test_an_account_without_devices_and_a_suspended_one_say_so(): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $this->assertStringContainsString('no device is connected', $this->variables($service)['headline']['sentence']);

        $this->module->suspend($service);
        $this->assertSame('paused', $this->variables($service)['headline']['sign']);
    }

    /** What was known earlier is not said to be so now. */
    public function test_while_the_server_is_away_the_state_is_not_known(): void
    {
        $service = $this->backedUp(3 * 3600, 5000);
        $this->variables($service);
        $this->pagesAge(180);
        $this->comet->faultOnAll(['fault' => 'status', 'status' => 502, 'body' => '', 'times' => 0]);

        $variables = $this->variables($service);

        $this->assertSame('unknown', $variables['headline']['sign']);
        $this->assertSame('As it was 3 hours ago: Shared was backed up within the last day.', $variables['headline']['sentence']);
        $this->assertNotSame('', $variables['knownAt']);
        $this->assertNull($variables['removal']);
    }

    public function test_the_calendar_has_a_row_for_each_item_and_names_are_text_in_it(): void
    {
        $service = $this->backedUp(3 * 3600, 7002, self::HOSTILE);

        $html = $this->module->clientArea($service);

        $this->assertStringNotContainsString('<script>alert', $html);
        $this->assertSame(14, substr_count($html, '<g class="provisioning-day '));
        $this->assertSame(1, substr_count($html, 'provisioning-day-failure'));
        $this->assertStringContainsString('aria-label="&quot;&gt;&lt;script&gt;', $html);
    }

    /** @return iterable<string, array{string, string}> */
    public static function browsers(): iterable
    {
        yield 'Windows' => ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'Windows'];
        yield 'Linux' => ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0)', 'Linux'];
        yield 'a telephone' => ['Mozilla/5.0 (Linux; Android 15)', ''];
        yield 'hostile' => [self::HOSTILE, ''];
        yield 'none' => ['', ''];
    }

    /** @dataProvider browsers */
    public function test_the_downloads_for_the_visitors_system_come_first_and_none_is_lost(string $agent, string $system): void
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $all = array_column($this->variables($service)['downloads'], 'type');
        $_SERVER['HTTP_USER_AGENT'] = $agent;

        $variables = $this->variables($service);

        $this->assertSame($system, $variables['ownSystem']);
        $this->assertEqualsCanonicalizing($all, array_column($variables['downloads'], 'type'));
        if ($system !== '') {
            $this->assertSame($system, $variables['downloads'][0]['group']);
        }
        $html = $this->module->clientArea($service);
        foreach ($all as $type) {
            $this->assertSame(1, substr_count($html, "type=$type\""), $type);
        }
        $this->assertStringNotContainsString('<script>alert', $html);
    }

    public function test_the_template_renders_without_any_variable(): void
    {
        $html = Template::render(dirname(__DIR__, 2) . '/modules/servers/cometbackup', 'clientarea', []);

        $this->assertStringContainsString('provisioning-page', $html);
    }

    /** Whose item was last backed up so many seconds ago, and whose last job ended now like this. */
    private function backedUp(int $age, int $status, string $name = 'Shared'): Service
    {
        $service = $this->created(['domainstatus' => 'Active']);
        $job = static fn (int $age, int $status): array => ['Classification' => 4001, 'Status' => $status,
            'StartTime' => time() - $age - 60, 'EndTime' => time() - $age, 'Username' => self::NAME, 'SourceGUID' => 's1', 'DeviceID' => 'd1'];
        $this->comet->changeAccount(self::NAME, ['CreateTime' => time() - 90 * 86400, 'merge' => [
            'Devices' => ['d1' => ['FriendlyName' => 'NW-FILES01']],
            'Sources' => ['s1' => ['Description' => $name, 'OwnerDevice' => 'd1', 'CreateTime' => time() - 60 * 86400, 'Statistics' => [
                'LastBackupJob' => $job($status === 5000 ? $age : 0, $status), 'LastSuccessfulBackupJob' => $job($age, 5000),
            ]]],
        ]]);
        $jobs = $status === 5000 ? [] : [$job(0, $status)];
        $this->comet->faultOn('get-jobs-for-custom-search', ['fault' => 'json', 'act' => false, 'body' => $jobs, 'times' => 1]);

        return $service;
    }

    /** @return array<string, mixed> */
    private function variables(Service $service): array
    {
        $service = Host::service((int) $service->id);

        return $this->module->call('ClientArea', $this->module->paramsFor($service))['vars'];
    }
}
