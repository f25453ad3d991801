<?php

declare(strict_types=1);

// Hide tokens and Write tokens back in plain text: all stored API tokens at once or none, and both forms are one token.

namespace Tests\Admin;

use Tests\Host\Encryption;
use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

final class HideTokensTest extends AdminTestCase
{
    protected const SECRETS = [JetpackSandbox::TOKEN, JetpackSandbox::SECOND_TOKEN];
    private const HIDE = 'Hide tokens';
    private const BACK = 'Write tokens back in plain text';
    private const HIDDEN = '/^whmcs_provisioning:1:[0-9a-f]{12}:[A-Za-z0-9+\/=]+$/D';

    protected function setUp(): void
    {
        parent::setUp();
        // As WHMCS stores what was typed.
        Host::addProduct(['id' => 2, 'servertype' => 'jetpack', 'configoption1' => ' ' . JetpackSandbox::TOKEN,
            'configoption2' => 'jetpack-scan', 'name' => '<b>Scan</b>']);
        Host::addProduct(['id' => 3, 'servertype' => 'jetpack', 'configoption1' => JetpackSandbox::SECOND_TOKEN, 'configoption2' => 'jetpack-scan']);
        Host::addProduct(['id' => 4, 'servertype' => 'other', 'configoption1' => JetpackSandbox::TOKEN]);
        Host::addAddonDefinition(['id' => 7, 'module' => 'jetpack', 'name' => 'Addon'], [
            'configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-scan',
        ]);
        Host::setAddonModule('jetpack', ['api_token' => JetpackSandbox::TOKEN, 'version' => '1']);
    }

    private static function fingerprint(): string
    {
        return substr(hash('sha256', JetpackSandbox::TOKEN), 0, 12);
    }

    /** @return array<string, string> what each place of the module holds */
    private static function stored(): array
    {
        return Capsule::table('tblproducts')->where('servertype', 'jetpack')->orderBy('id')->pluck('configoption1', 'id')->all() + [
            'addon' => Capsule::table('tblmodule_configuration')->where('setting_name', 'configoption1')->value('value'),
            'module' => Capsule::table('tbladdonmodules')->where('module', 'jetpack')->where('setting', 'api_token')->value('value'),
        ];
    }

    /** Presses the button, answers the question, and returns both texts. @return array{string, string} */
    private function answer(string $button): array
    {
        $question = $this->press('jetpack', $button);

        return [self::textOf($question), self::textOf($this->page('jetpack', [], $this->fieldsOf($question, $button)))];
    }

    public function test_all_places_are_hidden_after_a_question_that_counts_them_and_written_back_as_they_were(): void
    {
        $before = self::stored();

        [$question, $said] = $this->answer(self::HIDE);

        $this->assertStringContainsString('Now: 3 products, 1 product addon, 1 addon module in plain text.', $question);
        $this->assertStringContainsString('The API tokens of 3 products, 1 product addon, 1 addon module are hidden.', $said);
        foreach (self::stored() as $place => $text) {
            $this->assertMatchesRegularExpression(self::HIDDEN, $text, (string) $place);
        }
        $this->assertSame(JetpackSandbox::TOKEN, Capsule::table('tblproducts')->where('id', 4)->value('configoption1'));
        $this->assertStringContainsString(self::fingerprint() . ' 2 1 1 Product, Scan, Addon, settings of the addon module jetpack hidden', $said);
        $this->assertSame([self::BACK], array_values(array_intersect(self::buttons($this->page('jetpack')), [self::HIDE, self::BACK])));

        [$question, $said] = $this->answer(self::BACK);

        $this->assertStringContainsString('Now: 3 products, 1 product addon, 1 addon module hidden.', $question);
        $this->assertStringContainsString('are in plain text again.', $said);
        $this->assertSame($before, self::stored());
        $this->assertCount(2, Host::activityLog());
        $this->assertNothingWasAsked();
        foreach (self::SECRETS as $secret) {
            $this->assertStringNotContainsString($secret, json_encode(Host::activityLog()) . json_encode(Host::moduleLog()));
        }
    }

    public function test_a_token_typed_later_is_in_clear_and_hidden_by_the_next_press(): void
    {
        $this->answer(self::HIDE);
        $hidden = self::stored();
        Capsule::table('tblproducts')->where('id', 2)->update(['configoption1' => JetpackSandbox::TOKEN]);

        $text = self::textOf($this->page('jetpack'));
        $this->assertStringContainsString('1 product in plain text; 2 products, 1 product addon, 1 addon module hidden.', $text);
        $this->assertStringContainsString('settings of the addon module jetpack 1 in plain text, 3 hidden', $text);

        $this->answer(self::HIDE);

        $this->assertSame(array_diff_key($hidden, [2 => '']), array_diff_key(self::stored(), [2 => '']));
        $this->assertMatchesRegularExpression(self::HIDDEN, self::stored()[2]);
    }

