//! Client installers: those that a server offers, and what the links on the page mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::api::{Api, Call};
use super::bounds;
use crate::error::Error;
use crate::json::object::Object;
use crate::php_value::Value;
use crate::text::plain;

/// Before the name of a download in the query parameter `type`.
const QUERY: &str = "downloadResponse";
/// Before the number of a platform that has no name here.
const BY_NUMBER: &str = "Platform";
/// The group of what a server puts into none.
pub const OTHER: &str = "Other";

struct Installer {
    /// The server's number for it.
    id: u32,
    /// What stands after `downloadResponse`.
    name: &'static str,
    label: &'static str,
    group: &'static str,
    endpoint: &'static str,
    fallback_file: &'static str,
    /// On servers of every age.
    is_basic: bool,
}

/// In the order of the page. The names without Arm, Deb and Synology are the PHP module's; numbers as seen in the
/// field, paths of the vendor's SDKs up to 25.9.8.
#[rustfmt::skip]
const INSTALLERS: &[Installer] = &[
    Installer { id: 1, name: "WindowsAnyCPUZip", label: "Windows, every computer (zip)", group: "Windows", endpoint: "windows-anycpu-zip", fallback_file: "ClientInstaller(AnyCPU).zip", is_basic: true },
    Installer { id: 5, name: "WindowsX86_64Zip", label: "Windows, 64-bit (zip)", group: "Windows", endpoint: "windows-x86_64-zip", fallback_file: "ClientInstaller(64-bit).zip", is_basic: true },
    Installer { id: 3, name: "WindowsX86_32Zip", label: "Windows, 32-bit (zip)", group: "Windows", endpoint: "windows-x86_32-zip", fallback_file: "ClientInstaller(32-bit).zip", is_basic: true },
    Installer { id: 20, name: "MacOSArm64", label: "macOS, Apple silicon (pkg)", group: "macOS", endpoint: "macos-arm64", fallback_file: "ClientInstaller(arm64).pkg", is_basic: false },
    Installer { id: 8, name: "MacOSX86", label: "macOS, Intel (pkg)", group: "macOS", endpoint: "macos-x86_64", fallback_file: "ClientInstaller.pkg", is_basic: true },
    Installer { id: 7, name: "Linux", label: "Linux (run)", group: "Linux", endpoint: "linuxgeneric", fallback_file: "ClientInstaller.run", is_basic: true },
    Installer { id: 21, name: "LinuxDeb", label: "Debian and Ubuntu (deb)", group: "Linux", endpoint: "linux-deb", fallback_file: "ClientInstaller.deb", is_basic: false },
    Installer { id: 19, name: "SynologyDsm7", label: "Synology DSM 7 (spk)", group: "Synology", endpoint: "spk-dsm7", fallback_file: "ClientInstaller(DSM7).spk", is_basic: false },
    Installer { id: 18, name: "SynologyDsm6", label: "Synology DSM 6 (spk)", group: "Synology", endpoint: "spk-dsm6", fallback_file: "ClientInstaller(DSM6).spk", is_basic: false },
];

/// A link on the customer's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The server's number for the platform.
    pub id: u32,
    /// The query parameter `type`.
    pub kind: String,
    pub label: String,
    pub group: String,
    pub recommended: bool,
    /// The address where a browser gets it without a login, on a server that allows that.
    pub public_url: Option<String>,
}

/// The installer that a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The server's number for the platform.
    pub id: u32,
    pub label: String,
    /// Below `branding/generate-client/`.
    pub endpoint: &'static str,
    /// The number for the path of every platform.
    pub platform: Option<u32>,
    /// The file name where the server sends none.
    pub fallback_file: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Offered {
    #[serde(default)]
    category: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    recommended: bool,
}

/// Returns the server's list as it answered. One request.
pub fn ask(api: &Api<'_>) -> Result<String, Error> {
    let call = Call::without_fields(
        "branding/available-platforms",
        "read which installers Comet has",
    );
    api.read(&call, |answer| {
        // Its labels go to the customer's page.
        let shown = !api.holds_secret(answer);
        read(answer).filter(|_| shown).map(|_| answer.to_owned())
    })
}

