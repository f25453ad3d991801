<?php

declare(strict_types=1);

// whmcs_provisioning_upgrade: at the first access with newer files, which is before the page.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use WHMCS\Database\Capsule;

final class UpgradeTest extends AdminTestCase
{
    public function test_tables_of_an_earlier_version_are_upgraded_before_the_page_is_shown(): void
    {
        $this->addon->activate();
        Host::setAddonModule('whmcs_provisioning', ['version' => '0.0.9']);
        Capsule::connection()->statement('ALTER TABLE mod_cometbackup_servers DROP COLUMN said');

        $this->page('overview');

        $this->assertTrue(Capsule::schema()->hasColumn('mod_cometbackup_servers', 'said'));
        $this->assertSame($this->addon->config()['version'], $this->addon->addonVars()['version']);
        $this->assertSame([], Host::activityLog());
    }
}
