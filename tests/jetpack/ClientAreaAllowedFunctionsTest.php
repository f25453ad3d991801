<?php

declare(strict_types=1);

// jetpack_ClientAreaAllowedFunctions: what the customer may start. WHMCS asks on each view of the page: no request, no statement.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class ClientAreaAllowedFunctionsTest extends JetpackTestCase
{
    /**
     * @dataProvider services
     * @param list<string> $allowed
     */
    public function test_he_may_attach_to_his_site_while_the_service_is_in_use_and_setting_5_is_on(string $setting, string $status, array $allowed): void
    {
        Capsule::table('tblproducts')->where('id', 1)->update([self::ATTACH => $setting]);
        $params = $this->module->paramsFor($this->service(['domainstatus' => $status]));
        $log = new StatementLog();

        $answer = $this->module->call('ClientAreaAllowedFunctions', $params);

        $this->assertSame([$allowed, []], [array_values($answer), $log->end()]);
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /** @return array<string, array{string, string, list<string>}> */
    public static function services(): array
    {
        return [
            'attach' => ['on', 'Active', ['AttachToMySite']],
            'connect' => ['connect', 'Completed', ['AttachToMySite']],
            'left to the customer' => ['', 'Active', []],
            'switched off by an import' => ['0', 'Active', []],
            'pending' => ['on', 'Pending', []],
            'suspended' => ['connect', 'Suspended', []],
            'over' => ['on', 'Terminated', []],
        ];
    }

    public function test_what_is_no_service_may_start_nothing(): void
    {
        foreach ([[], ['module' => 'jetpack', 'configoption5' => 'on'], null, 'x'] as $params) {
            $this->assertSame([], $this->module->call('ClientAreaAllowedFunctions', $params));
        }
    }
}
