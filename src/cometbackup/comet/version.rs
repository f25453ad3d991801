//! Versions of Comet Servers, and what came with which. Facts: the vendor's SDKs and release notes.

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
/// The first that sends a connected device its new password.
pub const PASSWORD_OF_DEVICES: Version = Version([25, 9, 6]);

/// Year, month and build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u64; 3]);

impl Version {
    /// The leading three numbers: versions may end in words such as `-rc1`.
    pub fn read(text: &str) -> Self {
        let mut parts = text
            .split(|c: char| !c.is_ascii_digit())
            .map(|part| part.parse().unwrap_or_default());
        Self(std::array::from_fn(|_| parts.next().unwrap_or_default()))
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
}