/// Returns the offers of a list: what has a name here in the order of the page, then what later servers have.
pub fn read(list: &str) -> Option<Vec<Offer>> {
    let offered: Option<BTreeMap<u32, Object<Offered>>> = serde_json::from_str(list).ok()?;
    let offered = offered.unwrap_or_default().into_iter();
    let mut offered: BTreeMap<u32, Offered> = offered.map(|(id, offer)| (id, offer.0)).collect();
    if offered.len() > bounds::INSTALLERS {
        return None;
    }
    let mut offers: Vec<Offer> = INSTALLERS
        .iter()
        .filter_map(|known| Some(known.offer(offered.remove(&known.id)?.recommended)))
        .collect();
    offers.extend(offered.iter().map(|(id, other)| Offer {
        id: *id,
        kind: format!("{QUERY}{BY_NUMBER}{id}"),
        label: match plain(&other.description) {
            text if text.is_empty() => format!("{BY_NUMBER} {id}"),
            text => text,
        },
        group: match plain(&other.category) {
            text if text.is_empty() => OTHER.to_owned(),
            text => text,
        },
        recommended: other.recommended,
        public_url: None,
    }));
    Some(offers)
}

/// Returns what servers of every age have: below 18.12.2 there is no list.
pub fn without_a_list() -> Vec<Offer> {
    let basic = INSTALLERS.iter().filter(|known| known.is_basic);
    basic
        .map(|known| known.offer(matches!(known.id, 1 | 7 | 8)))
        .collect()
}

/// Returns the download that the page's query names: its whole name, and no other.
pub fn asked_for(query: &Value) -> Option<Download> {
    let asked = query.get("type").text()?;
    let name = asked.strip_prefix(QUERY)?;
    if let Some(known) = INSTALLERS.iter().find(|known| known.name == name) {
        return Some(Download {
            id: known.id,
            label: known.label.to_owned(),
            endpoint: known.endpoint,
            platform: None,
            fallback_file: known.fallback_file.to_owned(),
        });
    }
    let digits = name.strip_prefix(BY_NUMBER)?;
    let id: u32 = digits.parse().ok()?;
    (id.to_string() == digits).then(|| Download {
        id,
        label: format!("for platform {id}"),
        endpoint: "by-platform",
        platform: Some(id),
        fallback_file: "ClientInstaller.bin".to_owned(),
    })
}

/// Returns the group of installers for the system that a browser names; `None` where it names another one, or a telephone's.
pub fn group_of(user_agent: &str) -> Option<&'static str> {
    let has = |word: &str| user_agent.contains(word);
    if ["Android", "iPhone", "iPad", "CrOS"]
        .iter()
        .any(|word| has(word))
    {
        return None;
    }
    let systems = [
        ("Windows NT", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ];
    systems
        .iter()
        .find(|(word, _)| has(word))
        .map(|(_, group)| *group)
}

impl Installer {
    fn offer(&self, recommended: bool) -> Offer {
        Offer {
            id: self.id,
            kind: format!("{QUERY}{}", self.name),
            label: self.label.to_owned(),
            group: self.group.to_owned(),
            recommended,
            public_url: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_name_asks_for_a_download() {
        let asked = |text: &str| {
            let query = Value::Array(vec![("type".into(), text.into())]);
            asked_for(&query).map(|download| (download.endpoint, download.platform))
        };
        assert_eq!(asked("downloadResponseLinux"), Some(("linuxgeneric", None)));
        let later = Some(("by-platform", Some(22)));
        assert_eq!(asked("downloadResponsePlatform22"), later);
        for none in [
            "",
            "Linux",
            "downloadResponse",
            "downloadresponseLinux",
            "downloadResponseLinuxX",
            "xdownloadResponseLinux",
            "downloadResponsePlatform",
            "downloadResponsePlatform+7",
            "downloadResponsePlatform-1",
            "downloadResponsePlatform99999999999",
        ] {
            assert_eq!(asked(none), None, "{none}");
        }
        assert_eq!(asked_for(&Value::Null), None);
    }

    #[test]
    fn what_the_server_offers_is_offered_and_nothing_else() {
        let list = r#"{"7":{"Category":"Linux","Description":"Linux (.run)","Recommended":true},
            "1":{"Category":"Windows","Description":"Any","Recommended":false},
            "40":{"Category":"BSD <b>","Description":"","Recommended":true}}"#;
        let offers = read(list).unwrap();
        let shown: Vec<_> = offers
            .iter()
            .map(|offer| (offer.kind.as_str(), offer.group.as_str(), offer.recommended))
            .collect();
        assert_eq!(
            shown,
            [
                ("downloadResponseWindowsAnyCPUZip", "Windows", false),
                ("downloadResponseLinux", "Linux", true),
                ("downloadResponsePlatform40", "BSD", true),
            ]
        );
        let many: Vec<String> = (0..=bounds::INSTALLERS)
            .map(|id| format!("\"{id}\":{{}}"))
            .collect();
        assert_eq!(read(&format!("{{{}}}", many.join(","))), None);
        assert_eq!(read("null").unwrap(), []);
        assert_eq!(read("{}").unwrap(), []);
        for wrong in ["", "[]", r#"{"x":{}}"#, r#"{"Status":403,"Message":"no"}"#] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
