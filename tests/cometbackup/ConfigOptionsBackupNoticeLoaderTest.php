<?php

declare(strict_types=1);

// cometbackup_ConfigOptionsBackupNoticeLoader: tickets and mail templates, without a request.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class ConfigOptionsBackupNoticeLoaderTest extends ConfigOptionsTestCase
{
    private const LOADER = 'ConfigOptionsBackupNoticeLoader';

    public function test_tickets_come_before_templates_and_none_before_both(): void
    {
        Host::addMailTemplate(['name' => 'Backup fails']);
        Capsule::table('tblticketdepartments')->insert([
            ['id' => 3, 'name' => 'Support', 'description' => '', 'email' => '', 'hidden' => '', 'order' => 2],
            ['id' => 5, 'name' => 'Back &amp; up', 'description' => '', 'email' => '', 'hidden' => 'on', 'order' => 1],
        ]);

        $choices = $this->module->call(self::LOADER, $this->module->serverParams(1));

        $this->assertSame([
            '' => 'None',
            'ticket:5' => 'Open a ticket: Back up',
            'ticket:3' => 'Open a ticket: Support',
            'Backup fails' => 'Backup fails',
        ], $choices);
        $this->assertSame([], $this->comet->endpoints());
    }

    public function test_what_is_stored_stays_selectable(): void
    {
        $this->settings(['configoption16' => 'ticket:9']);

        $this->assertSame('ticket:9', $this->module->configOptions(20)['BackupNotice']['submits']);
    }
}
