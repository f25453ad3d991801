//! What a source file says that the rules are about: paths, the names it imports, its modules, its texts.
//!
//! A scan of words and signs, not a parser: it knows `use` trees, inline modules and what is for tests only. Macros are
//! read like any other code.

use crate::tokens::{Token, tokens};

/// One file, without comments and without what only tests see.
#[derive(Default)]
pub struct Source {
    /// Every path that begins with `crate`, `self` or `super`, and every imported one, each with the inline modules
    /// around it.
    pub paths: Vec<Path>,
    /// The names that `use` brings in at the top level of the file, with the path each stands for.
    pub imports: Vec<(String, Vec<String>)>,
    /// Modules that the file declares for tests only.
    pub test_modules: Vec<String>,
    /// The texts of each statement or item, put together: a statement of SQL may be written in pieces.
    pub texts: Vec<String>,
}

pub struct Path {
    pub within: Vec<String>,
    pub segments: Vec<String>,
}

impl Source {
    pub fn read(text: &str) -> Self {
        let mut reader = Reader {
            tokens: tokens(text),
            at: 0,
            depth: 0,
            within: Vec::new(),
            source: Self::default(),
            text: String::new(),
        };
        reader.read();
        reader.source
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Inline modules that are open, each with the depth of its braces.
    within: Vec<(String, usize)>,
    source: Source,
    text: String,
}

impl Reader {
    fn read(&mut self) {
        while let Some(token) = self.tokens.get(self.at).cloned() {
            match token {
                Token::Sign('#') if self.is_for_tests() => self.skip_item(),
                Token::Word(word) if word == "use" => self.read_use(),
                Token::Word(word) if word == "mod" => self.read_module(),
                Token::Word(word) if is_root(&word) && !self.is_behind_colons() => self.read_path(),
                Token::Word(_) => self.at += 1,
                Token::Text(text) => {
                    self.text.push_str(&text);
                    self.text.push(' ');
                    self.at += 1;
                }
                Token::Sign(sign) => {
                    self.read_sign(sign);
                    self.at += 1;
                }
            }
        }
        self.end_statement();
    }

    fn read_sign(&mut self, sign: char) {
        match sign {
            '{' => self.depth += 1,
            '}' => {
                self.depth = self.depth.saturating_sub(1);
                if self
                    .within
                    .last()
                    .is_some_and(|(_, depth)| *depth == self.depth)
                {
                    self.within.pop();
                }
            }
            ';' => {}
            _ => return,
        }
        self.end_statement();
    }

    fn end_statement(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            self.source.texts.push(text);
        }
    }

