//! WHMCS's database: version, encryption, rights and clock.

use mysql::{Params, Row};

use super::Line;
use crate::clock;
use crate::database::{Database, DatabaseSettings, column};
use crate::error::Error;
use crate::text::plain;

const ABOUT: &str = "SELECT VERSION(), UNIX_TIMESTAMP()";
const CIPHER: &str = "SHOW STATUS LIKE 'Ssl_cipher'";
const GRANTS: &str = "SHOW GRANTS";

/// Without these nothing works; without the others tables cannot be created or upgraded.
const RIGHTS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];
const RIGHTS_FOR_TABLES: [&str; 3] = ["CREATE", "ALTER", "INDEX"];
/// The daily disk usage of Comet accounts travels through temporary tables.
const RIGHTS_FOR_USAGE: [&str; 1] = ["CREATE TEMPORARY TABLES"];

/// Seconds; more makes the ages of requests and locks wrong.
const CLOCKS: i64 = 30;

/// Looks at the database: connection, rights and clock. One round trip.
pub fn lines(database: &mut Database, settings: &DatabaseSettings) -> Result<Vec<Line>, Error> {
    let readings = [ABOUT, CIPHER, GRANTS].map(|one| (one, Params::Empty));
    let [about, cipher, grants] = database.query_all("look at the database", &readings)?;
    let of = |rows: &[Row], at: usize| -> String {
        rows.first().map(|row| column(row, at)).unwrap_or_default()
    };
    let seconds: i64 = about.first().map(|row| column(row, 1)).unwrap_or_default();
    let grants: Vec<String> = grants.iter().map(|row| column(row, 0)).collect();
    Ok(vec![
        connection(
            &of(&about, 0),
            &of(&cipher, 1),
            database.remote_host().is_some(),
        ),
        rights(&grants, &settings.name),
        clocks(seconds - clock::unix_now()),
    ])
}

fn connection(version: &str, cipher: &str, is_remote: bool) -> Line {
    let check = "database.connection";
    let version = plain(version);
    match (cipher.is_empty(), is_remote) {
        (false, _) => Line::fine(
            check,
            format!(
                "The database ({version}) answers; the connection is encrypted ({}).",
                plain(cipher)
            ),
        ),
        (true, false) => Line::fine(
            check,
            format!(
                "The database ({version}) answers; it is on this machine, and the connection is not encrypted."
            ),
        ),
        (true, true) => Line::note(
            check,
            format!(
                "The database ({version}) answers; it is on another machine, and the connection is not encrypted. Where the network between is not your own, set WHMCS's db_tls_… settings, which the extension follows."
            ),
        ),
    }
}

