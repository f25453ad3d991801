<?php

declare(strict_types=1);

// cometbackup_UsageUpdate: WHMCS's daily import of disk used and limit. One request for a server; all of it or nothing.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\ChildProcess;
use Tests\Support\CometTestCase;
use Tests\Support\ManyAccounts;
use WHMCS\Database\Capsule;

final class UsageUpdateTest extends CometTestCase
{
    use ManyAccounts;

    private const LIST = 'list-users-full';
    private const MB = 1024 ** 2;
    private const NEVER = '0000-00-00 00:00:00';

    /** Vault id ⇒ what the account stores there, and its limit; `null` is never measured. @param array<string, array{?int, ?int}> $vaults */
    private function vaults(array $vaults): array
    {
        return array_map(static fn (array $vault): array => [
            'StorageLimitEnabled' => $vault[1] !== null,
            'StorageLimitBytes' => $vault[1] ?? 0,
            'Statistics' => ['ClientProvidedSize' => ['Size' => $vault[0] ?? 0, 'MeasureCompleted' => $vault[0] === null ? 0 : 1700000000]],
        ], $vaults);
    }

    private function update(int $server = 1): mixed
    {
        return $this->module->call('UsageUpdate', $this->module->serverParams($server));
    }

    /** @return array{int, int, bool} disk used, disk limit, and whether they were updated */
    private function usage(int $service = 200): array
    {
        $row = Capsule::table('tblhosting')->find($service);

        return [$row->diskusage, $row->disklimit, $row->lastupdate !== self::NEVER];
    }

    /** An account that WHMCS made, with one vault. */
    private function stored(?int $bytes, ?int $limit): void
    {
        $this->created([], [self::VAULT => self::TEMPLATE]);
        $vault = $this->record()['vault_id'];
        $this->comet->changeAccount($this->record()['username'], ['Destinations' => $this->vaults([$vault => [$bytes, $limit]])]);
        Capsule::table('tblactivitylog')->delete();
    }

    public function test_disk_used_and_limit_are_the_vault_s_in_megabytes_with_one_request(): void
    {
        $this->stored(700 * self::MB, 5 * self::GB);

        $asked = $this->during(fn () => $this->assertNull($this->update()));

        $this->assertSame([self::LIST], $asked);
        $this->assertSame([700, 5120, true], $this->usage());
        $now = Capsule::connection()->selectOne('SELECT NOW() AS now')->now;
        $age = strtotime($now) - strtotime(Capsule::table('tblhosting')->find(200)->lastupdate);
        $this->assertLessThan(60, abs($age), 'the time is that of the WHMCS database session');
        $this->assertSame([], Host::activityLog());
    }

    /** @return array<string, array{?int, ?int, array{int, int}}> */
    public static function sizes(): array
    {
        return [
            'no limit is 0' => [3 * self::MB, null, [3, 0]],
            'a begun megabyte counts, and a small limit is a limit' => [1, 1, [1, 1]],
            'nothing stored' => [0, self::GB, [0, 1024]],
            'never measured: what WHMCS has stays' => [null, self::GB, [77, 1024]],
            'more than the column holds' => [PHP_INT_MAX, PHP_INT_MAX, [2147483647, 2147483647]],
        ];
    }

    /**
     * @dataProvider sizes
     * @param array{int, int} $expected
     */
    public function test_sizes_are_as_whmcs_counts(?int $bytes, ?int $limit, array $expected): void
    {
        $this->stored($bytes, $limit);
        Capsule::table('tblhosting')->update(['diskusage' => 77, 'disklimit' => 88]);

        $this->update();

        $this->assertSame([...$expected, true], $this->usage());
    }

    public function test_the_vault_of_the_plan_counts_and_with_setting_6_each_of_them(): void
    {
        $this->stored(2 * self::MB, 10 * self::MB);
        $this->comet->changeAccount(self::NAME, ['Destinations' => $this->vaults(['aaaa' => [30 * self::MB, 100 * self::MB]])]);

        $this->update();
        $this->assertSame([2, 10, true], $this->usage());
        $this->settings([self::VAULT_QUOTA => 'all']);
        $this->update();

        $this->assertSame([32, 110, true], $this->usage());
    }

