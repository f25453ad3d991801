<?php

declare(strict_types=1);

// cometbackup_PutMarkersBack: the PHP module's marker where it was, and nowhere else.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use WHMCS\Database\Capsule;

final class PutMarkersBackTest extends UserNamesTestCase
{
    public function test_there_and_back_is_as_before(): void
    {
        $services = $this->marked(200, 201);
        $this->service(['id' => 202, 'username' => 'name-202', 'domainstatus' => 'Active']);
        $before = $this->whmcsNow();
        $this->press($services[200], 'WriteUserNames');

        $shown = $this->module->custom($services[201], 'PutMarkersBack');
        $this->assertSentence($shown, self::MARKER, '2 services', '200 name-200', 'Press Put Markers Back again');
        $this->assertSame('success', $this->module->custom($services[201], 'PutMarkersBack'));

        $this->assertEquals($before, $this->whmcsNow());
        $this->assertSentence($this->module->custom($services[201], 'PutMarkersBack'), 'No service of this server had');
        $this->press($services[200], 'WriteUserNames');
        $this->assertSame(['name-200', 'name-201', 'name-202'], $this->columns(), 'as often as you like');
    }

    public function test_a_name_that_no_custom_field_holds_is_kept(): void
    {
        $services = $this->marked(200, 201);
        $this->press($services[200], 'WriteUserNames');
        Capsule::table('tblcustomfieldsvalues')->where('relid', 201)->update(['value' => 'another']);

        $this->assertSentence($this->module->custom($services[200], 'PutMarkersBack'), 'Left as they are: one service');
        $this->assertSame('success', $this->module->custom($services[200], 'PutMarkersBack'));
        $this->assertSame([self::MARKER, 'name-201'], $this->columns());

        $this->assertSentence($this->module->custom($services[200], 'PutMarkersBack'), 'they would be lost', 'Nothing was changed');
    }

    public function test_what_staff_entered_since_stays(): void
    {
        $services = $this->marked(200, 201);
        $this->press($services[200], 'WriteUserNames');
        Capsule::table('tblhosting')->where('id', 201)->update(['username' => 'by-hand']);

        $this->press($services[200], 'PutMarkersBack');

        $this->assertSame([self::MARKER, 'by-hand'], $this->columns());
    }
}
