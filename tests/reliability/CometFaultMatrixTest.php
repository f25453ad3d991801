<?php

declare(strict_types=1);

// The fault matrix of the module cometbackup: an account nobody knows of is billed, a deleted one takes backups with it.

namespace Tests\Reliability;

use Tests\Host\Host;
use Tests\Host\Module;
use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class CometFaultMatrixTest extends CometTestCase
{
    use FaultMatrix;
    use CometScenarios;

    private const SUBJECT = 200;
    private const BYSTANDER = 201;
    /** What is remembered of servers would spare a call. */
    private const SERVERS = 'mod_cometbackup_servers';
    private const OTHER_NAME = 'bob@example.com';
    private const OTHER_POLICY = 'pol-gold';
    private const NEW_POLICY = 'WHMCS_plan';
    private const LIMITS = ['number_of_devices' => 3, 'protected_item_quota_gb' => 20, 'storage_vault_quota_tb' => 1];
    private const EXTRA = 77;
    private const MORE = ['number_of_devices' => 5, 'protected_item_quota_gb' => 40, 'storage_vault_quota_tb' => 2];
    private const NEW_PASSWORD = 'Brand&new="1ü';
    /** Tables with something of the service, and the column that names it. */
    private const TABLES_OF_THE_SERVICE = [
        'tblhosting' => 'id',
        'tblcustomfieldsvalues' => 'relid',
        'tblhostingconfigoptions' => 'relid',
        self::ACCOUNTS => 'service_id',
        self::JOURNAL => 'owner_id',
    ];
    /** Of a profile and its vaults: what is another with each account, and what devices do. */
    private const OF_ITS_OWN = [
        'CreateTime', 'ModifyTime', 'CreationGUID', 'PasswordHash', 'PasswordRecovery', 'LastSuspended', 'CometBucket',
        'CometBucketKey', 'Devices',
    ];

    /** An object: empty maps must not become lists. */
    private static object $bystandersAccount;
    /** @var array<string, mixed> */
    private static array $goldPolicy = ['Description' => 'Gold', 'Policy' => ['PreventDeleteStorageVault' => true]];

    /** @return array<string, Fault> */
    private static function faults(): array
    {
        return Faults::ofEveryApi() + Faults::ofComet();
    }

    private function layBase(): void
    {
        Host::switchModuleLog(true);
        Host::addClient(['id' => 11, 'firstname' => 'Bob', 'lastname' => 'Bobson', 'email' => self::OTHER_NAME]);
        $this->world(['policies' => [self::OTHER_POLICY => self::$goldPolicy]]);
        $this->created(
            ['id' => self::BYSTANDER, 'userid' => 11, 'orderid' => 601],
            [self::POLICY => self::OTHER_POLICY, self::VAULT => self::TEMPLATE]
        );
        // The daily run records which server it is.
        $this->module->call('Reconcile', []);
        self::$bystandersAccount = json_decode($this->comet->account(self::OTHER_NAME)['text']);
        self::$bystandersAccount->Password = self::PASSWORD;
    }

    private function freshWorld(): void
    {
        $this->comet = CometSandbox::fromEnvironment();
        $this->module = new Module('servers', 'cometbackup', dirname(__DIR__, 2) . '/modules');
        $this->world([
            'accounts' => [self::$bystandersAccount],
            'policies' => [self::OTHER_POLICY => self::$goldPolicy],
            'live' => ['con-1' => ['Username' => self::NAME, 'DeviceID' => 'laptop']],
        ]);
        $this->settings(array_fill_keys(
            [self::POLICY, self::VAULT, self::UNSET_LIMITS, self::VAULT_QUOTA, self::TERMINATION, 'configoption13'],
            ''
        ));
        foreach (self::TABLES_OF_THE_SERVICE as $table => $column) {
            Capsule::table($table)->where($column, self::SUBJECT)->delete();
        }
        $this->withoutExtra();
        if (Capsule::schema()->hasTable(self::SERVERS)) {
            Capsule::table(self::SERVERS)->delete();
        }
    }

    private function subject(): Service
    {
        return Host::service(self::SUBJECT);
    }

    private function look(): void
    {
        $this->seen = $this->comet->state();
    }

    /** @return list<string> */
    private function calls(): array
    {
        return str_replace('/api/v1/admin/', '', array_column($this->seen['requests'], 'path'));
    }

    private function made(): int
    {
        $making = ['/api/v1/admin/' . self::ADD, '/api/v1/admin/' . self::REQUEST_VAULT];

        return count(array_filter(
            $this->seen['requests'],
            static fn (array $request): bool => $request['acted'] && in_array($request['path'], $making, true)
        ));
    }

    /** @return array<string, mixed> */
    private function endState(): array
    {
        $accounts = array_map(self::comparable(...), $this->ownAccounts());
        $policies = array_diff_key($this->seen['policies'], [self::OTHER_POLICY => true]);
        $record = $this->record(self::SUBJECT);
        $account = $this->ownAccounts()[$record['username'] ?? ''] ?? null;

        return [
            'accounts' => $accounts,
            'policies' => $policies,
            'record' => array_intersect_key($record, array_flip(['username', 'server_id', 'addon_id', 'state'])),
            'records' => count(self::rowsOf(self::ACCOUNTS, 'service_id', self::SUBJECT)),
            'identity is right' => $account === null || $account['profile']['CreationGUID'] === $record['creation_guid'],
            'vault is right' => $account === null || $record['vault_id'] === array_key_first($account['profile']['Destinations']),
            'login' => $this->login($this->subject()),
            'status' => $this->subject()->status,
        ];
    }

    /** @param array<string, mixed> $account @return array<string, mixed> */
    private static function comparable(array $account): array
    {
        $its = array_flip(self::OF_ITS_OWN);
        $profile = array_diff_key($account['profile'], $its);
        $profile['Destinations'] = array_map(
            static fn (array $vault): array => array_diff_key($vault, $its),
            array_values($profile['Destinations'])
        );

        return ['password' => $account['password'], 'profile' => $profile];
    }

    /** @return array<string, array<string, mixed>> */
    private function ownAccounts(): array
    {
        return array_diff_key($this->seen['accounts'], [self::OTHER_NAME => true]);
    }

    private function assertNothingIsThereTwice(int $most): void
    {
        $accounts = $this->ownAccounts();
        $this->assertLessThanOrEqual($most, count($accounts), 'There are more accounts than were sold.');
        foreach ($accounts as $account) {
            $this->assertLessThanOrEqual(1, count($account['profile']['Destinations']), 'There are more vaults than were sold.');
        }
    }

    private function assertAllIsKnown(): void
    {
        $record = $this->record(self::SUBJECT);
        foreach ($this->ownAccounts() as $name => $account) {
            $known = $record !== [] && $record['username'] === $name
                && ($record['state'] === 'created' || $this->isInJournal('add account', ['unknown']));
            $this->assertTrue($known, "The account is known to nobody.");
            foreach (array_keys($account['profile']['Destinations']) as $vault) {
                $known = $record['vault_id'] === $vault || $this->isInJournal('request vault', ['unknown', 'done']);
                $this->assertTrue($known, 'A vault is known to nobody.');
            }
        }
    }

    /** @param list<string> $states */
    private function isInJournal(string $operation, array $states): bool
    {
        return Capsule::table(self::JOURNAL)
            ->where(['owner_id' => self::SUBJECT, 'operation' => $operation])->whereIn('state', $states)->exists();
    }

    /** A Comet Server can be asked, so nothing is left to a person. */
    private function personDecides(): void
    {
    }

    /** @return array<string, mixed> */
    private function bystander(): array
    {
        $own = [];
        foreach (self::TABLES_OF_THE_SERVICE as $table => $column) {
            $own[$table] = self::rowsOf($table, $column, self::BYSTANDER);
        }
        $own['account'] = $this->seen['accounts'][self::OTHER_NAME];
        $own['policy'] = $this->seen['policies'][self::OTHER_POLICY];

        return $own;
    }

    /** @return list<string> */
    private function secrets(): array
    {
        return [CometSandbox::PASSWORD, self::PASSWORD, self::NEW_PASSWORD];
    }
}
