//! TLS to the database: WHMCS's options in the form that the driver takes.

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use mysql::{ClientIdentity, SslOpts};
use nix::sys::memfd::{MFdFlags, memfd_create};
use pem::Pem;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::Error;
use crate::system_trust;

/// Files in PEM form, as PDO's `MYSQL_ATTR_SSL_*` name them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DatabaseTls {
    pub ca: Option<PathBuf>,
    /// A folder of certificates as OpenSSL has it: each under the hash of its subject.
    pub ca_folder: Option<PathBuf>,
    pub certificate: Option<PathBuf>,
    /// The certificate's key; without one it is in the certificate's file.
    pub key: Option<PathBuf>,
    /// Whether the server has to prove its name.
    pub verify: bool,
    /// A list of ciphers was named. It asks for TLS, and is not applied: ours are those of TLS 1.2 and 1.3 that are safe.
    pub names_ciphers: bool,
}

/// The driver's options for one connection.
#[derive(Debug)]
pub struct Prepared {
    pub options: SslOpts,
    /// The driver takes certificates by a path only. It ends with the last handle.
    _certificates: Option<File>,
}

impl DatabaseTls {
    /// Reads what it names, so that a file that cannot be used is named.
    ///
    /// # Errors
    /// `Error::Config` with the file and its fault.
    pub fn prepare(&self) -> Result<Prepared, Error> {
        let identity = match &self.certificate {
            Some(certificate) => {
                let key = self.key.as_ref().unwrap_or(certificate);
                read(certificate, "the client's certificate")?;
                read(key, "the key of the client's certificate")?;
                Some(ClientIdentity::new(certificate.clone(), key.clone()))
            }
            None => None,
        };
        let (roots, certificates) = if self.verify {
            self.roots()?
        } else {
            (None, None)
        };
        let options = SslOpts::default()
            .with_root_cert_path(roots)
            .with_client_identity(identity)
            .with_danger_accept_invalid_certs(!self.verify)
            .with_danger_skip_domain_validation(!self.verify);
        Ok(Prepared {
            options,
            _certificates: certificates,
        })
    }

    /// Names the place where the server's certificate is looked up, for sentences.
    pub fn trusted(&self) -> String {
        let named: Vec<String> = [&self.ca, &self.ca_folder]
            .into_iter()
            .flatten()
            .map(|path| path.display().to_string())
            .collect();
        match (named.is_empty(), system_trust::file()) {
            (false, _) => named.join(" and "),
            (true, Some(file)) => file.display().to_string(),
            (true, None) => "Mozilla's list of authorities".into(),
        }
    }

    /// A path for the driver, and what keeps it alive. As PHP: the named file and folder, else the system's store.
    fn roots(&self) -> Result<(Option<PathBuf>, Option<File>), Error> {
        let system = || system_trust::file().map(Path::to_path_buf);
        let file = match &self.ca {
            None if self.ca_folder.is_none() => system(),
            named => named.clone(),
        };
        let mut trusted = Vec::new();
        if let Some(file) = &file {
            let (usable, refused) = certificates(&read(file, "trusted certificates")?);
            if usable.is_empty() {
                return Err(unusable(
                    file,
                    "trusted certificates",
                    "it holds no certificate that can be used",
                ));
            }
            if refused == 0 && self.ca_folder.is_none() {
                return Ok((Some(file.clone()), None));
            }
            trusted = usable;
        }
        if let Some(folder) = &self.ca_folder {
            trusted.extend(of_folder(folder)?);
            if trusted.is_empty() {
                return Err(unusable(
                    folder,
                    "trusted certificates",
                    "it holds no certificate under a name such as 5ed36f99.0; openssl rehash makes these names",
                ));
            }
        }
        if trusted.is_empty() {
            return Ok((None, None));
        }
        let (path, handle) = in_memory(&trusted)?;
        Ok((Some(path), Some(handle)))
    }
}

type Certificates = Vec<CertificateDer<'static>>;

