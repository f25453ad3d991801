<?php

declare(strict_types=1);

// The language of what customers read: the session's, the client's, WHMCS's own; a host's texts before ours, key by key.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class LanguagesTest extends JetpackTestCase
{
    private string $root;

    protected function setUp(): void
    {
        parent::setUp();
        $this->root = sys_get_temp_dir() . '/languages-' . bin2hex(random_bytes(4));
        $folder = "$this->root/modules/servers/jetpack/lang";
        mkdir("$folder/overrides", 0755, true);
        foreach (glob(dirname(__DIR__, 2) . '/modules/servers/jetpack/lang/*.json') ?: [] as $file) {
            copy($file, "$folder/" . basename($file));
        }
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->root));
        parent::tearDown();
    }

    public function test_the_page_speaks_the_visitors_language(): void
    {
        $this->service();

        $titles = $this->titles([[null, ''], [null, 'German'], ['french', 'german'], ['klingon', 'german'], ['../../../etc/passwd', 'spanish']]);

        $this->assertSame(
            ['Your Jetpack license', 'Ihre Jetpack-Lizenz', 'Votre licence Jetpack', 'Your Jetpack license', 'Su licencia de Jetpack'],
            $titles
        );
    }

    public function test_the_system_says_it_where_nobody_else_does(): void
    {
        $this->service();
        $setting = 'eval(\'namespace WHMCS\\Config; class Setting { static function getValue($name) { return $name === "Language" ? "Spanish" : ""; } }\');';

        $this->assertSame(['Su licencia de Jetpack', 'Ihre Jetpack-Lizenz'], $this->titles([[null, ''], [null, 'german']], $setting));
    }

    public function test_a_hosts_own_texts_come_first_and_key_by_key(): void
    {
        $this->service();
        $this->override('german', '{"page.brand": "Turbo <b>&"}');
        $this->override('dutch', '{"page.title_one": "Uw {brand}-licentie"}');

        $this->assertSame(['Ihre Turbo &lt;b&gt;&amp;-Lizenz', 'Uw Jetpack-licentie'], $this->titles([[null, 'german'], [null, 'dutch']]));
    }

    public function test_a_file_that_cannot_be_used_is_named_once_and_passed_over(): void
    {
        $this->service();
        $this->override('german', '{"page.brand": "Turbo",}');

        $titles = $this->titles([[null, 'german'], [null, 'german']]);

        $this->assertSame(['Ihre Jetpack-Lizenz', 'Ihre Jetpack-Lizenz'], $titles);
        $log = preg_grep('/texts in/', \Tests\Host\Host::activityLog());
        $this->assertCount(1, $log);
        $this->assertMatchesRegularExpression('~^The texts in modules/servers/jetpack/lang/overrides/german.json cannot be used: .* line 1 ~', end($log));
    }

    public function test_a_sentence_of_a_click_is_in_his_language_too(): void
    {
        $this->service(['domain' => 'customer.example']);
        Capsule::table('tblclients')->update(['language' => 'german']);

        $said = $this->inChild($this->within() . '$_SESSION = ["uid" => 10];'
            . 'return $module->call("AttachToMySite", $module->paramsFor(WHMCS\\Service\\Service::find(100)));');

        $this->assertStringContainsString('Das wurde nicht von der Seite Ihres Produkts abgeschickt.', $said);
    }

    private function override(string $language, string $json): void
    {
        file_put_contents("$this->root/modules/servers/jetpack/lang/overrides/$language.json", $json);
    }

    /** @param list<array{?string, string}> $languages session and client @return list<string> */
    private function titles(array $languages, string $before = ''): array
    {
        return $this->inChild($this->within() . $before . '$titles = [];
            foreach (' . var_export($languages, true) . ' as [$session, $client]) {
                WHMCS\\Database\\Capsule::table("tblclients")->update(["language" => $client]);
                $_SESSION = ["uid" => 10] + ($session === null ? [] : ["Language" => $session]);
                $page = $module->clientArea(WHMCS\\Service\\Service::find(100));
                preg_match("~provisioning-title\">([^\n]*)</h3>~", $page, $found);
                $titles[] = $found[1] ?? $page;
            }
            return $titles;');
    }

    private function within(): string
    {
        return 'defined("ROOTDIR") || define("ROOTDIR", ' . var_export($this->root, true) . ');';
    }
}
