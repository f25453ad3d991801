//! A circuit breaker: a server that could not be reached seconds ago gets no request from every page of every customer.
//!
//! Its state is the age of a file, which all PHP processes of this user see at the cost of one system call.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, SystemTime};

use crate::worker::state_dir::{Location, StateDir};

/// A longer reason is cut.
const LONGEST_REASON: u64 = 200;

/// Settings of the breaker: where it is remembered that servers are down, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakerSettings {
    pub directory: Location,
    /// Zero: every request is sent.
    pub pause: Duration,
}

/// Pauses after which what is remembered is no reason to keep others waiting.
const LONG_AGO: u32 = 3;

/// The breaker of one server.
pub struct Breaker {
    settings: BreakerSettings,
    name: String,
}

impl Breaker {
    /// Makes the breaker of a server; `url` is any address on it.
    pub fn new(settings: &BreakerSettings, url: &str) -> Self {
        let address: Vec<&str> = url.splitn(4, '/').take(3).collect();
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        Self {
            settings: settings.clone(),
            name: format!("down-{:016x}", hasher.finish()),
        }
    }

    /// Returns why no request is sent now. When the pause is over one caller is let through, and the others still wait.
    pub fn refusal(&self) -> Option<String> {
        let (since, reason) = self.failure()?;
        if let Some(left) = self.settings.pause.checked_sub(since) {
            return Some(format!(
                "{} seconds ago {reason}; it is not asked again for {} seconds",
                since.as_secs(),
                left.as_secs() + 1
            ));
        }
        if since < self.settings.pause * LONG_AGO {
            self.remember(&reason);
        }
        None
    }

    /// Returns since when the server could not be reached, and why, as far as that is remembered.
    pub fn failure(&self) -> Option<(Duration, String)> {
        let directory = self.directory()?;
        let kept = directory.read(&self.name, LONGEST_REASON).ok()?;
        // A time in the future is one from before the clock was set back: how long ago that was nobody knows.
        let since = SystemTime::now()
            .duration_since(kept.written)
            .unwrap_or(self.settings.pause * LONG_AGO);
        let reason = crate::text::plain(&kept.text);
        // A file without words is none of ours.
        (!reason.is_empty()).then_some((since, reason))
    }

    /// The server could not be reached. Where this cannot be remembered the next call tries again.
    pub fn remember(&self, reason: &str) {
        if !self.settings.pause.is_zero() {
            let directory = self.settings.directory.open_or_make();
            drop(directory.map(|directory| directory.write_hint(&self.name, reason)));
        }
    }

    /// The server answered.
    pub fn forget(&self) {
        if let Some(directory) = self.directory() {
            drop(directory.remove(&self.name));
        }
    }

    /// Without one that can be trusted every request is sent.
    fn directory(&self) -> Option<StateDir> {
        if self.settings.pause.is_zero() {
            return None;
        }
        self.settings.directory.open().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::DirBuilderExt;

    fn settings(name: &str, pause: Duration) -> BreakerSettings {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::DirBuilder::new().mode(0o700).create(&path).unwrap();
        BreakerSettings {
            directory: Location::new(path.to_str().unwrap(), None),
            pause,
        }
    }

    fn age(breaker: &Breaker, seconds: u64) {
        set_time(breaker, SystemTime::now() - Duration::from_secs(seconds));
    }

    fn set_time(breaker: &Breaker, time: SystemTime) {
        let path = breaker.settings.directory.path.join(&breaker.name);
        let file = fs::File::options().write(true).open(path);
        file.unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn a_server_that_is_down_is_asked_by_one_caller_after_the_pause() {
        let settings = settings("breaker-pause", Duration::from_secs(10));
        let server = Breaker::new(&settings, "https://a.example:8060/api/v1/admin/x");
        let same = Breaker::new(&settings, "https://a.example:8060/");
        let other = Breaker::new(&settings, "https://b.example:8060/");
        assert_eq!(server.refusal(), None);

        server.remember("the server refused the connection");
        assert!(same.refusal().unwrap().contains("refused the connection"));
        assert_eq!(other.refusal(), None);

        age(&server, 11);
        assert_eq!(server.refusal(), None, "one is let through");
        assert!(same.refusal().is_some(), "the others wait");
        age(&server, 100);
        assert_eq!((server.refusal(), same.refusal()), (None, None));

        server.remember("down");
        let future = SystemTime::now() + Duration::from_secs(3600);
        set_time(&server, future);
        let asks = (server.refusal(), same.refusal());
        assert_eq!(asks, (None, None), "the clock was set back");

        server.remember("\0\0");
        assert_eq!(server.refusal(), None, "it says nothing");

        server.remember("again");
        same.forget();
        assert_eq!(server.refusal(), None);
        fs::remove_dir_all(&settings.directory.path).unwrap();
    }

    #[test]
    fn without_a_pause_nothing_is_remembered() {
        let settings = settings("breaker-off", Duration::ZERO);
        let server = Breaker::new(&settings, "https://a.example/");
        server.remember("down");
        assert_eq!(server.refusal(), None);
        fs::remove_dir(&settings.directory.path).unwrap();
    }
}
