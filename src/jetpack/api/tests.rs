use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::*;
use crate::whmcs::fake_host::FakeHost;

const KEY: &str = "jetpack-scan_SECRET&KEY";
const ISSUED: &str = r#"{"license_id":1,"license_key":"jetpack-scan_SECRET&KEY","issued_at":"2026-01-15 10:00:01","revoked_at":null}"#;

/// Answers one connection with these bytes and closes it; gives what it received.
fn server(answer: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut piece = [0; 4096];
        let end: &[u8] = b"}";
        let no_body: &[u8] = b"\r\n\r\n";
        while !(request.ends_with(end) || request.starts_with(b"GET") && request.ends_with(no_body))
        {
            match stream.read(&mut piece).unwrap() {
                0 => break,
                n => request.extend_from_slice(&piece[..n]),
            }
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, received)
}

fn http(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} x\r\nX-Jetpack-Request-Id: r-1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn issue(host: &FakeHost) -> Outcome<License> {
    let token = Token::new(Some("tok&=1")).unwrap();
    Api::new(host, Some(token))
        .unwrap()
        .issue(&Slug::new(Some("jetpack-scan")).unwrap())
}

#[test]
fn a_license_is_issued_by_one_post_with_json() {
    let (url, received) = server(http(201, ISSUED));
    let Outcome::Done(answered) = issue(&FakeHost::new(&url)) else {
        panic!("not done");
    };
    assert_eq!(answered.value.key.expose(), KEY);
    assert_eq!(answered.request_id.as_deref(), Some("r-1"));
    let request = received.join().unwrap().to_lowercase();
    assert!(
        request.starts_with("post /license http/1.1\r\n"),
        "{request}"
    );
    assert!(request.contains("authorization: bearer tok&=1\r\n"));
    assert!(request.contains("content-type: application/json\r\n"));
    assert!(request.ends_with("\r\n\r\n{\"product\":\"jetpack-scan\"}"));
}

#[test]
fn a_refusal_is_not_done() {
    for status in [301, 302, 307, 400, 401, 403, 404, 429] {
        let (url, received) = server(http(status, r#"{"code":"c","message":"No <b>way</b>."}"#));
        match issue(&FakeHost::new(&url)) {
            Outcome::Failed(error) => {
                assert_eq!(error.request_id(), Some("r-1"));
                assert!(error.to_string().contains("No way."), "{error}");
            }
            other => panic!("{status}: {other:?}"),
        }
        received.join().unwrap();
    }
}

#[test]
fn whatever_may_have_been_carried_out_is_not_known() {
    let whole = http(200, ISSUED);
    let cases = [
        http(408, ""),
        http(500, r#"{"code":"c","message":"m"}"#),
        http(502, "<html>"),
        http(503, ""),
        http(200, ""),
        http(200, "<html>fine</html>"),
        http(200, r#"{"license_key":["x"]}"#),
        http(200, &format!("{ISSUED}{}", " ".repeat(2000))),
        whole[..whole.len() - 10].to_owned(),
        "HTTP/1.1 200 x\r\nContent-".to_owned(),
        "garbage".to_owned(),
        String::new(),
    ];
    for answer in cases {
        let (url, received) = server(answer.clone());
        let end = issue(&FakeHost::new(&url));
        assert!(matches!(end, Outcome::Unknown(_)), "{answer}: {end:?}");
        received.join().unwrap();
    }
}

#[test]
fn what_was_never_sent_is_not_done() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [
        format!("http://{closed}"),
        "https://no-such-name.invalid".to_owned(),
    ] {
        let end = issue(&FakeHost::new(&url));
        assert!(matches!(end, Outcome::Failed(Error::NotSent(_))), "{end:?}");
    }
}

#[test]
fn the_token_goes_to_no_address_where_others_could_read_it() {
    for url in [
        "",
        "x",
        "http://a.example",
        "https://a:b@a.example",
        "ftp://127.0.0.1",
    ] {
        let api = Api::new(&FakeHost::new(url), None).map(drop);
        assert!(matches!(api, Err(Error::Config(_))), "{url}: {api:?}");
    }
    let host = FakeHost::new("https://a.example/v2/");
    assert_eq!(Api::new(&host, None).unwrap().base, "https://a.example/v2");
}

#[test]
fn a_timeout_after_sending_is_not_known() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let end = issue(&FakeHost::new(&url));
    assert!(matches!(end, Outcome::Unknown(Error::Lost(_))), "{end:?}");
}

#[test]
fn neither_token_nor_key_is_in_the_log() {
    let (url, received) = server(http(200, &format!("[{ISSUED}]")));
    let host = FakeHost::new(&url);
    let token = Token::new(Some("tok&=1")).unwrap();
    let api = Api::new(&host, Some(token)).unwrap();
    assert!(api.license(&LicenseKey::new(KEY).unwrap()).is_err());
    received.join().unwrap();
    let calls = host.calls.borrow();
    let shown = format!("{}{}", calls[0].request, calls[0].response);
    for secret in [KEY, &encoded(KEY), "tok&=1"] {
        assert!(!shown.contains(secret), "{shown}");
        assert!(calls[0].secrets.iter().any(|value| value == secret));
    }
    assert!(shown.contains("request id r-1"));
}

fn connect(host: &FakeHost) -> Outcome<site::Site> {
    let token = Token::new(Some("tok&=1")).unwrap();
    let administrator = site::LocalUser::Login("ada@a.example".into());
    Api::new(host, Some(token))
        .unwrap()
        .connect("https://a.example/blog", &administrator)
}

#[test]
fn a_site_is_connected_by_one_post_with_its_address_and_its_administrator() {
    let (url, received) = server(http(200, r#"{"code":"success","blog_id":"7"}"#));
    let Outcome::Done(answered) = connect(&FakeHost::new(&url)) else {
        panic!("not done");
    };
    assert_eq!(answered.value.blog_id, Some(7));
    let request = received.join().unwrap();
    assert!(request.starts_with("POST /site-connection HTTP/1.1\r\n"));
    let body = r#"{"url":"https://a.example/blog","local_user":"ada@a.example"}"#;
    let sent: serde_json::Value =
        serde_json::from_str(request.rsplit("\r\n\r\n").next().unwrap()).unwrap();
    assert_eq!(
        sent,
        serde_json::from_str::<serde_json::Value>(body).unwrap()
    );
}

#[test]
fn a_site_that_is_refused_is_named_with_what_to_look_at() {
    let (url, received) = server(http(403, r#"{"code":"c","message":"No Jetpack."}"#));
    let Outcome::Failed(error) = connect(&FakeHost::new(&url)) else {
        panic!("not failed");
    };
    let sentence = error.to_string();
    for part in [
        "connect the site https://a.example/blog",
        "No Jetpack. (c, HTTP 403",
        "installed and active on that site",
    ] {
        assert!(sentence.contains(part), "{sentence}");
    }
    received.join().unwrap();
}
