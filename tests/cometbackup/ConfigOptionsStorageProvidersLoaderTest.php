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
}
