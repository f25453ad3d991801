//! The text of an API reply for the module log, without secrets.

use crate::redact::{REMOVED, Secrets, each_secret_of};
use crate::text::first_characters;

/// Returns the body for the log: secrets are removed by the names of their fields, then wherever they occur; then it is cut.
pub fn without_secrets(body: &[u8], values: &mut Vec<String>) -> String {
    const LONGEST: usize = 20_000;
    let mut secrets = Secrets::new(values.iter());
    let text = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(mut json) => {
            each_secret_of(&mut json, &mut |name, value| {
                let secret = value.as_str().unwrap_or_default();
                secrets.add_of_document(secret);
                values.push(secret.to_owned());
                let shown = if names_a_license(name) {
                    "[license key]"
                } else {
                    REMOVED
                };
                *value = shown.into();
            });
            json.to_string()
        }
        Err(_) if names_a_license(&String::from_utf8_lossy(body)) => {
            "[an unreadable answer that names a license key]".to_owned()
        }
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    first_characters(&secrets.remove(&text), LONGEST)
}

fn names_a_license(text: &str) -> bool {
    text.to_ascii_lowercase().contains("license_key")
}
