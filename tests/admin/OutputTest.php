<?php

declare(strict_types=1);

// whmcs_provisioning_output: the pages' frame. Staff only; a GET changes nothing; a form needs WHMCS's token and an action of the table.

namespace Tests\Admin;

use Tests\Host\FormToken;
use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use WHMCS\Database\Capsule;

final class OutputTest extends AdminTestCase
{
    private const INSTALLATIONS = 'mod_whmcs_provisioning_installation';

    protected function setUp(): void
    {
        parent::setUp();
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active']);
        $this->atHome();
    }

    /** The place stays what it was for the tests that follow. */
    protected function tearDown(): void
    {
        $_SESSION = Host::STAFF;
        $this->atHome();
    }

    private function atHome(): void
    {
        $this->readAnew();
        Capsule::table(self::INSTALLATIONS)->where('number', '>', (int) Capsule::table(self::INSTALLATIONS)->min('number'))->delete();
        Capsule::table(self::INSTALLATIONS)->update(['system_url' => 'whmcs.example', 'state' => 'own']);
        $this->readAnew();
    }

    /** A worker reads where it is every five minutes, and after each decision of staff, be there nothing to decide. */
    private function readAnew(): void
    {
        $this->module->call('InstallationIsCopy', $this->module->paramsFor(Host::service(100)));
        Capsule::table('tblactivitylog')->delete();
    }

    /** WHMCS has moved, and staff have not said so yet. */
    private function moved(): void
    {
        $this->readAnew();
        Capsule::table(self::INSTALLATIONS)->update(['system_url' => 'old.example']);
    }

    public function test_each_page_has_the_menu_and_asks_nothing(): void
    {
        foreach (['' => 'Overview', 'overview' => 'Overview', 'decisions' => 'Decisions'] as $page => $title) {
            $html = $this->page($page);
            $this->assertStringContainsString("<h2>$title</h2>", $html);
            $this->assertStringContainsString('aria-current="page">' . $title, $html);
            $this->assertStringContainsString('addonmodules.php?module=whmcs_provisioning&amp;page=decisions', $html);
        }
        $this->assertNothingWasAsked();
        $this->assertSame([], Host::activityLog());
    }

    public function test_a_page_that_there_is_not_is_said_plainly(): void
    {
        foreach (['nonsense', '../overview', "<b>\0", '0'] as $page) {
            $this->assertStringContainsString('The addon has no such page.', $this->page($page));
        }
        $this->assertStringContainsString('<h2>Overview</h2>', $this->addon->addonOutput(['page' => ['overview']]));
    }

    /** @return array<string, array{array<string, int>}> */
    public static function strangers(): array
    {
        return ['a client' => [['uid' => 10]], 'nobody' => [[]]];
    }

    /**
     * @dataProvider strangers
     * @param array<string, int> $session
     */
    public function test_nobody_but_staff_sees_or_changes_anything(array $session): void
    {
        $this->moved();
        $fields = $this->fieldsOf($this->page('decisions'), 'This is a copy: change nothing');
        $_SESSION = $session;
        $token = FormToken::generate('plain');

        foreach ([[], ['token' => $token] + $fields] as $post) {
            $html = $this->page('decisions', [], $post);
            $this->assertStringContainsString('this is for staff only', $html);
            $this->assertSame([], self::buttons($html));
        }
        $this->assertSame('', $this->addon->call('sidebar', []));
        $this->assertSame(0, Capsule::table(self::INSTALLATIONS)->where('state', 'copy')->count());
    }

    /** @return array<string, array{array<string, mixed>, array<string, mixed>}> query and form, changed from those of the button */
    public static function forged(): array
    {
        return [
            'no token' => [[], ['token' => null]],
            'another token' => [[], ['token' => str_repeat('a', 40)]],
            'a token that is a list' => [[], ['token' => ['a']]],
            'the token in the address' => [['token' => 'own'], ['token' => null]],
            'no action' => [[], ['action' => null]],
            'an action that there is not' => [[], ['action' => 'drop_everything']],
            'an action that is a list' => [[], ['action' => ['installation_is_copy']]],
        ];
    }

    /**
     * @dataProvider forged
     * @param array<string, mixed> $query
     * @param array<string, mixed> $changes
     */
    public function test_a_forged_form_is_refused_plainly_and_logged_once(array $query, array $changes): void
    {
        $this->moved();
        $fields = $this->fieldsOf($this->page('decisions'), 'This is a copy: change nothing');
        $query = array_map(fn () => FormToken::generate('plain'), $query);

        $html = $this->page('decisions', $query, array_filter($changes + $fields, fn ($value) => $value !== null));

        $this->assertStringContainsString('Nothing was changed.', $html);
        $this->assertCount(1, Host::activityLog());
        $this->assertStringContainsString('was refused', Host::activityLog()[0]);
        $this->assertSame(0, Capsule::table(self::INSTALLATIONS)->where('state', 'copy')->count());
    }

    public function test_a_link_changes_nothing_and_is_logged_once(): void
    {
        $this->moved();

        $html = $this->page('decisions', ['action' => 'installation_is_copy', 'token' => FormToken::generate('plain')]);

        $this->assertStringContainsString('The action installation_is_copy was refused', $html);
        $this->assertCount(1, Host::activityLog());
        $this->assertSame(0, Capsule::table(self::INSTALLATIONS)->where('state', 'copy')->count());
    }

    public function test_a_button_carries_out_its_action_and_the_activity_log_says_so(): void
    {
        $this->moved();

        $html = $this->press('decisions', 'This is a copy: change nothing');

        $this->assertStringContainsString('class="alert alert-success"', $html);
        $this->assertSame(1, Capsule::table(self::INSTALLATIONS)->where('state', 'copy')->count());
        $this->assertSame(
            ['Provisioning addon, This is a copy: change nothing: This WHMCS is a copy: it changes nothing at Jetpack and Comet.'],
            Host::activityLog()
        );
    }

    public function test_what_cannot_be_undone_is_asked_first(): void
    {
        $this->moved();

        $question = $this->press('decisions', 'WHMCS moved: go on here', ['more' => '"><script>']);

        $this->assertStringContainsString('Back, without a change', $question);
        $this->assertStringContainsString('value="&quot;&gt;&lt;script&gt;"', $question);
        $this->assertStringContainsString('old.example', $this->page('decisions'));
        $this->assertSame([], Host::activityLog());

        $html = $this->page('decisions', [], $this->fieldsOf($question, 'WHMCS moved: go on here'));
        $this->assertStringContainsString('This WHMCS goes on here.', $html);
        $this->assertSame([], self::buttons($html));
    }

    public function test_a_database_that_is_away_leaves_the_menu(): void
    {
        $html = $this->inChild(
            'return (new Tests\Host\Module("addons", "whmcs_provisioning", ' . var_export(realpath(self::ROOT), true) . '))'
            . '->addonOutput(["page" => "decisions"]);',
            ['whmcs_provisioning.database_url' => 'mysql://whmcs@127.0.0.1:1/none']
        );

        $this->assertStringContainsString('page=decisions', $html);
        $this->assertStringContainsString('alert-danger', $html);
    }
}
