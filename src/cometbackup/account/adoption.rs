//! The rule of adoption: whether an account that is not recorded may be recorded for a service, and by whom. A pure
//! function.
//!
//! A name alone proves nothing: customers type it, and WHMCS derives it from their address.

use std::fmt::Write;

use jiff::Timestamp;

use super::user_name::MARKER;
use crate::cometbackup::comet::profile::Profile;
use crate::service_id::ServiceId;
use crate::text::plain;

pub use crate::cometbackup::tables::claims::ClaimEvidence;

/// The kind of the finding that shows such an account to staff.
pub const KIND: &str = "unrecorded";

const DAY: i64 = 24 * 60 * 60;
/// Days from year 0 to 1970, for `TO_DAYS`.
const DAYS_BEFORE_1970: i64 = 719_528;
const OTHERS_NAMED: usize = 3;

/// The account of that name, as the server has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnrecordedAccount {
    pub guid: String,
    /// Unix seconds; 0 where the server does not say.
    pub created_at: i64,
    pub devices: usize,
}

/// The verdict of the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdoptionVerdict {
    /// The PHP module created it for this service: commands and daily jobs record it.
    ByItself,
    /// A person decides, and is shown why.
    ByStaff(Vec<Doubt>),
    /// Recorded for that service.
    Anothers(ServiceId),
    Never,
}

/// A reason why a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    Wish,
    Others(Vec<ServiceId>),
    Recorded,
    Older,
    AgeUnknown,
}

/// Judges by the rule. An account that is older than the service had its name before, so it is another's. A day's grace is for
/// time zones.
pub fn judge(evidence: &ClaimEvidence, found: &UnrecordedAccount) -> AdoptionVerdict {
    if evidence.is_pending {
        return AdoptionVerdict::Never;
    }
    if let Some(holder) = evidence.holder {
        return AdoptionVerdict::Anothers(holder);
    }
    let mut doubts = Vec::new();
    if !evidence.is_in_column {
        doubts.push(Doubt::Wish);
    }
    if !evidence.others.is_empty() {
        doubts.push(Doubt::Others(evidence.others.clone()));
    }
    if evidence.was_recorded {
        doubts.push(Doubt::Recorded);
    }
    match evidence.registered {
        Some(registered) if found.created_at > 0 => {
            let created = found.created_at / DAY + DAYS_BEFORE_1970;
            if created < registered - 1 {
                doubts.push(Doubt::Older);
            }
        }
        _ => doubts.push(Doubt::AgeUnknown),
    }
    if doubts.is_empty() {
        AdoptionVerdict::ByItself
    } else {
        AdoptionVerdict::ByStaff(doubts)
    }
}

/// Whether the user name column of a service says that the PHP module created the account.
pub fn is_in_column(column: &str, name: &str) -> bool {
    let column = column.trim();
    column == name || column == MARKER
}

impl UnrecordedAccount {
    pub fn of(profile: &Profile) -> Self {
        Self {
            guid: profile.creation_guid(),
            created_at: profile.created_at(),
            devices: profile.devices(),
        }
    }

    /// Returns the account in words: "ada (created on 2026-01-02, 3 devices)".
    pub fn described(&self, name: &str) -> String {
        let created = Timestamp::from_second(self.created_at)
            .ok()
            .filter(|_| self.created_at > 0)
            .map_or("at a time that is not known".to_owned(), |at| {
                format!("on {}", at.strftime("%Y-%m-%d"))
            });
        let devices = match self.devices {
            0 => "no devices".to_owned(),
            1 => "1 device".to_owned(),
            many => format!("{many} devices"),
        };
        format!("{} (created {created}, {devices})", plain(name))
    }

    /// Returns which account a finding is about; the name alone may be another's tomorrow.
    pub fn subject(&self, name: &str) -> String {
        format!("{} {name}", self.guid)
    }
}

/// Returns the sentence that staff read before they record the account.
pub fn shown(name: &str, found: &UnrecordedAccount, doubts: &[Doubt]) -> String {
    format!(
        "The Comet account {} is not recorded for this service: {}. If it is this service's, press Check at Comet to record it; if not, correct the user name of this service.",
        found.described(name),
        reasons(doubts)
    )
}

/// Returns the sentence that staff read before they link the account whose name they entered.
pub fn linkable(name: &str, found: &UnrecordedAccount, others: &[ServiceId]) -> String {
    let mut text = format!(
        "The Comet account {} is recorded for no service.",
        found.described(name)
    );
    if !others.is_empty() {
        let doubt = Doubt::Others(others.to_vec()).words();
        // Writing to a String cannot fail.
        let _ = write!(text, " Beware: {doubt}.");
    }
    text.push_str(" What it holds will be open to the client of this service. If that is right, enter its name again and save to link it.");
    text
}

