//! The certificates that this machine trusts, from the places where distributions keep them, and no others.
//!
//! The environment (`SSL_CERT_FILE`, `SSL_CERT_DIR`) has no say: a pool, a shell or a `.htaccess` sets it, and not only the
//! administrator.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls_native_certs::load_certs_from_paths;

/// One file with all of them; the first that exists counts.
const FILES: [&str; 6] = [
    // Debian, Ubuntu, Arch
    "/etc/ssl/certs/ca-certificates.crt",
    // RHEL and its kin, Fedora
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    // SUSE
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    // Alpine
    "/etc/ssl/cert.pem",
];
const FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// The file with all certificates, where the system has one.
pub fn file() -> Option<&'static Path> {
    FILES.iter().map(Path::new).find(|path| path.exists())
}

/// Returns every certificate of the system's store; empty where it has none.
pub fn certificates() -> Vec<CertificateDer<'static>> {
    let mut found = file()
        .map(|path| load_certs_from_paths(Some(path), None).certs)
        .unwrap_or_default();
    for folder in FOLDERS.map(Path::new).iter().filter(|path| path.exists()) {
        found.extend(load_certs_from_paths(None, Some(folder)).certs);
    }
    found.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref()));
    found.dedup();
    found
}
