//! The three ends of a request that changes something remotely. The journal stores them under the same words (`journal::End`).

use crate::error::Error;

/// The outcome of a request that changes something of a remote API.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It was carried out.
    Done(Answered<T>),
    /// Nothing has changed remotely.
    Failed(Error),
    /// It may have been carried out.
    Unknown(Error),
}

/// A reply, and the id that the remote API gave the request, where it gives one.
#[derive(Debug)]
pub struct Answered<T> {
    pub value: T,
    pub request_id: Option<String>,
}
