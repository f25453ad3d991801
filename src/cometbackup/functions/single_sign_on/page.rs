//! `cometbackup_SignOnPage`: the page behind a ticket, which hands a session to Comet's web interface, or says why there
//! is none.

use std::fmt::Write;

use serde_json::json;

use super::session::{self, BrowserSession};
use crate::cometbackup::TEXTS;
use crate::cometbackup::tables::sign_ons::SignOnKind;
use crate::error::Error;
use crate::php_value::Value;
use crate::random;
use crate::text::escape_html;
use crate::whmcs::texts::Texts;
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

/// Returns HTTP status, nonce and HTML for `sso.php`; `shown` makes the sentence of a failure for who reads it.
pub fn run(
    host: &dyn Host,
    visitor: Visitor,
    ticket: Option<String>,
    shown: impl Fn(&Error) -> String,
) -> Result<Value, Error> {
    let nonce = random::hex()?;
    let texts = if visitor.is_staff() {
        Texts::for_staff(host, &TEXTS)
    } else {
        Texts::for_visitor(host, &TEXTS)
    };
    let (status, html) = match session::open(host, visitor, ticket) {
        Ok(session) => (200, hand_over(&session, &nonce, &texts)),
        Err(error) => (403, refusal(&shown(&error), &nonce, &texts)),
    };
    Ok(response(status, nonce, html))
}

/// Returns the page where nothing could be done at all.
pub fn failure(sentence: &str, texts: &Texts) -> Value {
    response(500, String::new(), refusal(sentence, "", texts))
}

fn response(status: i64, nonce: String, html: String) -> Value {
    Value::Array(vec![
        ("status".into(), Value::Int(status)),
        ("nonce".into(), nonce.into()),
        ("html".into(), html.into()),
    ])
}

/// The page with the session. `nonce` is that of the Content-Security-Policy header.
fn hand_over(session: &BrowserSession, nonce: &str, texts: &Texts) -> String {
    let origin = escape_html(&session.origin);
    let link = format!("<a href=\"{origin}/\" rel=\"noreferrer\">{origin}</a>");
    let named = |key: &str| {
        let values = [
            ("product", session.product_name.as_str()),
            ("name", &session.username),
        ];
        escape_html(&texts.fill(key, &values))
    };
    let title = named("action.open");
    let message = match session.kind {
        SignOnKind::Admin => "session_login",
        SignOnKind::Service => "user_session_login",
    };
    let data = json!({
        "origin": session.origin,
        "msg": message,
        "username": session.username,
        "sessionkey": session.session_key.expose(),
    });
    let body = format!(
        "<p>{signing_in}</p>\
         <p><button type=\"button\" id=\"open\" disabled>{title}</button></p>\
         <p id=\"waiting\" hidden>{waiting}</p>\
         <p id=\"blocked\" hidden>{blocked}</p>\
         <p id=\"done\" hidden>{done}</p>\
         <noscript><p>{without_script}</p></noscript>\
         <script type=\"application/json\" id=\"sign-on\" nonce=\"{nonce}\">{data}</script>\
         <script nonce=\"{nonce}\">{SCRIPT}</script>",
        signing_in = named("sign_on_page.signing_in"),
        waiting = named("sign_on_page.waiting"),
        blocked = named("sign_on_page.blocked"),
        done = named("sign_on_page.done"),
        without_script = named("sign_on_page.without_script").replace("{origin}", &link),
        data = for_script(&data.to_string()),
        nonce = escape_html(nonce),
    );
    document(&title, &body, nonce, texts)
}

fn refusal(sentence: &str, nonce: &str, texts: &Texts) -> String {
    document(
        &escape_html(texts.text("sign_on_page.not_opened")),
        &format!("<p>{}</p>", escape_html(sentence)),
        nonce,
        texts,
    )
}

/// `title` and `body` are HTML.
fn document(title: &str, body: &str, nonce: &str, texts: &Texts) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style nonce=\"{nonce}\">{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>\n",
        nonce = escape_html(nonce),
        language = escape_html(texts.text("sign_on_page.language")),
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
    use crate::whmcs::fake_host::FakeHost;

    fn texts() -> Texts {
        Texts::for_visitor(&FakeHost::new(""), &TEXTS)
    }

    #[test]
    fn no_value_ends_the_script_or_the_text() {
        let evil = "</script><!--\u{2028}'\"&".to_owned();
        let page = hand_over(
            &BrowserSession {
                kind: SignOnKind::Service,
                origin: "https://comet.example".into(),
                username: evil.clone(),
                product_name: evil.clone(),
                session_key: Secret::new(evil.clone()),
            },
            "abc",
            &texts(),
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
        assert!(refusal("<b>no", "n", &texts()).contains("<p>&lt;b&gt;no</p>"));
    }
}
