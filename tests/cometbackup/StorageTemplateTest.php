<?php

declare(strict_types=1);

// The storage template as the customer's choice.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;

final class StorageTemplateTest extends CometTestCase
{
    private const PROVIDERS = 'request-storage-vault-providers';
    private const EUROPE = 'tmpl-eu';

    protected function prepareWorld(): void
    {
        parent::prepareWorld();
        $this->world(['templates' => [self::TEMPLATE => 'Local storage', self::EUROPE => 'Europe']]);
    }

    public function test_the_choice_wins_over_the_setting(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, ['storage_template' => self::EUROPE . '|Europe']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::PROVIDERS, self::ADD, self::REQUEST_VAULT, self::WRITE], $this->comet->endpoints());
        $this->assertSame(self::EUROPE, $this->comet->formsOf(self::REQUEST_VAULT)[0]['StorageProvider']);
        $this->assertSame(['Europe'], array_column($this->comet->profile(self::NAME)['Destinations'], 'Description'));
    }

    public function test_it_needs_no_setting(): void
    {
        $service = $this->service();
        $this->choose(200, ['storage_template' => self::EUROPE]);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(array_key_first($this->comet->profile(self::NAME)['Destinations']), $this->record()['vault_id']);
    }

    public function test_without_a_choice_the_setting_decides_and_nothing_more_is_asked(): void
    {
        $this->settings([self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, ['storage_template' => '']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame([self::ADD, self::REQUEST_VAULT, self::WRITE], $this->comet->endpoints());
        $this->assertSame(self::TEMPLATE, $this->comet->formsOf(self::REQUEST_VAULT)[0]['StorageProvider']);
    }

    public function test_what_the_server_does_not_offer_is_said_before_anything_is_created(): void
    {
        $this->settings([self::POLICY => 'WHMCS_new', self::VAULT => self::TEMPLATE]);
        $service = $this->service();
        $this->choose(200, ['storage_template' => 'tmpl-mars|Mars']);

        $this->assertSentence($this->module->create($service), 'no storage template tmpl-mars', 'storage_template');

        $this->assertSame([self::PROVIDERS], $this->comet->endpoints());
        $this->assertSame([[], []], [$this->comet->accountNames(), $this->comet->policies()]);
    }

    public function test_a_list_that_cannot_be_read_creates_nothing(): void
    {
        $service = $this->service();
        $this->choose(200, ['storage_template' => self::EUROPE]);
        $this->comet->faultOn(self::PROVIDERS, ['fault' => 'truncate']);

        $this->assertSentence($this->module->create($service), 'storage templates');

        $this->assertSame([], $this->comet->accountNames());
    }

    public function test_an_account_that_has_its_vault_keeps_it(): void
    {
        $service = $this->created([], [self::VAULT => self::TEMPLATE]);
        $vaults = $this->comet->profile(self::NAME)['Destinations'];
        $this->choose(200, ['storage_template' => self::EUROPE . '|Europe']);

        $change = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));
        $again = $this->during(fn () => $this->assertSame('success', $this->module->create($service)));

        $this->assertSame([[self::READ], [self::READ]], [$change, $again]);
        $this->assertSame($vaults, $this->comet->profile(self::NAME)['Destinations']);
    }
}
