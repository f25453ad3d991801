//! User names that Comet accepts: which one a service wants, and the next one where it is taken.
//!
//! Rules of the vendor: case-sensitive; `a-z A-Z 0-9 _ . @ -`; at most 255; at least 6 before 21.9.10.

use super::settings::UserNames;
use crate::transliteration;
use crate::whmcs::Service;

/// What the PHP module writes to the service's user name where the custom field holds the real one.
pub const MARKER: &str = "[Using custom field]";

const SHORTEST: usize = 6;
const MOST: usize = 255;
/// Room for a suffix.
const LONGEST: usize = 240;

/// Returns the name a service asks for: the custom field Username, else as module setting 8 says, else first name and service
/// id; in characters that Comet accepts.
pub fn wanted(service: &Service, scheme: UserNames) -> String {
    let typed = service.custom_fields.get("Username").unwrap_or_default();
    let id = service.id.number();
    let by_scheme = match scheme {
        UserNames::Email => service.client.email.clone(),
        UserNames::Service => service.username.replace(MARKER, ""),
        UserNames::NameAndId => String::new(),
    };
    let name = [typed, &by_scheme].into_iter().find_map(recognized);
    let name = name.unwrap_or_else(|| {
        let first_name = legal(&service.client.first_name).to_lowercase();
        format!("{first_name}{id}")
    });
    long_enough(name, id)
}

/// The text in characters that Comet accepts, if a person would know it again: of an address the part before the `@`
/// has to be left.
fn recognized(text: &str) -> Option<String> {
    let name = legal(text);
    let own = if text.trim().starts_with('@') {
        &name
    } else {
        name.split('@').next().unwrap_or_default()
    };
    let is_left = own.contains(|c: char| c.is_ascii_alphanumeric());
    is_left.then_some(name)
}

/// Returns the name under which the PHP module created an account: the service's user name, or the custom field where that
/// holds the marker or nothing.
pub fn of_the_php_module(username: &str, custom_field: Option<&str>) -> Option<String> {
    [Some(username), custom_field]
        .into_iter()
        .flatten()
        .map(str::trim)
        .find(|name| !name.is_empty() && *name != MARKER)
        .map(str::to_owned)
}

/// Whether Comet can have an account of this name.
pub fn is_possible(name: &str) -> bool {
    (1..=MOST).contains(&name.len()) && name.chars().all(is_allowed)
}

/// Whether it has to be filled up, because older servers take no name that short.
pub const fn is_short(name: &str) -> bool {
    name.len() < SHORTEST
}

/// Returns the name with `_` and four digits, as the PHP module forms them; other digits at each try.
pub fn with_suffix(name: &str, attempt: u32) -> String {
    // Knuth's multiplicative hash: spread over the four digits without repeating early.
    let digits = attempt.wrapping_add(1).wrapping_mul(2_654_435_761) >> 16;
    format!("{name}_{:04}", digits % 10_000)
}

/// Returns Comet's code for a language of WHMCS; `None` leaves what the server chose.
pub fn language(whmcs: &str) -> Option<&'static str> {
    Some(match whmcs.to_lowercase().as_str() {
        "english" => "en_US",
        "danish" => "da_DK",
        "german" => "de_DE",
        "spanish" => "es_ES",
        "french" => "fr_FR",
        "croatian" => "hr_HR",
        "italian" => "it_IT",
        "dutch" => "nl_NL",
        "polish" => "pl_PL",
        "portuguese-br" => "pt_BR",
        "portuguese-pt" => "pt_PT",
        "russian" => "ru_RU",
        "hebrew" => "he_IL",
        "ukranian" | "ukrainian" => "uk_UA",
        "chinese" => "zh_TW",
        _ => return None,
    })
}

/// Other scripts are written in ASCII, accents lose their marks, what Comet does not allow is left out.
fn legal(text: &str) -> String {
    let german: String = text.trim().chars().flat_map(plain_letters).collect();
    transliteration::in_ascii(&german)
        .chars()
        .filter(|c| is_allowed(*c))
        .take(LONGEST)
        .collect()
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.@-".contains(character)
}

