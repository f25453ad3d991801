//! What clients asked of the API and what they got, for tests to look at.

use std::collections::BTreeMap;
use std::process;

use serde::Serialize;
use serde_json::{Value, json};

use crate::connection::Peer;
use crate::request::Request;
use crate::service::Service;

#[derive(Default)]
pub struct Transcript {
    entries: Vec<Entry>,
    connections: u64,
    resumed: u64,
    bytes_received: u64,
    bytes_sent: u64,
    last_request_id: u64,
}

/// What one API's requests have to tell besides the usual.
pub struct Details {
    pub form: Value,
    /// Fields with JSON in them, as they came.
    pub texts: BTreeMap<String, String>,
}

#[derive(Serialize)]
pub struct Entry {
    seq: usize,
    connection: u64,
    tls: bool,
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    body: String,
    /// None where no answer was sent, or not yet.
    status: Option<u16>,
    request_id: String,
    acted: bool,
    fault: Option<&'static str>,
    #[serde(skip)]
    service: Service,
    #[serde(skip)]
    pub details: Option<Details>,
}

impl Transcript {
    /// Request ids go on, so that late answers to forgotten requests match no new entry.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.connections = 0;
        self.resumed = 0;
        self.bytes_received = 0;
        self.bytes_sent = 0;
    }

    pub fn count_connection(&mut self, resumed: bool) {
        self.connections += 1;
        self.resumed += u64::from(resumed);
    }

    /// Called before the answer leaves: who has it in hand must find it counted.
    pub fn count_bytes(&mut self, received: u64, sent: u64) {
        self.bytes_received += received;
        self.bytes_sent += sent;
    }

    /// What has gone over the wire since the last reset.
    pub fn traffic(&self) -> Value {
        json!({
            "connections": self.connections,
            "resumed": self.resumed,
            "requests": self.entries.len(),
            "bytes_received": self.bytes_received,
            "bytes_sent": self.bytes_sent,
        })
    }

    /// Enters a request that has arrived and gives it its id.
    pub fn open(
        &mut self,
        request: &Request,
        peer: Peer,
        fault: Option<&'static str>,
        service: Service,
        details: Option<Details>,
    ) -> String {
        self.last_request_id += 1;
        let request_id = format!("sandbox-{}-{:06}", process::id(), self.last_request_id);
        self.entries.push(Entry {
            seq: self.entries.len() + 1,
            connection: peer.number,
            tls: peer.tls,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            status: None,
            request_id: request_id.clone(),
            acted: false,
            fault,
            service,
            details,
        });
        request_id
    }

    pub fn holds(&self, request_id: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.request_id == request_id)
    }

    pub fn note_acted(&mut self, request_id: &str, acted: bool) {
        if let Some(entry) = self.entry(request_id) {
            entry.acted = acted;
        }
    }

    pub fn note_status(&mut self, request_id: &str, status: u16) {
        if let Some(entry) = self.entry(request_id) {
            entry.status = Some(status);
        }
    }

    pub fn entries(&self, service: Service) -> Vec<&Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.service == service)
            .collect()
    }

    pub fn connections(&self) -> u64 {
        self.connections
    }

    fn entry(&mut self, request_id: &str) -> Option<&mut Entry> {
        self.entries
            .iter_mut()
            .rev()
            .find(|entry| entry.request_id == request_id)
    }
}
