//! The pages and actions of the addon module, and the request that both get.

use super::html::Html;
use crate::attachment::Attachment;
use crate::error::Error;
use crate::php_value::Value;
use crate::text::decode_entities;
use crate::whmcs::Host;

/// A page. A GET changes nothing.
pub struct AddonPage {
    /// As `&page=` has it.
    pub key: &'static str,
    pub title: &'static str,
    pub show: fn(&PageRequest<'_>) -> Result<Content, Error>,
}

/// Something that a button of a page changes. It runs only by a POST with WHMCS's token.
pub struct Action {
    /// As the field `action` has it: no two have the same.
    pub key: &'static str,
    /// The page that is shown afterwards.
    pub page: &'static str,
    /// The text of its button, and what the Activity Log calls it.
    pub label: &'static str,
    /// Asked before it runs, where it cannot be undone. Such an action gets the single fields of its form.
    pub question: Option<ActionQuestion>,
    /// Returns a sentence that says what was done. It opens the database itself where it needs it.
    pub run: fn(&PageRequest<'_>) -> Result<String, Error>,
}

/// The question before an action.
#[derive(Clone, Copy)]
pub enum ActionQuestion {
    Fixed(&'static str),
    /// With what is counted when it is asked.
    Counted(fn(&PageRequest<'_>) -> Result<String, Error>),
}

impl ActionQuestion {
    /// Returns the question that is a sentence, where there is one.
    pub const fn fixed(sentence: Option<&'static str>) -> Option<Self> {
        match sentence {
            Some(sentence) => Some(Self::Fixed(sentence)),
            None => None,
        }
    }
}

/// The content of a page.
pub enum Content {
    Html(Html),
    /// A download in place of the page.
    File(Box<Attachment>),
}

impl From<Html> for Content {
    fn from(html: Html) -> Self {
        Self::Html(html)
    }
}

/// A request of staff to the addon's pages.
pub struct PageRequest<'a> {
    pub host: &'a dyn Host,
    query: Value,
    form: Value,
    /// WHMCS's token for forms of this session; empty where it has none.
    pub token: String,
}

impl<'a> PageRequest<'a> {
    /// Reads WHMCS's token: no connection is in use yet.
    pub fn new(host: &'a dyn Host, query: Value, form: Value) -> Self {
        Self {
            host,
            query,
            form,
            token: host.form_token().unwrap_or_default(),
        }
    }

    /// A value of the address; empty where it is missing or no text.
    pub fn query(&self, name: &str) -> String {
        text(self.query.get(name))
    }

    /// A positive number of the address.
    pub fn query_id(&self, name: &str) -> Option<u32> {
        self.query.get(name).id()
    }

    /// A field of the form that was sent; empty where it is missing or no text.
    pub fn field(&self, name: &str) -> String {
        text(self.form.get(name))
    }

    /// A positive number in the form.
    ///
    /// # Errors
    /// Where it is anything else.
    pub fn id(&self, name: &str) -> Result<u32, Error> {
        self.form.get(name).id().ok_or_else(|| {
            Error::Refusal("The form that was sent names nothing that there is. Nothing was changed: open the page again.".into())
        })
    }

    /// The form as WHMCS has it.
    pub const fn form(&self) -> &Value {
        &self.form
    }

    /// Returns the single fields of the form, by name.
    pub fn fields(&self) -> Vec<(String, String)> {
        let Value::Array(entries) = &self.form else {
            return Vec::new();
        };
        let entries = entries.iter();
        entries
            .filter_map(|(name, value)| Some((name.clone(), decode_entities(&value.text()?))))
            .collect()
    }

    /// Whether a form was sent: only a POST has one.
    pub const fn is_form(&self) -> bool {
        matches!(&self.form, Value::Array(fields) if !fields.is_empty())
    }
}

/// WHMCS hands over what was typed with HTML entities.
fn text(value: &Value) -> String {
    decode_entities(&value.text().unwrap_or_default())
}
