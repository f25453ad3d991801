<?php

declare(strict_types=1);

// cometbackup_MailFields, behind the hook EmailPreSend: merge fields of the account of the service that a mail is about.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Host\Mail;
use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use Tests\Support\StatementLog;
use WHMCS\Database\Capsule;

final class MailFieldsTest extends CometTestCase
{
    private const MAIL = 'Your backup';

    protected function setUp(): void
    {
        parent::setUp();
        Host::addMailTemplate(['name' => self::MAIL, 'message' => '{$comet_user_name} uses {$comet_storage_used}']);
    }

    public function test_what_is_stored_of_the_account_is_in_the_mail_without_a_request(): void
    {
        $service = $this->created();
        $this->module->custom($service, 'CheckAccount');
        Capsule::table('tblhosting')->update(['diskusage' => 3072, 'disklimit' => 20480, 'lastupdate' => '2026-01-15 03:00:00']);
        Capsule::table(self::ACCOUNTS)->update(['good_backup_at' => '2026-01-15 02:00:00']);

        $asked = $this->during(function () use (&$fields): void {
            $fields = $this->fields(self::MAIL, 200);
        });

        $this->assertSame([], $asked);
        $address = $fields['comet_server_address'];
        $this->assertStringContainsString((string) Capsule::table('tblservers')->value('port'), $address);
        $this->assertSame([
            'comet_user_name' => self::NAME,
            'comet_server_address' => $address,
            'comet_storage_used' => '3.00 GB',
            'comet_storage_limit' => '20.00 GB',
            'comet_devices' => '0',
            'comet_last_backup' => '2026-01-15 02:00:00 UTC',
        ], $fields);
        foreach ([self::PASSWORD, CometSandbox::PASSWORD] as $secret) {
            $this->assertStringNotContainsString($secret, implode(' ', $fields));
        }
    }

    public function test_what_is_not_known_is_empty(): void
    {
        $this->service();

        $fields = $this->fields(self::MAIL, 200);

        unset($fields['comet_server_address']);
        $this->assertSame(['', '', '', '', ''], array_values($fields));
    }

    public function test_other_mails_and_other_services_get_nothing_for_one_statement(): void
    {
        $this->created();
        Host::addMailTemplate(['name' => 'Invoice', 'type' => 'invoice']);
        Host::addMailTemplate(['name' => 'Both', 'type' => 'product']);
        Host::addMailTemplate(['name' => 'Both', 'type' => 'general']);
        Host::addService(['id' => 201, 'packageid' => Host::addProduct(['servertype' => 'cpanel'])]);

        $this->assertSame([], $this->fields('Invoice', 200));
        $this->assertSame([], $this->fields('Both', 200));
        $this->assertSame([], $this->fields(self::MAIL, 201));
        $this->assertSame([], $this->module->call('MailFields', ['messagename' => self::MAIL, 'relid' => 'all']));

        $statements = function (string $mail): int {
            $log = new StatementLog();
            $this->inChild('$module->call("MailFields", ' . var_export(['messagename' => $mail, 'relid' => 200], true) . ');');

            return count($log->end());
        };

        $this->assertSame([1, 4], [$statements('Invoice'), $statements(self::MAIL)]);
    }

    public function test_whmcs_sends_the_mail_with_them(): void
    {
        $this->created();
        $this->module->saveConfigOptions((int) Capsule::table('tblproducts')->where('servertype', 'cometbackup')->value('id'), []);
        $this->module->includeHooks();
        Capsule::table('tblhosting')->update(['diskusage' => 1024, 'lastupdate' => '2026-01-15 03:00:00']);

        localAPI('SendEmail', ['messagename' => self::MAIL, 'id' => 200]);

        $this->assertSame(self::NAME . ' uses 1.00 GB', Mail::sent()[0][1]);
    }

    /** @return array<string, string> */
    private function fields(string $mail, int $service): array
    {
        return $this->module->call('MailFields', ['messagename' => $mail, 'relid' => $service, 'mergefields' => []]);
    }
}
