//! The texts of WHMCS's order form that belong to products of a module.

use mysql::Value as Bound;

use super::name_of;
use crate::database::{Database, SqlError, column, placeholders};
use crate::php_value::Value;
use crate::text::decode_entities;

/// The product tells which module a field belongs to.
const FIELDS: &str =
    "SELECT f.id, f.fieldname FROM tblcustomfields f JOIN tblproducts p ON p.id=f.relid
    WHERE f.type='product' AND p.servertype=? AND f.id IN ";

/// Fields that are looked at: no product has more.
const MOST: usize = 100;

/// Texts by the id of their custom field; what is empty is left out.
pub struct Posted(Vec<(u32, String)>);

/// A text of a field that belongs to a product of the module.
pub struct OrderFormText {
    /// The custom field's name, without what customers read.
    pub name: String,
    pub text: String,
}

impl Posted {
    /// The hook gets the values of the request, custom fields under `customfield[id]`.
    pub fn read(request: &Value) -> Self {
        let Value::Array(fields) = request.get("customfield") else {
            return Self(Vec::new());
        };
        let fields = fields.iter().filter_map(|(id, text)| {
            let text = decode_entities(&text.text()?);
            let id = id.parse().ok()?;
            (!text.trim().is_empty()).then_some((id, text))
        });
        Self(fields.take(MOST).collect())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns those of products of the module: one statement.
    pub fn of_module(
        self,
        database: &mut Database,
        module: &'static str,
    ) -> Result<Vec<OrderFormText>, SqlError> {
        let statement = format!("{FIELDS}{}", placeholders(self.0.len()));
        let mut values: Vec<Bound> = vec![module.into()];
        values.extend(self.0.iter().map(|(id, _)| Bound::from(*id)));
        let names = database.query("read the custom fields", &statement, values, |row| {
            (
                column::<u32>(row, 0),
                decode_entities(&column::<String>(row, 1)),
            )
        })?;
        let entered = self.0.into_iter().filter_map(|(id, text)| {
            let (_, name) = names.iter().find(|(known, _)| *known == id)?;
            Some(OrderFormText {
                name: name_of(name).to_owned(),
                text,
            })
        });
        Ok(entered.collect())
    }
}

/// Returns what is wrong as the hook does: a list of texts.
pub fn wrong<'a>(texts: impl IntoIterator<Item = &'a str>) -> Value {
    let texts = texts.into_iter().enumerate();
    Value::Array(
        texts
            .map(|(at, text)| (at.to_string(), text.into()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(fields: Vec<(String, Value)>) -> Vec<(u32, String)> {
        let request = Value::Array(vec![("customfield".into(), Value::Array(fields))]);
        Posted::read(&request).0
    }

    #[test]
    fn only_texts_of_fields_are_read_and_decoded() {
        let fields = vec![
            ("7".to_owned(), Value::from("a&amp;b")),
            ("x".to_owned(), Value::from("no id")),
            ("8".to_owned(), Value::from("  ")),
            ("9".to_owned(), Value::Array(Vec::new())),
            ("-1".to_owned(), Value::from("negative")),
        ];
        assert_eq!(posted(fields), [(7, "a&b".to_owned())]);
        assert!(Posted::read(&Value::Null).is_empty());
        assert!(Posted::read(&Value::Array(Vec::new())).is_empty());
    }

    #[test]
    fn a_forged_form_is_bounded() {
        let many = (1..=5000).map(|id| (id.to_string(), Value::from("x")));
        assert_eq!(posted(many.collect()).len(), MOST);
    }
}
