<?php

declare(strict_types=1);

// The INI settings: their defaults, who may change them, what phpinfo() shows of them.

namespace Tests\Extension;

use Tests\Support\ChildProcess;
use Tests\Support\ExtensionTestCase;

/** @group slow */
final class SettingsTest extends ExtensionTestCase
{
    private const DEFAULTS = [
        'whmcs_provisioning.ca_file' => '',
        'whmcs_provisioning.connect_timeout' => '5',
        'whmcs_provisioning.database_url' => '',
        'whmcs_provisioning.download_longest_time' => '3600',
        'whmcs_provisioning.download_lowest_speed' => '16384',
        'whmcs_provisioning.jetpack_api_url' => 'https://public-api.wordpress.com/wpcom/v2/jetpack-licensing',
        'whmcs_provisioning.jetpack_license_list' => '1',
        'whmcs_provisioning.keep_journal_days' => '400',
        'whmcs_provisioning.max_response_bytes' => '1048576',
        'whmcs_provisioning.no_proxy' => '',
        'whmcs_provisioning.pause_after_failure' => '10',
        'whmcs_provisioning.proxy' => '',
        'whmcs_provisioning.request_timeout' => '30',
        'whmcs_provisioning.state_dir' => '',
    ];

    /** A script may shorten its waits; where credentials go is the administrator's to say. */
    private const FOR_SCRIPTS = [
        'whmcs_provisioning.connect_timeout', 'whmcs_provisioning.jetpack_license_list', 'whmcs_provisioning.pause_after_failure',
        'whmcs_provisioning.request_timeout',
    ];

    /** @param array<string, string> $ini */
    private function extensionInfo(array $ini = []): string
    {
        $arguments = ['-d', 'extension=' . ChildProcess::extension()];
        foreach ($ini as $name => $value) {
            array_push($arguments, '-d', "$name=\"$value\"");
        }
        $told = $this->barePhp(...[...$arguments, '--ri', 'whmcs_provisioning']);
        $this->assertSame(['', 0], [$told['errors'], $told['exit']]);

        return $told['output'];
    }

    public function test_every_setting_has_its_default(): void
    {
        $told = $this->barePhp('-d', 'extension=' . ChildProcess::extension(), '-r', <<<'PHP'
            $all = ini_get_all('whmcs_provisioning');
            ksort($all);
            echo json_encode($all);
            PHP);

        $settings = json_decode($told['output'], true);
        $this->assertSame(self::DEFAULTS, array_column_with_keys($settings, 'global_value'));
        $this->assertSame(self::DEFAULTS, array_column_with_keys($settings, 'local_value'));
    }

    public function test_a_script_can_change_the_waits_and_nothing_else(): void
    {
        $changed = $this->inChild(<<<'PHP'
            $changed = [];
            foreach (ini_get_all('whmcs_provisioning', false) as $name => $value) {
                $before = ini_get($name);
                if (ini_set($name, '7') !== false) { $changed[] = $name; }
                if ((ini_get($name) === $before) !== !in_array($name, $changed, true)) { $changed[] = "$name lies"; }
            }
            return $changed;
            PHP);

        $this->assertSame(self::FOR_SCRIPTS, $changed);
        foreach (ini_get_all('whmcs_provisioning') as $name => $setting) {
            $access = in_array($name, self::FOR_SCRIPTS, true) ? INI_ALL : INI_SYSTEM;
            $this->assertSame($access, $setting['access'], $name);
        }
    }

