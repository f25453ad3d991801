//! Links a target with what it can reach alone. With the counters of the whole library each execution takes three times as long.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-Wl,-z,start-stop-gc");
}