    public function test_a_second_press_of_an_older_page_changes_nothing(): void
    {
        foreach ([[self::HIDE, 'there was nothing to hide'], [self::BACK, 'there was nothing to write back']] as [$button, $says]) {
            $fields = $this->fieldsOf($this->press('jetpack', $button), $button);
            $this->page('jetpack', [], $fields);
            $stored = self::stored();

            $this->assertStringContainsString($says, self::textOf($this->page('jetpack', [], $fields)));

            $this->assertSame($stored, self::stored());
        }
    }

    public function test_rotating_replaces_both_forms_of_a_token_and_keeps_what_is_hidden_hidden(): void
    {
        $this->answer(self::HIDE);
        Capsule::table('tblproducts')->where('id', 2)->update(['configoption1' => JetpackSandbox::TOKEN]);

        $said = self::textOf($this->fillIn('jetpack', 'Rotate the token', [
            'old_token' => self::fingerprint(), 'new_token' => JetpackSandbox::SECOND_TOKEN,
        ]));

        $this->assertStringContainsString('in 2 products, 1 product addon, 1 addon module.', $said);
        $this->assertSame('Bearer ' . JetpackSandbox::SECOND_TOKEN, $this->jetpackApi->requests()[0]['headers']['authorization']);
        $this->assertSame(JetpackSandbox::SECOND_TOKEN, self::stored()[2]);
        foreach (array_diff_key(self::stored(), [2 => '']) as $text) {
            $this->assertMatchesRegularExpression(self::HIDDEN, $text);
        }
        $this->answer(self::BACK);
        $this->assertSame([JetpackSandbox::SECOND_TOKEN], array_values(array_unique(self::stored())));
    }

    public function test_validate_asks_once_for_a_token_in_two_forms(): void
    {
        $this->answer(self::HIDE);
        Capsule::table('tblproducts')->where('id', 2)->update(['configoption1' => JetpackSandbox::TOKEN]);

        $this->page('validate', ['run' => '1']);

        $asked = array_column(array_column($this->jetpackApi->requests(), 'headers'), 'authorization');
        sort($asked);
        $this->assertSame(['Bearer ' . JetpackSandbox::SECOND_TOKEN, 'Bearer ' . JetpackSandbox::TOKEN], $asked);
    }

    public function test_products_that_are_made_hold_the_token_as_the_first_product_does(): void
    {
        $this->answer(self::HIDE);

        $this->fillIn('jetpack', 'Create hidden products', ['kind' => 'product', 'make_0' => 'jetpack-backup-daily'], ['show' => 'products']);

        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $this->jetpackApi->requests()[0]['headers']['authorization']);
        $this->assertSame(self::stored()[1], Capsule::table('tblproducts')->where('configoption2', 'jetpack-backup-daily')->value('configoption1'));
    }

    public function test_what_cannot_be_decrypted_is_said_and_a_new_token_replaces_it(): void
    {
        $this->answer(self::HIDE);
        $key = Encryption::$installationKey;
        Encryption::$installationKey = 'another';
        try {
            $this->assertStringContainsString('hidden in a way that WHMCS cannot decrypt', self::textOf($this->page('jetpack')));
            $before = self::stored();
            $this->assertStringContainsString('Nothing was changed.', $this->answer(self::BACK)[1]);
            $this->assertSame($before, self::stored());
            $this->assertStringContainsString('Its API Token is hidden, and WHMCS cannot decrypt it', self::textOf($this->page('validate', ['run' => '1'])));
            $this->assertNothingWasAskedOfJetpack();

            $this->fillIn('jetpack', 'Rotate the token', [
                'old_token' => self::fingerprint(), 'new_token' => JetpackSandbox::SECOND_TOKEN,
            ]);
            $text = self::textOf($this->page('jetpack'));
            $this->assertStringContainsString('2 products, 1 product addon, 1 addon module hidden; 1 product hidden in a way', $text);
        } finally {
            Encryption::$installationKey = $key;
        }
    }

    private function assertNothingWasAskedOfJetpack(): void
    {
        $this->assertSame([], $this->jetpackApi->requestLines());
    }

    public function test_one_place_that_cannot_be_written_leaves_all_as_they_were(): void
    {
        $before = self::stored();
        self::asRoot("CREATE TRIGGER refuse_modules BEFORE UPDATE ON tbladdonmodules FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='No.'");
        try {
            $this->assertStringContainsString('Could not hide the API tokens', $this->answer(self::HIDE)[1]);
        } finally {
            self::asRoot('DROP TRIGGER refuse_modules');
        }
        $this->assertSame($before, self::stored());
    }

    public function test_a_forged_request_changes_nothing(): void
    {
        $before = self::stored();
        foreach (['jetpack_hide_tokens', 'jetpack_write_tokens_back'] as $action) {
            $fields = ['action' => $action, 'confirmed' => '1'];
            foreach ([[$fields, []], [[], $fields], [[], $fields + ['token' => 'x']]] as [$query, $post]) {
                $this->assertStringContainsString('Nothing was changed.', self::textOf($this->page('jetpack', $query, $post)));
                $this->assertSame($before, self::stored());
            }
        }
    }
}
