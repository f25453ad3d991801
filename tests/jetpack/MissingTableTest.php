<?php

declare(strict_types=1);

// Without the license table, or with the PHP module's, every function answers as its contract says.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class MissingTableTest extends JetpackTestCase
{
    private const NONE = 'No license key found for this order';

    /**
     * @dataProvider functions
     */
    public function test_without_the_table_nothing_is_thrown_and_nothing_sent(string $function, mixed $answer, bool $ofPhpModule): void
    {
        if ($ofPhpModule) {
            $this->createTableOfThePhpModule();
        }
        $service = $this->service();

        $given = $this->module->call($function, $this->module->paramsFor($service));

        is_callable($answer) ? $this->assertTrue($answer($given)) : $this->assertSame($answer, $given);
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], Host::activityLog());
        $this->assertSame([], $this->rows());
    }

    /** @return array<string, array<int, mixed>> */
    public static function functions(): array
    {
        $answers = [
            'SuspendAccount' => 'success',
            'UnsuspendAccount' => 'success',
            'TerminateAccount' => self::NONE,
            'ChangePackage' => self::NONE,
            'Renew' => self::NONE,
            'CheckLicense' => self::NONE,
            'AttachToSite' => self::NONE,
            'DetachFromSite' => self::NONE,
            'IssueAgain' => fn (mixed $text) => str_contains($text, 'No lost answer is open'),
            'AdminCustomButtonArray' => ['Reconcile' => 'Reconcile'],
            'AdminServicesTabFields' => fn (mixed $fields) => array_keys($fields) === ['License Key', 'Compared'],
            'AdminServicesTabFieldsSave' => null,
            'ClientArea' => fn (mixed $page) => $page['vars']['jetpackLicenses'] === [],
        ];
        $cases = [];
        foreach ($answers as $function => $answer) {
            $cases["$function, no table"] = [$function, $answer, false];
            $cases["$function, the PHP module's table"] = [$function, $answer, true];
        }
        return $cases;
    }

    public function test_suspension_that_revokes_needs_no_table(): void
    {
        Capsule::table('tblproducts')->update([self::ON_SUSPENSION => 'revoke']);

        $this->assertSame('success', $this->module->suspend($this->service()));

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_a_license_table_that_was_dropped_later_is_made_again(): void
    {
        $service = $this->service();
        $this->issued($service);
        Capsule::schema()->drop(self::TABLE);

        $this->assertSame(self::NONE, $this->module->terminate($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertTrue(Capsule::schema()->hasTable(self::TABLE));
    }

    public function test_a_journal_that_was_dropped_later_is_made_again(): void
    {
        $service = $this->service();
        $this->issued($service);
        Capsule::schema()->drop(self::JOURNAL);

        $this->assertSame('success', $this->module->terminate($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
        $this->assertSame(['revoke done'], $this->journal());
        $this->assertEveryLicenseIsKnown();
    }
}
