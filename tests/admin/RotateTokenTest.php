<?php

declare(strict_types=1);

// Rotate the token: a new API token in products, product addons and the companion addon module, all at once or not at all.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\JetpackSandbox;
use WHMCS\Database\Capsule;

final class RotateTokenTest extends AdminTestCase
{
    protected const SECRETS = [JetpackSandbox::TOKEN, JetpackSandbox::SECOND_TOKEN, 'tok_unknown'];
    private const BUTTON = 'Rotate the token';

    protected function setUp(): void
    {
        parent::setUp();
        // As WHMCS stores what was typed.
        Host::addProduct(['id' => 2, 'servertype' => 'jetpack', 'configoption1' => ' ' . htmlspecialchars(JetpackSandbox::TOKEN), 'name' => '<b>Scan</b>']);
        Host::addProduct(['id' => 3, 'servertype' => 'jetpack', 'configoption1' => strtoupper(JetpackSandbox::TOKEN)]);
        Host::addProduct(['id' => 4, 'servertype' => 'other', 'configoption1' => JetpackSandbox::TOKEN]);
        Host::addAddonDefinition(['id' => 7, 'module' => 'jetpack', 'name' => 'Addon'], ['configoption1' => JetpackSandbox::TOKEN]);
        Host::setAddonModule('jetpack', ['api_token' => JetpackSandbox::TOKEN, 'version' => '1']);
    }

    private static function fingerprint(string $token = JetpackSandbox::TOKEN): string
    {
        return substr(hash('sha256', $token), 0, 12);
    }

    /** @return array<string, string> */
    private static function stored(): array
    {
        return Capsule::table('tblproducts')->pluck('configoption1', 'id')->all() + [
            'addon' => Capsule::table('tblmodule_configuration')->value('value'),
            'module' => Capsule::table('tbladdonmodules')->where('module', 'jetpack')->where('setting', 'api_token')->value('value'),
        ];
    }

    /** @param array<string, string> $more */
    private function rotate(string $new, array $more = []): string
    {
        return self::textOf($this->fillIn('jetpack', self::BUTTON, $more + ['old_token' => self::fingerprint(), 'new_token' => $new]));
    }

    public function test_the_page_counts_places_by_fingerprints(): void
    {
        $text = self::textOf($html = $this->page('jetpack'));

        $this->assertStringContainsString(self::fingerprint() . ' 2 1 1 Product, Scan, Addon, settings of the addon module jetpack', $text);
        $this->assertStringContainsString(self::fingerprint(strtoupper(JetpackSandbox::TOKEN)) . ' 1 0 0', $text);
        $this->assertStringNotContainsString('<b>', $html);
        $this->assertNothingWasAsked();
    }

    public function test_every_place_gets_the_new_token_after_it_was_tried(): void
    {
        $said = $this->rotate(' ' . JetpackSandbox::SECOND_TOKEN . ' ');

        $new = JetpackSandbox::SECOND_TOKEN;
        $this->assertSame(
            [1 => $new, 2 => $new, 3 => strtoupper(JetpackSandbox::TOKEN), 4 => JetpackSandbox::TOKEN, 20 => '', 'addon' => $new, 'module' => $new],
            self::stored()
        );
        $this->assertSame(['GET /partner/product-families'], $this->jetpackApi->requestLines());
        $this->assertStringContainsString('was replaced by ' . self::fingerprint($new) . ' in 2 products, 1 product addon, 1 addon module.', $said);
        $this->assertCount(1, Host::activityLog());
        $this->assertStringContainsString('Rotate the token', Host::activityLog()[0]);
        foreach (self::SECRETS as $secret) {
            $this->assertStringNotContainsString($secret, Host::activityLog()[0] . json_encode(Host::moduleLog()));
        }
    }

    public function test_nothing_is_changed_where_it_is_refused(): void
    {
        $before = self::stored();
        foreach (self::refusals() as $what => [$new, $more, $says]) {
            $this->assertStringContainsString($says, $this->rotate($new, $more), $what);
            $this->assertSame($before, self::stored(), $what);
        }
    }

