//! The forms in which one character may be written in a text, and where a run of Base64 begins and ends.

use std::collections::BTreeSet;

/// Names of HTML for the characters from U+00A0 on.
const LATIN: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];

/// Bytes of the longest name or number of HTML, `&` and `;` included.
const LONGEST_ENTITY: usize = 12;

/// First bytes of the forms of a character that are more than the character.
const MARKS: &[u8] = b"%&\\+";

/// Returns the bytes that a secret may begin with in a text, in lower case: most places of a text are passed over by this alone.
pub fn first_bytes(secrets: &BTreeSet<Vec<u8>>) -> Vec<u8> {
    let firsts = secrets.iter().filter_map(|secret| secret.first());
    let all: BTreeSet<u8> = firsts.chain(MARKS).map(u8::to_ascii_lowercase).collect();
    all.into_iter().collect()
}

/// Returns the end of a secret that begins at `at`, whatever forms its characters have. Upper and lower case are one.
pub fn end_of(text: &[u8], at: usize, secret: &[u8]) -> Option<usize> {
    let (first, wanted) = (text.get(at)?, secret.first()?);
    if !first.eq_ignore_ascii_case(wanted) && !MARKS.contains(first) {
        return None;
    }
    let mut tried = BTreeSet::new();
    let mut open = vec![(at, 0)];
    let mut end = None;
    while let Some((at, done)) = open.pop() {
        if done == secret.len() {
            end = end.max(Some(at));
            continue;
        }
        let wanted = secret.get(done..).unwrap_or_default();
        let Some(&byte) = text.get(at) else {
            continue;
        };
        let mut step = |character: &[u8], length: usize| {
            let fits = wanted
                .get(..character.len())
                .is_some_and(|wanted| wanted.eq_ignore_ascii_case(character));
            let next = (at + length, done + character.len());
            // One way is the rule; others are looked at once each.
            if fits && tried.insert(next) {
                open.push(next);
            }
        };
        step(&[byte], 1);
        let rest = text.get(at..).unwrap_or_default();
        let written = match byte {
            b'+' => Some((' ', 1)),
            b'&' => entity(rest),
            b'\\' => escape(rest),
            _ => None,
        };
        if let Some((character, length)) = written {
            step(character.encode_utf8(&mut [0; 4]).as_bytes(), length);
        }
        if let Some(byte) = byte_of(rest) {
            step(&[byte], if rest.starts_with(b"%") { 3 } else { 4 });
        }
    }
    end
}

/// `%2F` and `\x2f`.
fn byte_of(rest: &[u8]) -> Option<u8> {
    let digits = rest
        .strip_prefix(b"%")
        .or_else(|| rest.strip_prefix(b"\\x"))?;
    u8::try_from(hexadecimal(digits.get(..2)?)?).ok()
}

/// `&amp;`, `&#38;` and `&#x26;`.
fn entity(rest: &[u8]) -> Option<(char, usize)> {
    let short = rest.get(..rest.len().min(LONGEST_ENTITY))?;
    let end = short.iter().position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(short.get(1..end)?).ok()?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => named(name)?,
    };
    Some((character, end + 1))
}

fn named(name: &str) -> Option<char> {
    let ascii = match name.to_ascii_lowercase().as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let place = LATIN.iter().position(|known| *known == name)?;
            return char::from_u32(0xa0 + u32::try_from(place).ok()?);
        }
    };
    Some(ascii)
}

/// `\u0026`, `\/` and the other escapes of JSON.
fn escape(rest: &[u8]) -> Option<(char, usize)> {
    let character = match *rest.get(1)? {
        b'u' => return unicode(rest),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        other if other.is_ascii_punctuation() => char::from(other),
        _ => return None,
    };
    Some((character, 2))
}

/// Characters beyond U+FFFF are written as two.
fn unicode(rest: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| hexadecimal(rest.get(at..at + 4)?);
    let first = unit(2)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 6));
    }
    let second = rest.get(6..8).filter(|mark| mark == b"\\u").and(unit(8))?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    let high = first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
    Some((char::from_u32(0x10000 + (high << 10) + low)?, 12))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| {
        Some(sum * 16 + char::from(*digit).to_digit(16)?)
    })
}

/// Widens `start` and `end` by all of Base64 around it: the ends hold bits of the secret, too.
pub fn run_around(text: &[u8], start: usize, end: usize) -> (usize, usize) {
    let is_code = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let count_before = before.iter().rev().take_while(|byte| is_code(byte)).count();
    let count_after = after.iter().take_while(|byte| is_code(byte)).count();
    (start - count_before, end + count_after)
}
