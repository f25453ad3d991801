//! The answer's bytes, with an end in time and in the length of one account.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// Where the bytes come from; the error is a reason for staff.
pub struct Source<F> {
    read: RefCell<F>,
    began: Instant,
    longest: Duration,
    longest_account: u64,
    /// Bytes since the account that is being read began, give or take a piece.
    since_account: Cell<u64>,
    broken: RefCell<Option<String>>,
}

impl<F: FnMut(&mut [u8]) -> Result<usize, String>> Source<F> {
    pub fn new(read: F, longest: Duration, longest_account: u64) -> Self {
        Self {
            read: RefCell::new(read),
            began: Instant::now(),
            longest,
            longest_account,
            since_account: Cell::new(0),
            broken: RefCell::new(None),
        }
    }

    /// From here on the bytes are another account's.
    pub fn begin_account(&self) {
        self.since_account.set(0);
    }

    /// Why there are no more bytes, where that is not the end of the answer.
    pub fn broken(&self) -> Option<String> {
        self.broken.borrow().clone()
    }

    fn next_piece(&self, piece: &mut [u8]) -> Result<usize, String> {
        if self.began.elapsed() > self.longest {
            return Err(format!(
                "the answer did not end within {} minutes",
                self.longest.as_secs() / 60
            ));
        }
        if self.since_account.get() > self.longest_account {
            return Err(format!(
                "one account in the answer is longer than {} MB",
                self.longest_account >> 20
            ));
        }
        let length = (self.read.borrow_mut())(piece)?;
        let since = self.since_account.get().saturating_add(length as u64);
        self.since_account.set(since);
        Ok(length)
    }
}

impl<F: FnMut(&mut [u8]) -> Result<usize, String>> Read for &Source<F> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        self.next_piece(piece).map_err(|reason| {
            self.broken.replace(Some(reason));
            io::Error::from(io::ErrorKind::Other)
        })
    }
}
