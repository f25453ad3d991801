<?php

declare(strict_types=1);

// What is wrong with an answer to junk: a list of sentences, empty where the contract of the function's kind is kept.
// `aService`: the parameters name a service, be it one that does not exist. WHMCS's have its model, an object.
// `namesAService`: they have anything that only those of a service have.

// Only the Jetpack module's sentences begin with a prefix.

return static function (string $kind, array $ended, bool $aService, bool $isJetpack, bool $namesAService): array {
    $prefix = $isJetpack ? 'JETPACK_PROVISIONING_MODULE_ERROR: ' : '';
    $sentence = static function (mixed $text) use ($prefix, $kind): array {
        $prefix = $kind === 'command of a customer' ? '' : $prefix;
        if (!is_string($text)) {
            return ['no text but ' . get_debug_type($text)];
        }
        if ($text === 'No license key found for this order' || str_starts_with($text, 'No license key found for this order. First run')) {
            return [];
        }
        $wrong = [];
        if (!str_starts_with($text, $prefix) || strlen($text) < strlen($prefix) + 20) {
            $wrong[] = "no sentence: $text";
        }
        if (preg_match('/[<>"`\x00-\x1f]/', $text) || !preg_match('//u', $text) || strlen($text) > 1500) {
            $wrong[] = "not fit to be shown: $text";
        }
        if (preg_match('/\.$/', $text) !== 1) {
            $wrong[] = "it does not end: $text";
        }

        return $wrong;
    };
    if (isset($ended['thrown'])) {
        $thrown = $ended['thrown'];
        if ($kind !== 'loader' || get_class($thrown) !== Exception::class) {
            return ['threw ' . get_class($thrown) . ': ' . $thrown->getMessage()];
        }

        return $sentence($thrown->getMessage());
    }
    $answer = $ended['answer'];

    return match ($kind) {
        'command', 'command of a customer' => $sentence($answer),
        'command that may have nothing to do' => $answer === 'success' && $aService ? [] : $sentence($answer),
        // Without parameters it looks at everything and answers what came of it.
        'reconciliation' => match (true) {
            $aService && $answer === 'success' => [],
            !$aService && is_string($answer) && preg_match('/^Reconciled .+\.$/', $answer) === 1 => [],
            default => $sentence($answer),
        },
        // A form of settings knows no service.
        'loader' => is_array($answer) && array_filter($answer, 'is_string') === $answer
            && ($answer !== [] || $namesAService) ? [] : ['no choices'],
        'part' => match (true) {
            !is_array($answer) => ['no array but ' . get_debug_type($answer)],
            // Nothing is shown of what is no service's.
            $answer !== [] && !$aService => ['it showed ' . json_encode($answer)],
            default => [],
        },
        'hook' => $answer === [] ? [] : ['it answered ' . json_encode($answer)],
        'verdict' => ($answer['success'] ?? null) === false
            ? $sentence($answer['error'] ?? $answer['errorMsg'] ?? null) : ['no verdict: ' . json_encode($answer)],
        'page' => ($answer['status'] ?? 0) >= 400 && str_contains($answer['html'] ?? '', '</html>')
            ? [] : ['no page that refuses: ' . json_encode($answer)],
        'check' => is_array($answer) && $answer !== [] && array_is_list($answer)
            ? array_merge(...array_map(fn (array $line) => $sentence($line['text']), $answer)) : ['no lines: ' . json_encode($answer)],
        'text' => is_string($answer) ? [] : ['no text but ' . get_debug_type($answer)],
        'html' => is_string($answer) && ($answer === '' || str_starts_with($answer, '<span')) ? [] : ['no HTML: ' . json_encode($answer)],
        'switch' => in_array($answer['status'] ?? null, ['success', 'error'], true)
            ? $sentence($answer['description'] ?? null) : ['no status: ' . json_encode($answer)],
        'figures' => isset($answer['error']) ? $sentence($answer['error'])
            : (is_int($answer['decisions'] ?? null) ? [] : ['no figures: ' . json_encode($answer)]),
        'silent', 'printed' => $answer === null ? [] : ['it answered ' . json_encode($answer)],
    };
};