    public function test_a_wait_that_a_script_changed_counts_at_once(): void
    {
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 1000]);
        $this->service();
        $answer = $this->inChild(<<<'PHP'
            ini_set('whmcs_provisioning.request_timeout', '0.2');
            return $module->create(Tests\Host\Host::service(100));
            PHP, ['whmcs_provisioning.request_timeout' => '9']);

        $this->assertSentence($answer, 'no answer came in time');
    }

    public function test_phpinfo_shows_version_build_and_what_is_in_force(): void
    {
        $shown = $this->extensionInfo(['whmcs_provisioning.connect_timeout' => '1.5']);

        $this->assertMatchesRegularExpression('/^Version => \d+\.\d+\.\d+$/m', $shown);
        $this->assertMatchesRegularExpression('/^Build => (debug|release) \S+$/m', $shown);
        $this->assertMatchesRegularExpression('/^Modules => jetpack, cometbackup$/m', $shown);
        $this->assertMatchesRegularExpression('/^Database settings => not found/m', $shown);
        foreach (array_keys(self::DEFAULTS) as $name) {
            $this->assertMatchesRegularExpression('/^' . preg_quote($name) . ' => \S/m', $shown);
        }
        $this->assertStringContainsString("whmcs_provisioning.connect_timeout => 1.5 seconds\n", $shown);
        $url = 'whmcs_provisioning.jetpack_api_url';
        $this->assertStringContainsString("$url => " . self::DEFAULTS[$url], $shown);
        $this->assertStringContainsString("Trusted certificates => the system's store\n", $shown);
    }

    public function test_phpinfo_says_whether_the_database_settings_were_found(): void
    {
        $code = 'ob_start(); phpinfo(INFO_MODULES); return ob_get_clean();';
        $this->assertStringContainsString("Database settings => found\n", $this->inChild($code));
        $this->assertStringContainsString(
            "Database settings => found\n",
            $this->extensionInfo(['whmcs_provisioning.database_url' => 'mysql://a:b@c/d'])
        );
        $this->assertStringContainsString(
            'Database settings => not found',
            $this->extensionInfo(['whmcs_provisioning.database_url' => 'nonsense'])
        );
    }

    public function test_phpinfo_and_ini_values_that_are_odd_do_no_harm(): void
    {
        $shown = $this->extensionInfo([
            'whmcs_provisioning.jetpack_api_url' => 'http://localhost/%s%n<b>',
            'whmcs_provisioning.ca_file' => "/ca\xff.pem",
        ]);

        $this->assertStringContainsString('whmcs_provisioning.jetpack_api_url => http://localhost/%s%n<b>', $shown);
        $this->assertStringContainsString("whmcs_provisioning.ca_file => /ca\u{fffd}.pem", $shown);
    }

    public function test_phpinfo_shows_no_secret(): void
    {
        $secrets = [
            'whmcs_provisioning.database_url' => 'mysql://user:hidden-1@db.example/whmcs',
            'whmcs_provisioning.proxy' => 'http://user:hidden-2@proxy.example:3128',
        ];
        $shown = $this->extensionInfo($secrets);

        $this->assertStringNotContainsString('hidden', $shown);
        $this->assertStringNotContainsString('db.example', $shown);
        $this->assertStringContainsString("whmcs_provisioning.database_url => set\n", $shown);
        $this->assertStringContainsString("whmcs_provisioning.proxy => set\n", $shown);
        $this->assertStringContainsString("whmcs_provisioning.proxy => not set\n", $this->extensionInfo());
    }

    /** @return iterable<string, array{string, string, string}> */
    public static function valuesInForce(): iterable
    {
        foreach (['abc', '', '-1', '0', 'inf', 'NaN', '5 seconds', '1e999'] as $nonsense) {
            yield "connect_timeout of \"$nonsense\"" => ['connect_timeout', $nonsense, '5 seconds'];
            yield "request_timeout of \"$nonsense\"" => ['request_timeout', $nonsense, '30 seconds'];
        }
        foreach (['abc', '', '-1', '0', '1.5', '1M', '99999999999999999999'] as $nonsense) {
            yield "max_response_bytes of \"$nonsense\"" => ['max_response_bytes', $nonsense, '1048576'];
        }
        yield 'a fraction of a second' => ['connect_timeout', ' 0.25 ', '0.25 seconds'];
        yield 'a wait that no operation may have' => ['request_timeout', '100000', '300 seconds'];
        yield 'a limit' => ['max_response_bytes', '4096', '4096'];
    }

    /** @dataProvider valuesInForce */
    public function test_a_value_that_makes_no_sense_counts_as_the_default(string $name, string $value, string $inForce): void
    {
        $shown = $this->extensionInfo(["whmcs_provisioning.$name" => $value]);

        $this->assertStringContainsString("whmcs_provisioning.$name => $inForce\n", $shown);
    }

    public function test_the_files_that_php_trusts_are_shown_in_their_order(): void
    {
        $files = ['openssl.cafile' => '/openssl.pem', 'whmcs_provisioning.ca_file' => '/own.pem'];

        $this->assertStringContainsString("Trusted certificates => /own.pem\n", $this->extensionInfo($files));
        unset($files['whmcs_provisioning.ca_file']);
        $this->assertStringContainsString("Trusted certificates => /openssl.pem\n", $this->extensionInfo($files));
    }
}

/** @param array<string, array<string, string>> $rows @return array<string, string> */
function array_column_with_keys(array $rows, string $column): array
{
    return array_map(fn (array $row) => $row[$column], $rows);
}
