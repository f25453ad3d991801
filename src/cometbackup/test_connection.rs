//! `cometbackup_TestConnection`: version, roles, clock and permissions, in plain sentences. One request, or two.

use serde::Deserialize;

use super::api::{Api, Call};
use super::server::Server;
use crate::clock;
use crate::error::{Error, plain};
use crate::whmcs;
use crate::whmcs::Host;

/// The first version with the job search that the customer's page needs.
const OLDEST: [u64; 3] = [18, 9, 2];
/// Seconds; more makes job times and sessions wrong.
const CLOCKS: i64 = 300;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct About {
    version: String,
    #[serde(default)]
    authentication_role: bool,
    /// The server's clock, unix seconds.
    #[serde(default)]
    pub current_time: i64,
}

/// What the server says of itself. One request.
pub fn about(api: &Api<'_>) -> Result<About, Error> {
    api.read(
        &Call {
            endpoint: "meta/version",
            task: "reach the Comet Server".into(),
            fields: Vec::new(),
        },
        |answer| serde_json::from_str(answer).ok(),
    )
}

/// Success, or the first thing that keeps the module from working.
pub fn run(host: &dyn Host, given: &whmcs::Server) -> Result<(), Error> {
    let server = Server::new(given)?;
    let api = Api::new(host, &server);
    let about = match about(&api) {
        // A second try after a login that surely failed could lock the account.
        Err(Error::Refused {
            status: 403,
            ref message,
            ..
        }) if !message.contains("ERR_") && may_log_in(&api) => return Ok(()),
        about => about?,
    };
    let unusable = |sentence: String| Err(Error::Unusable(sentence));
    if numbers(&about.version) < OLDEST {
        return unusable(format!(
            "The Comet Server is version {}, and 18.9.2 is the oldest that works. Update it.",
            plain(&about.version)
        ));
    }
    if !about.authentication_role {
        return unusable("The Auth Role of the Comet Server is off, so it has no accounts. Switch it on in Comet.".into());
    }
    let ahead = about.current_time - clock::unix_now();
    if about.current_time > 0 && ahead.abs() > CLOCKS {
        return unusable(format!(
            "The clocks of the Comet Server and of this server differ by {} seconds. Set them, for example with NTP.",
            ahead.abs()
        ));
    }
    Ok(())
}

/// An administrator may be forbidden to see the server's own data, and do everything else.
fn may_log_in(api: &Api<'_>) -> bool {
    let call = Call {
        endpoint: "account/properties",
        task: "reach the Comet Server".into(),
        fields: Vec::new(),
    };
    api.read(&call, |_| Some(())).is_ok()
}

/// The leading three numbers: versions may end in words such as `-rc1`.
pub(super) fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version
        .split(|c: char| !c.is_ascii_digit())
        .map(|part| part.parse().unwrap_or_default());
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(numbers("18.9.1") < OLDEST);
        assert!(numbers("18.10.0-rc2") > OLDEST);
        assert!(numbers("25.9.6") > OLDEST);
        assert!(numbers("") < OLDEST);
    }
}
