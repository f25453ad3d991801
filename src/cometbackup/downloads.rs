//! Installers of the client software, passed on to the customer as they arrive. One request; nothing is changed.

use ureq::http::Method;

use super::MODULE;
use super::api::{Api, Call, field, judge};
use super::file_name;
use super::server::Server;
use crate::error::Error;
use crate::http::stream::{self, Attachment};
use crate::http::{Effect, Failure, Payload, Request};
use crate::secret::Secret;
use crate::value::Value;
use crate::whmcs::{Host, ModuleCall, Service, Status};

/// Before the name of a download in the query parameter `type`.
const QUERY: &str = "downloadResponse";
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;
/// What is read of an answer that is no installer.
const LONGEST_ERROR: u64 = 64 * 1024;

/// A link in the client area, and where its file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Download {
    /// What stands after `downloadResponse` in the query parameter `type`.
    pub name: &'static str,
    pub label: &'static str,
    pub group: &'static str,
    /// Below `branding/generate-client/`.
    pub endpoint: &'static str,
    /// Where the server tells no file name.
    pub fallback_file: &'static str,
    pub recommended: bool,
}

/// In the order of the page. The names without Arm, Deb and Synology are the PHP module's. Endpoints: the vendor's SDKs
/// up to 25.9.8; the newer ones came with 22.2 (Synology), 22.11 (ARM) and 23.12 (Debian).
pub const DOWNLOADS: &[Download] = &[
    Download {
        name: "WindowsAnyCPUZip",
        label: "Windows, every computer (zip)",
        group: "Windows",
        endpoint: "windows-anycpu-zip",
        fallback_file: "ClientInstaller(AnyCPU).zip",
        recommended: true,
    },
    Download {
        name: "WindowsX86_64Zip",
        label: "Windows, 64-bit (zip)",
        group: "Windows",
        endpoint: "windows-x86_64-zip",
        fallback_file: "ClientInstaller(64-bit).zip",
        recommended: false,
    },
    Download {
        name: "WindowsX86_32Zip",
        label: "Windows, 32-bit (zip)",
        group: "Windows",
        endpoint: "windows-x86_32-zip",
        fallback_file: "ClientInstaller(32-bit).zip",
        recommended: false,
    },
    Download {
        name: "MacOSArm64",
        label: "macOS, Apple silicon (pkg)",
        group: "macOS",
        endpoint: "macos-arm64",
        fallback_file: "ClientInstaller(arm64).pkg",
        recommended: true,
    },
    Download {
        name: "MacOSX86",
        label: "macOS, Intel (pkg)",
        group: "macOS",
        endpoint: "macos-x86_64",
        fallback_file: "ClientInstaller.pkg",
        recommended: false,
    },
    Download {
        name: "Linux",
        label: "Linux (run)",
        group: "Linux",
        endpoint: "linuxgeneric",
        fallback_file: "ClientInstaller.run",
        recommended: true,
    },
    Download {
        name: "LinuxDeb",
        label: "Debian and Ubuntu (deb)",
        group: "Linux",
        endpoint: "linux-deb",
        fallback_file: "ClientInstaller.deb",
        recommended: false,
    },
    Download {
        name: "SynologyDsm7",
        label: "Synology DSM 7 (spk)",
        group: "Synology",
        endpoint: "spk-dsm7",
        fallback_file: "ClientInstaller(DSM7).spk",
        recommended: true,
    },
    Download {
        name: "SynologyDsm6",
        label: "Synology DSM 6 (spk)",
        group: "Synology",
        endpoint: "spk-dsm6",
        fallback_file: "ClientInstaller(DSM6).spk",
        recommended: false,
    },
];

/// The download that the page's query names: its whole name, and no other.
pub fn asked_for(query: &Value) -> Option<&'static Download> {
    let asked = query.get("type").text()?;
    let name = asked.strip_prefix(QUERY)?;
    DOWNLOADS.iter().find(|download| download.name == name)
}

