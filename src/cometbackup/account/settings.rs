//! The module settings, by their positions. 1 to 4 hold what products of the PHP module stored.

use crate::whmcs;

/// What a package change does with limits that the product does not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    Leave,
    Reset,
}

/// Which storage vaults the vault quota is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultQuota {
    /// The one that was made for the plan; the first where none was recorded.
    Provided,
    All,
}

impl VaultQuota {
    /// Setting 6 as it is stored.
    pub fn read(stored: Option<&str>) -> Self {
        match stored {
            Some("all") => Self::All,
            _ => Self::Provided,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termination {
    /// The account and its job history are gone at once; what is stored can never be read again.
    Delete,
    SuspendAndKeep,
}

/// Where a user name comes from, after the custom field Username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserNames {
    /// The client's e-mail address.
    Email,
    /// The service's own user name in WHMCS.
    Service,
    /// First name and service id.
    NameAndId,
}

#[derive(Debug, Clone)]
pub struct Options {
    /// Policy group; `None` for none.
    pub policy: Option<String>,
    /// Storage template to request a vault from; `None` for none.
    pub template: Option<String>,
    pub require_password_change: bool,
    pub unset: Unset,
    pub vault_quota: VaultQuota,
    pub termination: Termination,
    pub user_names: UserNames,
    /// Whether connected devices are asked to uninstall the software on termination.
    pub uninstall: bool,
}

impl Options {
    pub fn read(options: &whmcs::Options) -> Self {
        let text = |position| {
            options
                .at(position)
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let yes = |position| matches!(text(position), Some("yes" | "on" | "1"));
        Self {
            policy: text(1).map(str::to_owned),
            template: text(2).map(str::to_owned),
            require_password_change: yes(3),
            unset: match text(5) {
                Some("reset") => Unset::Reset,
                _ => Unset::Leave,
            },
            vault_quota: VaultQuota::read(text(6)),
            termination: match text(7) {
                Some("suspend") => Termination::SuspendAndKeep,
                _ => Termination::Delete,
            },
            user_names: match text(8) {
                Some("service") => UserNames::Service,
                Some("name") => UserNames::NameAndId,
                _ => UserNames::Email,
            },
            uninstall: yes(9),
        }
    }
}
