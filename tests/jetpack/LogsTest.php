<?php

declare(strict_types=1);

// What the module log and the activity log hold: every call, no secret.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class LogsTest extends JetpackTestCase
{
    private const KEY = 'jetpack-complete_k/y+1SECRET';

    protected function setUp(): void
    {
        parent::setUp();
        $this->sandbox->reset(['keys' => [self::KEY]]);
        Host::switchModuleLog(true);
    }

    /** The PHP module wrote nothing down. */
    public function test_every_remote_call_is_in_the_module_log_with_its_request_id(): void
    {
        $service = $this->service();
        $this->module->create($service);
        $this->module->renew($service);
        $this->module->custom($service, 'AttachToSite');
        $this->module->custom($service, 'DetachFromSite');
        $this->module->terminate($service);
        $this->module->configOptions(1);

        $log = Host::moduleLog();

        $this->assertSame(['issue', 'check', 'attach', 'detach', 'revoke', 'products'], array_column($log, 'action'));
        $this->assertSame(['jetpack'], array_values(array_unique(array_column($log, 'module'))));
        foreach ($this->sandbox->requests() as $at => $request) {
            $this->assertStringContainsString($request['request_id'], $log[$at]->response);
            $this->assertStringContainsString('HTTP 200', $log[$at]->response);
            $this->assertStringStartsWith($request['method'] . ' ', $log[$at]->request);
        }
        $this->assertStringContainsString('jetpack-complete', $log[0]->request);
        $this->assertNoSecretInTheLogs();
    }

    /** Also where the answer is strange. */
    public function test_no_secret_is_logged_whatever_the_answer(): void
    {
        $service = $this->service();
        $this->module->create($service);
        $echo = ['code' => 'no', 'message' => 'Never.', 'license_key' => self::KEY, 'data' => [['license_key' => self::KEY]]];
        $this->sandbox->fault(
            ['fault' => 'wrong_types'],
            ['fault' => 'truncate'],
            ['fault' => 'html'],
            ['fault' => 'json', 'status' => 403, 'body' => $echo],
            ['fault' => 'json', 'status' => 503, 'body' => [$echo]],
            ['fault' => 'status', 'status' => 403, 'body' => 'no JSON: ' . self::KEY],
            ['fault' => 'status', 'status' => 502, 'body' => '<html>Bearer ' . base64_encode(JetpackSandbox::TOKEN . ' ' . self::KEY)],
            ['fault' => 'json', 'status' => 200, 'body' => ['license' => ['License_Key' => self::KEY]]],
            ['fault' => 'json', 'status' => 200, 'body' => ['license_id' => 7, 'key' => self::KEY]],
            ['fault' => 'status', 'status' => 403, 'body' => '{"license_key":"' . rawurlencode(self::KEY)]
        );
        foreach (range(1, 10) as $ignored) {
            $this->module->renew($service);
        }

        $this->assertCount(11, Host::moduleLog());
        $this->assertCount(11, $this->sandbox->requestLines());
        $this->assertNoSecretInTheLogs();
    }

    /** Where its answer is lost on a stale connection nobody could be asked what came of it. */
    public function test_a_license_is_issued_on_a_connection_of_its_own_and_the_rest_shares_one(): void
    {
        $service = $this->service(['qty' => 2]);
        $life = function () use ($service): int {
            $before = count($this->sandbox->requests());
            $this->module->create($service);
            $this->module->custom($service, 'CheckLicense');
            $this->module->terminate($service);

            $connections = array_column(array_slice($this->sandbox->requests(), $before), 'connection');
            $this->assertCount(6, $connections);
            $this->assertNotSame($connections[0], $connections[1]);

            return count(array_unique($connections));
        };

        // A machine that stands still for a second ends what may travel on a kept connection.
        $this->assertSame(2, min($life(), $life(), $life()));
    }

    /** After a pause the server may have closed it, unseen; a read may find that out and ask again, a change may not. */
    public function test_after_a_pause_a_change_gets_a_new_connection_and_a_read_does_not(): void
    {
        $service = $this->service();
        $this->module->create($service);
        usleep(1_100_000);
        $this->module->custom($service, 'CheckLicense');
        usleep(1_100_000);
        $this->module->terminate($service);

        $this->assertSame(['POST /license', 'GET /license', 'DELETE /license'], $this->sandbox->requestLines());
        [$issue, $check, $revocation] = array_column($this->sandbox->requests(), 'connection');
        $this->assertSame($issue, $check);
        $this->assertNotSame($check, $revocation);
    }

    /**
     * The sentence goes to the activity log, the module queue and the journal.
     *
     * @dataProvider echoed
     */
    public function test_a_secret_that_jetpack_repeats_is_not_passed_on(string $message): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => JetpackSandbox::SECOND_TOKEN]);
        $service = $this->service();
        $this->module->create($service);
        $this->faultOn('DELETE', '/license', ['fault' => 'json', 'status' => 403, 'act' => false, 'body' => ['code' => 'no', 'message' => $message]]);

        $answer = $this->module->terminate($service);

        $this->assertSentence($answer, 'HTTP 403');
        $logs = $this->dump(['tblproducts', self::TABLE, 'tblcustomfieldsvalues']);
        $this->assertStringContainsString('[secret]', $answer);
        $forms = [
            JetpackSandbox::SECOND_TOKEN, 'k/y+1SECRET', rawurlencode('k/y+1SECRET'), 'k\\/y+1SECRET', base64_encode('license ' . self::KEY),
            htmlspecialchars(JetpackSandbox::SECOND_TOKEN), strtolower(rawurlencode(JetpackSandbox::SECOND_TOKEN)),
            base64_encode('x:' . JetpackSandbox::SECOND_TOKEN),
        ];
        foreach ($forms as $secret) {
            $this->assertStringNotContainsString($secret, $answer);
            $this->assertStringNotContainsString($secret, $logs);
        }
        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
    }

    /** @return array<string, array<int, string>> */
    public static function echoed(): array
    {
        return [
            'the key' => ['The license ' . self::KEY . ' is not yours.'],
            'the URL' => ['No: DELETE /license?license_key=' . rawurlencode(self::KEY)],
            'the token' => ['The token ' . JetpackSandbox::SECOND_TOKEN . ' is disabled.'],
            'the token in HTML' => ['The token ' . htmlspecialchars(JetpackSandbox::SECOND_TOKEN) . ' is disabled.'],
            'the token in lower case' => [strtolower(rawurlencode(JetpackSandbox::SECOND_TOKEN))],
            'the header' => ['Authorization: Basic ' . base64_encode('x:' . JetpackSandbox::SECOND_TOKEN)],
            'the key in JSON' => [json_encode(self::KEY)],
            'the key in Base64' => [base64_encode('license ' . self::KEY)],
        ];
    }

    public function test_the_key_of_a_lost_issue_is_not_logged_either(): void
    {
        $service = $this->service();
        foreach (['wrong_types', 'truncate'] as $fault) {
            $this->sandbox->reset(['keys' => [self::KEY]]);
            $this->faultOn('POST', '/license', ['fault' => $fault]);
            $this->module->create($service);
            $this->module->custom($service, 'IssueAgain');
        }

        $this->assertNotEmpty(Host::moduleLog());
        $this->assertNoSecretInTheLogs();
    }

    public function test_a_call_without_answer_is_logged_with_the_reason(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);

        $this->module->create($service);

        $this->assertStringContainsString('the connection was closed', Host::moduleLog()[0]->response);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertNoSecretInTheLogs();
    }

    public function test_what_sends_nothing_logs_no_call(): void
    {
        $service = $this->service();
        $this->module->adminTab($service);
        $this->module->adminButtons($service);
        $this->module->clientArea($service);
        $this->module->suspend($service);
        $this->module->terminate($service);

        $this->assertSame([], Host::moduleLog());
        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_with_the_module_log_off_nothing_is_in_it(): void
    {
        Host::switchModuleLog(false);

        $this->module->create($this->service());

        $this->assertSame([], Host::moduleLog());
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    /** WHMCS writes a failed command to the activity log by itself: twice would be once too often. */
    public function test_a_failed_command_is_in_the_activity_log_once(): void
    {
        $this->faultOn('POST', '/license', ['fault' => 'rate_limit']);

        $answer = $this->module->create($this->service());

        $this->assertSame(["Module Create Failed - Service ID: 100 - Error: $answer"], Host::activityLog());
    }

    public function test_a_command_that_works_writes_no_line_of_its_own(): void
    {
        $this->module->create($this->service());

        $this->assertSame(['Module Create Successful - Service ID: 100'], Host::activityLog());
    }

    /** Tables and custom fields: only the license table and the custom field may hold the key. */
    public function test_the_token_is_written_nowhere_and_the_key_only_where_it_belongs(): void
    {
        $service = $this->service();
        $this->module->create($service);
        $this->module->renew($service);
        $this->module->terminate($service);

        $this->assertStringNotContainsString(self::KEY, $this->dump([self::TABLE, 'tblcustomfieldsvalues']));
        $this->assertStringNotContainsString(JetpackSandbox::TOKEN, $this->dump(['tblproducts']));
    }

    /** The PHP module's token stood in PHP's error log. Nothing is on the error log, in any function. */
    public function test_no_function_says_anything_on_the_error_log(): void
    {
        $this->service();
        $call = '[$module->create($service), $module->renew($service), $module->adminTab($service) !== [], '
            . '$module->clientArea($service) !== "", $module->suspend($service), $module->unsuspend($service), '
            . '$module->changePackage($service), $module->terminate($service), $module->configOptions(1) !== []]';

        $answers = json_decode($this->answerOf($this->apart($call, ['error_reporting' => '-1'])), true);

        $this->assertSame(['success', 'success', true, true, 'success', 'success', 'success', 'success', true], $answers);
        $this->assertSame(['POST', 'GET', 'DELETE', 'GET'], array_column($this->sandbox->requests(), 'method'));
    }

    private function assertNoSecretInTheLogs(): void
    {
        $logs = $this->dump(['tblproducts', self::TABLE, 'tblcustomfieldsvalues']);
        foreach ([JetpackSandbox::TOKEN, self::KEY] as $secret) {
            $forms = [
                $secret, rawurlencode($secret), urlencode($secret), htmlspecialchars($secret),
                trim(json_encode($secret), '"'), base64_encode($secret),
            ];
            foreach ($forms as $form) {
                $this->assertStringNotContainsString($form, $logs);
            }
        }
        // The random part alone is what a license is used by.
        $this->assertStringNotContainsString('k/y+1SECRET', $logs);
    }

    /** @param array<int, string> $without @return string all columns of all other tables */
    private function dump(array $without): string
    {
        $text = '';
        foreach (Capsule::connection()->select('SHOW TABLES') as $table) {
            $name = (string) current((array) $table);
            foreach (in_array($name, $without, true) ? [] : Capsule::table($name)->get() as $row) {
                $text .= implode("\n", (array) $row) . "\n";
            }
        }
        return $text;
    }
}