/// Returns the sentence why a command leaves the account alone, and how it is recorded.
pub fn refused(name: &str, doubts: &[Doubt]) -> String {
    format!(
        "No Comet account is recorded for this service, and nothing was changed: the account {} may be another's, because {}. Press Check at Comet to see it and to record it.",
        plain(name),
        reasons(doubts)
    )
}

/// Returns the sentence for an account that is recorded for another service.
pub fn of_another(name: &str, holder: Option<ServiceId>) -> String {
    let holder = holder.map_or(String::new(), |holder| format!(" ({holder})"));
    format!(
        "The Comet account {} belongs to another service{holder}. Correct the user name of this service.",
        plain(name)
    )
}

fn reasons(doubts: &[Doubt]) -> String {
    let words: Vec<String> = doubts.iter().map(Doubt::words).collect();
    words.join(", and ")
}

impl Doubt {
    fn words(&self) -> String {
        match self {
            Self::Wish => "only a custom field names it, which customers fill in".to_owned(),
            Self::Others(others) => {
                let mut text = "other services have its name, too".to_owned();
                for service_id in others.iter().take(OTHERS_NAMED) {
                    // Writing to a String cannot fail.
                    let _ = write!(text, " ({service_id})");
                }
                text
            }
            Self::Recorded => "it was recorded for another service before".to_owned(),
            Self::Older => "it is older than the service".to_owned(),
            Self::AgeUnknown => "it is not known which of them is older".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-02, and its noon.
    const REGISTERED: i64 = 739_983;
    const NOON: i64 = (REGISTERED - DAYS_BEFORE_1970) * DAY + DAY / 2;

    fn evidence() -> ClaimEvidence {
        ClaimEvidence {
            is_in_column: true,
            registered: Some(REGISTERED),
            ..ClaimEvidence::default()
        }
    }

    fn created(created_at: i64) -> UnrecordedAccount {
        UnrecordedAccount {
            guid: "g".into(),
            created_at,
            devices: 2,
        }
    }

    #[test]
    fn an_account_that_the_php_module_made_for_the_service_is_recorded_by_itself() {
        for created_at in [NOON - DAY, NOON, NOON + 400 * DAY] {
            assert_eq!(
                judge(&evidence(), &created(created_at)),
                AdoptionVerdict::ByItself
            );
        }
    }

    #[test]
    fn everything_else_is_for_staff() {
        let others = vec![ServiceId::Service(7)];
        for (evidence, created_at, doubt) in [
            (
                ClaimEvidence {
                    is_in_column: false,
                    ..evidence()
                },
                NOON,
                Doubt::Wish,
            ),
            (
                ClaimEvidence {
                    others: others.clone(),
                    ..evidence()
                },
                NOON,
                Doubt::Others(others),
            ),
            (
                ClaimEvidence {
                    was_recorded: true,
                    ..evidence()
                },
                NOON,
                Doubt::Recorded,
            ),
            (evidence(), NOON - 2 * DAY, Doubt::Older),
            (evidence(), 0, Doubt::AgeUnknown),
            (
                ClaimEvidence {
                    registered: None,
                    ..evidence()
                },
                NOON,
                Doubt::AgeUnknown,
            ),
        ] {
            let verdict = judge(&evidence, &created(created_at));
            assert_eq!(verdict, AdoptionVerdict::ByStaff(vec![doubt]));
        }
    }

    #[test]
    fn what_is_recorded_for_another_service_is_nobody_elses() {
        let recorded = ClaimEvidence {
            holder: Some(ServiceId::Service(7)),
            ..evidence()
        };
        let verdict = judge(&recorded, &created(NOON));
        assert_eq!(verdict, AdoptionVerdict::Anothers(ServiceId::Service(7)));
    }

    #[test]
    fn a_pending_service_gets_none() {
        let pending = ClaimEvidence {
            is_pending: true,
            ..evidence()
        };
        assert_eq!(judge(&pending, &created(NOON)), AdoptionVerdict::Never);
    }

    #[test]
    fn the_column_says_so_by_the_name_or_by_the_marker() {
        assert!(is_in_column(" ada ", "ada"));
        assert!(is_in_column(MARKER, "ada"));
        assert!(!is_in_column("", "ada"));
        assert!(!is_in_column("Ada", "ada"));
    }

    #[test]
    fn staff_read_name_creation_devices_and_why() {
        let doubts = [
            Doubt::Wish,
            Doubt::Others(vec![ServiceId::Service(7)]),
            Doubt::Older,
        ];
        assert_eq!(
            shown("ada", &created(NOON), &doubts),
            "The Comet account ada (created on 2026-01-02, 2 devices) is not recorded for this service: only a custom field names it, which customers fill in, and other services have its name, too (Service ID: 7), and it is older than the service. If it is this service's, press Check at Comet to record it; if not, correct the user name of this service."
        );
    }
}
