//! Holds the files of texts against one another and against the code: all languages have the same keys and placeholders,
//! no text has markup, each key is used, and each that is used is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

type Table = BTreeMap<String, String>;

const MODULES: [&str; 2] = ["jetpack", "cometbackup"];
const LANGUAGES: [&str; 4] = ["english", "german", "french", "spanish"];

/// The part of a key before the dot that a template leaves out.
const OF_TEMPLATE: &str = "page";

/// Methods that take a key first, or second behind a source of texts.
const METHODS: [&str; 6] = ["text(", "fill(", "error(", "counted(", "refusal(", "named("];

/// Files on the floor of WHMCS, whose keys every module has.
const SHARED: &str = "whmcs";

pub fn wrong(root: &Path) -> io::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for module in MODULES {
        wrong.extend(wrong_in(root, module)?);
    }
    Ok(wrong)
}

fn wrong_in(root: &Path, module: &str) -> io::Result<Vec<String>> {
    let folder = root.join("modules/servers").join(module);
    let mut wrong = Vec::new();
    let mut read = |language: &str| -> io::Result<Table> {
        let path = folder.join("lang").join(format!("{language}.json"));
        let json = fs::read_to_string(path)?;
        let table: Table = serde_json::from_str(&json)?;
        if json.lines().filter(|line| line.contains("\": \"")).count() != table.len() {
            wrong.push(format!(
                "{module}/{language}: one text a line, and no key twice"
            ));
        }
        Ok(table)
    };
    let english = read("english")?;
    let tables = LANGUAGES.map(|language| (language, read(language)));
    for (language, table) in tables {
        let place = format!("{module}/{language}");
        wrong.extend(against(&place, &english, &table?));
    }
    let used = used(root, module)?;
    for key in english.keys() {
        let whole = key
            .strip_suffix(".one")
            .or(key.strip_suffix(".many"))
            .unwrap_or(key);
        if !used.literals.contains(whole) && !used.literals.contains(key) {
            wrong.push(format!("{module}: the text {key} is not used"));
        }
    }
    for key in &used.keys {
        let is_there = english.contains_key(key)
            || (english.contains_key(&format!("{key}.one"))
                && english.contains_key(&format!("{key}.many")));
        if !is_there {
            wrong.push(format!("{module}: the text {key} is used and not there"));
        }
    }
    Ok(wrong)
}

fn against(place: &str, english: &Table, table: &Table) -> Vec<String> {
    let mut wrong = Vec::new();
    for key in english.keys().filter(|key| !table.contains_key(*key)) {
        wrong.push(format!("{place}: {key} is missing"));
    }
    for (key, text) in table {
        match english.get(key) {
            None => wrong.push(format!("{place}: {key} is not in English")),
            Some(english) if placeholders(english) != placeholders(text) => {
                wrong.push(format!("{place}: {key} has other placeholders"));
            }
            Some(_) => {}
        }
        if text.contains(['<', '>', '&', '"', '\n']) || text.trim() != text || text.is_empty() {
            wrong.push(format!(
                "{place}: {key} has markup, quotes or blanks that it must not have"
            ));
        }
    }
    wrong
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let opened = text.split('{').skip(1);
    opened
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// What code and templates of a module name.
struct Used {
    /// Every text in quotes that could be a key, and the names of the templates.
    literals: BTreeSet<String>,
    /// What is certainly a key.
    keys: BTreeSet<String>,
}

fn used(root: &Path, module: &str) -> io::Result<Used> {
    let mut used = Used {
        literals: BTreeSet::new(),
        keys: BTreeSet::new(),
    };
    for file in crate::files::read(&root.join("src"))? {
        let place = file.path.split('/').next().unwrap_or_default();
        if place != module && place != SHARED {
            continue;
        }
        let code = file
            .text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        used.literals
            .extend(quoted(code).filter(|text| is_key(text)));
        if place == module {
            for method in METHODS {
                let calls = code.split(method).skip(1);
                let arguments = calls.filter_map(|rest| rest.trim_start().strip_prefix('"'));
                let keys = arguments.filter_map(|rest| rest.split('"').next());
                used.keys
                    .extend(keys.filter(|key| is_key(key)).map(str::to_owned));
            }
        }
    }
    for template in templates(&root.join("modules/servers").join(module))? {
        for rest in template.split("$text.").skip(1) {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            used.literals.insert(format!("{OF_TEMPLATE}.{name}"));
            used.keys.insert(format!("{OF_TEMPLATE}.{name}"));
        }
    }
    Ok(used)
}

fn templates(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(templates(&path)?);
        } else if path.extension().is_some_and(|end| end == "tpl") {
            found.push(fs::read_to_string(path)?);
        }
    }
    Ok(found)
}

fn quoted(code: &str) -> impl Iterator<Item = String> {
    code.split('"').map(str::to_owned)
}

/// As all keys are written: words of lower case, with dots between.
fn is_key(text: &str) -> bool {
    let mut parts = text.split('.');
    text.contains('.')
        && parts.all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        })
}
