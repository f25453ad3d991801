//! The texts that customers read, in their language: a host's own first, then the module's, then English key by key.
//!
//! WHMCS loads language files for addon modules only. Ours are JSON, `lang/<language>.json` in the module's folder, one
//! object of key and text; a host's are beside them in `lang/overrides/`, which no installation touches. The session's
//! language is chosen by the visitor, so it is a word here and never a path.

mod file;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::{Host, Service};
use crate::error::{CustomerText, Error};
use crate::php_value::Value;
use crate::text::plain;

/// Text by key.
pub type TextByKey = BTreeMap<String, String>;

const ENGLISH: &str = "english";

/// Bytes of a language's name that are read.
const LONGEST_NAME: usize = 32;

/// A module's texts: where its files are, and English, which is compiled in so that no page lacks a text.
pub struct TextSource {
    module: &'static str,
    english_json: &'static str,
    english: OnceLock<TextByKey>,
}

impl TextSource {
    pub const fn new(module: &'static str, english_json: &'static str) -> Self {
        Self {
            module,
            english_json,
            english: OnceLock::new(),
        }
    }

    fn english(&self) -> &TextByKey {
        self.english
            .get_or_init(|| file::parse(self.english_json).unwrap_or_default())
    }

    /// A sentence that a customer reads in his language, and staff in English.
    pub fn error(&self, key: &'static str, values: &[(&'static str, &str)]) -> Error {
        let english = self.english().get(key).map_or(key, String::as_str);
        Error::Text(Box::new(CustomerText {
            key,
            values: values
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            english: filled(english, values),
        }))
    }
}

/// The texts of one language, with what stands in for a text that it lacks.
pub struct Texts {
    /// The first that has a key counts.
    tables: Vec<Arc<TextByKey>>,
    english: &'static TextByKey,
    /// French counts nought as one.
    nought_is_one: bool,
}

impl Texts {
    /// Reads the texts in the language of the visitor's session, else in the client's, else in the one of WHMCS.
    pub fn of(host: &dyn Host, source: &'static TextSource, service: &Service) -> Self {
        Self::for_client(host, source, &service.client.language)
    }

    /// Reads them as [`Texts::of`] does, where it is about no service.
    pub fn for_visitor(host: &dyn Host, source: &'static TextSource) -> Self {
        Self::for_client(host, source, "")
    }

    /// Reads them in the client's language, else in WHMCS's, for what is sent to him: the session may be of staff.
    pub fn for_mail(host: &dyn Host, source: &'static TextSource, client: &str) -> Self {
        let default = || host.default_language().and_then(|name| word(&name));
        let language = word(client).or_else(default);
        Self::in_language(host, source, language.as_deref().unwrap_or(ENGLISH))
    }

    /// Reads English, with a host's own texts, for what staff see of a customer's pages.
    pub fn for_staff(host: &dyn Host, source: &'static TextSource) -> Self {
        Self::in_language(host, source, ENGLISH)
    }

    fn for_client(host: &dyn Host, source: &'static TextSource, client: &str) -> Self {
        let language = host
            .session_language()
            .and_then(|name| word(&name))
            .or_else(|| word(client))
            .or_else(|| host.default_language().and_then(|name| word(&name)));
        Self::in_language(host, source, language.as_deref().unwrap_or(ENGLISH))
    }

    fn in_language(host: &dyn Host, source: &'static TextSource, language: &str) -> Self {
        let mut tables = Vec::new();
        if let Some(root) = host.whmcs_root() {
            let folder = root
                .join("modules/servers")
                .join(source.module)
                .join("lang");
            let mut read = |language: &str| {
                let name = format!("{language}.json");
                for path in [folder.join("overrides").join(&name), folder.join(&name)] {
                    tables.extend(read_file(host, &path, &root));
                }
            };
            read(language);
            if language != ENGLISH {
                read(ENGLISH);
            }
        }
        Self {
            tables,
            english: source.english(),
            nought_is_one: language == "french",
        }
    }

    /// The text of a key; the key itself where no language has it.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        let tables = self.tables.iter().map(AsRef::as_ref);
        tables
            .chain([self.english])
            .find_map(|table: &TextByKey| table.get(key))
            .map_or(key, String::as_str)
    }

    /// The text with values in place of `{name}`. Nothing is escaped: the template does that with the whole.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(self.text(key), values)
    }

    /// The text of `key.one` or `key.many`, with the number in place of `{count}`.
    pub fn counted(&self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        let is_one = count == 1 || (count == 0 && self.nought_is_one);
        let key = format!("{key}.{}", if is_one { "one" } else { "many" });
        let number = count.to_string();
        let mut all = vec![("count", number.as_str())];
        all.extend_from_slice(values);
        self.fill(&key, &all)
    }

    /// Returns what a customer reads of a failure: a sentence that is meant for him, else that it failed, with the id that
    /// support can look up.
    pub fn for_customer(&self, error: &Error) -> String {
        match (error, error.request_id()) {
            (Error::Customer(sentence), _) => sentence.clone(),
            (Error::Text(said), _) => self.sentence(said),
            (_, Some(id)) => self.fill("error.general_with_id", &[("id", &plain(id))]),
            _ => self.text("error.general").to_owned(),
        }
    }

    fn sentence(&self, said: &CustomerText) -> String {
        let values: Vec<(&str, &str)> = said
            .values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.fill(said.key, &values)
    }

    /// Returns all texts whose keys begin with `page.`, for a template, which names them without that.
    pub fn of_page(&self, page: &str) -> Value {
        self.of_page_with(page, &[])
    }

    /// Returns them as [`Texts::of_page`] does, with values in place of `{name}`.
    pub fn of_page_with(&self, page: &str, values: &[(&str, &str)]) -> Value {
        let prefix = format!("{page}.");
        let tables = self.tables.iter().map(AsRef::as_ref);
        let mut found: BTreeMap<&str, &str> = BTreeMap::new();
        for table in tables.chain([self.english]) {
            for (key, text) in table.range(prefix.clone()..) {
                let Some(name) = key.strip_prefix(&prefix) else {
                    break;
                };
                found.entry(name).or_insert(text);
            }
        }
        let found = found.into_iter();
        Value::Array(
            found
                .map(|(name, text)| (name.to_owned(), filled(text, values).into()))
                .collect(),
        )
    }
}

