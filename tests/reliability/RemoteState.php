<?php

declare(strict_types=1);

// What Jetpack and Comet hold at one moment.

namespace Tests\Reliability;

final class RemoteState
{
    /** @var array<string, array{id: int, product: string, isActive: bool, site: mixed}> by license key */
    public readonly array $licenses;

    /** @var array<string, Account> by CreationGUID */
    public readonly array $accounts;

    /** @var array<string, string> */
    public readonly array $policies;

    /** @param array<string, mixed> $remote */
    public function __construct(array $remote)
    {
        $licenses = $accounts = [];
        foreach ($remote['licenses'] as $license) {
            $licenses[$license['license_key']] = [
                'id' => $license['license_id'], 'product' => $license['product'], 'isActive' => $license['revoked_at'] === null, 'site' => $license['site'],
            ];
        }
        foreach ($remote['comet']['accounts'] as $name => $kept) {
            $account = new Account((string) $name, (string) $kept['password'], $kept['text']);
            $accounts[$account->guid] = $account;
        }
        $this->licenses = $licenses;
        $this->accounts = $accounts;
        $this->policies = $remote['comet']['policies'];
    }

    public function accountNamed(string $name): ?Account
    {
        foreach ($this->accounts as $account) {
            if ($account->name === $name) {
                return $account;
            }
        }

        return null;
    }
}
