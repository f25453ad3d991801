//! The module settings of a product, by their positions. 1 to 4 are the PHP module's.

use crate::whmcs;

pub use crate::cometbackup::comet::limits::VaultQuota;

/// The treatment of limits that the product does not set, on a package change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    Leave,
    Reset,
}

impl VaultQuota {
    /// Reads setting 6 as it is stored.
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

/// Setting 13: what a termination that deletes the account waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grace {
    None,
    /// Daily runs, each on another day.
    Days(u32),
    /// What is stored is no number of days: nothing is deleted until it is.
    Unreadable,
}

impl Grace {
    fn read(stored: Option<&str>) -> Self {
        let Some(text) = stored else {
            return Self::None;
        };
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Unreadable;
        }
        // Longer than any number of days is as long as can be kept.
        match text.parse().unwrap_or(u32::MAX) {
            0 => Self::None,
            days => Self::Days(days),
        }
    }
}

/// The source of a user name, after the custom field Username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserNames {
    /// The client's e-mail address.
    Email,
    /// The service's own user name in WHMCS.
    Service,
    /// First name and service id.
    NameAndId,
}

/// The treatment of a limit that is lower than what is used, on a package change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BelowUsage {
    Set,
    Refuse,
}

/// The kind of a product addon: an account of its own, or an extra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sells {
    /// An account of its own.
    Account,
    /// More for the account of its service.
    Extra,
}

#[derive(Debug, Clone)]
pub struct ModuleSettings {
    /// Policy group; `None` for none.
    pub policy_group: Option<String>,
    /// Storage template to request a vault from; `None` for none.
    pub storage_template: Option<String>,
    pub require_password_change: bool,
    pub unset: Unset,
    pub vault_quota: VaultQuota,
    pub termination: Termination,
    pub user_names: UserNames,
    /// Whether connected devices are asked to uninstall the software on termination.
    pub uninstall: bool,
    /// Id of the tenant that accounts are created in; `None` for that of the administrator.
    pub tenant: Option<String>,
    pub below_usage: BelowUsage,
    pub sells: Sells,
    /// What one unit of a product addon adds, as it is stored.
    pub adds: String,
    pub grace: Grace,
    /// The mail template that goes out before a deletion; `None` for none.
    pub deletion_notice: Option<String>,
    /// Days without a good backup after which the notice goes out; `None` for never. What is no number of days is never.
    pub backup_overdue: Option<u32>,
    /// A mail template, or `ticket:` and a department's id.
    pub backup_notice: Option<String>,
}

impl ModuleSettings {
    pub fn read(options: &whmcs::Options) -> Self {
        let text = |position| {
            options
                .at(position)
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let yes = |position| matches!(text(position), Some("yes" | "on" | "1"));
        Self {
            policy_group: text(1).map(str::to_owned),
            storage_template: text(2).map(str::to_owned),
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
            tenant: text(10).map(str::to_owned),
            sells: match text(11) {
                Some("extra") => Sells::Extra,
                _ => Sells::Account,
            },
            adds: text(17).unwrap_or_default().to_owned(),
            below_usage: match text(12) {
                Some("refuse") => BelowUsage::Refuse,
                _ => BelowUsage::Set,
            },
            grace: Grace::read(text(13)),
            deletion_notice: text(14).map(str::to_owned),
            backup_overdue: match Grace::read(text(15)) {
                Grace::Days(days) => Some(days),
                Grace::None | Grace::Unreadable => None,
            },
            backup_notice: text(16).map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::php_value::Value;
    use crate::whmcs::Params;

    fn read(stored: &[(&str, &str)]) -> ModuleSettings {
        let settings = stored
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        ModuleSettings::read(&Params::new(Value::Array(settings.collect())).options())
    }

    #[test]
    fn a_product_that_was_never_saved_has_the_choices_that_take_nothing_away() {
        let unsaved = read(&[]);
        assert_eq!(
            (unsaved.policy_group, unsaved.storage_template),
            (None, None)
        );
        assert!(!unsaved.require_password_change && !unsaved.uninstall);
        assert_eq!(unsaved.unset, Unset::Leave);
        assert_eq!(unsaved.vault_quota, VaultQuota::Provided);
        assert_eq!(unsaved.termination, Termination::Delete);
        assert_eq!(unsaved.user_names, UserNames::Email);
        assert_eq!(unsaved.tenant, None);
        assert_eq!(unsaved.sells, Sells::Account);
        assert_eq!(unsaved.below_usage, BelowUsage::Set);
        assert_eq!(unsaved.grace, Grace::None);
        assert_eq!(unsaved.deletion_notice, None);
        assert_eq!(
            (unsaved.backup_overdue, unsaved.backup_notice),
            (None, None)
        );
    }

    /// What cannot be read must not delete sooner than what was meant.
    #[test]
    fn days_are_whole_numbers_and_anything_else_deletes_nothing() {
        for (stored, grace) in [
            ("", Grace::None),
            (" 0 ", Grace::None),
            ("14", Grace::Days(14)),
            ("99999999999", Grace::Days(u32::MAX)),
            ("-1", Grace::Unreadable),
            ("+3", Grace::Unreadable),
            ("1.5", Grace::Unreadable),
            ("two weeks", Grace::Unreadable),
        ] {
            assert_eq!(read(&[("configoption13", stored)]).grace, grace, "{stored}");
        }
    }

    #[test]
    fn each_setting_is_read_at_its_position() {
        let saved = read(&[
            ("configoption1", " p1 "),
            ("configoption2", "t1"),
            ("configoption3", "yes"),
            ("configoption5", "reset"),
            ("configoption6", "all"),
            ("configoption7", "suspend"),
            ("configoption8", "service"),
            ("configoption9", "on"),
            ("configoption10", "org-1"),
            ("configoption11", "extra"),
            ("configoption17", "number_of_devices=1"),
            ("configoption12", "refuse"),
            ("configoption14", "Backups end"),
            ("configoption15", "3"),
            ("configoption16", "ticket:2"),
        ]);
        assert_eq!(saved.backup_overdue, Some(3));
        assert_eq!(saved.backup_notice.as_deref(), Some("ticket:2"));
        assert_eq!(saved.deletion_notice.as_deref(), Some("Backups end"));
        assert_eq!(saved.policy_group.as_deref(), Some("p1"));
        assert_eq!(saved.storage_template.as_deref(), Some("t1"));
        assert!(saved.require_password_change && saved.uninstall);
        assert_eq!(saved.unset, Unset::Reset);
        assert_eq!(saved.vault_quota, VaultQuota::All);
        assert_eq!(saved.termination, Termination::SuspendAndKeep);
        assert_eq!(saved.user_names, UserNames::Service);
        assert_eq!(saved.tenant.as_deref(), Some("org-1"));
        assert_eq!(saved.sells, Sells::Extra);
        assert_eq!(saved.adds, "number_of_devices=1");
        assert_eq!(saved.below_usage, BelowUsage::Refuse);
        assert_eq!(
            read(&[("configoption8", "name")]).user_names,
            UserNames::NameAndId
        );
    }

    #[test]
    fn what_is_none_of_the_choices_is_the_first_one() {
        let odd = read(&[
            ("configoption1", "  "),
            ("configoption3", "no"),
            ("configoption7", "Suspend"),
        ]);
        assert_eq!(odd.policy_group, None);
        assert!(!odd.require_password_change);
        assert_eq!(odd.termination, Termination::Delete);
    }
}
