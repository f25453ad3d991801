<?php

declare(strict_types=1);

// whmcs_provisioning_deactivate: removes nothing.

namespace Tests\Admin;

use Tests\Support\AdminTestCase;
use WHMCS\Database\Capsule;

final class DeactivateTest extends AdminTestCase
{
    public function test_everything_on_which_money_hangs_is_kept(): void
    {
        $this->addon->activate();
        Capsule::table('mod_whmcs_provisioning_journal')->insert([
            'module' => 'jetpack', 'owner_type' => 'service', 'owner_id' => 100, 'operation' => 'issue', 'state' => 'unknown',
            'asked' => 'jetpack-complete', 'begun_at' => '2026-01-01 00:00:00', 'host' => 'h', 'process' => 'p',
        ]);

        $answer = $this->addon->deactivate();

        $this->assertSame('success', $answer['status']);
        $this->assertSentence($answer['description'], 'kept');
        $this->assertSame(1, Capsule::table('mod_whmcs_provisioning_journal')->count());
        $this->assertTrue(Capsule::schema()->hasTable('jetpack_product_licenses'));
    }
}
