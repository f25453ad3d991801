//! The faults of a TLS connection, in sentences that a person can act on: one classification for every server we connect to.

use std::error::Error;
use std::fmt;
use std::io;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error as TlsError};

use crate::text::plain;

/// Names of a certificate that are shown; some have hundreds.
const SHOWN_NAMES: usize = 3;

/// A fault of TLS. Displayed, it completes "no secure connection: …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsFault {
    /// X.509 version 1, which has no names and no purposes.
    Version1,
    /// The certificate has no subjectAltName; its common name counts no more.
    NoNames,
    OtherName {
        expected: String,
        presented: Vec<String>,
    },
    /// The day of its end, where it is known.
    Expired(Option<String>),
    NotYetValid(Option<String>),
    /// The server shows a CA's certificate as its own, which is what `openssl req -x509` makes.
    SelfSigned,
    /// No trusted certificate has signed it, by way of the intermediates that the server sent.
    UnknownIssuer,
    /// The same where the server sent no intermediate: its issuer, where it has a name.
    IssuerMissing(Option<String>),
    Revoked,
    /// Its extended key usage does not allow it to be a server's.
    OtherPurpose,
    /// It cannot be read, or holds what is not supported.
    Unusable,
    /// The server refused our certificate, or misses one.
    OursRefused,
    /// No version of TLS or no cipher is common to both.
    NothingInCommon,
    /// What came is not TLS.
    NotTls,
    /// Anything else, in the library's words.
    Other(String),
}

impl TlsFault {
    /// The server showed a certificate that is not accepted.
    pub const fn is_of_its_certificate(&self) -> bool {
        !matches!(
            self,
            Self::OursRefused | Self::NothingInCommon | Self::NotTls | Self::Other(_)
        )
    }
}

/// The fault of TLS in an error or in what caused it; `None` where the cause is another.
pub fn fault(error: &(dyn Error + 'static)) -> Option<TlsFault> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<TlsError>() {
            return Some(classify(found));
        }
        // An I/O error names the source of what it holds, and not that itself.
        let held = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    None
}

fn classify(error: &TlsError) -> TlsFault {
    match error {
        TlsError::InvalidCertificate(certificate) => classify_certificate(certificate),
        TlsError::NoCertificatesPresented => TlsFault::Unusable,
        TlsError::PeerIncompatible(_) => TlsFault::NothingInCommon,
        TlsError::InvalidMessage(_) | TlsError::InappropriateMessage { .. } => TlsFault::NotTls,
        TlsError::AlertReceived(alert) => match alert {
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity => TlsFault::NothingInCommon,
            AlertDescription::BadCertificate
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied => TlsFault::OursRefused,
            _ => TlsFault::Other(plain(&error.to_string())),
        },
        _ => TlsFault::Other(plain(&error.to_string())),
    }
}

fn classify_certificate(error: &CertificateError) -> TlsFault {
    use CertificateError as E;
    match error {
        E::Expired => TlsFault::Expired(None),
        E::ExpiredContext { not_after, .. } => TlsFault::Expired(day(*not_after)),
        E::NotValidYet => TlsFault::NotYetValid(None),
        E::NotValidYetContext { not_before, .. } => TlsFault::NotYetValid(day(*not_before)),
        E::NotValidForNameContext { presented, .. } if presented.is_empty() => TlsFault::NoNames,
        E::NotValidForNameContext {
            expected,
            presented,
        } => TlsFault::OtherName {
            expected: plain(&expected.to_str()),
            presented: presented
                .iter()
                .take(SHOWN_NAMES)
                .map(|name| plain(bare(name)))
                .collect(),
        },
        E::NotValidForName => TlsFault::OtherName {
            expected: String::new(),
            presented: Vec::new(),
        },
        // A CA of the trusted one's name, and another key.
        E::UnknownIssuer | E::BadSignature => TlsFault::UnknownIssuer,
        E::Revoked => TlsFault::Revoked,
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => TlsFault::OtherPurpose,
        E::Other(other) => match other.0.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::UnsupportedCertVersion) => TlsFault::Version1,
            Some(webpki::Error::CaUsedAsEndEntity) => TlsFault::SelfSigned,
            // A verifier of ours has looked already.
            _ => other
                .0
                .downcast_ref()
                .cloned()
                .unwrap_or(TlsFault::Unusable),
        },
        _ => TlsFault::Unusable,
    }
}

/// The library has names as `DnsName("a.example")` and `IpAddress(192.0.2.1)`.
fn bare(name: &str) -> &str {
    name.split_once('(')
        .map_or(name, |(_, inner)| inner.trim_end_matches(')'))
        .trim_matches('"')
}

fn day(time: UnixTime) -> Option<String> {
    let seconds = i64::try_from(time.as_secs()).ok()?;
    let time = Timestamp::from_second(seconds).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().to_string())
}

impl Error for TlsFault {}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |day: &Option<String>| {
            day.as_ref()
                .map_or_else(String::new, |day| format!(" on {day}"))
        };
        match self {
            Self::Version1 => f.write_str(
                "the server's certificate is of X.509 version 1, which names no server",
            ),
            Self::NoNames => f.write_str("the server's certificate has no subjectAltName"),
            Self::OtherName {
                expected,
                presented,
            } => {
                f.write_str("the server's certificate is for another name")?;
                if !expected.is_empty() {
                    write!(f, ": {}, and not {expected}", presented.join(", "))?;
                }
                Ok(())
            }
            Self::Expired(day) => write!(f, "the server's certificate expired{}", on(day)),
            Self::NotYetValid(None) => f.write_str("the server's certificate is not valid yet"),
            Self::NotYetValid(Some(day)) => {
                write!(f, "the server's certificate is not valid before {day}")
            }
            Self::SelfSigned => f.write_str("the server's certificate is self-signed"),
            Self::UnknownIssuer => f.write_str(
                "the server's certificate is self-signed, or signed by none that is trusted here, or the server does not send its intermediate certificate",
            ),
            Self::IssuerMissing(issuer) => {
                f.write_str("the server's certificate was signed by ")?;
                f.write_str(issuer.as_deref().unwrap_or("another"))?;
                f.write_str(", whose own is neither trusted here nor sent by the server")
            }
            Self::Revoked => f.write_str("the server's certificate was revoked"),
            Self::OtherPurpose => f.write_str("the server's certificate is not one for servers"),
            Self::Unusable => f.write_str("the server's certificate cannot be used"),
            Self::OursRefused => f.write_str("the server did not accept our certificate"),
            Self::NothingInCommon => {
                f.write_str("the server offers no version of TLS or no cipher that is supported here")
            }
            Self::NotTls => f.write_str("the server does not speak TLS"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

#[cfg(test)]
mod tests;
