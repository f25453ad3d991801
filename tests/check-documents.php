<?php

declare(strict_types=1);

// Holds the documents: what they link to, name and quote has to exist. Prints what does not, and ends with code 1.

chdir(dirname(__DIR__));
$documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...glob('docs/*.md')];
$read = static fn (string $file): string => (string) file_get_contents($file);
$missing = [];

// A file of the repository or what one of its headings is called in a link.
$has = static function (string $from, string $target) use ($read): bool {
    [$path, $anchor] = explode('#', $target, 2) + [1 => ''];
    $path = $path === '' ? $from : dirname($from) . '/' . $path;
    preg_match_all('/^#+ (.+)$/m', is_file($path) ? $read($path) : '', $headings);
    $anchors = array_map(
        static fn (string $heading): string => preg_replace(['/[^\w\- ]/u', '/ /'], ['', '-'], mb_strtolower($heading)),
        $headings[1]
    );

    return file_exists($path) && ($anchor === '' || in_array($anchor, $anchors, true));
};

preg_match_all('/^([a-z][a-z-]*):/m', $read('Makefile'), $made);
preg_match_all('/of_(\w+)\(\s*c"(whmcs_provisioning\.\w+)",\s*c"([^"]*)"/', $read('src/settings.rs'), $settings, PREG_SET_ORDER);
foreach ($documents as $document) {
    // What is written as code may have any brackets in it.
    $text = $read($document);
    $prose = preg_replace(['/^ *```.*?^ *```/ms', '/`[^`\n]+`/'], '', $text);
    preg_match_all('/\]\((?!https?:)([^)\s]+)\)/', $prose, $links);
    preg_match_all('~(?<![\w./-])(?:src|tests|docs|modules|packaging|php-stubs|fuzz)/[\w./-]*\w/?~', preg_replace('/\]\([^)]*\)/', ']', $text), $paths);
    preg_match_all('/(?:`|sudo |^ *)make ([a-z][a-z-]*)(?=`|$| {2,}#| [A-Z_]+=)/m', $text, $targets);
    preg_match_all('~(?<![\w/])whmcs_provisioning\.(?!so\b)\w+~', $text, $names);
    foreach ($links[1] as $link) {
        $has($document, $link) || $missing[] = "$document: link to $link";
    }
    foreach ($paths[0] as $path) {
        file_exists($path) || $missing[] = "$document: path $path";
    }
    foreach (array_diff($targets[1], $made[1]) as $target) {
        $missing[] = "$document: make $target";
    }
    foreach (array_diff($names[0], array_column($settings, 2)) as $name) {
        $missing[] = "$document: setting $name";
    }
}

// Each setting has a row: name, default, who may set it.
foreach ($settings as [, $scope, $name, $default]) {
    $cells = ["`$name`", $default === '' ? 'empty' : "`$default`", $scope === 'anyone' ? 'anywhere' : 'administrator'];
    str_contains($read('docs/settings.md'), "\n| " . implode(' | ', $cells) . ' |')
        || $missing[] = 'docs/settings.md: a row that begins with ' . implode(' | ', $cells);
}

// Each message of docs/troubleshooting.md, in double quotes, is a sentence of the program; … stands for what varies.
$program = $read('install.sh');
foreach (['src', 'modules'] as $folder) {
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
        $program .= $read((string) $file);
    }
}
$program = preg_replace('/\\\\\n\s*/', '', $program);
preg_match_all('/"([^"\n]+)"/', $read('docs/troubleshooting.md'), $messages);
foreach (array_unique($messages[1]) as $message) {
    foreach (array_filter(array_map('trim', explode('…', $message))) as $part) {
        str_contains($program, $part) || $missing[] = "docs/troubleshooting.md: the program says nowhere \"$part\"";
    }
}

fwrite(STDERR, implode('', array_map(static fn (string $what): string => "$what: not there\n", $missing)));
exit($missing === [] ? 0 : 1);
