<?php

declare(strict_types=1);

// How the demos print what WHMCS would show.

function heading(string $text): void
{
    echo "\n== $text\n";
}

function shown(string $label, string $value): void
{
    foreach (explode("\n", wordwrap($value, 96, "\n")) as $line) {
        printf("   %-28s %s\n", $label, $line);
        $label = '';
    }
}

function plainText(string $html): string
{
    $html = preg_replace('/<style.*?<\/style>|<script.*?<\/script>/s', '', $html);
    $html = preg_replace('/<input[^>]*value="([^"]*)"[^>]*>/', ' [$1] ', (string) $html);
    return trim((string) preg_replace('/\s+/', ' ', html_entity_decode(strip_tags((string) $html), ENT_QUOTES)));
}
