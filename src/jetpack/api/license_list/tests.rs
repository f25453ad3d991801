use std::cell::Cell;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::*;
use crate::jetpack::api::license::Token;
use crate::whmcs::fake_host::FakeHost;

/// Replies to each connection with the next of these, as long as there are some; the requests' first lines.
fn server(replies: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&asked);
    std::thread::spawn(move || {
        for reply in replies {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !request.ends_with(b"\r\n\r\n") {
                let length = stream.read(&mut piece).unwrap();
                request.extend_from_slice(&piece[..length]);
            }
            let text = String::from_utf8(request).unwrap();
            lines
                .lock()
                .unwrap()
                .push(text.lines().next().unwrap().to_owned());
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    (url, asked)
}

fn http(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} x\r\nDate: Mon, 30 Nov 2026 00:20:02 GMT\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn item(number: u32) -> String {
    format!(
        r#"{{"license_id":"{number}","license_key":"jetpack-scan_SECRET{number}","issued_at":"2026-01-15 10:00:{number:02}","revoked_at":null}}"#
    )
}

fn page(number: u32, pages: u32, total: u32, items: &[u32]) -> String {
    let items: Vec<String> = items.iter().map(|number| item(*number)).collect();
    http(
        200,
        &format!(
            r#"{{"current_items":{},"current_page":"{number}","items":[{}],"items_per_page":2,"total_items":{total},"total_pages":{pages}}}"#,
            items.len(),
            items.join(",")
        ),
    )
}

const BOUNDS: Bounds = Bounds {
    pages: 20,
    time: Duration::from_secs(20),
    again: true,
};

/// What was read, the ids that were handed over, and the requests.
type Read1 = (Result<Option<Reading>, Error>, Vec<u64>, usize);

fn read_until(replies: Vec<String>, bounds: Bounds, last: u64) -> Read1 {
    let (url, asked) = server(replies);
    let host = FakeHost::new(&url);
    let api = Api::new(&host, Some(Token::new(Some("tok")).unwrap())).unwrap();
    let mut found = Vec::new();
    let read = api.licenses(ListFilter::NotRevoked, bounds, &mut |license| {
        found.extend(license.id);
        if license.id == Some(last) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let logged = host.calls.borrow();
    for call in logged.iter() {
        let shown = format!("{}{}", call.request, call.response);
        assert!(
            !shown.contains("SECRET") && !shown.contains("tok"),
            "{shown}"
        );
    }
    let count = asked.lock().unwrap().len();
    assert_eq!(logged.len(), count);
    (read, found, count)
}

fn read(replies: Vec<String>) -> Read1 {
    read_until(replies, BOUNDS, 0)
}

#[test]
fn pages_are_read_to_the_end_and_no_further_than_is_wanted() {
    let pages = || {
        vec![
            page(1, 3, 5, &[9, 8]),
            page(2, 3, 5, &[7, 6]),
            page(3, 3, 5, &[5]),
        ]
    };
    let (reading, found, asked) = read(pages());
    let reading = reading.unwrap().unwrap();
    assert!(reading.is_proof());
    assert_eq!(
        (found, asked, reading.licenses),
        (vec![9, 8, 7, 6, 5], 3, 5)
    );

    let (reading, found, asked) = read_until(pages(), BOUNDS, 7);
    assert!(reading.unwrap().unwrap().is_proof());
    assert_eq!((found, asked), (vec![9, 8, 7], 2));
}

#[test]
fn an_empty_list_is_a_list() {
    let (reading, found, asked) = read(vec![page(1, 0, 0, &[])]);
    assert!(reading.unwrap().unwrap().is_proof());
    assert_eq!((found.len(), asked), (0, 1));
}

#[test]
fn a_list_that_moves_is_read_again_and_is_no_proof_while_it_does() {
    let moved = || vec![page(1, 2, 4, &[9, 8]), page(2, 2, 3, &[6])];
    let still = vec![page(1, 2, 3, &[9, 8]), page(2, 2, 3, &[6])];
    let (reading, _, asked) = read([moved(), still].concat());
    assert!(reading.unwrap().unwrap().is_proof());
    assert_eq!(asked, 4);
    let (reading, _, asked) = read([moved(), moved(), moved()].concat());
    assert!(!reading.unwrap().unwrap().is_proof());
    assert_eq!(asked, 6);
    let once = Bounds {
        again: false,
        ..BOUNDS
    };
    let (reading, _, asked) = read_until(moved(), once, 0);
    assert!(!reading.unwrap().unwrap().is_proof());
    assert_eq!(asked, 2);
}

#[test]
fn what_repeats_skips_or_is_unsorted_is_no_proof() {
    let once = Bounds {
        again: false,
        ..BOUNDS
    };
    for (pages, what) in [
        (
            vec![page(1, 2, 4, &[9, 8]), page(2, 2, 4, &[8, 7])],
            "repeated",
        ),
        (vec![page(1, 2, 4, &[9, 8]), page(2, 2, 4, &[6])], "skipped"),
        (
            vec![page(1, 2, 4, &[8, 9]), page(2, 2, 4, &[7, 6])],
            "unsorted",
        ),
        (
            vec![page(1, 2, 4, &[9, 8]), page(1, 2, 4, &[7, 6])],
            "another page",
        ),
        (
            vec![page(1, 2, 4, &[9, 8]), page(2, 2, 4, &[])],
            "ends early",
        ),
    ] {
        let (reading, ..) = read_until(pages, once, 0);
        assert!(!reading.unwrap().unwrap().is_proof(), "{what}");
    }
}

#[test]
fn a_list_without_end_is_read_so_far_and_is_no_proof() {
    let pages = (1..=8)
        .map(|n| page(n, n + 1, 99, &[60 - 2 * n, 59 - 2 * n]))
        .collect();
    let (reading, _, asked) = read_until(pages, Bounds { pages: 8, ..BOUNDS }, 0);
    let reading = reading.unwrap().unwrap();
    assert!(!reading.is_proof() && !reading.is_whole);
    assert_eq!(asked, 8);
}

#[test]
fn what_is_no_license_costs_the_proof_and_not_the_others() {
    for wrong in [
        "null",
        "7",
        "{}",
        r#"{"license_key":7}"#,
        r#"{"license_key":""}"#,
        r#"["k"]"#,
    ] {
        let body = format!(
            r#"{{"items":[{},{wrong},{}],"total_items":3,"total_pages":1}}"#,
            item(9),
            item(8)
        );
        let (reading, found, _) = read(vec![http(200, &body); 3]);
        let reading = reading.unwrap().unwrap();
        assert_eq!(
            (found.len(), reading.unreadable, reading.is_proof()),
            (6, 1, false),
            "{wrong}"
        );
    }
}

#[test]
fn a_license_that_is_attached_in_any_way_is_so() {
    let body = r#"{"items":[{"license_key":"a_b_K","blog_id":"7"},{"license_key":"k","siteurl":"https://a.example"},
        {"license_key":"_k","attached_at":"soon"},{"license_key":"c_K","blog_id":0,"siteurl":null,"revoked_at":""}],
        "total_items":"4","total_pages":1}"#;
    let (url, _) = server(vec![http(200, body)]);
    let host = FakeHost::new(&url);
    let api = Api::new(&host, Some(Token::new(Some("tok")).unwrap())).unwrap();
    let mut found = Vec::new();
    let once = Bounds {
        again: false,
        ..BOUNDS
    };
    api.licenses(ListFilter::NotRevoked, once, &mut |license| {
        found.push((
            license.slug().map(str::to_owned),
            license.is_attached(),
            license.revoked_at.is_some(),
        ));
        ControlFlow::Continue(())
    })
    .unwrap();
    let expected = [
        (Some("a_b"), true),
        (None, true),
        (None, true),
        (Some("c"), false),
    ];
    let expected = expected.map(|(slug, attached)| (slug.map(str::to_owned), attached, false));
    assert_eq!(found, expected);
}

#[test]
fn a_token_without_a_list_is_not_asked_again_and_another_is() {
    for reply in [
        http(404, r#"{"code":"rest_no_route","message":"No route."}"#),
        http(403, "{}"),
        http(200, "[]"),
        http(200, "<html>"),
        http(200, r#"{"licenses":[]}"#),
        http(200, r#"{"items":[]}"#),
        http(200, r#"{"items":7,"total_items":7}"#),
    ] {
        let (url, asked) = server(vec![reply.clone(), page(1, 1, 1, &[9])]);
        let host = FakeHost::new(&url);
        let read = |token| {
            let api = Api::new(&host, Some(Token::new(Some(token)).unwrap())).unwrap();
            let read = api.licenses(ListFilter::NotRevoked, BOUNDS, &mut |_| {
                ControlFlow::Continue(())
            });
            read.unwrap().is_some()
        };
        assert_eq!(
            [read("one"), read("one"), read("two")],
            [false, false, true],
            "{reply}"
        );
        assert_eq!(asked.lock().unwrap().len(), 2);
    }
}

#[test]
fn what_is_out_of_order_says_nothing_about_the_list() {
    let whole = page(1, 1, 1, &[9]);
    for reply in [
        http(500, "{}"),
        http(429, "{}"),
        http(401, "{}"),
        http(200, ""),
        whole[..whole.len() - 5].to_owned(),
        String::new(),
    ] {
        let (url, _) = server(vec![reply.clone(); 2]);
        let host = FakeHost::new(&url);
        let api = Api::new(&host, Some(Token::new(Some("tok")).unwrap())).unwrap();
        let read = || {
            api.licenses(ListFilter::NotRevoked, BOUNDS, &mut |_| {
                ControlFlow::Continue(())
            })
        };
        assert!(read().is_err(), "{reply}");
    }
    // Also where a later page fails.
    let (reading, found, _) = read(vec![page(1, 2, 4, &[9, 8]), http(404, "{}")]);
    assert_eq!((reading.is_err(), found.len()), (true, 2));
}

#[test]
fn what_the_bill_says_of_products_is_read_and_another_answer_is_none() {
    for (reply, products) in [
        (
            http(
                200,
                r#"{"date":"2026-11-30","products":[{"product_slug":"a","product_cost":3.95,"counts":{}}]}"#,
            ),
            Some(1),
        ),
        (http(404, "{}"), None),
        (http(403, "{}"), None),
        (http(200, "[]"), None),
    ] {
        let (url, _) = server(vec![reply]);
        let host = FakeHost::new(&url);
        let api = Api::new(&host, Some(Token::new(Some("tok")).unwrap())).unwrap();
        assert_eq!(
            api.billing().unwrap().map(|bill| bill.products.len()),
            products
        );
    }
}

#[test]
fn a_hundred_thousand_licenses_are_never_in_memory_together() {
    let items = vec![item(9); 100_000].join(",");
    let body = format!(r#"{{"items":[{items}],"total_items":100000,"total_pages":1}}"#);
    let mut rest = body.as_bytes();
    let (count, largest) = (Cell::new(0_u64), Cell::new(0));
    let mut source = |piece: &mut [u8]| {
        largest.set(largest.get().max(piece.len()));
        rest.read(piece).map_err(|error| error.to_string())
    };
    let read = page::read(&mut source, &mut |_| count.set(count.get() + 1))
        .unwrap()
        .unwrap();
    assert_eq!((count.get(), read.items), (100_000, 100_000));
    assert!(largest.get() <= 64 * 1024);
}
