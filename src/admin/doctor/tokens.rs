//! Hidden API tokens: `install.sh` refuses to go back to the PHP module while there are any, which reads them in plain text.

use super::{Line, sentence};
use crate::admin::jetpack::hidden_tokens::{Places, UNREADABLE_ADVICE};
use crate::whmcs::Host;

const CHECK: &str = "tokens.hidden";

/// Counts the hidden tokens. One statement. WHMCS's code decrypts them, so the connection is not in use then.
pub fn line(host: &dyn Host) -> Line {
    match Places::read(host) {
        Ok(places) => judged(&places),
        Err(error) => Line::fault("tokens", sentence(&error)),
    }
}

fn judged(places: &Places) -> Line {
    if !places.unreadable.is_empty() {
        return Line::fault(
            CHECK,
            format!(
                "API tokens of Jetpack: {}. {UNREADABLE_ADVICE}",
                places.sentence()
            ),
        );
    }
    if !places.hidden.is_empty() {
        return Line::note(
            CHECK,
            format!(
                "API tokens of Jetpack: {}. Before you go back to the PHP module or the companion addon, which read them in plain text, use Write tokens back in plain text on the addon's page Jetpack.",
                places.sentence()
            ),
        );
    }
    Line::fine(CHECK, "No API token of Jetpack is stored hidden.")
}
