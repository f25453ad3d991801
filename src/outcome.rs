//! The three ends of a request that changes something remotely: done, not done, not known.

use crate::error::Error;

/// How a request that changes something of a remote API ended.
#[derive(Debug)]
pub enum Outcome<T> {
    Done(Answered<T>),
    /// Nothing has changed remotely.
    NotDone(Error),
    /// It may have been carried out.
    NotKnown(Error),
}

/// An answer, and the id that the remote API gave the request, where it gives one.
#[derive(Debug)]
pub struct Answered<T> {
    pub value: T,
    pub request_id: Option<String>,
}
