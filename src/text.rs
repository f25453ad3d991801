//! Texts on their way in and out: made fit for a sentence, escaped for HTML, decoded as WHMCS stores them, cut to a length.

/// Characters of a text from outside that a sentence holds.
const LONGEST_IN_SENTENCE: usize = 200;

/// Makes text from outside fit for a sentence: no markup, no quotes, no control characters, and short.
///
/// WHMCS's stock themes print some messages unescaped.
pub fn plain(text: &str) -> String {
    shortened(&flat(text))
}

/// Makes text fit as [`plain`] does, but does not shorten it.
pub fn flat(text: &str) -> String {
    let mut inside_tag = false;
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => inside_tag = true,
            '>' => inside_tag = false,
            _ if inside_tag => {}
            '"' | '\'' | '&' | '`' => clean.push(' '),
            c if c.is_control() || c.is_whitespace() => clean.push(' '),
            c => clean.push(c),
        }
    }
    let words: Vec<&str> = clean.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The beginning of a text, as long as a sentence can hold it.
pub fn shortened(text: &str) -> String {
    let mut cut = first_characters(text, LONGEST_IN_SENTENCE);
    cut.truncate(cut.trim_end().len());
    cut
}

/// The first `count` characters, as a column of that length holds them.
pub fn first_characters(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

/// Escapes for HTML: for element content and for attributes in either kind of quotes.
pub fn escape_html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#039;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The text behind the HTML entities that WHMCS stores in some values, passwords and tokens included.
pub fn decode_entities(text: &str) -> String {
    const ENTITIES: [(&str, &str); 6] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&#39;", "'"),
        // Last, or `&amp;lt;` would be decoded twice.
        ("&amp;", "&"),
    ];
    ENTITIES
        .iter()
        .fold(text.to_owned(), |text, (entity, character)| {
            text.replace(entity, character)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_text_loses_markup_quotes_and_length() {
        assert_eq!(plain("a <b>bold</b>\n\0 \"word\" & 'x'"), "a bold word x");
        assert_eq!(plain("<script>alert(1)"), "alert(1)");
        assert_eq!(plain(&"ä".repeat(500)).chars().count(), 200);
        assert_eq!(plain(&"word &".repeat(500)).chars().count(), 199);
    }

    #[test]
    fn nothing_that_ends_text_or_attribute_is_left_in_html() {
        assert_eq!(
            escape_html(r#"<a href="x" title='y'>&</a>"#),
            "&lt;a href=&quot;x&quot; title=&#039;y&#039;&gt;&amp;&lt;/a&gt;"
        );
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(decode_entities("a&amp;lt;&#039;&quot;"), "a&lt;'\"");
    }

    #[test]
    fn a_cut_text_ends_between_characters() {
        assert_eq!(first_characters("äöü", 2), "äö");
        assert_eq!(first_characters("ä", 2), "ä");
    }
}
