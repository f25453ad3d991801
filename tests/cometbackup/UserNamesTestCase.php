<?php

declare(strict_types=1);

// Services of the custom field Username: their own column holds the PHP module's marker.

namespace Tests\Cometbackup;

use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

abstract class UserNamesTestCase extends CometTestCase
{
    /** @return array<int, Service> by id */
    protected function marked(int ...$ids): array
    {
        $services = [];
        foreach ($ids as $id) {
            $field = Capsule::table('tblcustomfields')->where('fieldname', 'Username')->value('id')
                ?? \Tests\Host\Host::addCustomField(['relid' => 20, 'fieldname' => 'Username']);
            Capsule::table('tblcustomfieldsvalues')->insert(['fieldid' => $field, 'relid' => $id, 'value' => "name-$id"]);
            $services[$id] = $this->created(['id' => $id]);
            $this->assertSame(self::MARKER, $services[$id]->username);
        }

        return $services;
    }

    /** Twice, as staff do who want what the first press shows. */
    protected function press(Service $service, string $button): void
    {
        $this->assertNotSame('success', $this->module->custom($service, $button));
        $this->assertSame('success', $this->module->custom($service, $button));
    }

    /** @return list<string> */
    protected function columns(): array
    {
        return Capsule::table('tblhosting')->orderBy('id')->pluck('username')->all();
    }
}