/// Asks for the installer, and answers once its first bytes are here.
///
/// # Errors
/// Where the service is not active, and where the server sends anything else than an installer.
pub fn open(host: &dyn Host, service: &Service, download: &Download) -> Result<Attachment, Error> {
    if service.status != Status::Active {
        return Err(Error::Unusable(
            "Installers are offered for active services only.".into(),
        ));
    }
    let server = Server::new(&service.details.server)?;
    let endpoint = format!("branding/generate-client/{}", download.endpoint);
    let call = Call {
        endpoint: &endpoint,
        task: format!("get the installer {}", download.label),
        fields: vec![("SelfAddress", field(&server.base))],
    };
    let request = Request {
        effect: Effect::Reads,
        method: Method::POST,
        url: format!("{}/api/v1/admin/{endpoint}", server.base),
        bearer: None,
        body: Some(Payload {
            content_type: "application/x-www-form-urlencoded",
            text: Secret::new(Api::new(host, &server).form(&call)),
        }),
    };
    let end = begin(host, &call, &request, download);
    host.log_call(ModuleCall {
        module: MODULE,
        action: call.endpoint.to_owned(),
        request: format!("POST {}\nSelfAddress={}", request.url, server.base),
        response: match &end {
            Ok(file) => format!("HTTP 200, the file {}, passed on", file.file_name),
            Err(error) => error.to_string(),
        },
        secrets: vec![server.password.expose().clone()],
    });
    end
}

fn begin(
    host: &dyn Host,
    call: &Call<'_>,
    request: &Request<'_>,
    download: &Download,
) -> Result<Attachment, Error> {
    let no_answer = |reason: String| Error::NoAnswer {
        task: call.task.clone(),
        reason,
    };
    let mut stream = stream::open(&host.http(), request).map_err(|failure| match failure {
        Failure::NotSent(reason) | Failure::Lost(reason) => no_answer(reason),
    })?;
    let mut start = vec![0; PIECE];
    let read = stream.read(&mut start).map_err(no_answer)?;
    start.truncate(read);
    if !stream.status.is_success() || !is_installer(&stream.content_type, &start) {
        let answer = stream.into_answer(start, LONGEST_ERROR);
        return Err(match judge(call, &answer) {
            Err(refused) => refused,
            Ok(Err(reason)) => no_answer(reason),
            Ok(Ok(_)) => no_answer("the answer is no installer".into()),
        });
    }
    let told = stream.disposition.as_deref().and_then(file_name::read);
    Ok(Attachment {
        file_name: told.unwrap_or_else(|| download.fallback_file.to_owned()),
        length: stream.length,
        start,
        rest: stream,
    })
}

/// Errors come as JSON with HTTP 200, and from what stands before the server as a page.
fn is_installer(content_type: &str, start: &[u8]) -> bool {
    let said = content_type.ends_with("json") || matches!(content_type, "text/html" | "text/plain");
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    !said && !matches!(first, None | Some(b'{' | b'<'))
}

/// What the customer reads in place of a file; staff find the reason in the Activity Log.
fn told_to_customer(error: &Error) -> String {
    match error {
        Error::Unusable(sentence) if sentence.starts_with("Installers") => sentence.clone(),
        _ => "The installer cannot be had from the backup server just now. Try again in a few minutes, and ask our support if it stays so.".to_owned(),
    }
}

/// The customer's page with a sentence in place of the file.
pub fn page_instead(mut page: Value, error: &Error) -> Value {
    if let Value::Array(parts) = &mut page
        && let Some((_, Value::Array(variables))) =
            parts.iter_mut().find(|(name, _)| name == "vars")
        && let Some((_, Value::Array(errors))) =
            variables.iter_mut().find(|(name, _)| name == "errors")
    {
        errors.push((errors.len().to_string(), told_to_customer(error).into()));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_name_asks_for_a_download() {
        let asked = |text: &str| {
            let query = Value::Array(vec![("type".into(), text.into())]);
            asked_for(&query).map(|download| download.endpoint)
        };
        assert_eq!(asked("downloadResponseLinux"), Some("linuxgeneric"));
        for none in [
            "",
            "Linux",
            "downloadResponse",
            "downloadresponseLinux",
            "downloadResponseLinuxX",
            "xdownloadResponseLinux",
        ] {
            assert_eq!(asked(none), None, "{none}");
        }
        assert_eq!(asked_for(&Value::Null), None);
    }

    #[test]
    fn an_error_is_no_installer_whatever_its_type() {
        let octets = "application/octet-stream";
        assert!(is_installer(octets, b"#!/bin/sh"));
        assert!(is_installer("application/zip", b"PK"));
        assert!(is_installer("", b"PK"));
        assert!(!is_installer(octets, b" {\"Status\":403}"));
        assert!(!is_installer(octets, b"<html>"));
        assert!(!is_installer(octets, b""));
        assert!(!is_installer("application/json", b"PK"));
        assert!(!is_installer("text/html", b"PK"));
    }
}
