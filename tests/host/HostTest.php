<?php

// The stand-in for WHMCS behaves as the module contract says.

declare(strict_types=1);

namespace Tests\Host;

use Tests\Support\WorldTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Exception\ProgramExit;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;
use WHMCS\Service\Status;

final class HostTest extends WorldTestCase
{
    protected const MODULE = 'plain';
    protected const ROOT = __DIR__ . '/fixtures/modules';

    protected function prepareWorld(): void
    {
        unset($GLOBALS['plain_answer'], $GLOBALS['plain_calls'], $GLOBALS['plain_client_area'], $GLOBALS['plain_hooked']);
        Host::addClient(['id' => 10, 'email' => 'ada@example.com']);
        Host::addServer(['id' => 1, 'hostname' => 'remote.example', 'password' => 'p&w=', 'secure' => 'on']);
        Host::addProduct(['id' => 1, 'servertype' => 'plain', 'configoption1' => 'large', 'configoption2' => '0']);
        Host::addService([
            'id' => 100, 'userid' => 10, 'orderid' => 500, 'packageid' => 1, 'server' => 1, 'domain' => 'ada.example',
            'username' => 'ada', 'password' => 'Sec"ret&1', 'qty' => 3,
        ]);
        Host::addAddonDefinition(['id' => 5, 'module' => 'plain', 'name' => 'Scan'], ['configoption1' => 'small']);
        Host::addServiceAddon(['id' => 300, 'hostingid' => 100, 'addonid' => 5]);
    }

    public function testAttributesAnswerToWhmcsNames(): void
    {
        $service = Host::service(100);
        $names = [
            'orderId' => 500, 'orderid' => 500, 'clientId' => 10, 'userid' => 10, 'packageId' => 1, 'serverId' => 1,
            'qty' => 3, 'domainStatus' => 'Pending', 'status' => 'Pending', 'billingCycle' => 'Monthly',
        ];
        foreach ($names as $name => $value) {
            self::assertSame($value, $service->{$name}, $name);
            self::assertSame($value, $service[$name], $name);
        }
        $addon = Host::serviceAddon(300);
        self::assertSame([10, 500, 5, 100], [$addon->clientId, $addon->orderId, $addon->addonId, $addon->serviceId]);
        self::assertSame(['Ada', 500], [$service->client->firstName, $service->order->id]);
        self::assertSame(['Scan', 100], [$addon->productAddon->name, $addon->service->id]);
        self::assertSame(300, $service->addons->first()->id);
    }

    public function testPropertiesOfAServiceGoToColumns(): void
    {
        $properties = Host::service(100)->serviceProperties;
        $properties->save(['Username' => 'grace', 'Password' => 'N&w', 'Disk Usage' => ['value' => '7']]);
        $row = Capsule::table('tblhosting')->find(100);

        self::assertSame(['grace', 'N&w', 7], [$row->username, decrypt($row->password), $row->diskusage]);
        self::assertNotSame('N&w', $row->password);
        self::assertSame('N&w', $properties->get('Password'));
        self::assertSame(0, Capsule::table('tblcustomfields')->count());
    }

    public function testTheLicenseKeyOfAServiceOverwritesItsDomain(): void
    {
        Host::service(100)->serviceProperties->save(['License Key' => 'KEY-1']);

        self::assertSame('KEY-1', Host::service(100)->domain);
    }

    public function testOtherPropertiesGoToAnAdminOnlyCustomFieldThatIsMadeOnce(): void
    {
        foreach (['first', 'second'] as $value) {
            Host::service(100)->serviceProperties->save(['key|License' => ['type' => 'textarea', 'value' => $value]]);
        }
        $field = Capsule::table('tblcustomfields')->get()->sole();

        self::assertSame(['product', 1, 'key|License', 'textarea', 'on'], [
            $field->type, $field->relid, $field->fieldname, $field->fieldtype, $field->adminonly,
        ]);
        self::assertSame('second', Capsule::table('tblcustomfieldsvalues')->get()->sole()->value);
        self::assertSame('second', Host::service(100)->serviceProperties->get('key'));
        self::assertSame('', Host::service(100)->serviceProperties->get('missing'));
    }

