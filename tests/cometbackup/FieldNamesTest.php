<?php

declare(strict_types=1);

// Names of configurable options and custom fields: the same before the bar, whoever reads them, a command or a daily job.

namespace Tests\Cometbackup;

use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class FieldNamesTest extends CometReconcileTestCase
{
    /** Names as stored, with NAME for the one that is meant, and whether it is that. @return array<string, array{string, bool}> */
    public static function names(): array
    {
        return [
            'blanks at the bar' => ['NAME | Shown', true],
            'a blank before' => [' NAME|Shown', true],
            'tabs' => ["\tNAME\t|Shown", true],
            'behind the bar' => ['Shown|NAME', false],
            'longer' => ['NAME_2|Shown', false],
        ];
    }

    /** @dataProvider names */
    public function test_an_option_is_the_same_for_commands_and_for_the_daily_comparison(string $name, bool $is): void
    {
        $stored = str_replace('NAME', 'number_of_devices', $name);
        $service = $this->service();
        $this->choose(200, [$stored => 5]);

        $this->assertSame('success', $this->module->create($service, ['configoptions' => [$stored => 5]]));
        $this->assertSame($is ? 5 : 0, $this->comet->profile(self::NAME)['MaximumDevices']);
        $this->setStatus('Active');
        $this->comet->changeAccount(self::NAME, ['MaximumDevices' => 99]);
        $this->reconcile();

        $this->assertSame($is ? ['limits'] : [], $this->kinds());
        if ($is) {
            $this->assertSentence($this->findings()[0][1], 'has another device limit than the service is sold with. Run Change Package');
        }
    }

    /** @dataProvider names */
    public function test_a_custom_field_is_the_same_for_commands_and_for_the_daily_jobs(string $name, bool $is): void
    {
        $vault = ['DestinationType' => 1003, 'Statistics' => ['ClientProvidedSize' => ['Size' => 7 << 20, 'MeasureCompleted' => 1700000000]]];
        $service = $this->legacy(['username' => self::MARKER], ['Destinations' => ['v' => $vault]]);
        $this->customFields([str_replace('NAME', 'Username', $name) => 'adaservice']);

        $this->module->call('UsageUpdate', $this->module->params()->forServer(1));
        $this->assertSame($is ? 7 : 0, (int) Capsule::table('tblhosting')->value('diskusage'));
        $this->reconcile();
        $this->assertSame($is ? [] : ['missing', 'unknown'], $this->kinds());
        $this->assertSame($is, $this->module->suspend($service) === 'success');
    }

    public function test_the_name_that_was_really_made_is_written_into_the_field(): void
    {
        $service = $this->service();
        $this->customFields([' Username | Login' => 'grace hopper']);

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['gracehopper'], $this->comet->accountNames());
        $this->assertSame('gracehopper', Capsule::table('tblcustomfieldsvalues')->value('value'));
    }
}
