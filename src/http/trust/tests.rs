use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use super::*;

/// Of X.509 version 1, forever; made with `openssl x509 -req`.
const VERSION_1: &str = "-----BEGIN CERTIFICATE-----
MIIBJjCBzQIUf2V5Wn7gydOW/shsQcEi531W8AAwCgYIKoZIzj0EAwIwFTETMBEG
A1UEAwwKZGIuZXhhbXBsZTAgFw0yNjExMjkxNTA3MjZaGA8yMTI2MTEwNTE1MDcy
NlowFTETMBEGA1UEAwwKZGIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABEE/av1Kh7hW1vlIblrGixo4wwKGbHM9OLrMAh7QCnj94Ag26poZtiKXxQCw
DedKukbpQI/xYRBebmrA7jb0jCYwCgYIKoZIzj0EAwIDSAAwRQIgIJy2tYdQCr5m
x5jmcwXGsHL8qVOxLzAjJrK3VDXS80YCIQCt7TjZ0dPkjyBb/lonngzObEcKnL9z
3QZ+uZE81SHQkQ==
-----END CERTIFICATE-----
";

/// A CA file with these certificates.
struct File(PathBuf);

impl File {
    fn of(name: &str, trusted: &[&str]) -> Self {
        let path = std::env::temp_dir().join(format!("trust-{name}-{}", std::process::id()));
        fs::write(&path, trusted.concat()).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// What is said of a server that shows these (its own first) for `a.example`, in November 2026; empty: trusted.
fn verdict(name: &str, trusted: &[&str], shown: &[&str]) -> String {
    let file = File::of(name, trusted);
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(file.path(), &provider).unwrap();
    let shown: Vec<CertificateDer<'_>> = shown
        .iter()
        .map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
        .collect();
    let (first, intermediates) = shown.split_first().unwrap();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_795_000_000));
    let server = ServerName::try_from("a.example").unwrap();
    match verifier.verify_server_cert(first, intermediates, &server, &[], now) {
        Ok(_) => String::new(),
        Err(error) => sentence(&error, file.path()).replace(file.path(), "FILE"),
    }
}

fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2030, 1, 1);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = params(&[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn alone(params: &CertificateParams) -> String {
    params
        .self_signed(&KeyPair::generate().unwrap())
        .unwrap()
        .pem()
}

/// As `openssl req -x509` makes it.
fn own(params: &CertificateParams) -> String {
    let mut params = params.clone();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    alone(&params)
}

#[test]
fn a_certificate_of_the_file_is_trusted_as_it_is_for_its_names_and_its_time() {
    for made in [own, alone] {
        let certificate = made(&params(&["a.example"]));
        assert_eq!(verdict("own", &[&certificate], &[&certificate]), "");
    }
    let other = own(&params(&["b.example"]));
    assert_eq!(
        verdict("own-name", &[&other], &[&other]),
        "the server's certificate is for another name: b.example, and not a.example; reach the server by a name that is in it, or give it one for this name"
    );
    let mut old = params(&["a.example"]);
    old.not_after = rcgen::date_time_ymd(2026, 3, 1);
    let old = own(&old);
    assert_eq!(
        verdict("own-old", &[&old], &[&old]),
        "the server's certificate expired on 2026-03-01; renew it on the server"
    );
    let none = own(&params(&[]));
    assert_eq!(
        verdict("own-none", &[&none], &[&none]),
        "the server's certificate has no subjectAltName; create a new one with the server's name as subjectAltName, and put it into the CA file FILE"
    );
    assert_eq!(
        verdict("own-v1", &[VERSION_1], &[VERSION_1]),
        "the server's certificate is of X.509 version 1, which names no server; create a new one with the server's name as subjectAltName, and put it into the CA file FILE"
    );
    let (known, shown) = (own(&params(&["a.example"])), own(&params(&["a.example"])));
    assert_eq!(
        verdict("own-other", &[&known], &[&shown]),
        "the server's certificate is self-signed; put it into the CA file FILE"
    );
}

#[test]
fn an_issuer_that_is_missing_is_told_from_one_that_nobody_trusts() {
    let (top_key, middle_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let top = authority("Top").self_signed(&top_key).unwrap().pem();
    let top_issuer = Issuer::new(authority("Top"), top_key);
    let middle = authority("Middle")
        .signed_by(&middle_key, &top_issuer)
        .unwrap();
    let middle_issuer = Issuer::new(authority("Middle"), middle_key);
    let key = KeyPair::generate().unwrap();
    let leaf = params(&["a.example"])
        .signed_by(&key, &middle_issuer)
        .unwrap()
        .pem();
    let (middle, stranger) = (middle.pem(), own(&params(&[])));

    assert_eq!(verdict("chain", &[&top], &[&leaf, &middle]), "");
    assert_eq!(verdict("leaf-alone", &[&leaf], &[&leaf]), "");
    assert_eq!(
        verdict("no-middle", &[&top], &[&leaf]),
        "the server's certificate was signed by Middle, whose own is neither trusted here nor sent by the server; let the server send its intermediate certificates, or put its issuer's into the CA file FILE"
    );
    let unknown = verdict("stranger", &[&stranger], &[&leaf, &middle]);
    assert!(
        unknown.ends_with("put the certificate of its CA into the CA file FILE"),
        "{unknown}"
    );
}

#[test]
fn a_file_that_changed_in_any_way_has_another_stamp() {
    let file = File::of("stamp", &["one"]);
    let first = Stamp::now(file.path());
    assert_eq!(Stamp::now(file.path()), first);
    fs::write(file.path(), "other").unwrap();
    assert_ne!(Stamp::now(file.path()), first);
    fs::remove_file(file.path()).unwrap();
    assert_eq!(Stamp::now(file.path()), Stamp::File(None));
    assert_eq!(Stamp::now(""), Stamp::now(""));
}
