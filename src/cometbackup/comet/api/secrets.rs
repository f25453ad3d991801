//! Redaction of a server's texts: what was sent to it as a secret is removed from what it replies.

use super::{Api, Call, Field};
use crate::redact::{self, Secrets};

impl Api<'_> {
    /// What no text about any call may show.
    fn login(&self) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add_login(&self.server.username, self.server.password.expose());
        secrets
    }

    /// Returns text that the server gives for any call, fit for a sentence.
    pub fn said(&self, text: &str) -> String {
        self.login().plain(text)
    }

    /// Whether a text of the server repeats the login.
    pub fn holds_secret(&self, text: &str) -> bool {
        self.login().remove(text) != text
    }

    /// What no text about the call may show.
    fn secrets(&self, call: &Call<'_>) -> Secrets {
        let mut secrets = self.login();
        for (_, field) in &call.fields {
            match field {
                Field::Plain(_) => {}
                Field::Secret(secret) => secrets.add(secret.expose()),
                Field::Document(text) => {
                    let mut document = serde_json::from_str(text).unwrap_or_default();
                    redact::each_secret_of(&mut document, &mut |_, value| {
                        secrets.add_of_document(value.as_str().unwrap_or_default());
                    });
                }
            }
        }
        secrets
    }

    /// Returns text of the answer to this call, fit for a sentence: it may repeat what was sent.
    pub fn plain(&self, call: &Call<'_>, text: &str) -> String {
        // Documents are long, and what most calls are answered with is "OK".
        let secrets = if text.len() < redact::SHORTEST {
            self.login()
        } else {
            self.secrets(call)
        };
        secrets.plain(text)
    }
}
