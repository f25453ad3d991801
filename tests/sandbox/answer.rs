//! An answer, and how it is written to a connection.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::body::Body;

pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

/// What came of a request.
pub struct Outcome {
    pub answer: Answer,
    /// Whether the state was changed.
    pub acted: bool,
}

/// How an answer goes out.
#[derive(Clone, Copy)]
pub enum Manner {
    Whole,
    /// Whole, and then the connection is closed, which the head did not announce.
    ThenClose,
    /// The head promises the whole body, and the connection closes after so many bytes or half of it.
    Cut(Option<u64>),
    ByteByByte(Duration),
}

impl Answer {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            headers: Vec::new(),
            body: Body::Bytes(body.into()),
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

    /// Bytes of head and body.
    pub fn size(&self, keep_alive: bool) -> u64 {
        self.head(keep_alive).len() as u64 + self.body.len()
    }

    pub fn write(
        &self,
        stream: &mut impl Write,
        manner: Manner,
        keep_alive: bool,
        head_only: bool,
    ) -> io::Result<()> {
        let mut bytes = self.head(keep_alive).into_bytes();
        let limit = match manner {
            _ if head_only || matches!(self.status, 204 | 304) => 0,
            Manner::Cut(at) => at.unwrap_or(self.body.len() / 2),
            Manner::Whole | Manner::ThenClose => u64::MAX,
            Manner::ByteByByte(pause) => {
                stream.write_all(&bytes)?;
                stream.flush()?;
                return self.body.write_byte_by_byte(stream, pause);
            }
        };
        if limit == 0 {
            stream.write_all(&bytes)?;
            return stream.flush();
        }
        if let Body::Bytes(_) = self.body {
            self.body.write(&mut bytes, limit)?;
            stream.write_all(&bytes)?;
            return stream.flush();
        }
        stream.write_all(&bytes)?;
        self.body.write(stream, limit)
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
        if self.body.is_chunked() {
            line("Transfer-Encoding", "chunked");
        } else if self.status != 204 {
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
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
