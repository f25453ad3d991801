//! A WHMCS without PHP, for unit tests: fixed settings, and the calls that were logged.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration;

use super::{Host, ModuleCall};
use crate::database;
use crate::error::Error;
use crate::hash::hex;
use crate::http;
use crate::http::stream::StillAwaited;
use crate::pace::PaceLimits;
use crate::worker::state_dir::Location;

pub struct FakeHost {
    pub api_url: String,
    pub request_timeout: Duration,
    pub calls: RefCell<Vec<ModuleCall>>,
    /// As helpers of another key, or of another WHMCS.
    pub loses_what_it_encrypts: bool,
}

impl FakeHost {
    pub fn new(api_url: &str) -> Self {
        Self {
            api_url: api_url.to_owned(),
            request_timeout: Duration::from_millis(500),
            calls: RefCell::default(),
            loses_what_it_encrypts: false,
        }
    }
}

impl Host for FakeHost {
    fn database(&self) -> Result<database::DatabaseSettings, Error> {
        Err(Error::Config("unit tests have no database".into()))
    }

    fn http(&self) -> http::HttpSettings {
        http::HttpSettings {
            connect_timeout: Duration::from_secs(2),
            request_timeout: self.request_timeout,
            ca_file: String::new(),
            proxy: String::new(),
            no_proxy: String::new(),
            max_response_bytes: 1000,
            breaker: http::circuit_breaker::BreakerSettings {
                directory: self.state_dir(),
                pause: Duration::ZERO,
            },
        }
    }

    fn download_limits(&self) -> PaceLimits {
        PaceLimits {
            lowest_speed: 1,
            longest_time: Duration::from_secs(10),
        }
    }

    fn can_send_file(&self) -> bool {
        true
    }

    fn still_awaited(&self) -> StillAwaited {
        || true
    }

    fn whmcs_root(&self) -> Option<PathBuf> {
        None
    }

    fn php(&self) -> (String, String) {
        Default::default()
    }

    fn state_dir(&self) -> Location {
        Location::new("/nonexistent", None)
    }

    fn keep_journal_days(&self) -> u32 {
        0
    }

    fn setting(&self, _name: &'static str) -> String {
        self.api_url.clone()
    }

    fn decrypt(&self, encrypted: &str) -> String {
        let digits = encrypted.as_bytes().chunks(2);
        let bytes =
            digits.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    }

    fn encrypt(&self, clear: &str) -> String {
        if self.loses_what_it_encrypts {
            return hex(b"lost");
        }
        hex(clear.as_bytes())
    }

    fn form_token(&self) -> Option<String> {
        None
    }

    fn session_language(&self) -> Option<String> {
        None
    }

    fn default_language(&self) -> Option<String> {
        None
    }

    fn local_api(
        &self,
        _command: &'static str,
        _values: Vec<(&'static str, String)>,
    ) -> Result<(), String> {
        Ok(())
    }

    fn log_call(&self, call: ModuleCall) {
        self.calls.borrow_mut().push(call);
    }

    fn log_activity(&self, _message: String) {}

    fn keep_property(&self, _name: &'static str, _value: String) {}

    fn keep_addon_properties(&self, _addon: u32, _values: Vec<(&'static str, String)>) {}
}
