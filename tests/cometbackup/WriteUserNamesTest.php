<?php

declare(strict_types=1);

// cometbackup_WriteUserNames: the real names into the column that WHMCS finds services by, for a whole server, once staff saw of which.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class WriteUserNamesTest extends UserNamesTestCase
{
    public function test_the_first_press_shows_and_the_second_writes_the_names_of_all_services_of_the_server(): void
    {
        $services = $this->marked(200, 201);
        $this->service(['id' => 202, 'username' => 'somebody', 'domainstatus' => 'Active']);

        $asked = $this->during(function () use ($services): void {
            $shown = $this->module->custom($services[200], 'WriteUserNames');
            $this->assertSentence($shown, self::MARKER, 'For 2 services', '200 name-200', '201 name-201', 'Press Write User Names again');
            $this->assertSame([self::MARKER, self::MARKER, 'somebody'], $this->columns());
            $this->assertSame('success', $this->module->custom($services[200], 'WriteUserNames'));
        });

        $this->assertSame(['name-200', 'name-201', 'somebody'], $this->columns());
        $this->assertSame([], $asked);
        $this->assertStringContainsString('2 services have the name of their account', implode(Host::activityLog()));
        $this->assertSentence($this->module->custom($services[200], 'WriteUserNames'), 'No service of this server has');
    }

    public function test_what_was_shown_is_what_is_done(): void
    {
        $services = $this->marked(200);
        $this->module->custom($services[200], 'WriteUserNames');
        $this->marked(201);

        $this->assertSentence($this->module->custom($services[200], 'WriteUserNames'), 'For 2 services');
        $this->assertSame([self::MARKER, self::MARKER], $this->columns());
    }

    public function test_other_servers_and_services_that_are_over_or_without_account_stay_as_they_are(): void
    {
        Host::addServer($this->server(2));
        $services = $this->marked(200, 201, 202);
        Capsule::table('tblhosting')->where('id', 201)->update(['server' => 2]);
        Capsule::table('tblhosting')->where('id', 202)->update(['domainstatus' => 'Terminated']);
        $this->service(['id' => 203, 'username' => self::MARKER, 'domainstatus' => 'Active']);

        $this->assertSentence($this->module->custom($services[200], 'WriteUserNames'), 'For one service', 'Left as they are: one service without');
        $this->assertSame('success', $this->module->custom($services[200], 'WriteUserNames'));

        $this->assertSame(['name-200', self::MARKER, self::MARKER, self::MARKER], $this->columns());
        Capsule::table(self::ACCOUNTS)->where('service_id', 200)->delete();
        Capsule::table('tblhosting')->where('id', 200)->update(['username' => self::MARKER]);
        $this->assertSentence($this->module->custom($services[200], 'WriteUserNames'), 'No Comet account is recorded yet', 'Check at Comet');
    }

    public function test_the_button_is_there_where_the_marker_is_and_gives_way_to_that_back(): void
    {
        $service = $this->marked(200)[200];
        $this->assertContains('WriteUserNames', $this->module->adminButtons($service));

        $this->press($service, 'WriteUserNames');

        $service = Host::service(200);
        $this->assertNotContains('WriteUserNames', $this->module->adminButtons($service));
        $this->assertContains('PutMarkersBack', $this->module->adminButtons($service));
        $this->assertNotContains('PutMarkersBack', $this->module->adminButtons($this->created(['id' => 300])));
    }

    public function test_metrics_are_there_then_and_a_further_create_leaves_the_name(): void
    {
        $service = $this->marked(200)[200];
        $this->assertSame([], $this->module->billedUsage(1));

        $this->press($service, 'WriteUserNames');

        $this->assertSame([200], array_keys($this->module->billedUsage(1)));
        $this->assertSame('success', $this->module->create(Host::service(200)));
        $this->assertSame(['name-200'], $this->columns());
    }

    public function test_a_client_cannot_press_it(): void
    {
        $service = $this->marked(200)[200];
        $_SESSION = ['uid' => 10];

        $this->assertStringContainsString('for staff only', $this->module->custom($service, 'WriteUserNames'));
        $this->assertStringContainsString('for staff only', $this->module->custom($service, 'PutMarkersBack'));
    }
}
