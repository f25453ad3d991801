//! The client software: which platforms there are, and installers for them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::admins::Caller;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::server;
use super::state::Comet;
use super::version::{BASIC, Version};
use crate::answer::Answer;
use crate::body::{Body, Pattern};

/// Path, platform, extension, the version it came with; then category, description and whether
/// it is recommended, for those on the list of platforms.
type Client = (
    &'static str,
    u32,
    &'static str,
    Version,
    Option<(&'static str, &'static str, bool)>,
);

#[rustfmt::skip]
const CLIENTS: &[Client] = &[
    ("windows-anycpu-zip", 1, "zip", BASIC, Some(("Windows", "Any CPU (zip)", true))),
    ("windows-anycpu-exe", 2, "exe", BASIC, None),
    ("windows-x86_32-zip", 3, "zip", BASIC, Some(("Windows", "x86_32 (zip)", false))),
    ("windows-x86_32-exe", 4, "exe", BASIC, None),
    ("windows-x86_64-zip", 5, "zip", BASIC, Some(("Windows", "x86_64 (zip)", false))),
    ("windows-x86_64-exe", 6, "exe", BASIC, None),
    ("linuxgeneric", 7, "run", BASIC, Some(("Linux", "Linux (.run)", true))),
    ("macos-x86_64", 8, "pkg", BASIC, Some(("macOS", "x86_64 (pkg)", false))),
    ("spk-dsm6", 18, "spk", Version(22, 2, 0), Some(("Synology", "DSM 6 (spk)", false))),
    ("spk-dsm7", 19, "spk", Version(22, 2, 0), Some(("Synology", "DSM 7 (spk)", false))),
    ("macos-arm64", 20, "pkg", Version(22, 11, 2), Some(("macOS", "Apple silicon (pkg)", false))),
    ("linux-deb", 21, "deb", Version(23, 12, 3), Some(("Linux", "Debian (.deb)", false))),
];

pub fn platforms(comet: &mut Comet, _: &Call) -> Done {
    let offered = match &comet.settings.platforms {
        Some(chosen) => json!(chosen),
        None => built(comet)
            .filter_map(|(_, platform, _, _, offer)| {
                let (category, description, recommended) = offer.as_ref()?;
                let offer = json!({
                    "Category": category, "Description": description, "Recommended": recommended,
                });
                Some((platform.to_string(), offer))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
    };
    Done::document(comet.or_null(offered.to_string()))
}

/// `None` where this server has no such path.
pub fn generate(comet: &Comet, path: &str, form: BTreeMap<String, String>) -> Option<Reply> {
    let fixed = match path {
        "by-platform" if comet.has(Version(18, 12, 2)) => None,
        "test" if comet.has(Version(20, 2, 1)) => None,
        _ => Some(built(comet).find(|client| client.0 == path)?.1),
    };
    Some(permitted(comet, &form).and_then(|caller| {
        let call = Call { form, caller };
        let asked = || {
            call.required("Platform")?
                .parse()
                .map_err(|_| Refusal::UnknownPlatform)
        };
        let platform = fixed.map_or_else(asked, Ok)?;
        let extension = extension(comet, platform)?;
        if path == "test" {
            return Ok(Done::found([]));
        }
        Ok(installer(comet, platform, extension))
    }))
}

/// The address for browsers, for which nobody logs in.
pub fn public(comet: &Comet, platform: &str) -> Reply {
    if !open_to_all(comet) {
        return Err(Refusal::Unauthorised);
    }
    need_roles(comet)?;
    let platform = platform.parse().map_err(|_| Refusal::UnknownPlatform)?;
    Ok(installer(comet, platform, extension(comet, platform)?))
}

fn permitted(comet: &Comet, form: &BTreeMap<String, String>) -> Result<Caller, Refusal> {
    let caller = if open_to_all(comet) && !form.contains_key("Username") {
        Caller::default()
    } else {
        comet.authenticate(form)?
    };
    need_roles(comet)?;
    if comet.has(Version(24, 6, 1)) && caller.is_denied("DenySoftwareBuildRole") {
        return Err(Refusal::NotPermitted);
    }
    Ok(caller)
}

fn need_roles(comet: &Comet) -> Result<(), Refusal> {
    comet.need_roles(&["AuthenticationRole", "SoftwareBuildRole"])
}

fn open_to_all(comet: &Comet) -> bool {
    server::branding_properties(comet)
        .get("AllowUnauthenticatedDownloads")
        .and_then(Value::as_bool)
        == Some(true)
}

fn built(comet: &Comet) -> impl Iterator<Item = &'static Client> {
    CLIENTS
        .iter()
        .filter(|(_, _, _, since, _)| comet.has(*since))
}

fn extension(comet: &Comet, platform: u32) -> Result<&'static str, Refusal> {
    let known = built(comet).find(|client| client.1 == platform);
    let chosen = comet.settings.platforms.as_ref();
    match (known, chosen) {
        (Some(client), _) => Ok(client.2),
        (None, Some(chosen)) if chosen.contains_key(&platform) => Ok("bin"),
        _ => Err(Refusal::UnknownPlatform),
    }
}

fn installer(comet: &Comet, platform: u32, extension: &str) -> Done {
    let settings = &comet.settings;
    let usual = || format!("attachment; filename=\"backup-client-{platform}.{extension}\"");
    let disposition = settings.download_disposition.clone().unwrap_or_else(usual);
    let mut answer = Answer::new(200, "application/octet-stream", "");
    answer.body = Body::Pattern(Pattern {
        length: settings.download_bytes,
        chunked: settings.download_chunked,
        bytes_per_second: settings.download_speed,
    });
    if !disposition.is_empty() {
        answer = answer.with_header("Content-Disposition", disposition);
    }
    Done {
        answer,
        acted: false,
    }
}
