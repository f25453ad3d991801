//! The three ends of a request that changes something.

use crate::error::Error;

/// How a request that changes something at the other side ended.
#[derive(Debug)]
pub enum Outcome<T> {
    Done(Answered<T>),
    /// Nothing has changed at the other side.
    NotDone(Error),
    /// It may have been carried out.
    NotKnown(Error),
}

/// An answer and the id the other side gave the request, where it gives one.
#[derive(Debug)]
pub struct Answered<T> {
    pub value: T,
    pub request_id: Option<String>,
}
