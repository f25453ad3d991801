# shellcheck shell=bash disable=SC2034
# What a library of a release may need and be; read by the other scripts here.

# The oldest glibc that WHMCS hosts run (CloudLinux 7).
GLIBC_BASELINE=2.17
# All of glibc. Its dynamic linker, which each process has, resolves thread-local variables.
ALLOWED_LIBRARIES="libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 ld-linux-x86-64.so.2"
# Bytes; `make bench` reads it too.
LARGEST_LIBRARY=7000000
# For the code generator of the last crate, which all others are linked into. With frame pointers it needs less information for
# unwinding; what is small enough to be inlined is decided as with opt-level "s", which decodes large answers faster than "z" alone.
RELEASE_FLAGS="-C force-frame-pointers=yes -C llvm-args=-inline-threshold=50"
RUST_TARGET=x86_64-unknown-linux-gnu
EXTENSION=whmcs_provisioning