/// The certificates that can be trusted, and how many cannot.
fn certificates(text: &[u8]) -> (Certificates, usize) {
    let (usable, refused): (Vec<_>, Vec<_>) = CertificateDer::pem_slice_iter(text)
        .flatten()
        .partition(|certificate| webpki::anchor_from_trusted_cert(certificate).is_ok());
    (usable, refused.len())
}

fn of_folder(folder: &Path) -> Result<Certificates, Error> {
    let failed =
        |error: std::io::Error| unusable(folder, "trusted certificates", &error.to_string());
    let mut trusted = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_str().is_some_and(is_hash) {
            let text = read(&entry.path(), "trusted certificates")?;
            trusted.extend(certificates(&text).0);
        }
    }
    Ok(trusted)
}

/// The only names OpenSSL looks at in a folder: eight hex digits of the subject's hash, and a number.
fn is_hash(name: &str) -> bool {
    name.split_once('.').is_some_and(|(hash, number)| {
        hash.len() == 8
            && hash.bytes().all(|c| c.is_ascii_hexdigit())
            && !number.is_empty()
            && number.bytes().all(|c| c.is_ascii_digit())
    })
}

/// A file that only this process has: nobody can put another certificate into it.
fn in_memory(trusted: &[CertificateDer<'_>]) -> Result<(PathBuf, File), Error> {
    let unusable = |why: String| {
        Error::Config(format!(
            "The trusted certificates of the connection to the WHMCS database cannot be handed over: {why}. Name one file of certificates in WHMCS's database settings."
        ))
    };
    let handle = memfd_create(c"certificates", MFdFlags::MFD_CLOEXEC)
        .map_err(|error| unusable(error.to_string()))?;
    let mut file = File::from(handle);
    let blocks: Vec<Pem> = trusted
        .iter()
        .map(|certificate| Pem::new("CERTIFICATE", certificate.as_ref()))
        .collect();
    file.write_all(pem::encode_many(&blocks).as_bytes())
        .map_err(|error| unusable(error.to_string()))?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    if !path.exists() {
        return Err(unusable("/proc is not mounted".into()));
    }
    Ok((path, file))
}

fn read(path: &Path, holds: &str) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| unusable(path, holds, &error.to_string()))
}

fn unusable(path: &Path, holds: &str, why: &str) -> Error {
    Error::Config(format!(
        "{}, which the database settings name for {holds}, cannot be used: {why}. Correct it, or the setting.",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_that_openssl_looks_at_count_in_a_folder() {
        for name in ["5ed36f99.0", "5ED36F99.12"] {
            assert!(is_hash(name), "{name}");
        }
        for name in [
            "ca.pem",
            "5ed36f99",
            "5ed36f99.r0",
            "5ed36f9.0",
            "5ed36f99.",
        ] {
            assert!(!is_hash(name), "{name}");
        }
    }

    #[test]
    fn without_verification_no_certificate_is_read() {
        let tls = DatabaseTls {
            ca: Some("/nowhere.pem".into()),
            ca_folder: Some("/nowhere".into()),
            ..DatabaseTls::default()
        };
        let prepared = tls.prepare().unwrap();
        assert_eq!(prepared.options.root_cert_path(), None);
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named() {
        let named = |tls: DatabaseTls| tls.prepare().unwrap_err().to_string();
        let missing = named(DatabaseTls {
            ca: Some("/nowhere.pem".into()),
            verify: true,
            ..DatabaseTls::default()
        });
        assert!(missing.starts_with("/nowhere.pem, which the database settings name for trusted certificates, cannot be used: No such file"), "{missing}");
        let key = named(DatabaseTls {
            certificate: Some("/etc/hostname".into()),
            key: Some("/nowhere.key".into()),
            ..DatabaseTls::default()
        });
        assert!(
            key.contains("/nowhere.key") && key.contains("key of the client's certificate"),
            "{key}"
        );
    }
}
