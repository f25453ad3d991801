<?php

declare(strict_types=1);

// whmcs_provisioning_sidebar: links to the addon's pages.

namespace Tests\Admin;

use Tests\Support\AdminTestCase;

final class SidebarTest extends AdminTestCase
{
    public function test_it_links_to_each_page(): void
    {
        $html = $this->addon->call('sidebar', $this->addon->addonVars());

        foreach (['overview', 'decisions'] as $page) {
            $this->assertStringContainsString("addonmodules.php?module=whmcs_provisioning&amp;page=$page", $html);
        }
        $this->assertNothingWasAsked();
    }
}
