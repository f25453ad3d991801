//! What each fault does to a request and its answer.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::answer::{Answer, Manner};
use crate::body::Body;
use crate::faults::{Fault, When};
use crate::service::Service;

const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>One moment</title></head>\
    <body><h1>Please come back later</h1></body></html>\n";

/// Has the request acted on where the fault lets it, and says what to answer; `None` for nothing.
pub fn deliver(
    fault: Option<Fault>,
    service: Service,
    act: impl FnOnce() -> Answer,
) -> Option<(Answer, Manner)> {
    let Some(fault) = fault else {
        return Some((act(), Manner::Whole));
    };
    let mut manner = Manner::Whole;
    let answer = match fault {
        Fault::Drop => return None,
        Fault::Hang { ms } => {
            thread::sleep(Duration::from_millis(ms));
            return None;
        }
        Fault::ActAndDrop => {
            act();
            return None;
        }
        Fault::Delay { ms, when } => delay(Duration::from_millis(ms), when, act),
        Fault::Truncate { at } => {
            manner = Manner::Cut(at);
            act()
        }
        Fault::SlowBody { ms_per_byte } => {
            manner = Manner::ByteByByte(Duration::from_millis(ms_per_byte));
            act()
        }
        Fault::CloseIdle | Fault::ShutDoor => {
            manner = Manner::ThenClose;
            act()
        }
        Fault::StaleHash { .. } => act(),
        Fault::WrongTypes => with_wrong_types(act()),
        Fault::Huge { bytes } => padded(act(), bytes),
        Fault::Status {
            status,
            body,
            content_type,
            headers,
            act: acts,
        } => {
            act_if(acts, act);
            let content_type = content_type.as_deref().unwrap_or("text/plain");
            let mut answer = Answer::new(status, content_type, body);
            answer.headers.extend(headers);
            answer
        }
        Fault::Html { status, act: acts } => {
            act_if(acts, act);
            Answer::new(status, "text/html; charset=UTF-8", HTML_PAGE)
        }
        Fault::Json {
            status,
            body,
            act: acts,
        } => {
            act_if(acts, act);
            Answer::json(status, &body)
        }
        Fault::RateLimit { retry_after } => rate_limited(service, retry_after),
        Fault::Repeat(list) => shared(list.text()),
        Fault::Redirect { status, location } => redirection(status, location),
    };
    Some((answer, manner))
}

fn shared(body: Arc<Vec<u8>>) -> Answer {
    let mut answer = Answer::new(200, "application/json", "");
    answer.body = Body::Shared(body);
    answer
}

fn redirection(status: u16, location: String) -> Answer {
    Answer::new(status, "text/html; charset=UTF-8", "").with_header("Location", location)
}

fn act_if(wanted: bool, act: impl FnOnce() -> Answer) {
    if wanted {
        act();
    }
}

fn delay(pause: Duration, when: When, act: impl FnOnce() -> Answer) -> Answer {
    match when {
        When::Before => {
            thread::sleep(pause);
            act()
        }
        When::After => {
            let answer = act();
            thread::sleep(pause);
            answer
        }
    }
}

fn rate_limited(service: Service, retry_after: Option<u64>) -> Answer {
    let answer = service.error(429, "rate_limit_exceeded", "Too many requests.");
    match retry_after {
        Some(seconds) => answer.with_header("Retry-After", seconds.to_string()),
        None => answer,
    }
}

/// A list becomes an object with the places for names, as PHP sends a list with a gap. Of an
/// object, the time of issue becomes a number, and every other member a list that holds it.
fn with_wrong_types(mut answer: Answer) -> Answer {
    let Body::Bytes(body) = &answer.body else {
        return answer;
    };
    let twisted: Map<String, Value> = match serde_json::from_slice(body) {
        Ok(Value::Array(items)) => (1..)
            .zip(items)
            .map(|(place, item)| (place.to_string(), item))
            .collect(),
        Ok(Value::Object(members)) => members
            .into_iter()
            .map(|(name, value)| match name.as_str() {
                "issued_at" => (name, json!(1_599_582_298)),
                _ => (name, json!([value])),
            })
            .collect(),
        _ => return answer,
    };
    answer.body = Body::Bytes(Value::Object(twisted).to_string().into_bytes());
    answer
}

fn padded(mut answer: Answer, bytes: usize) -> Answer {
    answer.body.pad(bytes);
    answer
}
