use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CustomExtension, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName};

use super::*;

const NOVEMBER: u64 = 1_795_000_000;

/// What a verifier that trusts `trusted` says of `shown` for `db.example`.
fn verdict(trusted: &[u8], shown: &[u8]) -> Option<TlsFault> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trusted.to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOVEMBER));
    let name = ServerName::try_from("db.example").unwrap();
    let shown = CertificateDer::from(shown.to_vec());
    let end = verifier.verify_server_cert(&shown, &[], &name, &[], now);
    // As it comes from a connection: within an I/O error.
    fault(&io::Error::new(io::ErrorKind::InvalidData, end.err()?))
}

fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2030, 1, 1);
    params
}

/// The CA's certificate, and one that it signed.
fn signed(leaf: &CertificateParams) -> (Vec<u8>, Vec<u8>) {
    let mut ca = params(&[]);
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let trusted = ca.self_signed(&ca_key).unwrap().der().to_vec();
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    (trusted, leaf.der().to_vec())
}

#[test]
fn each_fault_of_a_certificate_has_its_own_sentence() {
    let (ca, good) = signed(&params(&["db.example"]));
    assert_eq!(verdict(&ca, &good), None);

    let (ca, other) = signed(&params(&[
        "a.example",
        "192.0.2.1",
        "b.example",
        "c.example",
    ]));
    assert_eq!(
        verdict(&ca, &other).unwrap().to_string(),
        "the server's certificate is for another name: a.example, 192.0.2.1, b.example, and not db.example"
    );

    let (ca, none) = signed(&params(&[]));
    assert_eq!(verdict(&ca, &none), Some(TlsFault::NoNames));

    let mut old = params(&["db.example"]);
    old.not_after = rcgen::date_time_ymd(2026, 3, 1);
    let (ca, old) = signed(&old);
    assert_eq!(
        verdict(&ca, &old).unwrap().to_string(),
        "the server's certificate expired on 2026-03-01"
    );

    let mut early = params(&["db.example"]);
    early.not_before = rcgen::date_time_ymd(2029, 3, 1);
    let (ca, early) = signed(&early);
    assert_eq!(
        verdict(&ca, &early).unwrap().to_string(),
        "the server's certificate is not valid before 2029-03-01"
    );

    let (stranger, _) = signed(&params(&[]));
    assert_eq!(verdict(&stranger, &good), Some(TlsFault::UnknownIssuer));

    let mut own = params(&["db.example"]);
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = own.self_signed(&KeyPair::generate().unwrap()).unwrap();
    assert_eq!(verdict(own.der(), own.der()), Some(TlsFault::SelfSigned));

    let mut critical = params(&["db.example"]);
    let mut unknown = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999], vec![5, 0]);
    unknown.set_criticality(true);
    critical.custom_extensions.push(unknown);
    let (ca, critical) = signed(&critical);
    assert_eq!(verdict(&ca, &critical), Some(TlsFault::Unusable));
}

#[test]
fn a_certificate_of_version_1_is_named() {
    let error = webpki::Error::UnsupportedCertVersion;
    let error = CertificateError::Other(rustls::OtherError(Arc::new(error)));
    let found = fault(&TlsError::InvalidCertificate(error)).unwrap();

    assert_eq!(found, TlsFault::Version1);
    assert!(found.is_of_its_certificate());
}

#[test]
fn what_is_no_fault_of_tls_is_none() {
    assert_eq!(fault(&io::Error::other("reset")), None);
    assert_eq!(fault(&io::Error::from(io::ErrorKind::TimedOut)), None);
}
