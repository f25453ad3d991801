//! The address of the licensing API, from the setting `whmcs_provisioning.jetpack_api_url`.

use url::Url;

use crate::error::Error;
use crate::whmcs::Host;

/// Returns the address of the API, without a slash at its end.
///
/// # Errors
/// `Error::Config` where the token would travel in the clear, or the address holds a login.
pub fn read(host: &dyn Host) -> Result<String, Error> {
    let url = host.setting("jetpack_api_url");
    let parsed = Url::parse(&url).ok();
    let is_safe = parsed.is_some_and(|parsed| match parsed.scheme() {
        "https" => parsed.has_host(),
        // Only what stays on this machine may travel in the clear.
        "http" => matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    });
    if is_safe && !url.contains('@') {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    Err(Error::Config(
        "The setting whmcs_provisioning.jetpack_api_url is not an https address without login. Correct it in the PHP configuration, or remove it to use Jetpack's own.".into(),
    ))
}
