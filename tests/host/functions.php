<?php

// The global functions WHMCS offers to modules.

declare(strict_types=1);

use Tests\Host\Encryption;
use Tests\Host\FormToken;
use Tests\Host\Hooks;
use Tests\Host\LocalApi;
use Tests\Host\Logs;
use WHMCS\Database\Capsule;

function logModuleCall(
    mixed $module,
    mixed $action,
    mixed $requestString,
    mixed $responseData,
    mixed $processedData = '',
    mixed $replaceVars = []
): void {
    Logs::moduleCall($module, $action, $requestString, $responseData, $processedData, (array) $replaceVars);
}

function logActivity(mixed $message, mixed $clientId = 0): void
{
    Logs::activity((string) $message, (int) $clientId);
}

function localAPI(string $command, array $values = [], mixed $adminUser = null): array
{
    return (new LocalApi())->run($command, $values);
}

function encrypt(mixed $text): string
{
    return Encryption::encrypt((string) $text);
}

function decrypt(mixed $text): string
{
    return Encryption::decrypt((string) $text);
}

function add_hook(string $point, mixed $priority, callable|string $callable): void
{
    Hooks::add($point, (int) $priority, $callable);
}

function run_hook(string $point, mixed $vars = []): array
{
    return Hooks::run($point, $vars);
}

function generate_token(string $type = 'form'): string
{
    return FormToken::generate($type);
}

function check_token(string $namespace = 'WHMCS.default', ?string $token = null): bool
{
    return FormToken::check($token);
}

function fromMySQLDate(mixed $date, mixed $time = false, mixed $client = false): string
{
    $parts = date_parse((string) $date);
    if (!$parts['year']) {
        return '00/00/0000';
    }
    $shown = sprintf('%02d/%02d/%04d', $parts['day'], $parts['month'], $parts['year']);

    return $time ? $shown . sprintf(' %02d:%02d', $parts['hour'], $parts['minute']) : $shown;
}

function formatCurrency(mixed $amount, mixed $currencyId = 0): string
{
    $currency = Capsule::table('tblcurrencies')
        ->when((int) $currencyId > 0, static fn ($query) => $query->where('id', (int) $currencyId))
        ->when((int) $currencyId <= 0, static fn ($query) => $query->where('default', 1))
        ->first();

    return ($currency->prefix ?? '') . number_format((float) $amount, 2) . ($currency->suffix ?? '');
}