fn rights(grants: &[String], database: &str) -> Line {
    let check = "database.rights";
    let has = |right: &&str| grants.iter().any(|grant| gives(grant, right, database));
    let missing = |wanted: &[&'static str]| -> Vec<&'static str> {
        wanted.iter().copied().filter(|right| !has(right)).collect()
    };
    // What a role gives is not in the list.
    let has_role = grants.iter().any(|grant| !grant.contains(" ON "));
    let needed = missing(&RIGHTS);
    let for_some = without_some(&[
        (
            missing(&RIGHTS_FOR_TABLES),
            "Tables that a new version needs cannot be created or changed.",
        ),
        (
            missing(&RIGHTS_FOR_USAGE),
            "The daily disk usage of Comet accounts cannot be written.",
        ),
    ]);
    if needed.is_empty() && for_some.is_empty() {
        return Line::fine(
            check,
            "WHMCS's database user has all rights that are needed.",
        );
    }
    if has_role {
        return Line::fine(
            check,
            "WHMCS's database user has its rights by a role, which cannot be looked into here.",
        );
    }
    if needed.is_empty() {
        return Line::note(
            check,
            format!("{for_some} Grant it on the database {}.", plain(database)),
        );
    }
    Line::fault(
        check,
        format!(
            "WHMCS's database user has no right to {}. Grant it on the database {}.",
            needed.join(", "),
            plain(database)
        ),
    )
}

/// Sentences on rights that only a part needs: each missing one, and what does not work without it.
fn without_some(parts: &[(Vec<&str>, &str)]) -> String {
    let lacking = parts.iter().filter(|(missing, _)| !missing.is_empty());
    let sentences = lacking.map(|(missing, consequence)| {
        let missing = missing.join(", ");
        format!("WHMCS's database user has no right to {missing}. {consequence}")
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// Whether a line of `SHOW GRANTS` gives a right on the whole database.
fn gives(grant: &str, right: &str, database: &str) -> bool {
    let Some((rights, rest)) = grant
        .strip_prefix("GRANT ")
        .and_then(|rest| rest.split_once(" ON "))
    else {
        return false;
    };
    let Some((object, _)) = rest.split_once(" TO ") else {
        return false;
    };
    let is_on = match object.strip_suffix(".*") {
        Some("*") => true,
        Some(pattern) => is_like(&pattern.replace('`', ""), database),
        None => false,
    };
    is_on
        && rights
            .split(", ")
            .any(|given| given == right || given.starts_with("ALL"))
}

/// A name of a database in a grant, where `%` stands for any text, `_` for any character, and a backslash takes that away.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut pattern = pattern.chars();
    let mut rest = name.chars();
    while let Some(one) = pattern.next() {
        match one {
            '%' => {
                let tail = pattern.as_str();
                return name_tails(rest.as_str()).any(|name| is_like(tail, name));
            }
            '_' if rest.next().is_some() => {}
            '\\' if pattern.clone().next() == rest.clone().next() => {
                pattern.next();
                rest.next();
            }
            other if rest.next() == Some(other) => {}
            _ => return false,
        }
    }
    rest.next().is_none()
}

fn name_tails(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    ends.filter_map(|at| name.get(at..))
}

/// `ahead`: seconds by which the database's clock is ahead of this machine's.
fn clocks(ahead: i64) -> Line {
    let check = "database.clock";
    if ahead.abs() <= CLOCKS {
        return Line::fine(
            check,
            "The clocks of the database and of this machine agree.",
        );
    }
    Line::fault(
        check,
        format!(
            "The clocks of the database and of this machine differ by {} seconds, so ages of requests are wrong. Set them, for example with NTP.",
            ahead.abs()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::doctor::CheckState;

    fn line(grants: &[&str]) -> Line {
        let grants: Vec<String> = grants.iter().map(|one| (*one).to_owned()).collect();
        rights(&grants, "whm_cs")
    }

    fn state(grants: &[&str]) -> CheckState {
        line(grants).state
    }

    #[test]
    fn rights_are_read_from_grants() {
        const USAGE: &str = "GRANT USAGE ON *.* TO `whmcs`@`localhost`";
        assert!(
            state(&[
                USAGE,
                r"GRANT ALL PRIVILEGES ON `whm\_cs`.* TO `whmcs`@`localhost`"
            ]) == CheckState::Fine
        );
        assert!(
            state(&["GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION"])
                == CheckState::Fine
        );
        assert!(
            state(&[
                USAGE,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON `whm%`.* TO `whmcs`@`%`"
            ]) == CheckState::Note
        );
        assert!(state(&[USAGE, "GRANT SELECT ON `whm_cs`.* TO `whmcs`@`%`"]) == CheckState::Fault);
        assert!(
            state(&[USAGE, "GRANT ALL PRIVILEGES ON `other`.* TO `whmcs`@`%`"])
                == CheckState::Fault
        );
        assert!(
            state(&[
                USAGE,
                "GRANT SELECT ON `whm_cs`.`tblclients` TO `whmcs`@`%`"
            ]) == CheckState::Fault
        );
        assert!(state(&["GRANT `staff` TO `whmcs`@`%`", USAGE]) == CheckState::Fine);
    }

    #[test]
    fn temporary_tables_are_a_right_of_their_own() {
        const OTHERS: &str =
            "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, INDEX, ALTER ON `whm_cs`.* TO `w`@`%`";
        const ALL: &str = "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES ON `whm_cs`.* TO `w`@`%`";
        const ONLY_TEMPORARY: &str = "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES ON `whm_cs`.* TO `w`@`%`";
        assert!(state(&[ALL]) == CheckState::Fine);
        let lacking = line(&[OTHERS]);
        assert!(lacking.state == CheckState::Note);
        assert_eq!(
            lacking.text,
            "WHMCS's database user has no right to CREATE TEMPORARY TABLES. The daily disk usage of Comet accounts cannot be written. Grant it on the database whm_cs."
        );
        let lacking = line(&[ONLY_TEMPORARY]).text;
        assert!(lacking.contains("CREATE, ALTER, INDEX") && !lacking.contains("TEMPORARY"));
    }

    #[test]
    fn a_pattern_of_a_grant_is_followed() {
        for (pattern, name, is_on) in [
            ("whmcs", "whmcs", true),
            ("whmcs", "whmcs2", false),
            (r"whm\_cs", "whm_cs", true),
            (r"whm\_cs", "whmXcs", false),
            ("whm_cs", "whmXcs", true),
            ("%", "anything", true),
            ("a%z", "abcz", true),
            ("a%z", "abc", false),
            ("", "", true),
        ] {
            assert_eq!(is_like(pattern, name), is_on, "{pattern} {name}");
        }
    }

    #[test]
    fn clocks_that_differ_are_a_fault() {
        assert!(clocks(-5).state == CheckState::Fine);
        assert!(clocks(-600).state == CheckState::Fault);
    }

    #[test]
    fn a_connection_in_the_clear_to_another_machine_is_noted() {
        assert!(connection("10.11.6-MariaDB", "", false).state == CheckState::Fine);
        assert!(connection("10.11.6-MariaDB", "", true).state == CheckState::Note);
        assert!(connection("8.4.3", "TLS_AES_256_GCM_SHA384", true).state == CheckState::Fine);
    }
}
