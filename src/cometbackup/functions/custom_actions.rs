//! `cometbackup_CustomActionParts`, `cometbackup_DownloadForThisComputer` and `cometbackup_OpenProductPage`: WHMCS's actions
//! for a service (since 8.5). They only lead on.
//!
//! WHMCS asks for them for each active service on each view of a client's home page: no request, no statement. Who may is
//! checked at the click.

use crate::cometbackup::TEXTS;
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::installers::{self, Offer};
use crate::cometbackup::comet::product_name;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::functions::single_sign_on;
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::php_value::Value;
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, Service, open_database, product_page};

/// The user's permission that WHMCS asks for single sign-on.
const SIGN_ON: &str = "productsso";

/// Returns identifier, label, PHP function and permissions of each, from which the module file makes WHMCS's objects.
#[allow(clippy::unnecessary_wraps)]
pub fn run(host: &dyn Host, service: &Service) -> Result<Value, Error> {
    if !service.status.is_in_use() {
        return Ok(Value::Array(Vec::new()));
    }
    let base =
        CometServer::new(&service.server).map_or_else(|_| String::new(), |server| server.base);
    let product = product_name::remembered(&host.state_dir(), &base);
    let texts = Texts::of(host, &TEXTS, service);
    let named = |key: &str| texts.fill(key, &[("product", &product)]);
    let parts = [
        (
            "cometbackup-open",
            named("action.open"),
            "cometbackup_ServiceSingleSignOn",
            Some(SIGN_ON),
        ),
        (
            "cometbackup-download",
            named("action.download"),
            "cometbackup_DownloadForThisComputer",
            None,
        ),
        (
            "cometbackup-page",
            named("action.page"),
            "cometbackup_OpenProductPage",
            None,
        ),
    ];
    let parts = parts.into_iter().enumerate();
    Ok(Value::Array(
        parts
            .map(|(at, (identifier, label, function, permission))| {
                let permissions = permission.map(|name| ("0".to_owned(), name.into()));
                let part = vec![
                    ("identifier".to_owned(), identifier.into()),
                    ("label".to_owned(), label.into()),
                    ("function".to_owned(), function.into()),
                    (
                        "permissions".to_owned(),
                        Value::Array(permissions.into_iter().collect()),
                    ),
                ];
                (at.to_string(), Value::Array(part))
            })
            .collect(),
    ))
}

/// Returns the download of the product page that fits the visitor's system, or the page where none does for certain. One
/// request where the server did not say in the last hour which installers it has, two of a server with HTTPS.
pub fn download(
    host: &dyn Host,
    service: &Service,
    user_agent: Option<&str>,
) -> Result<Value, Error> {
    if !service.status.is_in_use() {
        return Err(TEXTS.error("download.not_active", &[]));
    }
    let server = CometServer::new(&service.server)?;
    let mut database = open_database(host)?;
    let (offers, _) = server_facts::offers(&mut database, &Api::new(host, &server));
    let page = product_page::address(&mut database, service.id)?;
    let fitting = user_agent.and_then(|agent| fitting(agent, &offers));
    Ok(single_sign_on::redirect(fitting.map_or_else(
        || page.clone(),
        |offer| format!("{page}&type={}", offer.kind),
    )))
}

/// Returns the redirect to the product page of a service that has a Comet Server.
pub fn page(host: &dyn Host, service: &Service) -> Result<Value, Error> {
    CometServer::new(&service.server)?;
    let address = product_page::address(&mut open_database(host)?, service.id)?;
    Ok(single_sign_on::redirect(address))
}

/// The one installer for a system: the recommended one, or the only one. A browser does not say which processor it runs on.
fn fitting<'a>(user_agent: &str, offers: &'a [Offer]) -> Option<&'a Offer> {
    let group = installers::group_of(user_agent)?;
    let of_system: Vec<&Offer> = offers.iter().filter(|offer| offer.group == group).collect();
    match of_system.as_slice() {
        [only] => Some(only),
        several => several.iter().find(|offer| offer.recommended).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"{"1":{"Recommended":true},"5":{},"8":{},"20":{},"7":{}}"#;
    const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36";
    const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15";
    const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    #[test]
    fn an_installer_is_chosen_only_where_it_is_certain() {
        let offers = installers::read(LIST).unwrap();
        let fitting = |agent| fitting(agent, &offers).map(|offer| offer.kind.as_str());
        assert_eq!(fitting(WINDOWS), Some("downloadResponseWindowsAnyCPUZip"));
        assert_eq!(fitting(LINUX), Some("downloadResponseLinux"));
        for none in [
            MAC,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
            "Mozilla/5.0 (Linux; Android 15; Pixel 9)",
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)",
            "",
        ] {
            assert_eq!(fitting(none), None, "{none}");
        }
    }

    #[test]
    fn of_several_for_a_mac_the_recommended_one_is_taken() {
        let offers = installers::without_a_list();
        let mac = fitting(MAC, &offers).map(|offer| offer.kind.as_str());
        assert_eq!(mac, Some("downloadResponseMacOSX86"));
        assert_eq!(fitting(MAC, &[]), None);
    }
}
