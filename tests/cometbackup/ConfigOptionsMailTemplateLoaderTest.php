<?php

declare(strict_types=1);

// cometbackup_ConfigOptionsMailTemplateLoader: the mail templates of WHMCS, without a request.

namespace Tests\Cometbackup;

use Tests\Host\Host;

final class ConfigOptionsMailTemplateLoaderTest extends ConfigOptionsTestCase
{
    private const LOADER = 'ConfigOptionsMailTemplateLoader';

    public function test_templates_for_products_are_offered_once_and_none_comes_first(): void
    {
        Host::addMailTemplate(['name' => 'Backup ends']);
        Host::addMailTemplate(['name' => 'Backup ends', 'language' => 'german']);
        Host::addMailTemplate(['name' => 'A &amp; B']);
        Host::addMailTemplate(['name' => 'Off', 'disabled' => 1]);
        Host::addMailTemplate(['name' => 'Invoice', 'type' => 'invoice']);

        $choices = $this->module->call(self::LOADER, $this->module->serverParams(1));

        $this->assertSame(['' => 'None', 'A & B' => 'A B', 'Backup ends' => 'Backup ends'], $choices);
        $this->assertSame([], $this->comet->endpoints());
    }

    public function test_what_is_stored_stays_selectable(): void
    {
        $this->settings(['configoption14' => 'Gone']);

        $fields = $this->module->configOptions(20);

        $this->assertSame('Gone', $fields['DeletionNotice']['submits']);
        $this->assertSame('Gone (not in WHMCS, or disabled)', $fields['DeletionNotice']['choices']['Gone'] ?? null);
    }

    public function test_a_customer_gets_no_list(): void
    {
        Host::addMailTemplate(['name' => 'Backup ends']);
        $_SESSION = ['uid' => 10];

        $this->assertSame([], $this->module->call(self::LOADER, []));
    }
}
