//! Versions of Comet Servers, what came with which, and which have known holes. Facts: the vendor's SDKs and release
//! notes, and the public record of vulnerabilities.

use std::fmt;

/// The first with the job search that the customer's page needs.
pub const OLDEST: Version = Version([18, 9, 2]);
/// The first that lists its client installers.
pub const INSTALLER_LIST: Version = Version([18, 12, 2]);
/// The first that starts a session for a user.
pub const SESSIONS_OF_USERS: Version = Version([19, 6, 8]);
/// The first that asks for a new password at the first login.
pub const PASSWORD_AT_FIRST_LOGIN: Version = Version([20, 3, 4]);
/// The first that uninstalls the software where an account is deleted.
pub const UNINSTALL: Version = Version([20, 3, 5]);
/// The first that creates an account in a tenant that the request names; older ones create it at the top level.
pub const TENANTS: Version = Version([22, 3, 7]);
/// The first that sends a connected device its new password.
pub const PASSWORD_OF_DEVICES: Version = Version([25, 9, 6]);

/// A hole that administrators of tenants can use.
struct Hole {
    name: &'static str,
    /// The first version without it, of each branch that got one: the oldest branch first.
    closed_by: [Version; 2],
}

const HOLES: [Hole; 2] = [
    Hole {
        name: "CVE-2026-29200",
        closed_by: [Version([26, 1, 2]), Version([26, 2, 2])],
    },
    Hole {
        name: "CVE-2026-32999",
        closed_by: [Version([26, 4, 3]), Version([26, 5, 0])],
    },
];

/// Year, month and build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u64; 3]);

impl Version {
    /// Returns the leading three numbers: versions may end in words such as `-rc1`.
    pub fn read(text: &str) -> Self {
        let mut parts = text
            .split(|c: char| !c.is_ascii_digit())
            .map(|part| part.parse().unwrap_or_default());
        Self(std::array::from_fn(|_| parts.next().unwrap_or_default()))
    }

    /// Returns what administrators of tenants can use in a server of this version, and what closes it, as the rest of a
    /// sentence about the server; `None` where nothing is known.
    pub fn holes(self) -> Option<String> {
        let open: Vec<&Hole> = HOLES.iter().filter(|hole| hole.is_in(self)).collect();
        let closed_by = open.iter().filter_map(|hole| hole.closed_by.last()).max()?;
        let names: Vec<&str> = open.iter().map(|hole| hole.name).collect();
        Some(format!(
            "is version {self}, with known holes that administrators of tenants can use ({}): update it to {closed_by} or newer",
            names.join(", ")
        ))
    }

    fn is_of_branch(self, other: Self) -> bool {
        let Self([year, month, _]) = self;
        let Self([other_year, other_month, _]) = other;
        (year, month) == (other_year, other_month)
    }
}

impl Hole {
    /// A branch that is not among the closed ones has it, unless it is newer than all of them.
    fn is_in(&self, version: Version) -> bool {
        let closed = self.closed_by.iter();
        let of_branch = closed.clone().find(|closed| closed.is_of_branch(version));
        let closed = of_branch.or(closed.max());
        // A text without a number says nothing.
        version > Version([0, 0, 0]) && closed.is_some_and(|closed| version < *closed)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([year, month, build]) = self;
        write!(f, "{year}.{month}.{build}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(Version::read("18.9.1") < OLDEST);
        assert!(Version::read("18.10.0-rc2") > OLDEST);
        assert!(Version::read("25.9.6") > OLDEST);
        assert!(Version::read("") < OLDEST);
    }

    #[test]
    fn a_hole_is_closed_in_the_branches_that_got_a_repair_and_in_those_after_them() {
        let of = |text: &str| Version::read(text).holes().unwrap_or_default();
        for both in ["18.9.2", "25.9.8", "26.0.9", "26.1.1", "26.2.0", "26.2.1"] {
            let says = of(both);
            assert!(says.contains("CVE-2026-29200, CVE-2026-32999"), "{both}");
            assert!(says.contains("update it to 26.5.0 or newer"), "{both}");
        }
        for second in ["26.1.2", "26.1.9", "26.2.2", "26.3.0", "26.3.9", "26.4.2"] {
            assert!(of(second).contains("(CVE-2026-32999)"), "{second}");
        }
        for none in [
            "26.4.3",
            "26.4.10",
            "26.5.0",
            "26.5.0-rc1",
            "27.1.0",
            "",
            "x",
        ] {
            assert_eq!(of(none), "", "{none}");
        }
    }
}
