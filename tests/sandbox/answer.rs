//! An answer, and how it is written to a connection.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// How an answer goes out.
#[derive(Clone, Copy)]
pub enum Manner {
    Whole,
    /// Whole, and then the connection is closed, which the head did not announce.
    ThenClose,
    /// The head promises the whole body, and the connection closes after half of it.
    Half,
    ByteByByte(Duration),
}

impl Answer {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=UTF-8", body.to_string())
    }

    /// The error body of a `WordPress` REST endpoint.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"code": code, "message": message, "data": {"status": status}});
        Self::json(status, &body)
    }

    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn write(
        &self,
        stream: &mut impl Write,
        manner: Manner,
        keep_alive: bool,
        head_only: bool,
    ) -> io::Result<()> {
        let bodiless = head_only || matches!(self.status, 204 | 304);
        let body = if bodiless { &[] } else { self.body.as_slice() };
        let mut bytes = self.head(keep_alive).into_bytes();
        match manner {
            Manner::Whole | Manner::ThenClose => bytes.extend_from_slice(body),
            Manner::Half => bytes.extend(body.iter().take(body.len() / 2)),
            Manner::ByteByByte(_) => {}
        }
        stream.write_all(&bytes)?;
        stream.flush()?;
        if let Manner::ByteByByte(pause) = manner {
            for byte in body {
                thread::sleep(pause);
                stream.write_all(&[*byte])?;
                stream.flush()?;
            }
        }
        Ok(())
    }

    fn head(&self, keep_alive: bool) -> String {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        let mut line = |name: &str, value: &str| {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        };
        line("Content-Type", &self.content_type);
        if self.status != 204 {
            line("Content-Length", &self.body.len().to_string());
        }
        line(
            "Connection",
            if keep_alive { "keep-alive" } else { "close" },
        );
        for (name, value) in &self.headers {
            line(name, value);
        }
        head.push_str("\r\n");
        head
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
