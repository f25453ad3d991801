<?php

// WHMCS's Server Sync: the list of accounts of a server against the services on it.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;
use WHMCS\Service\Status;

trait ServerSync
{
    /**
     * What staff see: matches, accounts that may be imported, and services that WHMCS offers to mark terminated.
     *
     * @return array{matched: array<int, string>, unknown: list<string>, missing: list<int>}|string the error
     */
    public function serverSync(int $serverId): array|string
    {
        $answer = $this->call('ListAccounts', $this->serverParams($serverId));
        if (!is_array($answer) || !is_bool($answer['success'] ?? null)) {
            throw new \UnexpectedValueException('ListAccounts does not say whether it worked.');
        }
        if (!$answer['success']) {
            return is_string($answer['error']) ? $answer['error'] : throw new \UnexpectedValueException('ListAccounts has no error text.');
        }
        $field = $this->metaData()['ListAccountsUniqueIdentifierField'] ?? 'domain';
        // As the database compares: without case, accents and blanks at the end.
        $known = [];
        foreach ($answer['accounts'] as $account) {
            self::mustBeAccount($account);
            $known[self::compared($account['uniqueIdentifier'])] = $account;
        }
        $services = Capsule::table('tblhosting')->join('tblproducts', 'tblproducts.id', '=', 'tblhosting.packageid')
            ->where(['tblhosting.server' => $serverId, 'tblproducts.servertype' => $this->name])
            ->whereIn('domainstatus', [Status::ACTIVE, Status::SUSPENDED, 'Completed'])
            ->orderBy('tblhosting.id')->pluck("tblhosting.$field", 'tblhosting.id')->all();
        $matched = array_filter($services, static fn (?string $value): bool => isset($known[self::compared((string) $value)]));
        $unknown = array_diff_key($known, array_flip(array_map(self::compared(...), $matched)));

        return [
            'matched' => $matched,
            'unknown' => array_column($unknown, 'uniqueIdentifier'),
            'missing' => array_keys(array_diff_key($services, $matched)),
        ];
    }

    /** An account becomes a service of a client, as it was at the remote system. */
    public function importAccount(int $serverId, string $identifier, int $clientId): Service
    {
        $accounts = array_column($this->call('ListAccounts', $this->serverParams($serverId))['accounts'], null, 'uniqueIdentifier');
        $account = $accounts[$identifier];
        $column = $this->metaData()['ListAccountsProductField'];
        $product = Capsule::table('tblproducts')->where(['servertype' => $this->name, $column => $account['product']])->value('id');

        return Host::service(Host::addService([
            'userid' => $clientId,
            'packageid' => $product ?? throw new \UnexpectedValueException('No product sells ' . $account['product'] . '.'),
            'server' => $serverId,
            'username' => $account['username'],
            'domain' => $account['domain'],
            'dedicatedip' => $account['primaryip'],
            'domainstatus' => $account['status'],
            'regdate' => date('Y-m-d'),
            'password' => encrypt(''),
        ]));
    }

    private static function mustBeAccount(mixed $account): void
    {
        $fields = ['email', 'username', 'domain', 'uniqueIdentifier', 'product', 'primaryip', 'created', 'status'];
        if (!is_array($account) || array_diff($fields, array_keys($account)) !== [] || $account !== array_filter($account, 'is_string')) {
            throw new \UnexpectedValueException('An account lacks a field, or has one that is no text: ' . json_encode($account));
        }
        $created = \DateTimeImmutable::createFromFormat('!Y-m-d H:i:s', $account['created']);
        if ($created === false || $created->format('Y-m-d H:i:s') !== $account['created']) {
            throw new \UnexpectedValueException('created is no date: ' . $account['created']);
        }
        if (!in_array($account['status'], [Status::ACTIVE, Status::SUSPENDED], true)) {
            throw new \UnexpectedValueException('status is no status: ' . $account['status']);
        }
    }

    private static function compared(string $text): string
    {
        return rtrim(mb_strtolower($text));
    }
}