    public function test_a_shared_quota_of_the_server_is_no_limit_that_is_known(): void
    {
        $this->stored(2 * self::MB, 10 * self::MB);
        $vault = $this->record()['vault_id'];
        $this->comet->changeAccount(self::NAME, ['Destinations' => [$vault => ['StorageLimitID' => 'shared-1']]]);
        Capsule::table('tblhosting')->update(['disklimit' => 88]);

        $this->update();

        $this->assertSame([2, 88, true], $this->usage());
    }

    public function test_the_account_is_the_recorded_one_whatever_fields_say_today(): void
    {
        $this->world(['accounts' => [['Username' => 'somebody', 'Destinations' => $this->vaults(['v' => [9 * self::MB, null]])]]]);
        $this->customFields(['Username' => 'graceservice']);
        $this->stored(5 * self::MB, null);
        Capsule::table('tblhosting')->update(['username' => 'somebody']);
        Capsule::table('tblcustomfieldsvalues')->update(['value' => 'somebody']);

        $this->update();

        $this->assertSame([5, 0, true], $this->usage());
    }

    public function test_an_account_that_was_made_anew_under_the_name_is_left_out(): void
    {
        $this->stored(5 * self::MB, null);
        $this->comet->changeAccount(self::NAME, ['CreationGUID' => 'another']);

        $this->update();

        $this->assertSame([0, 0, false], $this->usage());
    }

    public function test_a_plan_whose_account_was_never_made_takes_nobody_s_figures(): void
    {
        $this->world(['accounts' => [['Username' => self::NAME, 'Destinations' => $this->vaults(['v' => [5 * self::MB, null]])]]]);
        $this->comet->faultOn(self::ADD, ['fault' => 'drop']);
        $service = $this->service();
        $this->module->create($service);
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active', 'username' => '']);
        Capsule::table(self::ACCOUNTS)->update(['username' => self::NAME, 'state' => 'planned']);

        $this->update();

        $this->assertSame([0, 0, false], $this->usage());
    }

    public function test_services_of_the_php_module_are_found_by_its_name_rule(): void
    {
        $vaults = fn (int $megabytes): array => ['Destinations' => $this->vaults(['v' => [$megabytes * self::MB, null]])];
        $names = ['adaservice' => 1, 'by-field' => 2, 'a&b' => 3, 'pending' => 4, 'disputed' => 5, 'completed' => 6];
        $accounts = array_map(fn (string $name, int $n): array => ['Username' => $name] + $vaults($n), array_keys($names), $names);
        $this->world(['accounts' => $accounts]);
        $field = Host::addCustomField(['relid' => 20, 'fieldname' => 'Username|Your login'], [201 => ' by-field ', 206 => 'adaservice']);
        $this->assertGreaterThan(0, $field);
        $live = ['domainstatus' => 'Active'];
        $this->service(['id' => 200, 'username' => 'adaservice'] + $live);
        $this->service(['id' => 201, 'username' => self::MARKER, 'domainstatus' => 'Suspended']);
        $this->service(['id' => 207, 'username' => 'completed', 'domainstatus' => 'Completed']);
        $this->service(['id' => 202, 'username' => 'a&amp;b'] + $live);
        $this->service(['id' => 203, 'username' => 'pending']);
        $this->service(['id' => 204, 'username' => 'disputed'] + $live);
        $this->service(['id' => 205, 'username' => 'disputed'] + $live);
        $this->service(['id' => 206, 'username' => 'unknown', 'domainstatus' => 'Terminated']);

        $this->update();

        $found = array_map(fn (int $id): int => $this->usage($id)[0], range(200, 207));
        $this->assertSame([1, 2, 3, 0, 0, 0, 0, 6], $found);
        $this->assertSame(0, Capsule::table(self::ACCOUNTS)->count(), 'a figure records no account');
    }

    public function test_a_service_whose_account_has_ended_takes_no_name_of_the_php_module(): void
    {
        $service = $this->created();
        $this->assertSame('success', $this->module->terminate($service));
        $this->world(['accounts' => [['Username' => self::NAME, 'Destinations' => $this->vaults(['v' => [5 * self::MB, null]])]]]);
        Capsule::table('tblhosting')->update(['domainstatus' => 'Active', 'username' => self::NAME]);

        $this->update();

        $this->assertSame([0, 0, false], $this->usage());
    }

