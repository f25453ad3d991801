<?php

declare(strict_types=1);

// Services that WHMCS imported from Server Sync are younger than their accounts: a person has them recorded, one by one or all at once.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class RecordImportedTest extends UserNamesTestCase
{
    private const LIST = 'list-users-full';

    /** @return array<string, \WHMCS\Service\Service> by name: accounts of long ago, imported today */
    private function imported(string ...$names): array
    {
        $account = static fn (string $name): array => ['Username' => $name, 'CreateTime' => 1600000000, 'Emails' => ["$name@example.com"]];
        $this->world(['accounts' => array_map($account, $names)]);
        $services = [];
        foreach ($names as $name) {
            $services[$name] = $this->module->importAccount(1, $name, 10);
        }
        Capsule::table('tblactivitylog')->delete();

        return $services;
    }

    /** @return array<int, string> names by service */
    private function recorded(): array
    {
        return Capsule::table(self::ACCOUNTS)->where('state', 'created')->orderBy('service_id')->pluck('username', 'service_id')->all();
    }

    public function test_check_shows_the_account_first_and_records_it_with_the_second_press(): void
    {
        $service = $this->imported('adaservice')['adaservice'];

        $this->assertSentence($this->module->custom($service, 'CheckAccount'), 'adaservice (created on 2020-09-13', 'it is older than the service');
        $this->assertSame([], $this->recorded());
        $this->assertSame('success', $this->module->custom($service, 'CheckAccount'));

        $this->assertSame([(int) $service->id => 'adaservice'], $this->recorded());
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertSame([(int) $service->id], array_keys($this->module->serverSync(1)['matched']));
    }

    /** It runs in any session, a payment's among them: whose account it is, is for staff to say. */
    public function test_create_makes_no_second_account_and_names_check(): void
    {
        $service = $this->imported('adaservice')['adaservice'];

        $this->assertSentence($this->module->create($service), 'adaservice exists and is not recorded', 'press Check at Comet');

        $this->assertOnlyAccount('adaservice');
        $this->assertSame([], $this->recorded());
        $this->module->custom($service, 'CheckAccount');
        $this->module->custom($service, 'CheckAccount');
        $this->assertSame('success', $this->module->create($service));
        $this->assertOnlyAccount('adaservice');
    }

    public function test_all_of_a_server_are_shown_first_and_recorded_by_the_second_press(): void
    {
        $services = $this->imported('adaservice', 'gracehopper', 'unsold-account');
        $services['unsold-account']->delete();
        $service = $services['adaservice'];
        $this->assertContains('RecordImported', $this->module->adminButtons($service));

        $asked = $this->during(function () use ($service): void {
            $this->assertSentence(
                $this->module->custom($service, 'RecordImported'),
                '(2)',
                'adaservice (created on 2020-09-13, no devices)',
                'gracehopper',
                'press Record Imported Accounts again'
            );
            $this->assertSame([], $this->recorded());
            $this->assertSame('success', $this->module->custom($service, 'RecordImported'));
        });

        $this->assertSame([self::LIST, self::LIST], $asked);
        $this->assertSame(['adaservice', 'gracehopper'], array_values($this->recorded()));
        $this->assertStringContainsString('the accounts of 2 imported services were recorded', implode(Host::activityLog()));
        $this->assertNotContains('RecordImported', $this->module->adminButtons(Host::service((int) $service->id)));
        $this->assertSame('success', $this->module->suspend($services['gracehopper']));
        $this->assertSentence($this->module->custom($service, 'RecordImported'), 'nothing to record');
    }

    public function test_what_was_shown_is_what_is_recorded(): void
    {
        $service = $this->imported('adaservice', 'gracehopper')['adaservice'];
        $this->module->custom($service, 'RecordImported');
        $this->comet->changeAccount('gracehopper', ['CreationGUID' => 'made-anew']);

        $this->assertNotSame('success', $this->module->custom($service, 'RecordImported'));
        $this->assertSame([], $this->recorded());
    }

    public function test_an_account_that_another_service_claims_is_decided_one_by_one(): void
    {
        $services = $this->imported('adaservice', 'gracehopper', 'katherine');
        $this->service(['id' => 301, 'username' => 'elsewhere', 'domainstatus' => 'Active']);
        $this->customFields(['Username' => 'gracehopper'], 301);
        $this->service(['id' => 302, 'username' => 'katherine', 'domainstatus' => 'Active']);

        $this->assertSentence($this->module->custom($services['adaservice'], 'RecordImported'), '(1)', 'decide with Check at Comet');
        $this->assertSame('success', $this->module->custom($services['adaservice'], 'RecordImported'));

        $this->assertSame(['adaservice'], array_values($this->recorded()));
    }

    public function test_an_account_that_is_recorded_for_another_service_stays_that_one_s(): void
    {
        $this->created();
        $service = $this->service(['id' => 300, 'username' => self::NAME, 'domainstatus' => 'Active']);

        $this->assertSentence($this->module->custom($service, 'RecordImported'), 'nothing to record');

        $this->assertSame([200 => self::NAME], $this->recorded());
    }

    public function test_pending_services_markers_and_names_of_no_account_are_left_alone(): void
    {
        $service = $this->imported('adaservice')['adaservice'];
        Capsule::table('tblhosting')->update(['domainstatus' => 'Pending']);
        $this->assertSentence($this->module->custom($service, 'RecordImported'), 'nothing to record');
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active', 'username' => self::MARKER]);
        $this->assertSentence($this->module->custom(Host::service((int) $service->id), 'RecordImported'), 'nothing to record');
        $this->assertNotContains('RecordImported', $this->module->adminButtons(Host::service((int) $service->id)));
        Capsule::table('tblhosting')->update(['username' => 'nobody']);
        $this->assertSentence($this->module->custom(Host::service((int) $service->id), 'RecordImported'), 'nothing to record');
    }

    public function test_a_list_that_breaks_off_records_nothing(): void
    {
        $service = $this->imported('adaservice')['adaservice'];
        $this->module->custom($service, 'RecordImported');
        $this->comet->faultOn(self::LIST, ['fault' => 'truncate']);

        $this->assertSentence($this->module->custom($service, 'RecordImported'), 'broke off');

        $this->assertSame([], $this->recorded());
    }

    public function test_a_client_cannot_press_it(): void
    {
        $service = $this->imported('adaservice')['adaservice'];
        $_SESSION = ['uid' => 10];

        $this->assertStringContainsString('for staff only', $this->module->custom($service, 'RecordImported'));
    }

    public function test_looking_costs_few_statements_however_many_there_are(): void
    {
        $services = $this->imported(...array_map(static fn (int $n): string => "account-$n", range(1, 40)));
        $log = new StatementLog();

        $this->module->custom($services['account-1'], 'RecordImported');

        $this->assertLessThanOrEqual(16, count($statements = $log->end()), implode("\n", $statements));
    }
}
