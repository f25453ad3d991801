<?php

declare(strict_types=1);

// What is written down: enough to trace a failure, and no secret.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;

final class LogsTest extends CometTestCase
{
    private const NEXT = 'Brand&new="1ü';

    /** @dataProvider versions */
    public function test_no_log_and_no_table_holds_a_password_or_a_profile(string $version): void
    {
        $this->world(['version' => $version, 'new_profile' => ['TOTPKey' => 'totp-secret']]);
        Host::switchModuleLog(true);
        $service = $this->service();
        $this->settings([self::POLICY => 'WHMCS_plan', self::VAULT => self::TEMPLATE]);
        $this->choose(200, ['storage_vault_quota_gb' => 5]);
        foreach (['create', 'suspend', 'unsuspend', 'changePackage'] as $action) {
            $this->assertSame('success', $this->module->$action($service));
        }
        $this->assertSame('success', $this->module->changePassword($service, self::NEXT));
        $profile = $this->comet->profile(self::NAME);
        $this->assertSame('success', $this->module->terminate($service));
        $this->module->testConnection($this->server(1));
        $this->module->call('ConfigOptionsPolicyGroupLoader', $this->module->serverParams(1));

        $this->assertGreaterThan(10, count(Host::moduleLog()));
        $written = json_encode([
            Host::moduleLog(), Host::activityLog(), Host::moduleQueue(),
            Capsule::table(self::JOURNAL)->get(), Capsule::table(self::ACCOUNTS)->get(),
        ], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        $vault = current($profile['Destinations']);
        $secrets = [
            CometSandbox::PASSWORD, self::PASSWORD, self::NEXT, $profile['PasswordHash'], $profile['PasswordRecovery'], 'totp-secret',
            $vault['CometBucketKey'], $vault['CometBucket'],
        ];
        foreach ($secrets as $secret) {
            foreach ([$secret, rawurlencode($secret), urlencode($secret), htmlspecialchars($secret)] as $form) {
                $this->assertStringNotContainsString(trim(json_encode($form, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), '"'), $written);
            }
        }
        $this->assertStringNotContainsString('AllowPasswordLogin', $written);
        $this->assertStringNotContainsString('PreventChangeAccountPassword', $written);
    }

    /** @return array<string, array{string}> */
    public static function versions(): array
    {
        return ['a server of today' => [self::NEW], 'the oldest server' => [self::OLD]];
    }

    /** C15. */
    public function test_each_request_is_in_the_module_log_with_its_endpoint_and_answer(): void
    {
        Host::switchModuleLog(true);

        $this->module->create($this->service());

        $log = Host::moduleLog();
        $this->assertSame($this->comet->endpoints(), array_column($log, 'action'));
        $this->assertSame(['cometbackup'], array_values(array_unique(array_column($log, 'module'))));
        $this->assertStringContainsString('TargetUser=' . self::NAME, $log[0]->request);
        $this->assertStringContainsString('200', $log[0]->response);
    }

    public function test_a_refusal_is_in_the_module_log_in_the_servers_words(): void
    {
        Host::switchModuleLog(true);
        Capsule::table('tblservers')->update(['username' => 'nobody']);

        $this->module->create($this->service());

        $this->assertStringContainsString('Unauthorised', Host::moduleLog()[0]->response);
    }

    public function test_nothing_is_in_the_module_log_while_it_is_off(): void
    {
        $this->module->create($this->service());

        $this->assertSame([], Host::moduleLog());
    }

    public function test_the_journal_tells_what_was_done_to_which_account(): void
    {
        $service = $this->created();
        $this->module->suspend($service);
        $this->comet->faultOn('delete-user', ['fault' => 'json', 'act' => false, 'body' => ['Status' => 403, 'Message' => 'No']]);
        $this->module->terminate($service);

        $rows = Capsule::table(self::JOURNAL)->orderBy('id')->get();
        $this->assertSame(
            ['add account done', 'set profile done', 'set profile done', 'delete account failed'],
            $rows->map(fn (object $row) => "$row->operation $row->state")->all()
        );
        $this->assertSame(['cometbackup'], $rows->pluck('module')->unique()->all());
        $this->assertStringContainsString(self::NAME, $rows[0]->asked);
        $this->assertSame([null], $rows->pluck('open_key')->unique()->all());
    }

    public function test_the_password_travels_in_the_body_and_nowhere_else(): void
    {
        $this->module->create($this->service());

        foreach ($this->comet->requests() as $request) {
            $this->assertSame([], $request['query']);
            $this->assertStringNotContainsString('p&w', json_encode($request['headers']));
            $this->assertSame(['admin', 'Password', 'correct'], [
                $request['form']['Username'], $request['form']['AuthType'], $request['form']['Password'],
            ]);
            $this->assertSame('POST', $request['method']);
        }
    }

    /** On a stale connection the answer to a change could be lost. */
    public function test_a_change_travels_on_a_connection_that_has_just_answered(): void
    {
        $service = $this->created();
        $connections = function (string $command) use ($service): int {
            $before = count($this->comet->requests());
            $this->assertSame('success', $this->module->$command($service));

            return count(array_unique(array_column(array_slice($this->comet->requests(), $before), 'connection')));
        };

        // A machine that stands still for a second ends what may travel on a kept connection.
        $this->assertSame(1, min(array_map($connections, ['suspend', 'unsuspend', 'suspend', 'unsuspend'])));
    }
}