    public function testPropertiesOfAnAddonAlwaysGoToCustomFieldsInClear(): void
    {
        $values = ['Username' => 'scan', 'Password' => 'clear', 'License Key' => 'K'];
        Host::serviceAddon(300)->serviceProperties->save($values);
        $stored = Capsule::table('tblcustomfieldsvalues')->where('relid', 300)->pluck('value')->all();

        self::assertSame('ada.example', Host::service(100)->domain);
        self::assertSame('clear', Host::serviceAddon(300)->serviceProperties->get('Password'));
        self::assertSame(['scan', 'clear', 'K'], $stored);
        self::assertSame('addon', Capsule::table('tblcustomfields')->distinct()->pluck('type')->sole());
    }

    public function testParamsOfAService(): void
    {
        Host::addCustomField(['relid' => 1, 'fieldname' => 'color|Favorite color'], [100 => 'red']);
        $quantity = Host::addConfigurableOption(1, ['optionname' => 'devices|Devices']);
        $place = ['optionname' => 'place|Place', 'optiontype' => '1'];
        $choice = Host::addConfigurableOption(1, $place, ['eu|Europe', 'us|USA']);
        Host::chooseOption(100, $quantity, 4);
        Host::chooseOption(100, $choice, 'us|USA');
        $params = $this->module->paramsFor(Host::service(100), ['action' => 'CreateAccount']);

        self::assertInstanceOf(Service::class, $params['model']);
        self::assertSame([100, 0, 10, 1, 'Sec"ret&1', 'Pending'], [
            $params['serviceid'], $params['addonId'], $params['userid'], $params['pid'], $params['password'],
            $params['status'],
        ]);
        self::assertSame(['large', '0'], [$params['configoption1'], $params['configoption2']]);
        self::assertSame('', $params['configoption24']);
        self::assertSame(['devices' => 4, 'place' => 'us'], $params['configoptions']);
        self::assertSame(['color' => 'red'], $params['customfields']);
        self::assertSame(['remote.example', 'p&w=', true, 'https', '443'], [
            $params['serverhostname'], $params['serverpassword'], $params['serversecure'], $params['serverhttpprefix'],
            $params['serverport'],
        ]);
        self::assertSame('ada@example.com', $params['clientsdetails']['email']);
        self::assertArrayNotHasKey('qty', $params);
    }

    public function testParamsOfAnAddonNameTheParentServiceAndItsProduct(): void
    {
        $params = $this->module->paramsFor(Host::serviceAddon(300));

        self::assertInstanceOf(Addon::class, $params['model']);
        self::assertSame([100, 300, 1, 'small', '', false], [
            $params['serviceid'], $params['addonId'], $params['pid'], $params['configoption1'], $params['username'],
            $params['server'],
        ]);
    }

    public function testParamsMayBeEncodedAndLoose(): void
    {
        Host::$encodeEntities = true;
        Host::$looseTypes = true;
        $params = $this->module->paramsFor(Host::service(100));

        self::assertSame(['Sec&quot;ret&amp;1', 'p&amp;w=', '100', 'on'], [
            $params['password'], $params['serverpassword'], $params['serviceid'], $params['serversecure'],
        ]);
    }

    public function testSuccessChangesTheStatus(): void
    {
        $service = Host::service(100);
        $seen = [];
        foreach (['create', 'suspend', 'unsuspend', 'terminate'] as $action) {
            self::assertSame('success', $this->module->{$action}($service));
            $seen[] = Host::service(100)->status;
        }

        self::assertSame([Status::ACTIVE, Status::SUSPENDED, Status::ACTIVE, Status::TERMINATED], $seen);
        self::assertSame('Module Create Successful - Service ID: 100', Host::activityLog()[0]);
        self::assertSame('success', $this->module->create(Host::serviceAddon(300)));
        self::assertSame('Active', Host::serviceAddon(300)->status);
    }

    public function testAnythingElseIsAFailureThatIsLoggedAndQueuedUntilARetryWorks(): void
    {
        $GLOBALS['plain_answer'] = 'No luck.';
        self::assertSame('No luck.', $this->module->create(Host::service(100)));
        $GLOBALS['plain_answer'] = true;
        self::assertTrue($this->module->create(Host::service(100)));

        self::assertSame('Pending', Host::service(100)->status);
        self::assertSame('Module Create Failed - Service ID: 100 - Error: No luck.', Host::activityLog()[0]);
        $queue = localAPI('GetModuleQueue', ['moduleName' => 'plain'])['queue'];
        self::assertSame(['service', 100, 'CreateAccount', 1], [
            $queue[0]['serviceType'], $queue[0]['serviceId'], $queue[0]['moduleAction'], $queue[0]['numRetries'],
        ]);

        $GLOBALS['plain_answer'] = 'success';
        self::assertSame(['result' => 'success'], localAPI('ModuleCreate', ['serviceid' => 100]));
        self::assertSame(0, localAPI('GetModuleQueue')['count']);
        self::assertSame('Function Not Supported by Module', $this->module->renew(Host::service(100)));
    }

