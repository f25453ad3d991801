<?php

declare(strict_types=1);

// A copy of WHMCS changes nothing at Comet, and its daily jobs stop.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class InstallationTest extends CometTestCase
{
    private const INSTALLATION = 'mod_whmcs_provisioning_installation';

    protected function tearDown(): void
    {
        $first = Capsule::table(self::INSTALLATION)->min('number');
        Capsule::table(self::INSTALLATION)->where('number', '<>', $first)->delete();
        Capsule::table(self::INSTALLATION)->update(['system_url' => 'whmcs.example', 'state' => 'own']);
    }

    /** @return iterable<string, array{string}> */
    public static function commands(): iterable
    {
        foreach (['CreateAccount', 'SuspendAccount', 'UnsuspendAccount', 'TerminateAccount', 'ChangePackage', 'ChangePassword'] as $command) {
            yield $command => [$command];
        }
    }

    /** @dataProvider commands */
    public function test_a_copy_changes_nothing(string $command): void
    {
        $this->created();
        $this->copied();
        $before = count($this->comet->requests());

        $answer = $this->fresh("\$module->custom(\$service, '$command')");

        $this->assertSentence($answer, 'Moved, or a copy?', 'Nothing is changed at Jetpack or Comet');
        $this->assertCount($before, $this->comet->requests());
    }

    public function test_the_daily_jobs_of_a_copy_stop_and_say_so_once(): void
    {
        $this->created();
        Host::service(200)->forceFill(['domainstatus' => 'Active'])->save();
        $this->copied();
        $before = count($this->comet->requests());

        foreach (['call("Reconcile", [])', 'call("UsageUpdate", $module->params()->forServer(1))', 'call("Reconcile", [])'] as $job) {
            $this->fresh("\$module->$job");
        }

        $this->assertCount($before, $this->comet->requests());
        $asked = array_filter(Host::activityLog(), fn (string $line): bool => str_contains($line, 'Moved, or a copy?'));
        $this->assertCount(1, $asked);
    }

    public function test_staff_are_asked_on_the_service_page_and_answer_there(): void
    {
        $this->created();
        $this->copied();

        $this->assertStringContainsString('Moved, or a copy?', $this->fresh('$module->adminTab($service)["Installation"]'));
        $this->assertStringContainsString('InstallationMoved', $this->fresh('$module->adminButtons($service)'));
        $this->assertSame('success', $this->fresh('$module->custom($service, "InstallationMoved")'));
        $this->assertSame('success', $this->fresh('$module->custom($service, "SuspendAccount")'));
    }

    private function copied(): void
    {
        Capsule::table(self::INSTALLATION)->update(['system_url' => 'old.example']);
    }

    /** In a process that has not looked yet which installation this is. */
    private function fresh(string $expression): string
    {
        return $this->answerOf($this->apart($expression));
    }
}
