<?php

declare(strict_types=1);

// Speaks MySQL's greeting: switches to the plugin, checks the password where it knows the plugin, and refuses the first
// statement with "signed on". Arguments: a file for its port, the plugin, the password. Lives until it is ended.

[, $portFile, $plugin, $password] = $argv;
$listener = stream_socket_server('tcp://127.0.0.1:0');
file_put_contents("$portFile.new", substr((string) strrchr(stream_socket_get_name($listener, false), ':'), 1));
rename("$portFile.new", $portFile);

$read = static function ($client): array {
    $head = (string) stream_get_contents($client, 4);
    $length = strlen($head) === 4 ? unpack('V', substr($head, 0, 3) . "\0")[1] : 0;

    return [$length > 0 ? (string) stream_get_contents($client, $length) : '', strlen($head) === 4 ? ord($head[3]) : 0];
};
$write = static function ($client, int $number, string $body): void {
    fwrite($client, substr(pack('V', strlen($body)), 0, 3) . chr($number) . $body);
};
$refusal = static fn (int $code, string $text): string => "\xff" . pack('v', $code) . "#HY000$text";

/** MariaDB's PARSEC: the client signs both nonces with a key that it derives from the password. */
$knowsThePassword = static function ($client, string $nonce, int $number) use ($read, $write, $password): array {
    $salt = random_bytes(18);
    $write($client, $number + 1, "\x01P\x00$salt");
    [$proof, $number] = $read($client);
    $seed = hash_pbkdf2('sha512', $password, $salt, 1024, 32, true);
    $key = sodium_crypto_sign_publickey(sodium_crypto_sign_seed_keypair($seed));
    $holds = strlen($proof) === 96
        && sodium_crypto_sign_verify_detached(substr($proof, 32), $nonce . substr($proof, 0, 32), $key);

    return [$holds, $number];
};

while (true) {
    $client = @stream_socket_accept($listener, 3600);
    if ($client === false) {
        continue;
    }
    $nonce = str_repeat('n', 32);
    $can = 0x81bff7df | 0x00080000 | 0x00200000;
    $can &= ~0x0800;
    $write($client, 0, "\x0a8.4.3\0" . pack('V', 7) . 'nnnnnnnn' . "\0" . pack('v', $can & 0xffff) . "\x2d" . pack('v', 2)
        . pack('v', $can >> 16) . chr(21) . str_repeat("\0", 10) . str_repeat('n', 12) . "\0caching_sha2_password\0");
    [, $number] = $read($client);
    if ($plugin === 'empty') {
        $write($client, $number + 1, '');
        fclose($client);
        continue;
    }
    $write($client, $number + 1, "\xfe$plugin\0$nonce");
    [, $number] = $read($client);
    $holds = true;
    if ($plugin === 'parsec') {
        [$holds, $number] = $knowsThePassword($client, $nonce, $number);
    }
    $write($client, $number + 1, $holds ? "\x00\x00\x00\x02\x00\x00\x00" : $refusal(1045, 'Access denied'));
    if ($holds && $read($client)[0] !== '') {
        $write($client, 1, $refusal(1105, 'signed on'));
    }
    fclose($client);
}