    public function testAnEscapedExceptionReachesTheTestAndTheActivityLog(): void
    {
        $GLOBALS['plain_answer'] = new \TypeError('boom');
        try {
            $this->module->suspend(Host::service(100));
            self::fail('The exception was caught.');
        } catch (\TypeError $error) {
            self::assertSame('boom', $error->getMessage());
        }
        self::assertSame(
            ['Module Suspend Ended by an Escaped Exception - Service ID: 100 - Error: boom'],
            Host::activityLog()
        );
        self::assertSame([], Host::moduleQueue());
    }

    public function testHooksMayChangeParametersAndAbort(): void
    {
        add_hook('PreModuleCreate', 1, static fn (): array => ['domain' => 'other.example']);
        add_hook('PreModuleTerminate', 1, static fn (): array => ['abortcmd' => true]);
        $this->module->create(Host::service(100));

        self::assertSame('other.example', $GLOBALS['plain_calls'][0]['domain']);
        self::assertSame('Function Aborted by Action Hook Code', $this->module->terminate(Host::service(100)));
        self::assertCount(1, $GLOBALS['plain_calls']);
    }

    public function testAClientsNewPasswordIsStoredOnSuccessOnlyAnAdminsBefore(): void
    {
        $GLOBALS['plain_answer'] = 'Too short.';
        $this->module->changePassword(Host::service(100), 'new');
        self::assertSame('Sec"ret&1', decrypt(Host::service(100)->password));
        $this->module->changePassword(Host::service(100), 'admins', true);
        self::assertSame('admins', decrypt(Host::service(100)->password));
        $GLOBALS['plain_answer'] = 'success';
        $this->module->changePassword(Host::service(100), 'clients');
        self::assertSame('clients', decrypt(Host::service(100)->password));
        self::assertSame('clients', $GLOBALS['plain_calls'][2]['password']);
    }

    public function testTheModuleLogIsKeptOnlyWhileSwitchedOnAndBlotsOutValuesLiterally(): void
    {
        logModuleCall('plain', 'Create', 'unseen', '');
        Host::switchModuleLog(true);
        logModuleCall('plain', 'Create', ['token' => 'a&b'], 'a&amp;b a&b', null, ['a&b']);
        $row = Host::moduleLog()[0];

        self::assertCount(1, Host::moduleLog());
        self::assertStringContainsString('[token] => ***', $row->request);
        self::assertSame('a&amp;b ***', $row->response);
    }

    public function testTheInternalApiEncryptsPasswordsAndKnowsCustomFieldsById(): void
    {
        $field = Host::addCustomField(['relid' => 1, 'fieldname' => 'color']);
        $fields = base64_encode(serialize([$field => 'blue', 'color' => 'ignored']));
        $answer = localAPI('UpdateClientProduct', [
            'serviceid' => 100, 'serviceusername' => 'u', 'servicepassword' => 'x', 'customfields' => $fields,
        ]);

        self::assertSame(['result' => 'success', 'serviceid' => 100], $answer);
        self::assertSame(['u', 'x'], [Host::service(100)->username, decrypt(Host::service(100)->password)]);
        $shown = localAPI('GetClientsProducts', ['serviceid' => 100])['products']['product'][0];
        self::assertSame(['x', 'blue'], [$shown['password'], $shown['customfields']['customfield'][0]['value']]);
        self::assertSame('error', localAPI('UpdateClientProduct', ['serviceid' => 1])['result']);
        self::assertSame('s3', localAPI('DecryptPassword', ['password2' => encrypt('s3')])['password']);
        self::assertNotSame('clear text', decrypt('clear text'));
    }

    public function testTextIsStoredInUtf8OfThreeBytes(): void
    {
        $client = Host::addClient(['firstname' => 'Łucja €', 'lastname' => 'Smile 😀']);
        $row = Capsule::table('tblclients')->find($client);

        self::assertSame('Łucja €', $row->firstname);
        self::assertNotSame('Smile 😀', $row->lastname);
    }

    public function testAWrongFormTokenEndsThePage(): void
    {
        $token = generate_token('plain');
        $check = static fn (): bool => check_token('WHMCS.admin.default');
        self::assertTrue(Request::run([], ['token' => $token], $check));
        $this->expectException(ProgramExit::class);
        Request::run([], ['token' => 'forged'], $check);
    }
}
