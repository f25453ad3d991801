<?php

// What WHMCS expects each function of a module to return.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Module\Server\CustomActionCollection;
use WHMCS\UsageBilling\Contracts\Metrics\ProviderInterface;

final class Contract
{
    private const OF_SERVERS = [
        'createaccount' => 'command', 'suspendaccount' => 'command', 'unsuspendaccount' => 'command', 'terminateaccount' => 'command',
        'renew' => 'command', 'changepassword' => 'command', 'changepackage' => 'command',
        'metadata' => 'metaData', 'configoptions' => 'settings', 'testconnection' => 'connection',
        'servicesinglesignon' => 'signOn', 'adminsinglesignon' => 'signOn', 'customactions' => 'actions',
        'admincustombuttonarray' => 'texts', 'clientareacustombuttonarray' => 'texts', 'clientareaallowedfunctions' => 'list',
        'adminservicestabfields' => 'texts', 'adminservicestabfieldssave' => 'nothing', 'usageupdate' => 'nothing',
        'adminlink' => 'text', 'loginlink' => 'text', 'clientarea' => 'page', 'metricprovider' => 'metrics', 'listaccounts' => 'accounts',
    ];

    private const OF_ADDONS = [
        'config' => 'addon', 'activate' => 'switch', 'deactivate' => 'switch', 'upgrade' => 'nothing', 'output' => 'nothing',
        'sidebar' => 'text', 'clientarea' => 'page',
    ];

    private const TEMPLATES = ['templatefile', 'tabOverviewModuleOutputTemplate', 'tabOverviewReplacementTemplate'];

    /** The kind of answer of `<module>_<function>`; null for one that WHMCS does not know by its name. */
    public static function kindOf(string $type, string $function): ?string
    {
        return ($type === 'addons' ? self::OF_ADDONS : self::OF_SERVERS)[strtolower($function)] ?? null;
    }

    /** What is wrong with the answer, as the end of a sentence that begins with the function; null where it is as it should be. */
    public static function violation(string $kind, mixed $answer): ?string
    {
        $expected = match ($kind) {
            'command' => self::isMessage($answer) ? null : 'the word success or one plain sentence',
            'clientCommand' => self::isMessage($answer) || self::isPage($answer) ? null : 'the word success, one plain sentence or a page',
            'metaData' => self::isMap($answer) && is_string($answer['DisplayName'] ?? null) ? null : 'an array with DisplayName',
            'addon' => self::isAddon($answer) ? null : 'an array with name and version',
            'settings' => self::areSettings($answer) ? null : 'at most 24 definitions of settings',
            'connection' => self::isVerdict($answer, 'error') ? null : 'an array with success (bool) and error (text)',
            'signOn' => self::isSignOn($answer) ? null : 'success with an absolute address in redirectTo, or no success with errorMsg',
            'actions' => $answer instanceof CustomActionCollection ? null : 'a CustomActionCollection',
            'texts' => self::areTexts($answer) ? null : 'an array of label and text',
            'list' => is_array($answer) && array_filter($answer, 'is_string') === $answer ? null : 'a list of names',
            'text' => is_string($answer) ? null : 'text',
            'nothing' => $answer === null ? null : 'nothing',
            'page' => is_string($answer) || self::isPage($answer) ? null : 'HTML, or an array that names a template',
            'metrics' => $answer instanceof ProviderInterface ? null : 'a metric provider',
            'accounts' => self::isVerdict($answer, 'error', 'accounts') ? null : 'an array with success and accounts or error',
            'switch' => self::isSwitch($answer) ? null : 'an array with status and description',
            'loader' => is_array($answer) && array_filter($answer, 'is_scalar') === $answer ? null : 'an array of value and label',
            'widget' => $answer instanceof \WHMCS\Module\AbstractWidget ? null : 'a widget',
            'errors' => is_string($answer) || self::areTexts($answer) ? null : 'text or a list of texts',
            'array' => is_array($answer) ? null : 'an array',
            default => null,
        };

        return $expected === null ? null : 'returned ' . self::shown($answer) . "; WHMCS expects $expected";
    }

    /** What a hook may return besides nothing; null where WHMCS ignores it. */
    public static function kindOfHook(string $point): ?string
    {
        return match (true) {
            $point === 'AdminHomeWidgets' => 'widget',
            str_starts_with($point, 'ShoppingCartValidate') => 'errors',
            $point === 'EmailTplMergeFields' => 'texts',
            $point === 'EmailPreSend', str_starts_with($point, 'PreModule') => 'array',
            default => null,
        };
    }

    /** Shown to people; to a client unescaped. */
    private static function isMessage(mixed $answer): bool
    {
        return is_string($answer) && trim($answer) !== '' && strpbrk($answer, "<>\n") === false;
    }

    private static function isPage(mixed $answer): bool
    {
        $named = is_array($answer) ? array_intersect_key($answer, array_flip(self::TEMPLATES)) : [];
        $vars = is_array($answer) ? $answer['templateVariables'] ?? $answer['vars'] ?? [] : null;

        return count($named) === 1 && is_string(reset($named)) && is_array($vars);
    }

    private static function isMap(mixed $answer): bool
    {
        return is_array($answer) && !array_is_list($answer);
    }

    private static function isAddon(mixed $answer): bool
    {
        return self::isMap($answer) && is_string($answer['name'] ?? null) && is_string($answer['version'] ?? null)
            && is_array($answer['fields'] ?? []);
    }

    private static function areSettings(mixed $answer): bool
    {
        return is_array($answer) && count($answer) <= 24 && array_filter($answer, 'is_array') === $answer;
    }

    private static function isVerdict(mixed $answer, string $onFailure, ?string $onSuccess = null): bool
    {
        return is_array($answer) && is_bool($answer['success'] ?? null) && ($answer['success']
            ? $onSuccess === null || is_array($answer[$onSuccess] ?? null)
            : is_string($answer[$onFailure] ?? null) && $answer[$onFailure] !== '');
    }

    private static function isSignOn(mixed $answer): bool
    {
        return self::isVerdict($answer, 'errorMsg')
            && (!$answer['success'] || preg_match('~^https?://[^/]+/~', (string) ($answer['redirectTo'] ?? '')) === 1);
    }

    private static function isSwitch(mixed $answer): bool
    {
        return is_array($answer) && in_array($answer['status'] ?? null, ['success', 'error', 'info'], true)
            && is_string($answer['description'] ?? '');
    }

    private static function areTexts(mixed $answer): bool
    {
        return is_array($answer) && array_filter($answer, 'is_string') === $answer;
    }

    private static function shown(mixed $answer): string
    {
        return is_string($answer) ? '"' . mb_strimwidth($answer, 0, 80, '…') . '"' : get_debug_type($answer);
    }
}
