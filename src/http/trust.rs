//! The certificates that servers are checked against: those of `ca_file` and no others; without one the system's store, and
//! Mozilla's list only where the system has none.

use std::error::Error;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError,
    RootCertStore, SignatureScheme,
};

use super::failure::Fault;
use crate::system_trust;
use crate::tls::{self, TlsFault};

/// How long the system's store is taken as it was read: an update of the system restarts no worker.
const STORE_AGE: Duration = Duration::from_secs(3600);

/// A state of what is trusted. While it is equal nothing is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// Modified (seconds and nanoseconds), size and number of the file; `None` where there is none.
    File(Option<(i64, i64, u64, u64)>),
    /// Which period of [`STORE_AGE`] it is.
    System(u64),
}

static BEGAN: OnceLock<Instant> = OnceLock::new();

impl Stamp {
    pub fn now(ca_file: &str) -> Self {
        if !ca_file.is_empty() {
            let found = fs::metadata(ca_file).ok();
            return Self::File(
                found.map(|file| (file.mtime(), file.mtime_nsec(), file.size(), file.ino())),
            );
        }
        let age = BEGAN.get_or_init(Instant::now).elapsed();
        Self::System(age.as_secs() / STORE_AGE.as_secs())
    }
}

pub fn config(ca_file: &str) -> Result<ClientConfig, Fault> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(ca_file, &provider)?;
    let unusable = |_| unusable(ca_file, "cannot be used");
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn unusable(ca_file: &str, why: &str) -> Fault {
    Fault::Setting(format!(
        "the CA file {ca_file} {why}; see whmcs_provisioning.ca_file"
    ))
}

/// The usual checks, and one more way to be trusted: a certificate in `ca_file` that the server itself shows. That is how a
/// self-signed one is trusted, which most tools make as a CA's: the library takes none of those for a server's.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    itself: Vec<CertificateDer<'static>>,
}

impl Verifier {
    fn new(ca_file: &str, provider: &Arc<CryptoProvider>) -> Result<Self, Fault> {
        let itself = if ca_file.is_empty() {
            Vec::new()
        } else {
            read_pem(ca_file)?
        };
        let mut roots = RootCertStore::empty();
        let trusted = if ca_file.is_empty() {
            system_trust::certificates()
        } else {
            itself.clone()
        };
        let (usable, _) = roots.add_parsable_certificates(trusted);
        if usable == 0 && ca_file.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let usual =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
                .build()
                .map_err(|_| unusable(ca_file, "holds no certificate that can be used"))?;
        Ok(Self { usual, itself })
    }

    fn check(
        &self,
        shown: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if !self.itself.iter().any(|trusted| trusted == shown) {
            return self
                .usual
                .verify_server_cert(shown, intermediates, name, &[], now);
        }
        // Its dates and its purpose are looked at before its issuer is, who matters no more.
        match self.usual.verify_server_cert(shown, &[], name, &[], now) {
            Err(TlsError::InvalidCertificate(
                CertificateError::UnknownIssuer
                | CertificateError::BadSignature
                | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
                | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
                | CertificateError::Other(_),
            )) => {
                verify_server_name(&ParsedCertificate::try_from(shown)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            end => end,
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        self.check(shown, intermediates, name, now)
            .map_err(|error| {
                let found = tls::fault(&error).map(|fault| narrowed(fault, shown, intermediates));
                found.map_or(error, |fault| {
                    CertificateError::Other(OtherError(Arc::new(fault))).into()
                })
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.usual.verify_tls12_signature(message, shown, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.usual.verify_tls13_signature(message, shown, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// What the library calls an unknown issuer is several things to a person.
fn narrowed(
    fault: TlsFault,
    shown: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> TlsFault {
    let Ok(certificate) = webpki::EndEntityCert::try_from(shown) else {
        return fault;
    };
    match fault {
        TlsFault::UnknownIssuer if certificate.subject() == certificate.issuer() => {
            TlsFault::SelfSigned
        }
        TlsFault::UnknownIssuer if intermediates.is_empty() => {
            TlsFault::IssuerMissing(common_name(certificate.issuer()))
        }
        fault => fault,
    }
}

/// The common name in a DER-encoded name.
fn common_name(name: &[u8]) -> Option<String> {
    // The object identifier 2.5.4.3; a string's type and length, and the string follow.
    const COMMON_NAME: [u8; 5] = [6, 3, 0x55, 4, 3];
    let at = name.windows(5).position(|bytes| bytes == COMMON_NAME)? + 5;
    let length = usize::from(*name.get(at + 1)?);
    let text = name.get(at + 2..)?.get(..length)?;
    Some(crate::text::plain(std::str::from_utf8(text).ok()?))
}

/// The fault of a handshake, and what to do.
pub fn sentence(error: &(dyn Error + 'static), ca_file: &str) -> String {
    let Some(fault) = tls::fault(error) else {
        return crate::text::plain(&error.to_string());
    };
    let file = if ca_file.is_empty() {
        "a file that whmcs_provisioning.ca_file names".to_owned()
    } else {
        format!("the CA file {ca_file}")
    };
    let way_out = match fault {
        TlsFault::Version1 | TlsFault::NoNames => {
            format!(
                "create a new one with the server's name as subjectAltName, and put it into {file}"
            )
        }
        TlsFault::OtherName { .. } => {
            "reach the server by a name that is in it, or give it one for this name".into()
        }
        TlsFault::Expired(_) => "renew it on the server".into(),
        TlsFault::NotYetValid(_) => "compare the clocks of both machines".into(),
        TlsFault::SelfSigned => format!("put it into {file}"),
        TlsFault::IssuerMissing(_) => {
            format!(
                "let the server send its intermediate certificates, or put its issuer's into {file}"
            )
        }
        TlsFault::UnknownIssuer => format!("put the certificate of its CA into {file}"),
        TlsFault::NotTls => "is it plain http?".into(),
        _ => return fault.to_string(),
    };
    format!("{fault}; {way_out}")
}

fn read_pem(ca_file: &str) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let pem = fs::read(Path::new(ca_file)).map_err(|_| unusable(ca_file, "cannot be read"))?;
    // Other things may be between them.
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem).flatten().collect();
    if certificates.is_empty() {
        return Err(unusable(ca_file, "holds no certificate"));
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests;
