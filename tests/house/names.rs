//! The rule that a public type has its name for itself: a reader who meets it knows which one it is, without its module.

use std::collections::BTreeMap;

use crate::files::File;
use crate::rules::{ONE_PER_PRODUCT, PRODUCTS};

/// Each name that more than one public type has, with the files that define them.
pub fn shared(code: &[&File]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in code {
        for name in file.text.lines().filter_map(public_type) {
            places.entry(name).or_default().push(&file.path);
        }
    }
    places.retain(|name, files| files.len() > 1 && !are_twins(name, files));
    let sentence =
        |(name, files): (&str, Vec<&str>)| format!("the type {name}: {}", files.join(", "));
    places.into_iter().map(sentence).collect()
}

/// Whether they are the same thing of each product: in the same place, or named in the rules.
fn are_twins(name: &str, files: &[&str]) -> bool {
    let [one, other] = files else { return false };
    let split = |path: &'_ str| {
        let product = PRODUCTS.iter().find(|product| path.starts_with(**product));
        product.map(|product| (*product, path.trim_start_matches(product).to_owned()))
    };
    match (split(one), split(other)) {
        (Some((first, here)), Some((second, there))) => {
            first != second && (here == there || ONE_PER_PRODUCT.contains(&name))
        }
        _ => false,
    }
}

/// The type that a line at the beginning of a file's margin defines; an alias is none.
fn public_type(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub")?;
    let rest = match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')')?.1,
        None => rest,
    };
    let mut words = rest.split_whitespace();
    let is_type = matches!(words.next()?, "struct" | "enum" | "trait" | "union");
    let name = words.next().filter(|_| is_type)?;
    name.split(|sign: char| sign != '_' && !sign.is_alphanumeric())
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(files: &[(&str, &str)]) -> Vec<String> {
        let files = File::planted(files);
        shared(&files.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_name_of_two_public_types_is_found() {
        let files = [
            (
                "http/mod.rs",
                "/// One.\npub struct Reply<'a> {\n    pub struct Inner;\n}\npub type Alias = u8;",
            ),
            (
                "json/mod.rs",
                "pub(crate) enum Reply {}\nstruct Own;\npub type Alias = u8;",
            ),
            ("whmcs/mod.rs", "pub trait Own {}\npub fn Reply() {}"),
        ];
        assert_eq!(
            planted(&files),
            ["the type Reply: http/mod.rs, json/mod.rs"]
        );
    }

    #[test]
    fn what_each_product_has_may_have_one_name() {
        let twins = [
            ("cometbackup/functions/waiting.rs", "pub struct Waits(u8);"),
            ("jetpack/functions/waiting.rs", "pub struct Waits(u8);"),
            ("cometbackup/comet/api.rs", "pub struct Api;"),
            ("jetpack/api/mod.rs", "pub struct Api;"),
        ];
        assert_eq!(planted(&twins), [""; 0]);
        let elsewhere = [
            twins[0],
            ("jetpack/licensing/waiting.rs", "pub struct Waits;"),
        ];
        assert_eq!(planted(&elsewhere).len(), 1);
        let thrice = [
            twins[0],
            twins[1],
            ("whmcs/waiting.rs", "pub struct Waits;"),
        ];
        assert_eq!(planted(&thrice).len(), 1);
    }
}