fn read_file(host: &dyn Host, path: &Path, root: &Path) -> Option<Arc<TextByKey>> {
    file::read(path, |reason| {
        let named = path.strip_prefix(root).unwrap_or(path);
        host.log_activity(format!(
            "The texts in {} cannot be used: {reason}. Others are shown in their place until it is corrected.",
            named.display()
        ));
    })
}

/// A language as WHMCS names its files: letters, and a hyphen between them, as in `portuguese-br`.
fn word(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase();
    let is_word = name.len() <= LONGEST_NAME
        && name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    is_word.then_some(name)
}

/// In one pass, so that no value is taken for a placeholder. What no value is given for stays.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        whole.push_str(before);
        let given = behind.split_once('}').and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, behind))
        });
        if let Some((value, behind)) = given {
            whole.push_str(value);
            rest = behind;
        } else {
            whole.push('{');
            rest = behind;
        }
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FailedTask;
    use crate::whmcs::fake_host::FakeHost;

    static TEXTS: TextSource = TextSource::new(
        "example",
        r#"{"page.a": "A {name}", "page.b": "B", "other": "C", "item.one": "one", "item.many": "{count} of {name}",
            "error.general": "It failed.", "error.general_with_id": "It failed ({id})."}"#,
    );

    fn with(tables: &[&str], language: &str) -> Texts {
        let mut texts = Texts::in_language(&FakeHost::new(""), &TEXTS, language);
        texts.tables = tables
            .iter()
            .map(|json| Arc::new(file::parse(json).unwrap()))
            .collect();
        texts
    }

    #[test]
    fn a_language_is_a_word_and_never_a_path() {
        for (name, expected) in [
            ("German", Some("german")),
            (" portuguese-br ", Some("portuguese-br")),
            ("../../etc/passwd", None),
            ("german.json", None),
            ("german\0", None),
            ("-", None),
            ("", None),
            ("a b", None),
            ("übel", None),
        ] {
            assert_eq!(word(name).as_deref(), expected, "{name}");
        }
        assert_eq!(word(&"a".repeat(33)), None);
    }

    #[test]
    fn a_text_comes_from_the_first_table_that_has_its_key() {
        let texts = with(
            &[r#"{"page.a": "Mine {name}"}"#, r#"{"page.b": "Zwei"}"#],
            "german",
        );
        assert_eq!(texts.fill("page.a", &[("name", "x")]), "Mine x");
        assert_eq!(texts.text("page.b"), "Zwei");
        assert_eq!(texts.text("other"), "C");
        assert_eq!(texts.text("no.such"), "no.such");
        let page = texts.of_page("page");
        let with_name = texts.of_page_with("page", &[("name", "x")]);
        assert_eq!(with_name.get("a"), &Value::from("Mine x"));
        assert_eq!(page.get("a"), &Value::from("Mine {name}"));
        assert_eq!(page.get("b"), &Value::from("Zwei"));
        assert_eq!(page.get("other"), &Value::Null);
    }

    #[test]
    fn no_value_is_taken_for_a_placeholder() {
        for (text, expected) in [
            ("{a} and {b}", "{b} and 2"),
            ("{a", "{a"),
            ("{{a}}", "{{b}}"),
            ("{unknown} {b}", "{unknown} 2"),
            ("}{", "}{"),
        ] {
            assert_eq!(
                filled(text, &[("a", "{b}"), ("b", "2")]),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn nought_is_counted_as_the_language_does() {
        let english = with(&[], "english");
        let french = with(&[], "french");
        let of = |texts: &Texts, count| texts.counted("item", count, &[("name", "x")]);
        assert_eq!(of(&english, 1), "one");
        assert_eq!(of(&english, 0), "0 of x");
        assert_eq!(of(&french, 0), "one");
        assert_eq!(of(&french, 2), "2 of x");
    }

    #[test]
    fn a_failure_is_english_for_staff_and_in_his_language_for_the_customer() {
        let error = TEXTS.error("page.a", &[("name", "x")]);
        assert_eq!(error.for_staff("PREFIX:"), "PREFIX: A x");
        let texts = with(&[r#"{"page.a": "Ä {name}"}"#], "german");
        assert_eq!(texts.for_customer(&error), "Ä x");
    }

    #[test]
    fn a_customer_reads_only_what_is_meant_for_him() {
        let texts = with(&[], "english");
        for private in [
            Error::Config("The server 10.0.0.1 has no password.".into()),
            Error::Refusal("Run Create first.".into()),
            Error::NoAnswer(FailedTask::new("ask 10.0.0.1", "it is down".into())),
            Error::Database(FailedTask::new("read tblhosting", "denied".into())),
            Error::Busy {
                since: "2026-01-01".into(),
            },
            Error::Verbatim("No key."),
        ] {
            assert_eq!(texts.for_customer(&private), "It failed.");
        }
        let lost = Error::Lost(Box::new(FailedTask {
            task: "issue".into(),
            reason: "the key is 123".into(),
            request_id: Some("<b>r-1</b>".into()),
        }));
        assert_eq!(texts.for_customer(&lost), "It failed (r-1).");
    }
}
