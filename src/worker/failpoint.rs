//! Failpoints of the test build: named places before and after each request and each SQL statement, at which a test
//! ends the process or runs a program. Every other build has the steps and nothing around them.

/// Takes one step, between its two stop points.
#[cfg(not(feature = "test-build"))]
#[inline]
pub fn around<T>(_name: impl FnOnce() -> String, step: impl FnOnce() -> T) -> T {
    step()
}

#[cfg(feature = "test-build")]
pub use with_stops::around;

/// A statement by its verb and table, which hold no value.
pub fn statement(text: &str) -> String {
    let mut words = text.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let mut rest = std::iter::once(verb).chain(words);
    let table = rest
        .by_ref()
        .find(|word| matches!(*word, "FROM" | "INTO" | "UPDATE" | "TABLE"))
        .and_then(|_| rest.find(|word| !matches!(*word, "IF" | "NOT" | "EXISTS")));
    table.map_or_else(|| verb.to_owned(), |table| format!("{verb} {table}"))
}

/// A request by its method and the last part of its path: what follows a `?` may be a secret.
pub fn request(method: &str, url: &str) -> String {
    let path = url.split('?').next().unwrap_or_default();
    let part = path.rsplit('/').next().unwrap_or_default();
    format!("{method} {part}")
}

#[cfg(feature = "test-build")]
mod with_stops {
    use std::env;
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::process::{Command, abort, id};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A file that gets each name as it is passed.
    const LIST: &str = "STOP_POINT_LIST";
    /// Where to stop: the number of the point (from 1), or its name, which stops each time.
    const AT: &str = "STOP_POINT";
    /// A program to run there and wait for, with the name as its argument; without one the process gets SIGKILL.
    const RUN: &str = "STOP_POINT_RUN";

    static PASSED: AtomicUsize = AtomicUsize::new(0);

    pub fn around<T>(name: impl FnOnce() -> String, step: impl FnOnce() -> T) -> T {
        let name = name();
        pass(&format!("before {name}"));
        let end = step();
        pass(&format!("after {name}"));
        end
    }

    fn pass(name: &str) {
        let number = PASSED.fetch_add(1, Ordering::Relaxed) + 1;
        if let Ok(list) = env::var(LIST) {
            append(&list, name);
        }
        let Ok(at) = env::var(AT) else {
            return;
        };
        if at != name && at != number.to_string() {
            return;
        }
        if let Ok(program) = env::var(RUN) {
            run(Command::new(program).arg(name));
            return;
        }
        run(Command::new("kill").arg("-KILL").arg(id().to_string()));
        // A process that goes on would make a test of its death pass.
        abort();
    }

    /// What cannot be done here must not look like a test that passed.
    fn run(command: &mut Command) {
        let ended = command.env_remove(LIST).env_remove(AT).env_remove(RUN);
        if !ended.status().is_ok_and(|status| status.success()) {
            abort();
        }
    }

    fn append(list: &str, name: &str) {
        let opened = OpenOptions::new().create(true).append(true).open(list);
        if opened
            .and_then(|mut file| writeln!(file, "{name}"))
            .is_err()
        {
            abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_and_requests_are_named_without_their_values() {
        for (text, name) in [
            ("SELECT a, b\n    FROM t WHERE c='x'", "SELECT t"),
            ("INSERT INTO t\n    (a) VALUES (:a)", "INSERT t"),
            ("UPDATE t SET a='FROM'", "UPDATE t"),
            ("DELETE FROM t WHERE id=1", "DELETE t"),
            ("CREATE TABLE IF NOT EXISTS t (id INT)", "CREATE t"),
            ("ALTER TABLE t ADD COLUMN c INT", "ALTER t"),
            ("COMMIT", "COMMIT"),
        ] {
            assert_eq!(statement(text), name);
        }
        assert_eq!(
            request(
                "DELETE",
                "https://api.example/v2/license?license_key=secret"
            ),
            "DELETE license"
        );
        assert_eq!(
            request("POST", "http://h/api/v1/admin/add-user"),
            "POST add-user"
        );
    }

    #[cfg(not(feature = "test-build"))]
    #[test]
    fn an_ordinary_build_takes_the_step_and_makes_no_name() {
        assert_eq!(around(|| unreachable!("a name"), || 7), 7);
    }
}
