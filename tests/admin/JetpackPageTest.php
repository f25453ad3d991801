<?php

declare(strict_types=1);

// The addon's page Jetpack: licenses searched, filtered and paged by key at 100,000 rows, without a whole key anywhere.

namespace Tests\Admin;

use Tests\Host\Host;
use Tests\Support\AdminTestCase;
use Tests\Support\ChildProcess;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use Tests\Support\Numbers;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class JetpackPageTest extends AdminTestCase
{
    private const TABLE = JetpackTestCase::TABLE;
    private const HOSTILE = '<script>alert(1)</script>"\'&';
    private const KEY = 'jetpack-scan_xZjtE12WIVwBus4n2wbIrYcIM';

    protected function setUp(): void
    {
        parent::setUp();
        $this->module->call('CreateLicensesTable', []);
    }

    /** @param array<string, mixed> $row */
    private function license(string $key, array $row = []): void
    {
        Capsule::table(self::TABLE)->insert($row + [
            'order_id' => 500, 'product_id' => 1, 'license_key' => $key, 'issued_at' => date('Y-m-d H:i:s', time() - 86400),
            'service_id' => 100, 'addon_id' => 0, 'product_slug' => 'jetpack-complete',
        ]);
    }

    /** That many services with a license each; each hundredth license is revoked, each thousandth has no service. */
    private function many(int $count): void
    {
        $last = 999 + $count;
        Capsule::connection()->unprepared(
            'INSERT INTO tblhosting (id, userid, orderid, packageid, domainstatus, qty, domain, paymentmethod, billingcycle, username,
              password, notes, subscriptionid, suspendreason, dedicatedip, assignedips, ns1, ns2)
             SELECT seq, 10, seq, 1, "Active", 1, CONCAT("site", seq, ".example"), "", "", "", "", "", "", "", "", "", "", ""
             FROM ' . Numbers::table(1000, $last) . ' WHERE seq % 1000 <> 7;
             INSERT INTO ' . self::TABLE . ' (id, order_id, product_id, license_key, issued_at, service_id, addon_id, product_slug,
              site, revoked_at) SELECT seq, seq, 1, CONCAT("jetpack-scan_", LPAD(seq, 20, "k")), "2026-01-15 10:00:01", seq, 0,
              IF(seq % 50 = 0, "jetpack-scan", "jetpack-complete"), NULL, IF(seq % 100 = 0, "2026-02-01 00:00:00", NULL)
             FROM ' . Numbers::table(1000, $last) . '; ANALYZE TABLE ' . self::TABLE
        );
    }

    /** @return list<string> the first cell of each license */
    private static function hints(string $html): array
    {
        preg_match_all('/<td>(…[^<]*)<\/td>/u', $html, $found);

        return $found[1];
    }

    public function test_a_license_is_shown_with_its_service_and_without_its_key(): void
    {
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active', 'domain' => 'shop.example']);
        $this->license(self::KEY, ['product_slug' => 'jetpack-scan']);

        $html = $this->page('jetpack');

        $this->assertSame(['…YcIM'], self::hints($html));
        $this->assertStringNotContainsString('xZjtE12WIVw', $html);
        $this->assertStringContainsString('clientsservices.php?userid=10&amp;id=100', $html);
        $this->assertStringContainsString('1 active licenses, 0 revoked', self::textOf($html));
        $this->assertStringContainsString('shop.example', $html);
        $this->assertStringContainsString('page=decisions', $html);
        $this->assertNothingWasAsked();
        $this->assertSame([], Host::activityLog());
    }

    public function test_without_a_license_table_the_page_says_that_nothing_fits(): void
    {
        Capsule::schema()->drop(self::TABLE);

        $this->assertStringContainsString('No license fits.', $this->page('jetpack'));
    }

    public function test_what_strangers_typed_stays_text(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['companyname' => self::HOSTILE]);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active', 'domain' => self::HOSTILE]);
        $this->license(self::KEY);
        Capsule::table('tblproducts')->where('id', 1)->update(['name' => self::HOSTILE]);

        foreach ([[], ['q' => self::HOSTILE], ['product' => self::HOSTILE, 'state' => self::HOSTILE, 'before' => self::HOSTILE]] as $query) {
            $html = $this->page('jetpack', $query);
            $this->assertStringNotContainsString('<script>', $html);
        }
    }

    public function test_search_and_filters_find_what_they_say(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['email' => 'grace@navy.example', 'lastname' => 'Hopper']);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active', 'domain' => 'shop.example']);
        $this->license('jetpack-complete_first');
        $this->license('jetpack-scan_other', ['product_slug' => 'jetpack-scan', 'service_id' => 101, 'order_id' => 77, 'site' => 'https://100%_real.example']);
        $this->license('jetpack-scan_gone', ['product_slug' => 'jetpack-scan', 'service_id' => null, 'addon_id' => null, 'order_id' => 78,
            'revoked_at' => '2026-01-01 00:00:00', 'issued_at' => '2020-01-01 00:00:00']);
        $this->license('old-module_last', ['product_slug' => null, 'service_id' => null, 'addon_id' => null, 'order_id' => 79]);

        foreach (self::searches() as $what => [$query, $found]) {
            $this->assertSame($found, self::hints($this->page('jetpack', $query)), $what);
        }
    }

    /** @return iterable<string, array{array<string, string>, list<string>}> */
    private static function searches(): iterable
    {
        yield 'everything, the newest first' => [[], ['…last', '…gone', '…ther', '…irst']];
        yield 'the number of a service' => [['q' => '100'], ['…irst']];
        yield 'the number of an order' => [['q' => '#77'], ['…ther']];
        yield 'the domain of a service' => [['q' => 'shop.ex'], ['…irst']];
        yield 'the beginning of an address' => [['q' => 'grace@'], ['…irst']];
        yield 'a name' => [['q' => 'Ada Hop'], ['…irst']];
        yield 'a site, and no pattern' => [['q' => '100%_r'], ['…ther']];
        yield 'active' => [['state' => 'active'], ['…last', '…ther', '…irst']];
        yield 'revoked' => [['state' => 'revoked'], ['…gone']];
        yield 'a product' => [['product' => 'jetpack-scan'], ['…gone', '…ther']];
        yield 'no product recorded' => [['product' => '-'], ['…last']];
        yield 'with a service' => [['service' => 'yes'], ['…irst']];
        yield 'without a service' => [['service' => 'no'], ['…last', '…gone', '…ther']];
        yield 'young' => [['age' => 'y30'], ['…last', '…ther', '…irst']];
        yield 'old' => [['age' => 'o365'], ['…gone']];
        yield 'all at once' => [['product' => 'jetpack-scan', 'state' => 'active', 'service' => 'no', 'q' => '77'], ['…ther']];
    }

    public function test_a_whole_key_is_found_by_post_and_is_in_no_page_address_or_log(): void
    {
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active']);
        $this->license(self::KEY);
        $this->license('jetpack-scan_AAAAAAAAAAAAAAAAAAAA');

        $html = $this->fillIn('jetpack', 'Find license', ['license_key' => ' ' . self::KEY . ' ']);

        $this->assertStringContainsString('The license …YcIM is that of Service ID: 100.', self::textOf($html));
        $this->assertSame(['…YcIM'], self::hints($html));
        $by = $this->page('jetpack', ['q' => self::KEY]);
        $this->assertStringContainsString('Enter a whole key in the field', self::textOf($by));
        $this->assertSame([], self::hints($by));
        $this->assertStringNotContainsString(self::KEY, $html . implode(' ', Host::activityLog()));
        $none = $this->fillIn('jetpack', 'Find license', ['license_key' => 'jetpack-scan_BBBBBBBBBBBBBBBBBBBB']);
        $this->assertStringContainsString('No license with this key (…BBBB) is in WHMCS.', self::textOf($none));
    }

    public function test_pages_at_100000_licenses_take_few_statements_and_follow_an_index(): void
    {
        $this->many(100_000);
        $this->page('jetpack');
        $queries = [[], ['before' => '51000'], ['state' => 'active', 'before' => '60000'], ['product' => 'jetpack-scan', 'state' => 'active'],
            ['q' => '70000']];
        foreach ($queries as $query) {
            $log = new StatementLog();
            $whmcs = (int) Capsule::selectOne('SELECT CONNECTION_ID() AS id')->id;
            $begun = microtime(true);
            $html = $this->page('jetpack', $query);
            $this->assertLessThan(10, microtime(true) - $begun);
            $this->assertCount(3, $log->endBut($whmcs), json_encode($query));
            $this->assertCount(isset($query['q']) ? 1 : 50, self::hints($html));
        }
        $this->assertStringContainsString('99000 active licenses, 1000 revoked', self::textOf($html));
        foreach (['site70000.example' => 1, 'nowhere.example' => 0] as $text => $count) {
            $this->assertCount($count, self::hints($this->page('jetpack', ['q' => $text])));
        }
        $this->assertCount(50, self::hints($this->page('jetpack', ['service' => 'no'])));
        $this->walk();
        $this->assertIndexes();
        $this->assertExportIsFlat();
    }

    /** All pages of a filter together hold each license once. */
    private function walk(): void
    {
        $query = ['state' => 'revoked'];
        $seen = [];
        do {
            $html = $this->page('jetpack', $query);
            array_push($seen, ...self::hints($html));
            $has = preg_match('/before=(\d+)"[^>]*>Older</', $html, $next);
            $query['before'] = $next[1] ?? '';
        } while ($has === 1);
        $this->assertCount(1000, $seen);
    }

    private function assertIndexes(): void
    {
        $from = 'SELECT l.id FROM ' . self::TABLE . ' l WHERE l.license_key<>"" AND ';
        foreach (
            [
            'l.id<50000 ORDER BY l.id DESC LIMIT 51' => 'PRIMARY',
            'l.license_key="jetpack-scan_kkkkkkkkkkkkkkk70000" ORDER BY l.id DESC LIMIT 51' => 'license_key',
            'l.product_slug="jetpack-scan" AND l.revoked_at IS NULL ORDER BY l.id DESC LIMIT 51' => 'product_state',
            'l.service_id=70000 LIMIT 1' => 'owner',
            ] as $condition => $index
        ) {
            $plan = (array) Capsule::selectOne('EXPLAIN FORMAT=TRADITIONAL ' . $from . $condition);
            $this->assertSame($index, $plan['key'], $condition);
            $this->assertNotSame('ALL', $plan['type']);
        }
        $counts = 'SELECT product_slug, SUM(revoked_at IS NULL) FROM ' . self::TABLE . ' GROUP BY product_slug';
        $counts = (array) Capsule::selectOne('EXPLAIN FORMAT=TRADITIONAL ' . $counts);
        $this->assertSame('product_state', $counts['key']);
        $this->assertStringContainsString('Using index', $counts['Extra']);
    }

    /** @return array{list<string>, int} the lines of the file, and the memory that it took, in kilobytes */
    private function export(string $query): array
    {
        $peak = tempnam(sys_get_temp_dir(), 'peak');
        $code = '$addon = new Tests\Host\Module("addons", "whmcs_provisioning", ' . var_export(realpath(self::ROOT), true) . ');'
            . '$memory = Tests\Support\Memory::start();'
            . 'register_shutdown_function(fn () => file_put_contents(' . var_export($peak, true) . ', $memory->grown()));'
            . '$addon->addonOutput(["page" => "jetpack", "export" => "csv"' . $query . ']);';
        $ended = ChildProcess::start($code)->wait();
        $this->assertSame('', $ended['errors']);
        $most = (int) file_get_contents($peak);
        unlink($peak);

        return [explode("\r\n", $ended['output']), $most];
    }

    private function assertExportIsFlat(): void
    {
        [$few, $small] = $this->export(', "q" => "70000"');
        [$all, $large] = $this->export('');

        $this->assertCount(3, $few);
        $this->assertCount(100_002, $all);
        $this->assertSame('', end($all));
        $this->assertStringStartsWith('row,license,product,', $all[0]);
        $this->assertStringStartsWith('1000,…1000,jetpack-scan,,revoked,2026-01-15 10:00:01,', $all[1]);
        $this->assertStringContainsString(',site1001.example,10,Ada Lovelace', $all[2]);
        $this->assertLessThan(8_000, $large - $small, "kilobytes more for 100,000 licenses: $small, $large");
        $this->assertStringNotContainsString('kkkk', implode('', array_slice($all, 0, 100)));
    }

    public function test_what_whmcs_stores_with_entities_is_shown_as_it_was_typed(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['companyname' => '&#039;=O&#039;Brien &amp; Co', 'firstname' => 'A', 'lastname' => 'B']);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active']);
        $this->license(self::KEY);

        $this->assertStringContainsString("'=O'Brien & Co", self::textOf($this->page('jetpack')));
        Capsule::table('tblclients')->where('id', 10)->update(['companyname' => '&quot;Q&quot; &amp; Co']);
        [$lines] = $this->export('');
        $this->assertStringEndsWith('"""Q"" & Co"', $lines[1]);
    }

    public function test_no_formula_is_left_in_the_file(): void
    {
        Capsule::table('tblclients')->where('id', 10)->update(['companyname' => '=HYPERLINK("http://evil.example","x")']);
        Host::addService(['id' => 100, 'userid' => 10, 'packageid' => 1, 'domainstatus' => 'Active', 'domain' => "a,b\n"]);
        $this->license(self::KEY, ['site' => '@SUM(A1)']);

        [$lines] = $this->export('');

        $this->assertStringContainsString('"\'@SUM(A1)"', $lines[1]);
        $this->assertStringContainsString("\"a,b\n\"", $lines[1]);
        $this->assertStringEndsWith('"\'=HYPERLINK(""http://evil.example"",""x"")"', $lines[1]);
    }
}
