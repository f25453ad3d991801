//! The smallest pieces of a source file.

use std::iter::Peekable;
use std::str::Chars;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Word(String),
    /// What a literal text holds.
    Text(String),
    Sign(char),
}

/// The words, texts and signs of the code, without comments, blanks and lifetimes.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(sign) = rest.next() {
        match sign {
            '/' if rest.peek() == Some(&'/') => {
                rest.by_ref().find(|sign| *sign == '\n');
            }
            '/' if rest.peek() == Some(&'*') => skip_comment(&mut rest),
            '"' => tokens.push(Token::Text(quoted(&mut rest))),
            '\'' => skip_character(&mut rest),
            sign if is_of_word(sign) => {
                let mut word = String::from(sign);
                while let Some(sign) = rest.next_if(|sign| is_of_word(*sign)) {
                    word.push(sign);
                }
                let is_raw = matches!(word.as_str(), "r" | "br" | "cr");
                if is_raw && matches!(rest.peek(), Some('"' | '#')) {
                    tokens.extend(raw(&mut rest));
                } else {
                    tokens.push(Token::Word(word));
                }
            }
            sign if sign.is_whitespace() => {}
            sign => tokens.push(Token::Sign(sign)),
        }
    }
    tokens
}

fn is_of_word(sign: char) -> bool {
    sign == '_' || sign.is_alphanumeric()
}

fn skip_comment(rest: &mut Peekable<Chars<'_>>) {
    let (mut open, mut before) = (1, ' ');
    rest.next();
    for sign in rest {
        match (before, sign) {
            ('/', '*') => open += 1,
            ('*', '/') => open -= 1,
            _ => {
                before = sign;
                continue;
            }
        }
        before = ' ';
        if open == 0 {
            return;
        }
    }
}

fn quoted(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut text = String::new();
    while let Some(sign) = rest.next() {
        match sign {
            '"' => break,
            // What is written as a letter, `\n`, parts words.
            '\\' => text.extend(
                rest.next()
                    .map(|sign| if sign.is_alphabetic() { ' ' } else { sign }),
            ),
            sign => text.push(sign),
        }
    }
    text
}

/// Behind `r`: a raw text, or nothing where the `#` begins a raw name.
fn raw(rest: &mut Peekable<Chars<'_>>) -> Option<Token> {
    let mut marks = 0;
    while rest.next_if_eq(&'#').is_some() {
        marks += 1;
    }
    rest.next_if_eq(&'"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let mut text = String::new();
    for sign in rest {
        text.push(sign);
        if text.ends_with(&end) {
            text.truncate(text.len() - end.len());
            break;
        }
    }
    Some(Token::Text(text))
}

/// Behind `'`: a character, or the name of a lifetime, which is nothing to the rules.
fn skip_character(rest: &mut Peekable<Chars<'_>>) {
    match rest.next() {
        Some('\\') => {
            rest.next();
            rest.by_ref().find(|sign| *sign == '\'');
        }
        Some(_) => {
            rest.next_if_eq(&'\'');
        }
        None => {}
    }
}
