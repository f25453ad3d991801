<?php

declare(strict_types=1);

// Makes a system call fail in this process from now on, as SELinux, a firewall or a limit would: a seccomp filter.

namespace Tests\Support;

use FFI;
use RuntimeException;

// TCP over IPv4; the database of the tests is reached by a file.
const CONNECT = ['x86_64' => [42], 'aarch64' => [203]];
const THREADS = ['x86_64' => [56, 435], 'aarch64' => [220, 435]];
// fsync and fdatasync.
const SYNC = ['x86_64' => [74, 75], 'aarch64' => [82, 83]];

/** @param array<string, list<int>> $calls */
function forbid(array $calls, int $errno): void
{
    $ffi = FFI::cdef('
        struct sock_filter { uint16_t code; uint8_t jt; uint8_t jf; uint32_t k; };
        struct sock_fprog { uint16_t len; struct sock_filter *filter; };
        int prctl(int option, unsigned long value, void *pointer, unsigned long, unsigned long);
    ');
    // Offsets in struct seccomp_data: the number of the call, and its third argument, the length of the address.
    [$number, $third] = [0, 32];
    $steps = [];
    foreach ($calls[php_uname('m')] as $call) {
        $steps[] = [0x20, 0, 0, $number];
        $steps[] = [0x15, 0, $calls === CONNECT ? 3 : 1, $call];
        if ($calls === CONNECT) {
            $steps[] = [0x20, 0, 0, $third];
            $steps[] = [0x15, 0, 1, 16];
        }
        $steps[] = [0x06, 0, 0, 0x00050000 | $errno];
    }
    $steps[] = [0x06, 0, 0, 0x7fff0000];
    $filter = $ffi->new('struct sock_filter[' . count($steps) . ']');
    foreach ($steps as $place => [$code, $jt, $jf, $k]) {
        [$filter[$place]->code, $filter[$place]->jt, $filter[$place]->jf, $filter[$place]->k] = [$code, $jt, $jf, $k];
    }
    $program = $ffi->new('struct sock_fprog');
    $program->len = count($steps);
    $program->filter = FFI::addr($filter[0]);
    if ($ffi->prctl(38, 1, null, 0, 0) !== 0 || $ffi->prctl(22, 2, FFI::addr($program), 0, 0) !== 0) {
        throw new RuntimeException('This system takes no seccomp filter');
    }
}
