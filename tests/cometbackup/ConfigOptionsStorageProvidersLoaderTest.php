<?php

declare(strict_types=1);

// cometbackup_ConfigOptionsStorageProvidersLoader: the server's storage templates.

namespace Tests\Cometbackup;

final class ConfigOptionsStorageProvidersLoaderTest extends ConfigOptionsTestCase
{
    public function test_templates_are_none_and_those_of_the_server_numbers_among_their_ids(): void
    {
        $this->comet->reset(['templates' => ['1' => 'Local Comet storage', 's3tmpl' => 'Wasabi eu-central']]);

        $choices = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame(['' => 'None', 1 => 'Local Comet storage', 's3tmpl' => 'Wasabi eu-central'], $choices);
        $this->assertSame(['request-storage-vault-providers'], $this->comet->endpoints());
    }

    /** The list of all need not hold them. */
    public function test_those_of_a_tenant_that_a_product_is_for_are_asked_for_by_its_name(): void
    {
        $tenant = 'cb116e59-be77-406b-afe8-7375fce34bbd';
        $this->settings(['configoption10' => $tenant]);
        $this->comet->reset(['templates' => ['1' => 'Ours', 't1' => ['Description' => 'Theirs', 'OrganizationID' => $tenant]]]);
        $this->comet->faultOn('request-storage-vault-providers', ['fault' => 'json', 'body' => ['1' => 'Ours']]);

        $choices = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame(['' => 'None', 1 => 'Ours', 't1' => "Theirs (tenant $tenant)"], $choices);
        $this->assertSame($tenant, $this->comet->formsOf('request-storage-vault-providers')[1]['TargetOrganization']);
    }

    public function test_a_tenant_that_this_administrator_may_not_name_is_passed_over(): void
    {
        $this->settings(['configoption10' => 'of-another-server']);
        $this->comet->reset(['templates' => ['1' => 'Ours']]);

        $choices = $this->module->call('ConfigOptionsStorageProvidersLoader', $this->module->serverParams(1));

        $this->assertSame(['' => 'None', 1 => 'Ours'], $choices);
    }
}
