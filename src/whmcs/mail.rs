//! Mails and tickets to a customer, through WHMCS: its templates, its departments, and what it is asked to send.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Host;
use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column, params};
use crate::php_value::Value;
use crate::text::{decode_entities, flat, shortened};

const TEMPLATES: &str = "SELECT DISTINCT name FROM tblemailtemplates
    WHERE type='product' AND disabled=0 AND name<>'' ORDER BY name LIMIT 1000";

const ALL: &str =
    "SELECT id, name, disabled=0, type='product' FROM tblemailtemplates WHERE name<>'' ORDER BY id";

const DEPARTMENTS: &str =
    "SELECT id, name FROM tblticketdepartments ORDER BY `order`, id LIMIT 1000";

/// Only a template for products has the id of a service as what it is about.
const ABOUT: &str = "SELECT p.servertype=:module, h.diskusage, h.disklimit,
      DATE_FORMAT(h.lastupdate, '%Y-%m-%d %H:%i:%s'), COALESCE(h.server, 0), COALESCE(h.domain, '')
    FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid
    WHERE h.id=:id AND EXISTS (SELECT 1 FROM tblemailtemplates WHERE name=:name AND type='product')
      AND NOT EXISTS (SELECT 1 FROM tblemailtemplates WHERE name=:name AND type<>'product')";

/// The service that a mail is about, as far as mails show it.
pub struct MailedService {
    pub service: u32,
    /// Whether its product is of the module; its product addons may be.
    pub is_of_module: bool,
    /// Megabytes, as the daily job last wrote them; of a limit 0 is none.
    pub used: i64,
    pub limit: i64,
    /// In WHMCS's own time zone; `None` where they were never written.
    pub used_at: Option<String>,
    pub server: u32,
    pub domain: String,
}

/// The service that a mail is about: `EmailPreSend` passes the name of the template and an id. `None` for mails about
/// anything else. One statement.
pub fn about(
    database: &mut Database,
    module: &'static str,
    given: &Value,
) -> Result<Option<MailedService>, SqlError> {
    let (name, id) = (given.get("messagename").text(), given.get("relid").id());
    let (Some(name), Some(id)) = (name, id) else {
        return Ok(None);
    };
    let parameters = params! { "module" => module, "id" => id, "name" => name };
    let found = database.query("read what a mail is about", ABOUT, parameters, |row| {
        MailedService {
            service: id,
            is_of_module: column(row, 0),
            used: column(row, 1),
            limit: column(row, 2),
            used_at: column::<Option<String>>(row, 3).filter(|at| !at.starts_with("0000")),
            server: column(row, 4),
            domain: decode_entities(&column::<String>(row, 5)),
        }
    });
    Ok(nothing_without_table(found)?.into_iter().next())
}

/// A merge field of a module: its name, and what it is, for WHMCS's list beside the editor.
pub type MailField = (&'static str, &'static str);

/// Returns names and descriptions, for the editor of a mail. Only a mail for products is about a service.
pub fn field_names(fields: &[MailField], given: &Value) -> Value {
    let is_for_products = given.get("type").text().as_deref() == Some("product");
    let fields = fields.iter().filter(|_| is_for_products);
    let named = fields.map(|(name, description)| ((*name).to_owned(), (*description).into()));
    Value::Array(named.collect())
}

/// Returns what the fields hold in one mail, in their order.
pub fn field_values<const N: usize>(fields: &[MailField; N], values: [String; N]) -> Value {
    let filled = fields.iter().zip(values);
    let filled = filled.map(|((name, _), text)| ((*name).to_owned(), value(&text).into()));
    Value::Array(filled.collect())
}

/// A value for a mail, which WHMCS fills in as a template and sends as HTML or as text.
fn value(text: &str) -> String {
    flat(text).replace(['{', '}'], "")
}

/// A ticket that is opened for a client.
pub struct SupportTicket {
    /// Its id.
    pub department: String,
    pub client: u32,
    pub service: u32,
    pub subject: String,
    pub message: String,
}

