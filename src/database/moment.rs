//! SQL that compares stored times with the clock. A clock can be set back, so a time can lie in the future: no
//! condition of ours may wait for it. A minute ahead is no future: nodes of a cluster, and web servers, differ by seconds.
//!
//! Whoever compares a stored time with the clock does it with these; a test fails if a statement compares times in
//! another way.

/// Whether the time lies within the last `span`. One in the future was written before the clock was set back: it does not.
macro_rules! is_recent {
    ($time:literal, $span:literal) => {
        concat!(
            "COALESCE(",
            $time,
            " BETWEEN UTC_TIMESTAMP() - INTERVAL ",
            $span,
            " AND UTC_TIMESTAMP() + INTERVAL 1 MINUTE, 0)"
        )
    };
}

/// Whether the end of something that lasts `span` at most is still to come. One that lies further ahead was written
/// before the clock was set back: it is over.
macro_rules! is_to_come {
    ($time:literal, $span:literal) => {
        concat!(
            "COALESCE(",
            $time,
            " BETWEEN UTC_TIMESTAMP() AND UTC_TIMESTAMP() + INTERVAL 1 MINUTE + INTERVAL ",
            $span,
            ", 0)"
        )
    };
}

/// Whether the time lies further back than `span`. One in the future does not: what is removed by age is kept then.
macro_rules! is_older_than {
    ($time:literal, $span:literal) => {
        concat!($time, " < UTC_TIMESTAMP() - INTERVAL ", $span)
    };
}

/// The time, and NULL where it lies in the future: as if nothing had been written then.
macro_rules! if_past {
    ($time:literal) => {
        concat!(
            "IF(",
            $time,
            " > UTC_TIMESTAMP() + INTERVAL 1 MINUTE, NULL, ",
            $time,
            ")"
        )
    };
}

/// Seconds since then; NULL where it is not known, because the time lies in the future.
macro_rules! seconds_since {
    ($time:literal) => {
        concat!(
            "IF(",
            $time,
            " > UTC_TIMESTAMP() + INTERVAL 1 MINUTE, NULL, TIMESTAMPDIFF(SECOND, ",
            $time,
            ", UTC_TIMESTAMP()))"
        )
    };
}

pub(crate) use {if_past, is_older_than, is_recent, is_to_come, seconds_since};

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    fn comparisons(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                comparisons(&path, found);
            } else if !path.ends_with("database/moment.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let compares = |line: &&str| {
                    let dense = line.replace(' ', "");
                    [
                        "<UTC_TIMESTAMP",
                        ">UTC_TIMESTAMP",
                        "<=UTC_TIMESTAMP",
                        ">=UTC_TIMESTAMP",
                        "TIMESTAMPDIFF",
                        "UTC_TIMESTAMP()-",
                    ]
                    .iter()
                    .any(|part| dense.contains(part))
                };
                let lines = text.lines().filter(compares);
                found.extend(lines.map(|line| format!("{}: {line}", path.display())));
            }
        }
    }

    #[test]
    fn no_other_statement_compares_a_stored_time_with_the_clock() {
        let mut found = Vec::new();
        comparisons(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut found,
        );
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_moment_is_written_out_in_sql() {
        assert_eq!(
            is_recent!("a", "1 HOUR"),
            "COALESCE(a BETWEEN UTC_TIMESTAMP() - INTERVAL 1 HOUR AND UTC_TIMESTAMP() + INTERVAL 1 MINUTE, 0)"
        );
    }
}
