//! A request, and how it is read from a connection.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};

use serde_json::{Map, Value};

const MAX_HEAD_BYTES: u64 = 64 * 1024;
const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;
const MAX_HEADERS: usize = 100;

#[derive(Default)]
pub struct Request {
    pub method: String,
    /// Decoded, without the query.
    pub path: String,
    /// Decoded one by one, so that an encoded slash stays inside its segment.
    pub segments: Vec<String>,
    pub query: BTreeMap<String, String>,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    pub keep_alive: bool,
    /// Bytes of head and body.
    pub size: u64,
}

impl Request {
    /// The next request of the connection, or `None` where the client has closed it.
    pub fn read<S: Read + Write>(stream: &mut BufReader<S>) -> io::Result<Option<Self>> {
        let head = read_head(stream)?;
        if head.is_empty() {
            return Ok(None);
        }
        let mut request = Self::parse_head(&head)?;
        if request
            .header("expect")
            .eq_ignore_ascii_case("100-continue")
        {
            stream
                .get_mut()
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            stream.get_mut().flush()?;
        }
        request.body = request.read_body(stream)?;
        request.size = (head.len() + request.body.len()) as u64;
        Ok(Some(request))
    }

    /// The header's value, empty where it was not sent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The members of a JSON body. Like `WordPress`, this takes a body for JSON only if its type says so.
    pub fn json(&self) -> Result<Map<String, Value>, serde_json::Error> {
        if self.body.is_empty() || !self.header("content-type").contains("json") {
            return Ok(Map::new());
        }
        serde_json::from_slice(&self.body)
    }

    /// The fields of a form body.
    pub fn form(&self) -> BTreeMap<String, String> {
        let kind = self.header("content-type").to_ascii_lowercase();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return BTreeMap::new();
        }
        query_pairs(&String::from_utf8_lossy(&self.body))
    }

    fn parse_head(head: &[u8]) -> io::Result<Self> {
        let mut slots = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut slots);
        let status = parsed.parse(head).map_err(malformed)?;
        let (Some(method), Some(target), Some(version), true) = (
            parsed.method,
            parsed.path,
            parsed.version,
            status.is_complete(),
        ) else {
            return Err(malformed("incomplete head"));
        };

        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for header in parsed.headers.iter() {
            let value = String::from_utf8_lossy(header.value);
            headers
                .entry(header.name.to_ascii_lowercase())
                .and_modify(|earlier| *earlier = format!("{earlier}, {value}"))
                .or_insert_with(|| value.to_string());
        }
        let mut request = Self {
            method: method.to_owned(),
            path: percent_decode(path),
            segments: segments(path),
            query: query_pairs(query),
            headers,
            ..Self::default()
        };
        let wish = request.header("connection").to_ascii_lowercase();
        request.keep_alive = if version == 0 {
            wish.contains("keep-alive")
        } else {
            !wish.contains("close")
        };
        Ok(request)
    }

    fn read_body(&self, stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let coding = self.header("transfer-encoding");
        if coding.eq_ignore_ascii_case("chunked") {
            return read_chunks(stream);
        }
        if !coding.is_empty() {
            return Err(malformed("unknown transfer coding"));
        }
        match self.headers.get("content-length") {
            Some(length) => read_exactly(stream, length.parse().map_err(malformed)?),
            None => Ok(Vec::new()),
        }
    }
}

/// All lines up to and with the empty one; nothing where the connection ended before the first byte.
fn read_head(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut limited = stream.take(MAX_HEAD_BYTES);
    let mut head = Vec::new();
    loop {
        let length = limited.read_until(b'\n', &mut head)?;
        if length == 0 && head.is_empty() {
            return Ok(head);
        }
        if !head.ends_with(b"\n") {
            return Err(malformed("the head is cut off or too long"));
        }
        if length <= 2 && (head.ends_with(b"\n\r\n") || head.ends_with(b"\n\n")) {
            return Ok(head);
        }
    }
}

fn read_chunks(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(stream)?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(digits, 16).map_err(malformed)?;
        if size == 0 {
            break;
        }
        body.extend(read_exactly(stream, size)?);
        if body.len() as u64 > MAX_BODY_BYTES || !read_line(stream)?.is_empty() {
            return Err(malformed("the chunk is too long"));
        }
    }
    while !read_line(stream)?.is_empty() {}
    Ok(body)
}

fn read_line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    stream.take(MAX_HEAD_BYTES).read_line(&mut line)?;
    if !line.ends_with('\n') {
        return Err(malformed("the body is cut off"));
    }
    Ok(line.trim_end().to_owned())
}

fn read_exactly(stream: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    if length > MAX_BODY_BYTES {
        return Err(malformed("the body is too long"));
    }
    let mut body = Vec::new();
    if stream.take(length).read_to_end(&mut body)? as u64 == length {
        Ok(body)
    } else {
        Err(ErrorKind::UnexpectedEof.into())
    }
}

/// One slash at the end makes no difference, a doubled one does.
fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(percent_decode).collect()
}

/// As PHP reads a query: `+` is a space, and the last of several values counts.
fn query_pairs(query: &str) -> BTreeMap<String, String> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text: &str| percent_decode(&text.replace('+', " "));
            (decode(name), decode(value))
        })
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if let (b'%', Some((digits, remainder))) = (first, after.split_at_checked(2))
            && let Some(byte) = hex_byte(digits)
        {
            bytes.push(byte);
            rest = remainder;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    // `from_str_radix` would take a sign.
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn malformed(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidData, reason)
}
