//! A service or product addon with everything that WHMCS says of it: settings, custom fields, options, client, server.

use super::names::name_of;
use super::server::Server;
use super::service_status::ServiceStatus;
use super::{Host, stored_token};
use crate::php_value::Value;
use crate::secret::Secret;
use crate::service_id::ServiceId;
use crate::text::decode_entities;

/// A service, or a product addon, as WHMCS describes it in one call.
#[derive(Debug, Clone)]
pub struct Service {
    pub id: ServiceId,
    pub client_id: u32,
    /// 0 for services without an order; `None` where WHMCS did not say.
    pub order_id: Option<u32>,
    /// Of a product addon: the product of the service it belongs to.
    pub product_id: u32,
    /// At least 1; `None` where WHMCS gave none that makes sense.
    pub quantity: Option<u32>,
    pub status: ServiceStatus,
    pub domain: String,
    pub options: Options,
    /// The service's own user name, as stored; may be a marker of the PHP module.
    pub username: String,
    pub password: Secret<String>,
    pub custom_fields: NamedValues,
    pub configurable_options: NamedValues,
    pub client: Client,
    pub server: Server,
}

impl Service {
    /// A service of which nothing but its id is known.
    pub fn of(id: ServiceId) -> Self {
        Self {
            id,
            client_id: 0,
            order_id: None,
            product_id: 0,
            quantity: None,
            status: ServiceStatus::Unknown,
            domain: String::new(),
            options: Options::default(),
            username: String::new(),
            password: Secret::new(String::new()),
            custom_fields: NamedValues::default(),
            configurable_options: NamedValues::default(),
            client: Client::default(),
            server: Server::read(&Value::Null),
        }
    }
}

/// `configoption1` … `configoption24`, as typed by the admin, entities decoded.
#[derive(Debug, Clone, Default)]
pub struct Options(Vec<Option<String>>);

impl Options {
    /// Keeps them as they are stored, by position.
    pub fn stored(values: Vec<Option<String>>) -> Self {
        Self(
            values
                .into_iter()
                .map(|value| value.map(|text| decode_entities(&text)))
                .collect(),
        )
    }

    pub(super) fn read(params: &Value) -> Self {
        let values = Self::names().map(|name| params.get(&name).text());
        Self::stored(values.collect())
    }

    /// Puts hidden tokens in plain text. WHMCS's code runs where there is one: call it before a connection is in use.
    pub(super) fn reveal(&mut self, host: &dyn Host) {
        for value in self.0.iter_mut().flatten() {
            if stored_token::is_hidden(value) {
                *value = stored_token::reveal(host, value);
            }
        }
    }

    pub(super) fn hold_hidden(&self) -> bool {
        self.0
            .iter()
            .flatten()
            .any(|value| stored_token::is_hidden(value))
    }

    /// Returns their names as WHMCS has them, in parameters and in columns.
    pub(super) fn names() -> impl Iterator<Item = String> {
        (1..=24).map(|position| format!("configoption{position}"))
    }

    /// The value at a position from 1 to 24; `None` where it is absent or no text.
    pub fn at(&self, position: usize) -> Option<&str> {
        self.0
            .get(position.wrapping_sub(1))
            .and_then(Option::as_deref)
    }
}

/// Values by their name in WHMCS, the part before `|`.
#[derive(Debug, Clone, Default)]
pub struct NamedValues(Vec<(String, String)>);

impl NamedValues {
    /// The value, blanks around it included; `None` where WHMCS gave none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Keeps them as they are stored.
    pub fn stored(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let decoded = values.into_iter().map(|(name, value)| {
            let name = decode_entities(&name);
            (name_of(&name).to_owned(), decode_entities(&value))
        });
        Self(decoded.collect())
    }

    pub(super) fn read(value: &Value) -> Self {
        let Value::Array(entries) = value else {
            return Self::default();
        };
        let texts = entries
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.text()?)));
        Self::stored(texts)
    }
}

/// The client whose service it is, as far as accounts are filled from it.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub language: String,
}

impl Client {
    pub(super) fn read(client: &Value) -> Self {
        let text = |key: &str| decode_entities(&client.get(key).text().unwrap_or_default());
        Self {
            email: text("email"),
            first_name: text("firstname"),
            last_name: text("lastname"),
            company: text("companyname"),
            language: text("language"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_at_the_bar_and_values_are_decoded() {
        let fields = Value::Array(vec![
            ("Username|Your login".into(), "ada&amp;co".into()),
            ("number_of_devices".into(), Value::Int(4)),
            ("broken".into(), Value::Null),
        ]);
        let named = NamedValues::read(&fields);
        assert_eq!(named.get("Username"), Some("ada&co"));
        assert_eq!(named.get("number_of_devices"), Some("4"));
        assert_eq!(named.get("broken"), None);
    }
}
