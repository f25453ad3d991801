//! HTML that is safe by its type: texts get in escaped only, and names of elements and attributes are written in our code.

use crate::text::escape_html;

/// Attributes of an element: name, value.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

/// A piece of a page. There is no way to make one of a text that is not escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    pub fn text(text: &str) -> Self {
        Self(escape_html(text))
    }

    /// An element with what is in it.
    pub fn element(name: &'static str, attributes: Attributes<'_>, content: &Self) -> Self {
        let mut html = opening(name, attributes);
        html.push_str(&content.0);
        html.push_str("</");
        html.push_str(name);
        html.push('>');
        Self(html)
    }

    /// An element that holds a text.
    pub fn of_text(name: &'static str, attributes: Attributes<'_>, text: &str) -> Self {
        Self::element(name, attributes, &Self::text(text))
    }

    /// An element that holds nothing, as `br` and `input`.
    pub fn void(name: &'static str, attributes: Attributes<'_>) -> Self {
        Self(opening(name, attributes))
    }

    /// Pieces one after another.
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

fn opening(name: &'static str, attributes: Attributes<'_>) -> String {
    let mut html = format!("<{name}");
    for (attribute, value) in attributes {
        html.push(' ');
        html.push_str(attribute);
        html.push_str("=\"");
        html.push_str(&escape_html(value));
        html.push('"');
    }
    html.push('>');
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_values_of_attributes_are_escaped() {
        let hostile = "\"'><script>&amp;";
        let cell = Html::of_text("td", &[("title", hostile)], hostile);
        let row = Html::element("tr", &[], &Html::join([cell, Html::void("br", &[])]));
        let escaped = "&quot;&#039;&gt;&lt;script&gt;&amp;amp;";
        assert_eq!(
            row.into_string(),
            format!("<tr><td title=\"{escaped}\">{escaped}</td><br></tr>")
        );
    }
}
