<?php

declare(strict_types=1);

// jetpack_MailFieldNames: what WHMCS lists beside the editor of mail templates.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;

final class MailFieldNamesTest extends JetpackTestCase
{
    public function test_only_templates_for_products_have_the_fields(): void
    {
        $names = ['jetpack_license_key', 'jetpack_license_state', 'jetpack_site', 'jetpack_activation_address'];
        $this->assertSame($names, array_keys($this->module->call('MailFieldNames', ['type' => 'product'])));
        foreach (['invoice', '', null, []] as $type) {
            $this->assertSame([], $this->module->call('MailFieldNames', ['type' => $type]));
        }
    }
}
