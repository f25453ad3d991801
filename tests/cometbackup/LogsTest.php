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

    public function test_a_line_of_the_activity_log_begins_with_its_sentence(): void
    {
        $service = $this->service();
        self::asRoot("CREATE TRIGGER full BEFORE UPDATE ON tblhosting FOR EACH ROW
            BEGIN IF NEW.username<>OLD.username THEN SIGNAL SQLSTATE '45000'; END IF; END");

        try {
            $this->module->call('CreateAccount', $this->module->paramsFor($service));
        } finally {
            Capsule::connection()->unprepared('DROP TRIGGER full');
        }

        $lines = preg_grep('/could not be written/', Host::activityLog());
        $this->assertStringStartsWith('The field Username could not be written', current($lines) ?: '');
    }

    public function test_what_the_server_repeats_of_the_secrets_of_a_call_is_shown_nowhere(): void
    {
        Host::switchModuleLog(true);
        $service = $this->service();
        foreach (self::whatTheServerSays() as $says => $shown) {
            $this->comet->faultOn(self::ADD, ['fault' => 'json', 'act' => false, 'body' => ['Status' => 400, 'Message' => $says]]);

            $answer = $this->module->create($service);

            $this->assertSentence($answer, "Could not create the Comet account ada@example.com: $shown (HTTP 400).");
            $this->assertStringContainsString("Status 400, $shown", implode(array_column(array_map(get_object_vars(...), Host::moduleLog()), 'response')));
        }
        $written = json_encode([
            Host::moduleLog(), Host::activityLog(), Host::moduleQueue(), Capsule::table(self::JOURNAL)->get(),
        ], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        foreach (self::forms() as $form) {
            $this->assertStringNotContainsString(trim(json_encode($form, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), '"'), $written);
        }
    }

    /** @return array<string, string> what is shown, by what is said */
    private static function whatTheServerSays(): array
    {
        $says = [];
        foreach (self::forms() as $form) {
            $says["bad password $form, no"] = 'bad password [secret], no';
        }
        $form = http_build_query(['Password' => CometSandbox::PASSWORD, 'TargetPassword' => self::PASSWORD]);
        $apart = str_replace('w=', 'w<i></i>=', CometSandbox::PASSWORD);

        return $says + [
            "cannot read $form" => 'cannot read Password=[secret] TargetPassword=[secret]',
            "bad password $apart, no" => 'bad password [secret], no',
            str_repeat('x', 198) . CometSandbox::PASSWORD => str_repeat('x', 198) . '[s',
        ];
    }

    /** @return list<string> in which the passwords of administrator and customer may come back */
    private static function forms(): array
    {
        $of = static fn (string $secret): array => [
            $secret,
            rawurlencode($secret),
            urlencode($secret),
            strtolower(rawurlencode($secret)),
            htmlspecialchars($secret, ENT_QUOTES),
            htmlentities($secret, ENT_QUOTES),
            mb_encode_numericentity($secret, [0x20, 0x2f, 0, 0xff, 0x80, 0xffff, 0, 0xffff], 'UTF-8', true),
            trim(json_encode($secret), '"'),
            trim(json_encode($secret, JSON_HEX_AMP | JSON_HEX_QUOT), '"'),
            base64_encode($secret),
            strtr(base64_encode($secret), '+/', '-_'),
            bin2hex($secret),
        ];

        return [...$of(CometSandbox::PASSWORD), ...$of(self::PASSWORD), base64_encode('admin:' . CometSandbox::PASSWORD)];
    }

    public function test_where_a_password_is_too_short_to_be_found_nothing_of_the_answer_is_shown(): void
    {
        Host::switchModuleLog(true);
        Capsule::table('tblservers')->update(['password' => encrypt('aut')]);

        $answer = $this->module->create($this->service());

        $this->assertSentence($answer, '[not shown: a password of fewer than 4 characters cannot be told apart in it]');
        $this->assertStringNotContainsString('Unauthorised', $answer . json_encode(Host::moduleLog()));
    }

    public function test_what_a_refused_profile_holds_is_not_repeated(): void
    {
        $this->world(['new_profile' => ['TOTPKey' => 'totp-secret']]);
        $service = $this->created();
        Host::switchModuleLog(true);
        $hash = $this->comet->profile(self::NAME)['PasswordHash'];
        $says = ['Status' => 400, 'Message' => "cannot take totp-secret and $hash"];
        $this->comet->faultOn(self::WRITE, ['fault' => 'json', 'act' => false, 'body' => $says]);

        $answer = $this->module->suspend($service);

        $this->assertSentence($answer, 'cannot take [secret] and [secret] (HTTP 400)');
        $this->assertStringNotContainsString($hash, json_encode(Host::moduleLog(), JSON_UNESCAPED_SLASHES));
    }

    public function test_a_version_and_a_tenant_that_repeat_the_login_are_shown_without_it(): void
    {
        $version = '25.9.8 ' . rawurlencode(CometSandbox::PASSWORD);
        $this->world(['meta' => ['Version' => $version]]);

        $this->assertTrue($this->module->testConnection($this->server(1))['success']);

        $this->assertStringContainsString('version 25.9.8 [secret]', implode(Host::activityLog()));
    }

    /** The PHP module wrote nothing down. */
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