    public function test_a_token_that_does_not_know_the_licenses_is_not_used(): void
    {
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Pending', 'domain' => 'customer.example']);
        $this->assertSame('success', $this->module->create(Host::service(100)));
        $before = self::stored();

        $said = $this->rotate(JetpackSandbox::SECOND_TOKEN);

        $this->assertStringContainsString('Jetpack accepts the new token, but', $said);
        $this->assertStringContainsString('Nothing was changed', $said);
        $this->assertSame($before, self::stored());
        $this->assertStringContainsString('was replaced by', $this->rotate(JetpackSandbox::SECOND_TOKEN, ['untried' => '1']));
    }

    /** @return iterable<string, array{string, array<string, string>, string}> */
    private static function refusals(): iterable
    {
        yield 'a token that Jetpack refuses' => ['tok_unknown', [], 'was tried at Jetpack and is not used'];
        yield 'no token' => ['', [], 'is empty'];
        yield 'a token with a blank' => ['tok en', [], 'holds a blank'];
        yield 'the same token' => [JetpackSandbox::TOKEN, [], 'is the one that is there already'];
        yield 'a token that nothing holds' => [JetpackSandbox::SECOND_TOKEN, ['old_token' => '0123456789ab'], 'addon module holds that token'];
    }

    public function test_where_jetpack_is_down_staff_can_have_it_untried(): void
    {
        $this->jetpackApi->fault(['fault' => 'status', 'status' => 503]);
        $before = self::stored();
        $this->assertStringContainsString('Nothing was changed', $this->rotate(JetpackSandbox::SECOND_TOKEN));
        $this->assertSame($before, self::stored());
        $asked = count($this->jetpackApi->requests());

        $said = $this->rotate(JetpackSandbox::SECOND_TOKEN, ['untried' => '1']);

        $this->assertStringContainsString('without trying it at Jetpack', $said);
        $this->assertSame(JetpackSandbox::SECOND_TOKEN, self::stored()[1]);
        $this->assertCount($asked, $this->jetpackApi->requests());
    }

    public function test_one_place_that_cannot_be_written_leaves_all_as_they_were(): void
    {
        $before = self::stored();
        self::asRoot("CREATE TRIGGER refuse_modules BEFORE UPDATE ON tbladdonmodules FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='No.'");
        try {
            $this->assertStringContainsString('Could not write the API token', $this->rotate(JetpackSandbox::SECOND_TOKEN));
        } finally {
            self::asRoot('DROP TRIGGER refuse_modules');
        }
        $this->assertSame($before, self::stored());
    }

    public function test_a_forged_request_changes_nothing(): void
    {
        $before = self::stored();
        $fields = ['old_token' => self::fingerprint(), 'new_token' => JetpackSandbox::SECOND_TOKEN, 'untried' => '1'];
        $logged = 0;
        foreach (self::forgeries() as $what => [$query, $post]) {
            $html = $this->page('jetpack', $query === [] ? [] : $query + $fields, $post === [] ? [] : $post + $fields);

            $this->assertStringContainsString('Nothing was changed.', self::textOf($html), $what);
            $this->assertSame($before, self::stored(), $what);
            $this->assertCount(++$logged, Host::activityLog(), $what);
        }
    }

    /** @return iterable<string, array{array<string, mixed>, array<string, mixed>}> */
    private static function forgeries(): iterable
    {
        yield 'by GET' => [['action' => 'jetpack_rotate_token'], []];
        yield 'without a token' => [[], ['action' => 'jetpack_rotate_token']];
        yield 'with another token' => [[], ['action' => 'jetpack_rotate_token', 'token' => 'x']];
        yield 'an action that is none' => [[], ['action' => 'jetpack_rotate', 'token' => 'x']];
    }

    public function test_a_client_changes_nothing(): void
    {
        $fields = $this->fieldsOf($this->page('jetpack'), self::BUTTON);
        $before = self::stored();
        $_SESSION = ['uid' => 10] + array_diff_key($_SESSION, Host::STAFF);
        try {
            $this->page('jetpack', [], ['old_token' => self::fingerprint(), 'new_token' => JetpackSandbox::SECOND_TOKEN] + $fields);
        } finally {
            $_SESSION = Host::STAFF;
        }
        $this->assertSame($before, self::stored());
    }
}
