//! What a service has beyond its identity: login, custom fields, configurable options, client.

use super::names::name_of;
use super::server::Server;
use crate::php_value::Value;
use crate::secret::Secret;
use crate::text::decode_entities;

#[derive(Debug, Clone)]
pub struct Details {
    /// The service's own user name, as stored; may be a marker of the PHP module.
    pub username: String,
    pub password: Secret<String>,
    pub custom_fields: NamedValues,
    pub configurable_options: NamedValues,
    pub client: Client,
    pub server: Server,
}

/// Values by their name in WHMCS, the part before `|`.
#[derive(Debug, Clone, Default)]
pub struct NamedValues(Vec<(String, String)>);

#[derive(Debug, Clone, Default)]
pub struct Client {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub language: String,
}

impl Default for Details {
    fn default() -> Self {
        Self::read(&Value::Null)
    }
}

impl Details {
    pub(super) fn read(params: &Value) -> Self {
        let client = params.get("clientsdetails");
        Self {
            username: text(params, "username"),
            password: Secret::new(text(params, "password")),
            custom_fields: NamedValues::read(params.get("customfields")),
            configurable_options: NamedValues::read(params.get("configoptions")),
            client: Client {
                email: text(client, "email"),
                first_name: text(client, "firstname"),
                last_name: text(client, "lastname"),
                company: text(client, "companyname"),
                language: text(client, "language"),
            },
            server: Server::read(params),
        }
    }
}

impl NamedValues {
    /// The value, blanks around it included; `None` where WHMCS gave none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// As they stand in the database.
    pub fn stored(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let values = values.into_iter();
        Self(
            values
                .map(|(name, value)| (named(&name), decode_entities(&value)))
                .collect(),
        )
    }

    fn read(value: &Value) -> Self {
        let Value::Array(entries) = value else {
            return Self::default();
        };
        Self(
            entries
                .iter()
                .filter_map(|(key, value)| Some((named(key), decode_entities(&value.text()?))))
                .collect(),
        )
    }
}

fn named(stored: &str) -> String {
    name_of(&decode_entities(stored)).to_owned()
}

fn text(value: &Value, key: &str) -> String {
    decode_entities(&value.get(key).text().unwrap_or_default())
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