/// Returns the names of the mail templates for products, in whichever languages they are.
pub fn templates(database: &mut Database) -> Result<Vec<String>, SqlError> {
    let found = database.query("read the mail templates", TEMPLATES, (), |row| {
        decode_entities(&column::<String>(row, 0))
    });
    nothing_without_table(found)
}

/// A mail template, in one language.
#[derive(Debug, Clone)]
pub struct Template {
    pub id: u32,
    pub name: String,
    pub is_enabled: bool,
    /// Whether it is for products.
    pub is_of_products: bool,
}

/// Returns all mail templates, the disabled ones as well.
pub fn all_templates(database: &mut Database) -> Result<Vec<Template>, SqlError> {
    let found = database.query("read the mail templates", ALL, (), |row| Template {
        id: column(row, 0),
        name: decode_entities(&column::<String>(row, 1)),
        is_enabled: column::<u8>(row, 2) != 0,
        is_of_products: column::<u8>(row, 3) != 0,
    });
    nothing_without_table(found)
}

/// Returns the ticket departments: id and name.
pub fn departments(database: &mut Database) -> Result<Vec<(u32, String)>, SqlError> {
    let found = database.query("read the ticket departments", DEPARTMENTS, (), |row| {
        (column(row, 0), decode_entities(&column::<String>(row, 1)))
    });
    nothing_without_table(found)
}

/// Sends a product mail of a service to its client, with merge fields of our own. The error is WHMCS's sentence.
pub fn send(
    host: &dyn Host,
    template: &str,
    service: u32,
    fields: &[(String, String)],
) -> Result<(), String> {
    let values = vec![
        ("messagename", template.to_owned()),
        ("id", service.to_string()),
        ("customvars", STANDARD.encode(serialized(fields))),
    ];
    host.local_api("SendEmail", values)
        .map_err(|said| shortened(&said))
}

/// Sends a mail in words of our own about a service to its client. Subject and message are HTML and a template of WHMCS's:
/// what is not ours is in the fields, escaped. The error is WHMCS's sentence.
pub fn send_own_words(
    host: &dyn Host,
    (subject, message): (&str, &str),
    service: u32,
    fields: &[(String, String)],
) -> Result<(), String> {
    let values = vec![
        ("customtype", "product".to_owned()),
        ("customsubject", subject.to_owned()),
        ("custommessage", message.to_owned()),
        ("id", service.to_string()),
        ("customvars", STANDARD.encode(serialized(fields))),
    ];
    host.local_api("SendEmail", values)
        .map_err(|said| shortened(&said))
}

/// Opens a ticket of the client. The error is WHMCS's sentence.
pub fn open_ticket(host: &dyn Host, ticket: SupportTicket) -> Result<(), String> {
    let values = vec![
        ("deptid", ticket.department),
        ("clientid", ticket.client.to_string()),
        ("serviceid", ticket.service.to_string()),
        ("subject", ticket.subject),
        ("message", ticket.message),
        ("priority", "Medium".to_owned()),
    ];
    host.local_api("OpenTicket", values)
        .map_err(|said| shortened(&said))
}

/// An array of texts as PHP's `serialize` writes it: lengths are bytes. Values lose their braces, because WHMCS fills mails
/// in as templates, and names of devices are typed on strangers' computers.
fn serialized(fields: &[(String, String)]) -> String {
    let text = |text: &str| format!("s:{}:\"{text}\";", text.len());
    let entries = fields.iter();
    let entries: String = entries
        .map(|(name, value)| text(name) + &text(&value.replace(['{', '}'], "")))
        .collect();
    format!("a:{}:{{{entries}}}", fields.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_php_serializes_them() {
        let fields = [
            ("a".to_owned(), "\"{ü}\"".to_owned()),
            ("b".to_owned(), String::new()),
        ];
        assert_eq!(
            serialized(&fields),
            "a:2:{s:1:\"a\";s:4:\"\"ü\"\";s:1:\"b\";s:0:\"\";}"
        );
        assert_eq!(serialized(&[]), "a:0:{}");
    }
}
