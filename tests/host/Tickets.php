<?php

// Support tickets: OpenTicket of the internal API.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

final class Tickets
{
    /** @param array<string, mixed> $values @return array<string, mixed> */
    public static function open(array $values): array
    {
        $has = static fn (string $table, string $name): bool => Capsule::table($table)->where('id', (int) ($values[$name] ?? 0))->exists();
        $text = static fn (string $name): string => trim((string) ($values[$name] ?? ''));
        $isOfClient = static fn (): bool => Capsule::table('tblhosting')
            ->where(['id' => (int) $values['serviceid'], 'userid' => (int) $values['clientid']])->exists();
        $wrong = match (true) {
            !$has('tblticketdepartments', 'deptid') => 'Department ID not found',
            !$has('tblclients', 'clientid') => 'Client ID Not Found',
            $text('subject') === '' => 'Subject is required',
            $text('message') === '' => 'Message is required',
            !in_array($text('priority') ?: 'Medium', ['Low', 'Medium', 'High'], true) => 'Invalid Priority. Valid priorities are: Low,Medium,High',
            isset($values['serviceid']) && !$isOfClient() => 'Service ID Not Found',
            default => null,
        };
        if ($wrong !== null) {
            return LocalApi::error($wrong);
        }
        $id = Capsule::table('tbltickets')->insertGetId([
            'tid' => (string) random_int(100_000, 999_999),
            'did' => (int) $values['deptid'],
            'userid' => (int) $values['clientid'],
            'title' => $text('subject'),
            'message' => $text('message'),
            'urgency' => $text('priority') ?: 'Medium',
            'status' => 'Open',
            'service' => isset($values['serviceid']) ? 'S' . (int) $values['serviceid'] : '',
            'date' => date('Y-m-d H:i:s'),
        ]);

        return LocalApi::success(['id' => $id]);
    }
}
