<?php

declare(strict_types=1);

// API tokens that are stored hidden: every function sends what is in plain text, and what cannot be decrypted is never sent.

namespace Tests\Jetpack;

use Tests\Host\Encryption;
use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\LicenseListTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class HiddenTokenTest extends LicenseListTestCase
{
    private static function hidden(string $token = JetpackSandbox::TOKEN): string
    {
        return 'whmcs_provisioning:1:' . substr(hash('sha256', $token), 0, 12) . ':' . Encryption::encrypt($token);
    }

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblproducts')->update(['configoption1' => self::hidden()]);
    }

    /** @return list<string> the tokens that were sent, without repetitions */
    private function sent(): array
    {
        return array_values(array_unique(array_column(array_column($this->sandbox->requests(), 'headers'), 'authorization')));
    }

    public function test_commands_send_the_token_in_clear_and_log_neither_form(): void
    {
        $service = $this->service();

        foreach (['create', 'renew', 'suspend', 'unsuspend', 'terminate'] as $command) {
            $this->assertSame('success', $this->module->$command($service), $command);
        }

        $this->assertSame(['Bearer ' . JetpackSandbox::TOKEN], $this->sent());
        $this->assertStringNotContainsString(JetpackSandbox::TOKEN, json_encode(Host::moduleLog()) . json_encode(Host::activityLog()));
    }

    public function test_a_hidden_token_costs_no_statement(): void
    {
        $this->module->create($this->service());
        $statements = function (string $stored): int {
            Capsule::table('tblproducts')->update(['configoption1' => $stored]);
            $service = \WHMCS\Service\Service::find(100);
            $log = new StatementLog();
            $this->assertSame('success', $this->module->renew($service));
            $this->reconcile();

            return count($log->end());
        };

        $this->assertSame($statements(JetpackSandbox::TOKEN), $statements(self::hidden()));
    }

    public function test_the_loader_and_the_default_of_new_products_take_it(): void
    {
        $stored = Capsule::table('tblproducts')->value('configoption1');

        $this->assertCount(7, $this->module->call('FetchProducts', ['configoption1' => $stored]));
        $this->assertCount(7, $this->module->call('FetchProducts', []));
        $this->assertSame(['Bearer ' . JetpackSandbox::TOKEN], $this->sent());
        // A new product starts with it hidden.
        $this->assertSame($stored, $this->module->call('DefaultApiToken'));
    }

    public function test_the_daily_run_reads_one_list_for_a_token_in_two_forms(): void
    {
        Host::addProduct($this->product(2, 'jetpack-complete', ['configoption1' => JetpackSandbox::TOKEN]));
        Host::addProduct($this->product(3, 'jetpack-complete', ['configoption1' => self::hidden()]));
        foreach ([1, 2, 3] as $product) {
            $this->issued($this->service(['id' => 100 + $product, 'orderid' => 500 + $product, 'packageid' => $product]));
        }
        $before = count($this->sandbox->requests());

        $said = $this->reconcile();

        $this->assertStringContainsString('3 compared with its list in 1 requests', $said);
        $this->assertSame([], $this->found());
        $this->assertSame(['list not_revoked'], array_values(array_unique($this->since($before))));
        $this->assertSame(['Bearer ' . JetpackSandbox::TOKEN], $this->sent());
    }

    public function test_without_a_list_the_budget_counts_both_forms_as_one_token(): void
    {
        ini_set('whmcs_provisioning.jetpack_license_list', '0');
        Host::addProduct($this->product(2, 'jetpack-complete', ['configoption1' => JetpackSandbox::TOKEN]));
        $this->issued($this->service());
        $this->issued($this->service(['id' => 102, 'orderid' => 502, 'packageid' => 2]));

        $this->reconcile();

        $this->assertSame([], $this->found());
        $this->assertSame(['Bearer ' . JetpackSandbox::TOKEN], $this->sent());
    }

    /** @return list<array{string}> */
    public static function settling(): array
    {
        return [['run'], ['command']];
    }

    /** @dataProvider settling */
    public function test_a_lost_answer_is_settled_by_the_list_of_a_hidden_token(string $by): void
    {
        $this->earlierLicense();
        $this->pass(30);
        $service = $this->lost('act_and_drop');
        Capsule::table('tblproducts')->update(['configoption1' => self::hidden()]);
        $this->pass(30);

        if ($by === 'run') {
            $this->reconcile();
        } else {
            $this->module->create($service);
        }

        $this->assertCount(2, $this->activeRows());
        $this->assertEveryLicenseIsKnown();
        $this->assertSame(['Bearer ' . JetpackSandbox::TOKEN], $this->sent());
    }

    public function test_what_cannot_be_decrypted_is_never_sent_and_says_what_to_do(): void
    {
        $service = $this->service();
        $broken = [
            'another key' => self::encryptedElsewhere(),
            'cut off' => substr(self::hidden(), 0, -6),
            'nothing but the prefix' => 'whmcs_provisioning:1:',
        ];
        foreach ($broken as $what => $stored) {
            Capsule::table('tblproducts')->update(['configoption1' => $stored]);

            $this->assertSentence($this->module->create($service), 'stored hidden, and WHMCS cannot decrypt it', 'Rotate the token');
            try {
                $this->module->call('FetchProducts', ['configoption1' => $stored]);
                $this->fail($what);
            } catch (\Exception $exception) {
                $this->assertStringContainsString('cannot decrypt it', $exception->getMessage(), $what);
            }
            $this->reconcile();
            $this->assertStringContainsString('cannot decrypt it', implode("\n", Host::activityLog()), $what);
            $this->assertSame([], $this->sandbox->requestLines(), $what);
        }
    }

    private static function encryptedElsewhere(): string
    {
        $key = Encryption::$installationKey;
        Encryption::$installationKey = 'that of another WHMCS';
        try {
            return self::hidden();
        } finally {
            Encryption::$installationKey = $key;
        }
    }
}
