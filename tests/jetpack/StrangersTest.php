<?php

declare(strict_types=1);

// Who asks is checked where the module answers: WHMCS once took addonId from anybody (CVE-2026-29204).

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;

final class StrangersTest extends JetpackTestCase
{
    private const REFUSAL = 'Log in as the client whose service this is: it is shown and changed for nobody else.';

    /** As an unguarded WHMCS mixes them: the addon of client 10 beside a service of client 11. @return array<string, mixed> */
    private function mixed(): array
    {
        return $this->module->paramsFor(Host::serviceAddon(300), ['serviceid' => 101, 'accountid' => 101, 'userid' => 11]);
    }

    protected function setUp(): void
    {
        parent::setUp();
        Host::addClient(['id' => 11]);
        $this->module->create($this->service());
        $this->module->create($this->addon());
        $this->service(['id' => 101, 'userid' => 11, 'orderid' => 501]);
    }

    public function test_another_client_sees_no_license_and_nothing_is_asked(): void
    {
        $before = $this->sandbox->requestLines();
        $_SESSION = ['uid' => 11];
        foreach ([$this->mixed(), $this->module->paramsFor(Host::service(100))] as $params) {
            $vars = $this->module->call('ClientArea', $params)['vars'];
            $this->assertSame(
                ['jetpackState' => 'unavailable', 'jetpackMessage' => self::REFUSAL, 'jetpackLicenses' => [], 'jetpackSite' => null,
                    'license_key' => 'No License Key Found', 'domain' => null],
                array_diff_key($vars, ['text' => 1, 'jetpackAddPage' => 1, 'assetVersion' => 1])
            );
            foreach (['CheckLicense', 'AttachToSite', 'AttachLicense', 'AttachToMySite', 'DetachFromSite', 'Reconcile'] as $function) {
                $this->assertStringContainsString(self::REFUSAL, $this->module->call($function, $params), $function);
            }
            $this->assertSame([], $this->module->call('AdminServicesTabFields', $params));
            $this->assertSame([], $this->module->call('AdminCustomButtonArray', $params));
        }
        $this->assertSame($before, $this->sandbox->requestLines());
        $this->assertStringContainsString(self::REFUSAL, $this->module->clientArea(Host::serviceAddon(300)));

        $_SESSION = ['uid' => 10];
        $this->assertSame('active', $this->module->call('ClientArea', $this->mixed())['vars']['jetpackState']);
    }

    public function test_a_key_is_taken_from_staff_only(): void
    {
        $_SESSION = ['uid' => 10];
        $before = $this->sandbox->requestLines();
        $this->module->saveAdminTab(Host::service(100), ['jetpack_found_license_key' => 'jetpack-complete_KEY']);
        $this->assertSame($before, $this->sandbox->requestLines());
        $this->assertStringNotContainsString('license key', implode("\n", Host::activityLog()));
    }

    public function test_staff_only_say_that_no_license_was_issued_and_whose_a_site_is(): void
    {
        $before = $this->sandbox->requestLines();
        $_SESSION = ['uid' => 10];
        foreach (['IssueAgain', 'ConnectSite'] as $function) {
            $answer = $this->module->call($function, $this->module->paramsFor(Host::service(100)));
            $this->assertStringEndsWith('Log in to the admin area of WHMCS: this is for staff only.', $answer);
        }
        $this->assertSame($before, $this->sandbox->requestLines());
    }

    public function test_what_whmcs_provisions_runs_in_any_session(): void
    {
        $_SESSION = ['uid' => 11];
        $service = $this->service(['id' => 102, 'orderid' => 502]);
        foreach (['create', 'suspend', 'unsuspend', 'changePackage', 'renew', 'terminate'] as $command) {
            $this->assertSame('success', $this->module->$command($service), $command);
        }
    }

    /** WHMCS before 8.0 has no CurrentUser. */
    public function test_without_current_user_the_session_says_who_is_logged_in(): void
    {
        $code = <<<'PHP'
            $states = [];
            $params = $module->paramsFor(Tests\Host\Host::serviceAddon(300));
            foreach ([['uid' => '11'], ['uid' => '10'], ['adminid' => 3], [], ['uid' => ['10']]] as $_SESSION) {
                $states[] = $module->call('ClientArea', $params)['vars']['jetpackState'];
            }
            return [class_exists('WHMCS\Authentication\CurrentUser'), $states];
            PHP;
        $told = $this->inChild($code, [], ['TEST_WHMCS_WITHOUT_CURRENT_USER' => '1']);

        $this->assertSame([false, ['unavailable', 'active', 'active', 'unavailable', 'unavailable']], $told);
    }
}
