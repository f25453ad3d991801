//! Which process wrote a journal row, and whether it can still be at work.

use std::convert::Infallible;
use std::fs;

use crate::per_process::PerProcess;

/// Read once: each of these files costs a few system calls.
static OWN: PerProcess<(), Process> = PerProcess::new();

/// A process by its host, its number and its start: numbers are given again, starts are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    pub host: String,
    pub name: String,
}

impl Process {
    pub fn own() -> Self {
        let Ok(own) = OWN.get(&(), |()| {
            let number = std::process::id();
            Ok::<_, Infallible>(Self {
                host: host(),
                name: format!("{number}:{}", started(number).unwrap_or_default()),
            })
        });
        own
    }

    /// True only where it is certain: on this host, and where other processes can be seen. A row of this
    /// very process is one that its own earlier request left behind: PHP runs one request at a time.
    pub fn is_gone(&self) -> bool {
        let sees_others = started(1).is_some() && started(std::process::id()).is_some();
        if self.host != host() || !sees_others {
            return false;
        }
        let Some((number, start)) = self.name.split_once(':') else {
            return true;
        };
        let Ok(number) = number.parse() else {
            return true;
        };
        // A start that could not be read says nothing.
        !start.is_empty()
            && (number == std::process::id() || started(number).as_deref() != Some(start))
    }
}

/// The machine, and the boot and process namespace on it: containers share names and numbers.
fn host() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let name = read("/proc/sys/kernel/hostname");
    let boot = read("/proc/sys/kernel/random/boot_id");
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!(
        "{} {} {}",
        name.trim(),
        boot.trim().get(..8).unwrap_or_default(),
        namespace.display()
    )
}

/// Start of a process in clock ticks since boot: field 22 of `/proc/PID/stat` (proc(5)).
/// None for one that has ended and only waits for its parent to notice (state Z or X).
fn started(number: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    let begun = fields.nth(18)?;
    (!matches!(state, "Z" | "X")).then(|| begun.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_ended_is_gone_and_one_that_runs_is_not() {
        let mut child = std::process::Command::new("sleep")
            .arg("30")
            .spawn()
            .unwrap();
        let other = Process {
            host: host(),
            name: format!("{}:{}", child.id(), started(child.id()).unwrap()),
        };
        assert!(!other.is_gone());
        child.kill().unwrap();
        while started(child.id()).is_some() {
            std::thread::yield_now();
        }
        assert!(other.is_gone(), "not yet waited for");
        child.wait().unwrap();
        assert!(other.is_gone());
    }

    #[test]
    fn of_a_start_that_was_not_read_nothing_is_certain() {
        let unread = Process {
            host: host(),
            name: "1:".into(),
        };
        assert!(!unread.is_gone());
    }

    #[test]
    fn a_number_given_again_is_another_process() {
        let again = Process {
            host: host(),
            name: "1:99999999999".into(),
        };
        assert!(again.is_gone());
    }

    #[test]
    fn of_another_host_nothing_is_certain() {
        let far = Process {
            host: "other".into(),
            name: "1:1".into(),
        };
        assert!(!far.is_gone());
    }
}
