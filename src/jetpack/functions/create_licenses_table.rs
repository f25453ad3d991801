//! `jetpack_CreateLicensesTable`: the loader of module setting 3. Creates or upgrades the tables, without loss, any number
//! of times.

use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::tables::licenses;
use crate::journal;
use crate::text::plain;
use crate::whmcs::{Host, module_settings, open_database};

/// Stored by a product that has nothing stored yet. In the PHP module of 2022 this setting is *Show User License*: there too
/// its customers then see the key.
const SHOWN: &str = "on";

/// Stored by an earlier version of ours.
const READY: &str = "ready";

/// Returns the values that products have stored, because saving keeps them, each with what the table holds as its label.
///
/// # Errors
/// WHMCS shows the sentence in place of the field; opening the settings again tries again.
pub fn run(host: &dyn Host) -> Result<Vec<(String, String)>, Error> {
    let mut database = open_database(host)?;
    licenses::prepare(&mut database)?;
    journal::prepare(&mut database)?;
    let (all, active) = licenses::count(&mut database)?;
    let ready = format!(
        "Ready: {active} active and {} revoked licenses",
        all.saturating_sub(active)
    );
    let stored = module_settings::third_in_use(&mut database, MODULE)?;
    Ok(choices(&ready, stored))
}

/// A browser sends the first choice where the stored value is not among them.
fn choices(ready: &str, mut stored: Vec<String>) -> Vec<(String, String)> {
    if !stored.iter().any(|value| value == SHOWN) {
        stored.push(SHOWN.to_owned());
    }
    stored.sort_by_key(|value| match value.as_str() {
        "" => 0,
        SHOWN => 1,
        _ => 2,
    });
    let label = |value: &str| match value {
        "" => format!("{ready}; the PHP module shows customers no key"),
        SHOWN | READY => ready.to_owned(),
        other => format!("{ready} ({})", plain(other)),
    };
    let labels: Vec<String> = stored.iter().map(|value| label(value)).collect();
    stored.into_iter().zip(labels).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_stays_selectable_and_nothing_comes_first() {
        let values = |stored: &[&str]| -> Vec<String> {
            let stored = stored.iter().map(|value| (*value).to_owned()).collect();
            let choices = choices("Ready", stored);
            choices.into_iter().map(|(value, _)| value).collect()
        };
        assert_eq!(values(&[]), ["on"]);
        assert_eq!(values(&["ready", ""]), ["", "on", "ready"]);
        assert_eq!(values(&["0", "on"]), ["on", "0"]);
    }
}