    public function test_services_of_other_servers_and_modules_are_left_alone(): void
    {
        Host::addServer($this->server(2));
        Host::addProduct(['id' => 21, 'servertype' => 'other']);
        $this->world(['accounts' => [['Username' => 'adaservice', 'Destinations' => $this->vaults(['v' => [5 * self::MB, null]])]]]);
        $this->service(['id' => 201, 'username' => 'adaservice', 'server' => 2, 'domainstatus' => 'Active']);
        $this->service(['id' => 202, 'username' => 'adaservice', 'packageid' => 21, 'domainstatus' => 'Active']);

        $this->assertSame([], $this->during(fn () => $this->update()), 'a server without accounts is not asked');

        $this->assertSame([false, false], [$this->usage(201)[2], $this->usage(202)[2]]);
        $this->update(2);
        $this->assertSame([true, false], [$this->usage(201)[2], $this->usage(202)[2]]);
    }

    public function test_product_addons_have_their_service_properties_and_not_their_parent_s_columns(): void
    {
        $this->service(['domainstatus' => 'Active', 'packageid' => Host::addProduct(['servertype' => 'other'])]);
        $definition = Host::addAddonDefinition(['module' => 'cometbackup'], [self::VAULT => self::TEMPLATE]);
        $fields = ['type' => 'addon', 'relid' => $definition, 'fieldname' => 'Password'];
        Host::addCustomField($fields, [300 => self::PASSWORD, 301 => self::PASSWORD]);
        $addons = [];
        foreach ([300, 301] as $id) {
            $addon = Host::serviceAddon(Host::addServiceAddon(['id' => $id, 'hostingid' => 200, 'addonid' => $definition, 'server' => 1]));
            $this->assertSame('success', $this->module->create($addon));
            $addons[$id] = $addon;
        }
        foreach ($this->comet->accountNames() as $at => $name) {
            $vault = (string) array_key_first($this->comet->profile($name)['Destinations']);
            $this->comet->changeAccount($name, ['Destinations' => $this->vaults([$vault => [(4 + $at) * self::MB, self::GB]])]);
        }
        $properties = fn (int $id): array => array_map(
            fn (string $name): string => $addons[$id]->serviceProperties->get($name),
            ['Disk Usage', 'Disk Limit']
        );

        // The first run makes the fields, the next ones find them.
        foreach ([1, 2] as $run) {
            $this->assertSame([self::LIST], $this->during(fn () => $this->update()));
            $this->assertSame([['4', '1024'], ['5', '1024']], [$properties(300), $properties(301)], "run $run");
            $this->assertMatchesRegularExpression('/^20..-..-.. ..:..:..$/', $addons[300]->serviceProperties->get('Last Update'));
        }
        $fields = ['Disk Usage', 'Disk Limit', 'Last Update'];
        $this->assertSame(3, Capsule::table('tblcustomfields')->whereIn('fieldname', $fields)->count());
        Capsule::table('tblcustomfieldsvalues')->delete();
        $this->update();
        $this->assertSame(['4', '1024'], $properties(300), 'a value that is missing is added');
        $this->assertSame([0, 0, false], $this->usage(), 'the parent is another product');
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function broken(): array
    {
        $answer = fn (string $body): array => ['fault' => 'status', 'status' => 200, 'body' => $body, 'content_type' => 'application/json'];

        return [
            'refused' => [['fault' => 'json', 'body' => ['Status' => 403, 'Message' => 'Unauthorised <b>']], 'Unauthorised'],
            'an error of the server' => [['fault' => 'json', 'body' => ['Status' => 500, 'Message' => 'no disk']], 'no disk'],
            'HTTP 500' => [['fault' => 'status', 'status' => 500, 'body' => 'x'], 'not from a Comet Server'],
            'a redirect' => [['fault' => 'redirect', 'location' => 'https://evil.example/'], 'evil.example'],
            'no answer, twice: a question is asked again' => [['fault' => 'drop', 'times' => 2], 'closed before an answer'],
            'breaks off before the first byte' => [['fault' => 'truncate', 'at' => 0], 'broke off'],
            'breaks off in the middle' => [['fault' => 'truncate'], 'broke off'],
            'a page' => [['fault' => 'html'], 'not what a Comet Server sends'],
            'junk' => [$answer('[1]'), 'not what a Comet Server sends'],
            'nothing' => [$answer(''), 'broke off'],
            'accounts of another type' => [['fault' => 'wrong_types'], 'not what a Comet Server sends'],
            'more behind its end' => [$answer('{"ada@example.com":{}} x'), 'not what a Comet Server sends'],
            'a message alone' => [$answer('{"Message":"x"}'), 'not what a Comet Server sends'],
            'an account and then an error' => [$answer('{"ada@example.com":{},"Status":500,"Message":"died"}'), 'died'],
        ];
    }

    /**
     * @dataProvider broken
     * @group slow
     * @param array<string, mixed> $fault
     */
    public function test_a_server_that_fails_writes_nothing_and_says_so_once(array $fault, string $reason): void
    {
        $this->stored(5 * self::MB, null);
        $before = $this->whmcsNow();
        $this->comet->faultOn(self::LIST, $fault);

        $asked = $this->during(fn () => $this->assertNull($this->update()));

        $this->assertSame(array_fill(0, $fault['times'] ?? 1, self::LIST), $asked);
        $this->assertEquals($before, $this->whmcsNow());
        $log = Host::activityLog();
        $this->assertCount(1, $log);
        $this->assertSentence($log[0], 'read the accounts of the Comet Server', $reason);
        $this->assertNull($this->update());
        $this->assertSame([5, 0, true], $this->usage(), 'the next run is none the worse');
    }

    public function test_a_list_that_breaks_off_at_any_place_changes_nothing(): void
    {
        $this->stored(5 * self::MB, null);
        $length = strlen((string) json_encode($this->comet->profile(self::NAME)));
        for ($at = 0; $at < $length; $at += 331) {
            $this->comet->faultOn(self::LIST, ['fault' => 'truncate', 'at' => $at]);
            $this->update();
            $this->assertSame([0, 0, false], $this->usage(), "after $at bytes");
        }
    }

    public function test_where_cron_has_not_loaded_the_extension_the_activity_log_says_so(): void
    {
        $folder = var_export(dirname(__DIR__, 2) . '/modules', true);
        $code = '$module = new Tests\Host\Module("servers", "cometbackup", ' . $folder . ');'
            . '$module->call("UsageUpdate", ["serverid" => 1]); echo "the next server";';

        $end = ChildProcess::start($code, [], [], false)->wait();

        $this->assertSame(['the next server', '', 0], [$end['output'], $end['errors'], $end['exit']]);
        $this->assertStringContainsString('whmcs_provisioning is not loaded in this PHP', implode("\n", Host::activityLog()));
    }

    public function test_neither_password_nor_profile_is_in_a_log(): void
    {
        Host::switchModuleLog(true);
        $this->stored(5 * self::MB, null);
        $secret = $this->comet->profile(self::NAME)['PasswordHash'];

        $this->update();

        $logged = json_encode(Host::moduleLog(), JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        $this->assertStringContainsString('HTTP 200, 1 accounts', $logged);
        $this->assertStringNotContainsString($secret, $logged);
        $this->assertStringNotContainsString(json_encode(\Tests\Support\CometSandbox::PASSWORD, JSON_UNESCAPED_UNICODE), $logged);
    }

    /** What the import of so many accounts costs. @return array{answer: null, grown: int, php: int, statements: list<string>} */
    private function cost(int $accounts): array
    {
        // Makes the table of accounts, and finds nothing in it to ask for.
        $this->update();
        $this->manyAccounts($accounts, ['lastupdate' => "'" . self::NEVER . "'"]);

        return $this->costOf('$module->call("UsageUpdate", $params)', ['memory_limit' => '32M']);
    }

    /** @group slow */
    public function test_100_000_accounts_cost_one_request_few_statements_and_little_memory(): void
    {
        $few = $this->cost(1000);
        $many = $this->cost(100_000);

        $this->assertSame([self::LIST], $this->comet->endpoints());
        $wrong = Capsule::table('tblhosting')->whereRaw('diskusage<>id OR disklimit<>5120 OR lastupdate=?', [self::NEVER])->count();
        $this->assertSame([0, 100_000], [$wrong, Capsule::table('tblhosting')->count()]);
        $this->assertLessThan(20, count($many['statements']), implode("\n", $many['statements']));
        $this->assertLessThanOrEqual(count($few['statements']) + 4, count($many['statements']));
        // 40 bytes of each account are kept for the usage metrics of the same process.
        $this->assertLessThan(28_000, $many['grown'], 'kB; the list alone has 40,000');
        Capsule::connection()->statement('TRUNCATE tblhosting');
        Capsule::connection()->statement('TRUNCATE ' . self::ACCOUNTS);
    }
}