/// Umlauts as Germans write them without; the table of all scripts has only their letter.
fn plain_letters(character: char) -> impl Iterator<Item = char> {
    let plain = match character {
        'ä' => "ae",
        'Ä' => "Ae",
        'ö' => "oe",
        'Ö' => "Oe",
        'ü' => "ue",
        'Ü' => "Ue",
        _ => "",
    };
    let same = plain.is_empty().then_some(character);
    plain.chars().chain(same)
}

/// Filled up with the digits of the service id, unless it ends with them, then zeros.
fn long_enough(mut name: String, id: u32) -> String {
    let digits = id.to_string();
    if name.len() < SHORTEST && !name.ends_with(&digits) {
        name.push_str(&digits);
    }
    while name.len() < SHORTEST {
        name.push('0');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::php_value::Value;
    use crate::whmcs::Params;

    fn service(username: &str, email: &str, first_name: &str) -> Service {
        let map = |entries: &[(&str, Value)]| {
            Value::Array(
                entries
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), value.clone()))
                    .collect(),
            )
        };
        let params = map(&[
            ("serviceid", Value::Int(200)),
            ("model", map(&[])),
            ("customfields", map(&[("Username", username.into())])),
            (
                "clientsdetails",
                map(&[("email", email.into()), ("firstname", first_name.into())]),
            ),
        ]);
        Params::new(params).service().unwrap()
    }

    #[test]
    fn the_custom_field_comes_first_then_the_address_then_name_and_id() {
        for (field, email, first, wanted_name) in [
            ("gracehopper", "ada@example.com", "Ada", "gracehopper"),
            (
                "  gracehopper \r\n",
                "ada@example.com",
                "Ada",
                "gracehopper",
            ),
            ("", "ada+b@exämple.com", "Ada", "adab@exaemple.com"),
            ("<>/", "", "Zoë", "zoe200"),
            ("", "", "", "200000"),
            ("ab", "", "", "ab2000"),
            ("", "иван@почта.рф", "Иван", "ivan@pochta.rf"),
            ("", "用户@例子.公司", "Li", "YongHu@LiZi.GongSi"),
            ("", "😀@example.com", "Иван", "ivan200"),
            ("", "@.", "李", "li2000"),
            ("...", "ada@example.com", "Ada", "ada@example.com"),
            ("Łukasz.Müller", "", "", "Lukasz.Mueller"),
            ("@grace", "", "Grace", "@grace"),
        ] {
            assert_eq!(
                wanted(&service(field, email, first), UserNames::Email),
                wanted_name
            );
        }
    }

    #[test]
    fn the_scheme_decides_where_the_custom_field_is_empty() {
        let mut service = service("", "ada@example.com", "Ada");
        service.username = "adaservice".into();
        assert_eq!(wanted(&service, UserNames::Service), "adaservice");
        assert_eq!(wanted(&service, UserNames::NameAndId), "ada200");
        service.username = MARKER.into();
        assert_eq!(wanted(&service, UserNames::Service), "ada200");
    }

    #[test]
    fn a_name_is_never_longer_than_comet_takes() {
        let name = wanted(&service(&"x".repeat(9000), "", ""), UserNames::Email);
        assert!(with_suffix(&name, 3).len() <= 255);
    }

    #[test]
    fn only_some_texts_can_be_names() {
        for name in ["a", "ada@example.com", "A-b_c.9", &"x".repeat(255)] {
            assert!(is_possible(name), "{name}");
        }
        for text in ["", " ada", "a b", "ada+b", "ädä", MARKER, &"x".repeat(256)] {
            assert!(!is_possible(text), "{text}");
        }
    }

    #[test]
    fn each_try_has_another_suffix_of_four_digits() {
        let names: std::collections::HashSet<_> = (0..10).map(|n| with_suffix("ada", n)).collect();
        assert_eq!(names.len(), 10);
        assert!(names.iter().all(|name| name.len() == "ada_0000".len()));
    }
}
