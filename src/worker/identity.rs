//! The identity of a PHP process, or of a thread of it, as it is stored with locks and journal rows: whether it can still be
//! at work.

use std::cell::Cell;
use std::convert::Infallible;
use std::fs;

use super::fork_safe::PerProcess;

/// Read once: each of these files costs a few system calls.
static OWN: PerProcess<(), Process> = PerProcess::new();

thread_local! {
    /// The process that this was read in, for a fork takes it along, and the thread's number and start.
    static OWN_THREAD: Cell<Option<(u32, u32, u64)>> = const { Cell::new(None) };
}

/// A process by its host, its number and its start: numbers are given again, starts are not. Where PHP serves requests
/// in threads, number and start of the thread follow; without them it is the process's first, the only one that
/// serves requests elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    pub host: String,
    pub name: String,
}

impl Process {
    /// The caller, on the thread of its request: one that only helps has another identity.
    pub fn own() -> Self {
        let number = std::process::id();
        let Ok(mut own) = OWN.get(&(), |()| {
            let start = started(number).map(|start| start.to_string());
            Ok::<_, Infallible>(Self {
                host: host(),
                name: format!("{number}:{}", start.unwrap_or_default()),
            })
        });
        if let Some((thread, start)) = own_thread().filter(|(thread, _)| *thread != number) {
            own.name = format!("{}:{thread}:{start}", own.name);
        }
        own
    }

    /// Whether it is certain that it has ended: on this host, and where other processes can be seen. A row of this very
    /// thread is one that its own earlier request left behind: PHP runs one request at a time in a thread.
    pub fn is_gone(&self) -> bool {
        let sees_others = started(1).is_some() && started(std::process::id()).is_some();
        if self.host != host() || !sees_others {
            return false;
        }
        let parts: Vec<&str> = self.name.split(':').collect();
        let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !parts.iter().all(is_number) {
            return true;
        }
        let (file, start) = match parts[..] {
            [number, start] => (format!("/proc/{number}/stat"), start),
            [number, _, thread, start] => (format!("/proc/{number}/task/{thread}/stat"), start),
            _ => return true,
        };
        // A start that could not be read says nothing.
        !start.is_empty()
            && (self.name == Self::own().name
                || stat(&file).is_none_or(|(_, now)| start.parse() != Ok(now)))
    }
}

/// Number and start of the thread that asks.
fn own_thread() -> Option<(u32, u64)> {
    let process = std::process::id();
    let known = OWN_THREAD.get().filter(|(of, ..)| *of == process);
    let own = known.or_else(|| {
        let (number, start) = stat("/proc/thread-self/stat")?;
        Some((process, number, start))
    });
    OWN_THREAD.set(own);
    own.map(|(_, number, start)| (number, start))
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

/// Start of a process in clock ticks since boot.
fn started(number: u32) -> Option<u64> {
    stat(&format!("/proc/{number}/stat")).map(|(_, start)| start)
}

/// Number and start (field 22, proc(5)) of a process or thread. None for one that has ended and only waits for its parent
/// to notice (state Z or X).
fn stat(file: &str) -> Option<(u32, u64)> {
    let line = fs::read_to_string(file).ok()?;
    let (before_name, _) = line.split_once(' ')?;
    let (_, after_name) = line.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    let start = fields.nth(18)?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some((before_name.parse().ok()?, start))
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

    /// A PHP that serves requests in threads.
    #[test]
    fn a_request_in_another_thread_of_this_process_lives_until_its_thread_ends() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            sender.send(Process::own()).unwrap();
            ended.recv().unwrap_err();
        });
        let other = receiver.recv().unwrap();
        let own = Process::own();
        assert_ne!(own, other);
        assert!(!other.is_gone());
        assert!(own.is_gone(), "an earlier request of this thread left it");
        drop(end);
        thread.join().unwrap();
        while !other.is_gone() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_first_thread_of_a_process_is_named_as_earlier_versions_name_the_process() {
        let number = std::process::id();
        let first = Process {
            host: host(),
            name: format!("{number}:{}", started(number).unwrap()),
        };
        assert!(Process::own().name.starts_with(&format!("{}:", first.name)));
        assert!(!first.is_gone(), "it is another thread than the test's");
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
