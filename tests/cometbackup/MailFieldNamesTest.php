<?php

declare(strict_types=1);

// cometbackup_MailFieldNames: what WHMCS lists beside the editor of mail templates.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;

final class MailFieldNamesTest extends CometTestCase
{
    public function test_only_templates_for_products_have_the_fields(): void
    {
        $names = ['comet_user_name', 'comet_server_address', 'comet_storage_used', 'comet_storage_limit', 'comet_devices', 'comet_last_backup'];
        $this->assertSame($names, array_keys($this->module->call('MailFieldNames', ['type' => 'product'])));
        foreach (['invoice', '', null, []] as $type) {
            $this->assertSame([], $this->module->call('MailFieldNames', ['type' => $type]));
        }
    }
}