    fn sign(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Sign(sign)) => Some(*sign),
            _ => None,
        }
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn are_colons(&self, ahead: usize) -> bool {
        self.sign(ahead) == Some(':') && self.sign(ahead + 1) == Some(':')
    }

    fn is_behind_colons(&self) -> bool {
        self.at > 0 && self.tokens.get(self.at - 1) == Some(&Token::Sign(':'))
    }

    /// Whether an attribute `cfg(test)` or `cfg(all(test, …))` begins here.
    fn is_for_tests(&self) -> bool {
        let is_cfg = self.sign(1) == Some('[') && self.word(2) == Some("cfg");
        is_cfg
            && (self.word(4) == Some("test")
                || self.word(4) == Some("all") && self.word(6) == Some("test"))
    }

    /// Skips attributes and the item they belong to; a module that stands in a file of its own is noted.
    fn skip_item(&mut self) {
        while self.sign(0) == Some('#') {
            self.at += 1;
            self.skip_group();
        }
        let from = self.at;
        let ends_at_semicolon = |word: &str| matches!(word, "use" | "const" | "static" | "type");
        let is_plain = (0..4).any(|ahead| self.word(ahead).is_some_and(ends_at_semicolon))
            && !(0..4).any(|ahead| self.word(ahead) == Some("fn"));
        while self.at < self.tokens.len() {
            match self.sign(0) {
                Some('{') if !is_plain => {
                    self.skip_group();
                    break;
                }
                Some('{' | '(' | '[') => self.skip_group(),
                Some(';') => {
                    self.at += 1;
                    break;
                }
                _ => self.at += 1,
            }
        }
        let item = self.tokens.get(from..self.at).unwrap_or_default();
        let module = item
            .iter()
            .position(|token| *token == Token::Word("mod".into()));
        if let (Some(at), Some(Token::Sign(';'))) = (module, item.last())
            && let Some(Token::Word(name)) = item.get(at + 1)
        {
            self.source.test_modules.push(name.clone());
        }
    }

    /// From an opening bracket past the one that closes it.
    fn skip_group(&mut self) {
        let mut open = 0;
        while self.at < self.tokens.len() {
            match self.sign(0) {
                Some('{' | '(' | '[') => open += 1,
                Some('}' | ')' | ']') => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    fn read_module(&mut self) {
        if let (Some(name), Some('{')) = (self.word(1), self.sign(2)) {
            self.within.push((name.to_owned(), self.depth));
            self.depth += 1;
            self.at += 3;
        } else {
            self.at += 1;
        }
    }

    fn within(&self) -> Vec<String> {
        self.within.iter().map(|(name, _)| name.clone()).collect()
    }

    fn read_path(&mut self) {
        let mut segments = Vec::new();
        while let Some(word) = self.word(0) {
            segments.push(word.to_owned());
            self.at += 1;
            if !self.are_colons(0) || self.word(2).is_none() {
                break;
            }
            self.at += 2;
        }
        if segments.len() > 1 {
            let within = self.within();
            self.source.paths.push(Path { within, segments });
        }
    }

    fn read_use(&mut self) {
        self.at += 1;
        match self.sign(0) {
            // What a return type captures: `impl Fn() + use<'a>`.
            Some('<') => {}
            _ => self.read_tree(&[]),
        }
    }

    /// One branch of a `use` tree, up to the `,`, `}` or `;` behind it.
    fn read_tree(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        let mut name = None;
        while let Some(token) = self.tokens.get(self.at).cloned() {
            match token {
                Token::Sign(',' | '}' | ';') => break,
                Token::Sign('{') => {
                    self.at += 1;
                    while self.sign(0) != Some('}') && self.at < self.tokens.len() {
                        self.read_tree(&segments);
                        if self.sign(0) == Some(',') {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                Token::Word(word) if word == "as" => {
                    name = self.word(1).map(str::to_owned);
                    self.at += 2;
                }
                Token::Word(word) if word == "self" && !segments.is_empty() => self.at += 1,
                Token::Word(word) => {
                    segments.push(word);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        if let Some(last) = segments.last() {
            let name = name.unwrap_or_else(|| last.clone());
            let within = self.within();
            if within.is_empty() && self.depth == 0 {
                self.source.imports.push((name, segments.clone()));
            }
            self.source.paths.push(Path { within, segments });
        }
    }
}

fn is_root(word: &str) -> bool {
    matches!(word, "crate" | "self" | "super")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let paths = Source::read(text).paths.into_iter();
        paths.map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn trees_and_inline_paths_are_read_and_nothing_else() {
        let text = r##"
            //! crate::comment
            use crate::a::{self, b::{C, D as E}, f::*};
            pub use super::g; /* crate::no /* nested */ crate::no */
            fn h<'a>(i: &'a str) -> crate::j::K { let _ = ('"', '\'', "crate::text", r#"crate::"raw"#); super::l() }
        "##;
        let expected = [
            "crate::a",
            "crate::a::b::C",
            "crate::a::b::D",
            "crate::a::f",
            "super::g",
            "crate::j::K",
            "super::l",
        ];
        assert_eq!(paths(text), expected);
    }

    #[test]
    fn what_is_for_tests_is_left_out_and_its_file_noted() {
        let text = "
            #[cfg(test)] use crate::a::{B, C};
            #[cfg(test)] #[allow(x)] mod tests { fn f() { crate::b() } }
            #[cfg(all(test, unix))] pub fn f<T>() -> T { crate::c() }
            #[cfg(test)] pub mod fake;
            #[cfg(feature = \"php\")] mod real;
            use crate::d;";
        assert_eq!(paths(text), ["crate::d"]);
        assert_eq!(Source::read(text).test_modules, ["fake"]);
    }

    #[test]
    fn inline_modules_and_texts_in_pieces_are_seen() {
        let source = Source::read(
            "mod a { fn f() { super::b() } } fn g() { super::c(); }
            const S: &str = concat!(\"SELECT \", \"1\\n\"); const T: &str = \"x\";",
        );
        let within: Vec<_> = source
            .paths
            .iter()
            .map(|path| path.within.join("::"))
            .collect();
        assert_eq!(within, ["a", ""]);
        assert_eq!(source.texts, ["SELECT  1  ", "x "]);
    }
}
