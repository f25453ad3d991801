<?php

declare(strict_types=1);

// Whose e-mail address and name a Comet account has: it follows the client's own.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometReconcileTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class ContactTest extends CometReconcileTestCase
{
    /** @return array{list<string>, string} whom the account's reports go to, and its name */
    private function contact(): array
    {
        $profile = $this->comet->profile(self::NAME);

        return [$profile['Emails'], $profile['AccountName']];
    }

    /** @param array<string, string> $change */
    private function client(array $change): Service
    {
        Capsule::table('tblclients')->where('id', 10)->update($change);

        return Host::service(200);
    }

    public function test_the_account_follows_the_clients_own_change_at_the_next_write(): void
    {
        $this->created();
        $service = $this->client(['email' => 'countess@example.com', 'firstname' => 'Augusta']);
        $this->reconcile();
        $this->assertSame([], $this->kinds(), 'it follows by itself');
        $this->assertSame([self::NAME], $this->contact()[0], 'reconciliation writes nothing');

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));

        $this->assertSame([self::READ, self::WRITE], $asked);
        $this->assertSame([['countess@example.com'], 'Augusta Lovelace'], $this->contact());
        $service = $this->client(['email' => 'second@example.com']);
        $this->assertSame('success', $this->module->suspend($service));
        $this->assertSame([['second@example.com'], 'Augusta Lovelace'], $this->contact());
        $columns = json_encode($this->record());
        foreach (['countess', 'second@', 'Augusta', 'Lovelace'] as $personal) {
            $this->assertStringNotContainsString($personal, $columns);
        }
    }

    public function test_what_a_person_entered_in_comet_stays_and_is_told(): void
    {
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['Emails' => ['hand@example.com']]);

        $asked = $this->during(fn () => $this->assertSame('success', $this->module->changePackage($service)));
        $this->reconcile();

        $this->assertSame([self::READ], $asked);
        $this->assertSame(['hand@example.com'], $this->contact()[0]);
        $this->assertSame(['contact'], $this->kinds());
        $this->assertSentence(
            $this->findings()[0][1],
            'The Comet account ada@example.com has another e-mail address than the client in WHMCS',
            'correct it in Comet, or in WHMCS.'
        );
        $this->comet->changeAccount(self::NAME, ['Emails' => ['hand@example.com', 'ADA@example.com']]);
        $this->reconcile();
        $this->assertSame([], $this->kinds());
    }

    /** An account of an earlier version: what was written was not recorded. */
    public function test_what_was_never_recorded_is_recorded_at_the_next_write_or_told(): void
    {
        $service = $this->created();
        Capsule::table(self::ACCOUNTS)->update(['email_hash' => null, 'name_hash' => null, 'client_id' => null]);
        $this->reconcile();
        $this->assertSame([], $this->kinds());
        $this->assertEquals(10, $this->record()['client_id']);
        $this->assertSame('success', $this->module->changePackage($service));
        $service = $this->client(['email' => 'countess@example.com']);
        $this->assertSame('success', $this->module->changePackage($service));
        $this->assertSame(['countess@example.com'], $this->contact()[0]);

        Capsule::table(self::ACCOUNTS)->update(['email_hash' => null, 'name_hash' => null]);
        $service = $this->client(['email' => 'third@example.com', 'lastname' => 'King']);
        $this->assertSame('success', $this->module->changePackage($service));
        $this->reconcile();
        $this->assertSame(['countess@example.com'], $this->contact()[0]);
        $this->assertSame(['contact'], $this->kinds());
        $this->assertSentence($this->findings()[0][1], 'another e-mail address and another name');
    }
}
