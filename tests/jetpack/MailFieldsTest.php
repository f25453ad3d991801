<?php

declare(strict_types=1);

// jetpack_MailFields, behind the hook EmailPreSend: merge fields of the licenses of the service that a mail is about.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Host\Mail;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class MailFieldsTest extends JetpackTestCase
{
    private const MAIL = 'Your license';
    private const NOTHING = ['jetpack_license_key' => '', 'jetpack_license_state' => 'none'];

    protected function setUp(): void
    {
        parent::setUp();
        Host::addMailTemplate(['name' => self::MAIL, 'message' => '{$jetpack_license_key} at {$jetpack_activation_address}']);
    }

    public function test_key_state_site_and_where_to_activate_are_those_of_the_service(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->module->create($service);
        $keys = array_column(Capsule::table(self::TABLE)->get()->map(static fn ($row) => (array) $row)->all(), 'license_key');
        $asked = count($this->sandbox->requestLines());

        $fields = $this->fields(self::MAIL, 100);

        $this->assertSame([
            'jetpack_license_key' => implode(', ', $keys),
            'jetpack_license_state' => 'active',
            'jetpack_site' => 'https://customer.example',
            'jetpack_activation_address' => 'https://customer.example/wp-admin/admin.php?page=my-jetpack#/add-license',
        ], $fields);
        $this->assertCount($asked, $this->sandbox->requestLines());
    }

    public function test_without_a_license_it_says_so_and_a_revoked_one_is_not_shown(): void
    {
        $service = $this->service();
        $this->assertSame(self::NOTHING, array_slice($this->fields(self::MAIL, 100), 0, 2));
        $this->issued($service);
        $this->module->terminate($service);

        $this->assertSame(['jetpack_license_key' => '', 'jetpack_license_state' => 'revoked'], array_slice($this->fields(self::MAIL, 100), 0, 2));
    }

    public function test_a_service_of_another_module_has_the_licenses_of_its_product_addons(): void
    {
        $this->service();
        $key = $this->issued($this->addon());
        Capsule::table('tblhosting')->update(['packageid' => Host::addProduct(['servertype' => 'cpanel'])]);

        $this->assertSame($key, $this->fields(self::MAIL, 100)['jetpack_license_key']);
    }

    public function test_other_mails_and_other_services_get_nothing(): void
    {
        $this->issued($this->service());
        Host::addMailTemplate(['name' => 'Invoice', 'type' => 'invoice']);
        Host::addService(['id' => 101, 'packageid' => Host::addProduct(['servertype' => 'cpanel'])]);

        $this->assertSame([], $this->fields('Invoice', 100));
        $this->assertSame([], $this->fields('No such template', 100));
        $this->assertSame([], $this->fields(self::MAIL, 101));
        $this->assertSame([], $this->fields(self::MAIL, 4711));
        $this->assertSame([], $this->module->call('MailFields', ['messagename' => [], 'relid' => '100 OR 1']));
        $this->assertSame([], $this->module->call('MailFields', $this->module->paramsFor(Host::service(100))));
    }

    public function test_a_value_is_no_markup_and_no_template(): void
    {
        $this->issued($this->service());
        Capsule::table(self::TABLE)->update(['site' => 'https://a.example/{php}<script>']);

        $this->assertSame('https://a.example/php', $this->fields(self::MAIL, 100)['jetpack_site']);
    }

    public function test_whmcs_sends_the_mail_with_them(): void
    {
        $key = $this->issued($this->service());
        $this->module->saveConfigOptions(1, ['On suspension' => 'keep']);
        $this->module->includeHooks();

        localAPI('SendEmail', ['messagename' => self::MAIL, 'id' => 100]);

        $this->assertSame("$key at https://customer.example/wp-admin/admin.php?page=my-jetpack#/add-license", Mail::sent()[0][1]);
    }

    /** @return array<string, string> */
    private function fields(string $mail, int $service): array
    {
        return $this->module->call('MailFields', ['messagename' => $mail, 'relid' => $service, 'mergefields' => []]);
    }
}
