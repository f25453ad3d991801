//! `cometbackup_SignOnPage`: the page behind a ticket, which hands a session to Comet's web interface, or says why there
//! is none.

use std::fmt::Write;

use serde_json::json;

use super::session::{self, BrowserSession};
use crate::cometbackup::tables::sign_ons::Kind;
use crate::error::Error;
use crate::php_value::Value;
use crate::random;
use crate::text::escape_html;
use crate::whmcs::{Host, Visitor};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#222;background:#fff;margin:0}main{max-width:30rem;margin:12vh auto;padding:0 1rem;text-align:center}h1{font-size:1.4rem}button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.3rem;background:#1b5e9e;color:#fff;cursor:pointer}button:disabled{background:#767676;cursor:default}[hidden]{display:none}";

/// The message goes to exactly the window that was opened, at exactly the server's origin, once.
const SCRIPT: &str = r"(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('sign-on').textContent);
  var button = document.getElementById('open');
  var shown = function (id, yes) { document.getElementById(id).hidden = !yes; };
  var opened = null;
  window.addEventListener('message', function (event) {
    if (!opened || event.source !== opened || event.origin !== data.origin) { return; }
    if (!event.data || typeof event.data !== 'object' || event.data.msg !== 'app_loaded' || !data.sessionkey) { return; }
    opened.postMessage({ msg: data.msg, username: data.username, sessionkey: data.sessionkey }, data.origin);
    data.sessionkey = '';
    button.disabled = true;
    shown('waiting', false);
    shown('done', true);
  });
  button.addEventListener('click', function () {
    if (!data.sessionkey) { return; }
    opened = window.open(data.origin + '/', '_blank');
    shown('blocked', !opened);
    shown('waiting', !!opened);
  });
  button.disabled = false;
}());";

/// HTTP status, nonce and HTML for `sso.php`; `shown` makes the sentence of a failure for who reads it.
pub fn run(
    host: &dyn Host,
    visitor: Visitor,
    ticket: Option<String>,
    shown: impl Fn(&Error) -> String,
) -> Result<Value, Error> {
    let nonce = random::hex()?;
    let (status, html) = match session::open(host, visitor, ticket) {
        Ok(session) => (200, hand_over(&session, &nonce)),
        Err(error) => (403, refusal(&shown(&error), &nonce)),
    };
    Ok(response(status, nonce, html))
}

/// The page where nothing could be done at all.
pub fn failure(sentence: &str) -> Value {
    response(500, String::new(), refusal(sentence, ""))
}

fn response(status: i64, nonce: String, html: String) -> Value {
    Value::Array(vec![
        ("status".into(), Value::Int(status)),
        ("nonce".into(), nonce.into()),
        ("html".into(), html.into()),
    ])
}

/// The page with the session. `nonce` is that of the Content-Security-Policy header.
fn hand_over(session: &BrowserSession, nonce: &str) -> String {
    let message = match session.kind {
        Kind::Admin => "session_login",
        Kind::Service => "user_session_login",
    };
    let data = json!({
        "origin": session.origin,
        "msg": message,
        "username": session.username,
        "sessionkey": session.session_key.expose(),
    });
    let body = format!(
        "<p>Signing in as {name}.</p>\
         <p><button type=\"button\" id=\"open\" disabled>Open {product}</button></p>\
         <p id=\"waiting\" hidden>{product} opens in a new window. Leave this page open until you are signed in.</p>\
         <p id=\"blocked\" hidden>Your browser has blocked the new window. Allow pop-ups for this page and press the button again.</p>\
         <p id=\"done\" hidden>You are signed in. You can close this page.</p>\
         <noscript><p>Switch on JavaScript to be signed in, or log in at <a href=\"{origin}/\" rel=\"noreferrer\">{origin}</a>.</p></noscript>\
         <script type=\"application/json\" id=\"sign-on\" nonce=\"{nonce}\">{data}</script>\
         <script nonce=\"{nonce}\">{SCRIPT}</script>",
        product = escape_html(&session.product_name),
        name = escape_html(&session.username),
        origin = escape_html(&session.origin),
        data = for_script(&data.to_string()),
        nonce = escape_html(nonce),
    );
    let title = format!("Open {}", session.product_name);
    document(&escape_html(&title), &body, nonce)
}

fn refusal(sentence: &str, nonce: &str) -> String {
    document(
        "Your backup account was not opened",
        &format!("<p>{}</p>", escape_html(sentence)),
        nonce,
    )
}

/// `title` and `body` are HTML.
fn document(title: &str, body: &str, nonce: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style nonce=\"{nonce}\">{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>\n",
        nonce = escape_html(nonce),
    )
}

/// JSON that no HTML parser sees an end of the script in, nor JavaScript an end of the line.
fn for_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{:04x}", u32::from(character));
            }
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn no_value_ends_the_script_or_the_text() {
        let evil = "</script><!--\u{2028}'\"&".to_owned();
        let page = hand_over(
            &BrowserSession {
                kind: Kind::Service,
                origin: "https://comet.example".into(),
                username: evil.clone(),
                product_name: evil.clone(),
                session_key: Secret::new(evil.clone()),
            },
            "abc",
        );
        assert_eq!(page.matches("</script>").count(), 2);
        assert!(!page.contains("<!--"));
        let (_, rest) = page.split_once("id=\"sign-on\" nonce=\"abc\">").unwrap();
        let (data, _) = rest.split_once("</script>").unwrap();
        let read: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(read["sessionkey"], evil.as_str());
        assert_eq!(read["msg"], "user_session_login");
    }

    #[test]
    fn a_refusal_is_text() {
        assert!(refusal("<b>no", "n").contains("<p>&lt;b&gt;no</p>"));
    }
}
