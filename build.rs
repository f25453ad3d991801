//! Prepares the build: what `phpinfo()` shows as "Build".

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_else(|_| "unknown".into());
    println!(
        "cargo::rustc-env=BUILD={} {}",
        variable("PROFILE"),
        variable("TARGET")
    );
}
