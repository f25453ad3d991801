<?php

declare(strict_types=1);

// Web and cron see one private directory, or staff read so before a license waits where nobody looks.

namespace Tests\Jetpack;

use Tests\Support\ChildProcess;
use Tests\Support\JetpackReconcileTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class SharedDirectoryTest extends JetpackReconcileTestCase
{
    private const SEEN = 'mod_whmcs_provisioning_php';

    private string $other;

    protected function setUp(): void
    {
        parent::setUp();
        $this->service();
        $this->other = getenv('TEST_DIR') . '/state-of-the-web';
        mkdir($this->other, 0700);
        Capsule::schema()->dropIfExists(self::SEEN);
    }

    protected function tearDown(): void
    {
        Capsule::schema()->dropIfExists(self::SEEN);
        array_map('unlink', glob("$this->other/*"));
        rmdir($this->other);
    }

    public function test_a_directory_that_only_the_web_sees_is_reported_once(): void
    {
        $this->page($this->other);

        $first = $this->reconcile();
        $told = count($this->told());
        $this->reconcile();

        $user = posix_geteuid();
        $this->assertStringContainsString(
            "PHP as the user $user on " . gethostname() . " keeps licenses that cannot be stored in $this->other, which is another directory than "
            . getenv('TEST_DIR') . '/state of this PHP: name one that both see in whmcs_provisioning.state_dir.',
            $first
        );
        $this->assertStringContainsString($this->other, implode("\n", $this->told()));
        $this->assertCount($told, $this->told());
    }

    public function test_a_web_without_one_is_reported(): void
    {
        $this->page("$this->other/mark/below");

        $said = $this->reconcile();

        $this->assertStringContainsString('has no place for a license that cannot be stored: the directory', $said);
        $this->assertStringContainsString("$this->other/mark/below (whmcs_provisioning.state_dir) cannot be used: it does not exist", $said);
        $this->assertStringContainsString('Run install.sh', $said);
    }

    public function test_a_cron_without_one_says_so_itself(): void
    {
        $end = ChildProcess::start("echo jetpack_Reconcile([]);", ['whmcs_provisioning.state_dir' => "$this->other/none/below"])->wait();

        $this->assertStringContainsString('This PHP has no place for a license that cannot be stored', $end['output']);
        $this->assertSame(1, substr_count($end['output'], 'no place'));
    }

    public function test_one_directory_under_two_names_is_one(): void
    {
        copy(getenv('TEST_DIR') . '/state/mark', "$this->other/mark");
        chmod("$this->other/mark", 0600);
        $this->page($this->other);

        $this->assertStringNotContainsString('state_dir', $this->reconcile());
    }

    public function test_it_is_noted_once_a_day_and_then_costs_no_statement(): void
    {
        $this->page($this->other);
        $rows = fn (): array => array_map(fn (object $row) => (array) $row, Capsule::table(self::SEEN)->get()->all());
        $noted = $rows();
        Capsule::table(self::SEEN)->delete();
        $this->page($this->other);
        $again = $rows();
        touch("$this->other/mark", time() - 90_000);
        $this->page($this->other);

        $this->assertCount(1, $noted);
        $this->assertSame([], $again);
        $this->assertSame([$noted[0]['mark']], array_column($rows(), 'mark'));
        $this->assertStringEqualsFile("$this->other/mark", $noted[0]['mark']);
    }

    private function page(string $directory): void
    {
        $module = var_export(dirname(__DIR__, 2) . '/modules', true);
        $code = "(new Tests\\Host\\Module('servers', 'jetpack', $module))->adminTab(Tests\\Host\\Host::service(100));";
        $end = ChildProcess::start($code, ['whmcs_provisioning.state_dir' => $directory])->wait();
        $this->assertSame(['', 0], [$end['errors'], $end['exit']]);
    }
}
