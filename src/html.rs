//! HTML that is safe to print by its type: elements that the code names, and texts that are escaped. There is no other way
//! to make one.

use crate::text::escape_html;

/// Elements without content, which have no end.
const VOID: [&str; 4] = ["br", "hr", "input", "link"];

/// Finished HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

/// An element under construction.
#[derive(Debug)]
pub struct Element {
    name: &'static str,
    attributes: String,
    content: String,
}

impl Html {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, next: impl Into<Self>) -> Self {
        self.push(next);
        self
    }

    pub fn push(&mut self, next: impl Into<Self>) {
        self.0.push_str(&next.into().0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// A text, escaped.
impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self(escape_html(text))
    }
}

/// A text, escaped.
impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Element> for Html {
    fn from(element: Element) -> Self {
        let Element {
            name,
            attributes,
            content,
        } = element;
        if VOID.contains(&name) {
            return Self(format!("<{name}{attributes}>"));
        }
        Self(format!("<{name}{attributes}>{content}</{name}>"))
    }
}

impl<T: Into<Self>> From<Option<T>> for Html {
    fn from(some: Option<T>) -> Self {
        some.map_or_else(Self::new, Into::into)
    }
}

impl<T: Into<Self>> FromIterator<T> for Html {
    fn from_iter<I: IntoIterator<Item = T>>(parts: I) -> Self {
        let mut all = Self::new();
        for part in parts {
            all.push(part);
        }
        all
    }
}

/// An element: `element("p").class("help-block").text("…")`.
pub const fn element(name: &'static str) -> Element {
    Element {
        name,
        attributes: String::new(),
        content: String::new(),
    }
}

impl Element {
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        self.attributes.push_str(&escape_html(value));
        self.attributes.push('"');
        self
    }

    /// An attribute without a value, where it is to be there: `checked`.
    #[must_use]
    pub fn flag(mut self, name: &'static str, is_there: bool) -> Self {
        if is_there {
            self.attributes.push(' ');
            self.attributes.push_str(name);
        }
        self
    }

    #[must_use]
    pub fn class(self, names: &'static str) -> Self {
        self.attribute("class", names)
    }

    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.with(text)
    }

    #[must_use]
    pub fn with(mut self, next: impl Into<Html>) -> Self {
        self.content.push_str(&next.into().0);
        self
    }

    #[must_use]
    pub fn all<T: Into<Html>>(self, parts: impl IntoIterator<Item = T>) -> Self {
        self.with(parts.into_iter().collect::<Html>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_put_in_stays_text() {
        let hostile = r#""><script>alert('1')</script>&amp;"#;
        let made: Html = element("p")
            .attribute("title", hostile)
            .text(hostile)
            .with(element("b").text(hostile))
            .into();
        let escaped = "&quot;&gt;&lt;script&gt;alert(&#039;1&#039;)&lt;/script&gt;&amp;amp;";
        assert_eq!(
            made.into_string(),
            format!(r#"<p title="{escaped}">{escaped}<b>{escaped}</b></p>"#)
        );
    }

    #[test]
    fn elements_without_content_have_no_end() {
        let made: Html = element("input").flag("checked", true).into();
        assert_eq!(made.into_string(), "<input checked>");
        assert!(Html::from(None::<Element>).is_empty());
    }
}
