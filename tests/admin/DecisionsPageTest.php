<?php

declare(strict_types=1);

// The addon's page Decisions: what waits for a person, and buttons that run the functions of the service page's buttons.

namespace Tests\Admin;

use Tests\Host\FormToken;
use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\Numbers;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class DecisionsPageTest extends AdminTestCase
{
    private const FINDINGS = 'mod_whmcs_provisioning_findings';
    private const ACCOUNTS = 'mod_cometbackup_accounts';
    private const HOSTILE = '"><script>alert(1)</script>';

    private function comet(): Service
    {
        Host::addService(['id' => 200, 'userid' => 10, 'packageid' => 20, 'server' => 1, 'domainstatus' => 'Pending', 'password' => 'Serv1ce-Pass']);
        $this->assertSame('success', $this->comet->create(Host::service(200)));

        return Host::service(200);
    }

    private function lostLicense(): Service
    {
        $this->jetpackApi->fault(['match' => ['method' => 'POST', 'path' => '/license'], 'fault' => 'act_and_drop']);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Pending', 'domain' => 'customer.example']);
        $this->assertStringContainsString('It is not known', $this->module->create(Host::service(100)));

        return Host::service(100);
    }

    /** @param array<string, mixed> $row */
    private function finding(array $row): void
    {
        $row += ['module' => 'cometbackup', 'owner_type' => 'service', 'owner_id' => 200, 'kind' => 'limits', 'text' => 'It differs.', 'subject' => 's'];
        Capsule::table(self::FINDINGS)->insert($row + [
            'service_id' => $row['owner_id'], 'subject_hash' => hash('sha256', $row['subject'], true), 'first_found_at' => '2026-01-15 10:00:00',
            'last_found_at' => '2026-01-15 10:00:00', 'run' => 0,
        ]);
    }

    /** Presses the button, and again where it asks first. @param array<string, string> $of */
    private function choose(string $label, array $of): string
    {
        $html = $this->press('decisions', $label, $of);

        return str_contains($html, 'Back, without a change') ? $this->page('decisions', [], $this->fieldsOf($html, $label)) : $html;
    }

    public function test_where_nothing_waits_it_says_so(): void
    {
        $this->assertStringContainsString('Nothing waits for a person.', $this->page('decisions'));
        $this->assertNothingWasAsked();
    }

    public function test_a_lost_answer_is_ended_by_the_functions_own_button(): void
    {
        $this->lostLicense();
        $before = $this->jetpackApi->requestLines();

        $html = $this->page('decisions');

        $this->assertSame($before, $this->jetpackApi->requestLines());
        $this->assertStringContainsString('clientsservices.php?userid=10&amp;id=100', $html);
        $this->assertSame(['Not issued: try again'], self::buttons($html));
        $this->assertStringContainsString('enter its key on the page of the service', $html);
        $this->assertStringContainsString('it costs money', $this->press('decisions', 'Not issued: try again'));
        $this->assertSame($before, $this->jetpackApi->requestLines());

        $this->minutesPass(2);
        $done = $this->choose('Not issued: try again', ['service' => '100']);

        $this->assertStringContainsString('Done on the service 100', $done);
        $this->assertSame(['issue failed', 'issue done'], array_slice($this->journal(), 0, 2));
        $this->assertStringContainsString('Nothing waits for a person.', $done);
        $log = implode("\n", Host::activityLog());
        $this->assertSame(1, substr_count($log, 'Provisioning addon, Not issued: try again: Done'));
    }

    public function test_a_deletion_that_waits_for_staff_is_confirmed(): void
    {
        $this->comet();
        Capsule::table('tblproducts')->where('id', 20)->update(['configoption7' => 'delete', 'configoption13' => '5']);
        $this->comet->terminate(Host::service(200));
        Capsule::table(self::ACCOUNTS)->update(['delete_days' => 1, 'delete_asked_at' => '2026-01-01 00:00:00', 'delete_state' => 'held']);
        $this->addon->activate();
        $this->finding(['kind' => 'deletion', 'text' => 'It waits for staff.']);

        $html = $this->choose('Delete Account: confirm', ['service' => '200']);

        $this->assertSame('confirmed', Capsule::table(self::ACCOUNTS)->value('delete_state'));
        $this->assertStringContainsString('Done on the service 200', $html);
    }

    public function test_a_service_of_another_client_is_transferred_after_the_functions_own_question(): void
    {
        $this->comet();
        Host::addClient(['id' => 11, 'firstname' => 'Grace', 'lastname' => self::HOSTILE, 'companyname' => '', 'email' => 'grace@example.com']);
        Capsule::table('tblhosting')->where('id', 200)->update(['userid' => 11]);
        $this->addon->activate();
        $this->finding(['kind' => 'client', 'text' => 'Another client has it ' . self::HOSTILE]);

        $asked = $this->press('decisions', 'Transfer to New Client');
        $this->assertStringContainsString('Press the button again within ten minutes', $asked);
        $this->assertStringNotContainsString('<script', $asked);
        $this->assertStringContainsString('Grace', self::textOf($asked));

        $this->assertStringContainsString('Done on the service 200', $this->press('decisions', 'Transfer to New Client'));
        $this->assertSame(11, (int) Capsule::table(self::ACCOUNTS)->value('client_id'));
    }

    public function test_limits_are_set_by_change_package_and_the_finding_is_gone(): void
    {
        $this->comet();
        $this->addon->activate();
        $this->finding([]);

        $html = $this->choose('Change Package', ['service' => '200']);

        $this->assertStringContainsString('nothing more was found there', $html);
        $this->assertSame(0, Capsule::table(self::FINDINGS)->count());
    }

    public function test_the_choices_of_a_product_addon_are_on_its_own_page(): void
    {
        $this->addon->activate();
        $definition = Host::addAddonDefinition(['name' => 'Scan', 'module' => 'jetpack', 'type' => 'other'], []);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1]);
        Host::addServiceAddon(['id' => 300, 'hostingid' => 100, 'addonid' => $definition, 'userid' => 10]);
        $this->finding(['module' => 'jetpack', 'owner_type' => 'addon', 'owner_id' => 300, 'kind' => 'ended']);

        $html = $this->page('decisions');

        $this->assertSame([], self::buttons($html));
        $this->assertStringContainsString('clientsservices.php?userid=10&amp;id=100&amp;aid=300', $html);
        $this->assertStringContainsString("On the addon's page: Terminate, Compare again", self::textOf($html));
    }

    public function test_what_was_found_of_an_ended_service_does_not_end_one_that_is_in_use_again(): void
    {
        $this->comet();
        $this->addon->activate();
        $this->finding(['kind' => 'ended']);

        $html = $this->choose('Terminate', ['service' => '200']);

        $this->assertStringContainsString('is active by now', $html);
        $this->assertSame('Active', Capsule::table('tblhosting')->value('domainstatus'));
        $this->assertFalse($this->cometServer->profile($this->cometServer->accountNames()[0])['IsSuspended'] ?? false);
    }

    public function test_what_was_found_of_a_service_in_use_creates_nothing_for_one_that_has_ended(): void
    {
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Terminated']);
        $this->addon->activate();
        $this->finding(['module' => 'jetpack', 'owner_id' => 100, 'kind' => 'missing']);

        $html = $this->choose('Create', ['service' => '100']);

        $this->assertStringContainsString('is terminated by now', $html);
        $this->assertNothingWasAsked();
    }

    public function test_the_question_names_the_service(): void
    {
        $this->addon->activate();
        Host::addService(['id' => 200, 'userid' => 10, 'packageid' => 20, 'domainstatus' => 'Terminated']);
        $this->finding(['kind' => 'ended']);

        $this->assertStringContainsString('service 200', self::textOf($this->press('decisions', 'Terminate')));
    }

    public function test_a_lost_answer_of_comet_is_ended_by_the_check(): void
    {
        $this->comet();
        $this->cometServer->faultOn('reset-user-password', ['fault' => 'act_and_drop', 'times' => 3]);
        $this->assertNotSame('success', $this->comet->changePassword(Host::service(200), 'Brand-new-1', true));
        $this->assertContains('change password unknown', $this->journal());
        $this->assertSame(['Check at Comet'], self::buttons($this->page('decisions')));

        $this->minutesPass(3);
        $html = $this->choose('Check at Comet', ['service' => '200']);

        $this->assertContains('change password failed', $this->journal());
        $this->assertSame([], array_intersect(['Check at Comet'], self::buttons($html)), self::textOf($html));
    }

    public function test_a_lost_answer_at_the_site_is_ended_by_the_same_step_again(): void
    {
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Pending', 'domain' => 'customer.example']);
        $this->assertSame('success', $this->module->create(Host::service(100)));
        $this->jetpackApi->fault(['match' => ['method' => 'POST', 'path' => '/license/'], 'fault' => 'act_and_drop']);
        $this->assertNotSame('success', $this->module->custom(Host::service(100), 'AttachToSite'));
        $this->assertContains('attach unknown', $this->journal());
        $this->assertSame(['Attach to site'], self::buttons($this->page('decisions')));

        $html = $this->choose('Attach to site', ['service' => '100']);

        $this->assertNotContains('attach unknown', $this->journal());
        $this->assertStringContainsString('Nothing waits for a person.', $html);
    }

    /** @return array<string, array{string}> */
    public static function strangers(): array
    {
        return ['of another module' => ['50'], 'of the other of our modules' => ['100'], 'that there is not' => ['4711'],
            'text' => ['200 OR 1=1'], 'negative' => ['-200'], 'none' => ['']];
    }

    /** @dataProvider strangers */
    public function test_a_service_that_is_not_of_the_module_is_left_alone(string $service): void
    {
        Host::addProduct(['id' => 5, 'servertype' => 'cpanel']);
        Host::addService(['id' => 50, 'userid' => 10, 'packageid' => 5, 'domainstatus' => 'Active']);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active']);

        $html = $this->page('decisions', [], [
            'action' => 'comet_terminate', 'confirmed' => '1', 'token' => FormToken::generate('plain'), 'service' => $service,
        ]);

        $this->assertStringContainsString('Nothing was changed', $html);
        $this->assertSame(0, Capsule::table('tblhosting')->where('domainstatus', '<>', 'Active')->count());
        $this->assertNothingWasAsked();
    }

    public function test_it_works_while_both_apis_are_down_and_filters(): void
    {
        $this->lostLicense();
        $this->comet();
        $this->addon->activate();
        $this->finding([]);
        $this->jetpackApi->fault(['match' => ['method' => 'GET', 'path' => '/'], 'fault' => 'drop', 'times' => 9]);
        $this->cometServer->faultOnAll(['fault' => 'drop', 'times' => 9]);

        $this->assertCount(2, self::buttons($this->page('decisions')));
        $this->assertSame(['Not issued: try again'], self::buttons($this->page('decisions', ['of' => 'jetpack'])));
        $this->assertSame(['Change Package'], self::buttons($this->page('decisions', ['of' => 'cometbackup'])));
        $this->assertSame(['Change Package'], self::buttons($this->page('decisions', ['kind' => 'limits'])));
        $this->assertSame([], self::buttons($this->page('decisions', ['kind' => self::HOSTILE, 'findings' => 'x', 'of' => 'cpanel'])));
    }

    public function test_ten_thousand_are_shown_page_by_page_with_as_many_statements_as_one(): void
    {
        $this->addon->activate();
        Capsule::connection()->unprepared("INSERT INTO tblhosting (id, userid, orderid, packageid, server, domain, domainstatus)
            SELECT 1000+seq, 10, 1, 20, 1, CONCAT('d', seq, '.example'), 'Active' FROM " . Numbers::table(1, 10000));
        Capsule::connection()->unprepared('INSERT INTO ' . self::FINDINGS . " (module, owner_type, owner_id, service_id, kind, subject, subject_hash, text,
            first_found_at, last_found_at, run) SELECT 'cometbackup', 'service', 1000+seq, 1000+seq, 'limits', 's',
            UNHEX(LPAD(HEX(seq), 64, '0')), CONCAT('Finding ', seq, '.'),
            UTC_TIMESTAMP(), UTC_TIMESTAMP(), 1 FROM " . Numbers::table(1, 10000) . ' ORDER BY seq');
        $root = var_export(realpath(self::ROOT), true);
        $log = new StatementLog();
        $html = $this->inChild("return (new Tests\\Host\\Module('addons', 'whmcs_provisioning', $root))->addonOutput(['page' => 'decisions']);");
        $statements = $log->end();

        $this->assertCount(4, $statements, implode("\n", $statements));
        $this->assertSame(50, substr_count($html, 'Change Package'));
        $this->assertStringContainsString('Finding 10000.', $html);
        preg_match('/findings=(\d+)/', $html, $found);
        $second = $this->page('decisions', ['findings' => $found[1]]);
        $this->assertStringContainsString('Finding 9950.', $second);
        $this->assertStringNotContainsString('Finding 9951.', $second);
        $this->assertNothingWasAsked();
    }
}
