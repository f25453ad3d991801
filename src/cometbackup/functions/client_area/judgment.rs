//! The judgment of an account's backups: one verdict over all of its protected items.
//!
//! What is not known is never judged as fine.

use crate::cometbackup::comet::job::{self, JobEnding};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// A backup that is older is overdue, and a device that was not seen for longer is away, where nothing else is known.
const LONGEST_AGE: i64 = 2 * DAY;
/// A job that is said to run for longer is none that one waits for.
const LONGEST_RUN: i64 = 2 * DAY;

/// `FAILED_QUOTA`, `FAILED_SKIPALREADYRUNNING`.
const QUOTA: i64 = 7003;
const SKIPPED: i64 = 7006;

/// The one sign of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Good,
    Running,
    Waiting,
    Warning,
    Failure,
    Paused,
    Unknown,
}

/// A protected item, as far as it is known. Times are unix seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub name: String,
    /// Empty where the account does not have its device any more.
    pub device: String,
    pub created_at: i64,
    /// The end of its last backup that went to its end.
    pub good_at: Option<i64>,
    /// There may be a later one, or one at all.
    pub may_have_better: bool,
    /// Status and end of the last backup, where that is over.
    pub last: Option<(i64, i64)>,
    pub running_since: Option<i64>,
    pub device_seen: Option<i64>,
    /// Days between its backups, where they come regularly.
    pub rhythm: Option<i64>,
}

/// An account at a moment.
#[derive(Debug, Clone, Default)]
pub(super) struct JudgedAccount {
    /// Unix seconds.
    pub now: i64,
    pub is_suspended: bool,
    /// Unix seconds; 0 where that is not known.
    pub suspended_at: i64,
    pub devices: usize,
    pub items: Vec<Item>,
    /// More items than are looked at.
    pub has_more_items: bool,
    /// A limit of the plan is reached.
    pub is_full: bool,
}

/// The items that a verdict is about: the worst, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AffectedItems {
    pub name: String,
    pub count: usize,
}

/// Why an item is not backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    NotKnown,
    /// The device, and when it was last seen.
    DeviceAway(String, i64),
    DeviceRemoved,
    /// Comet's status of the last job.
    Status(i64),
}

/// The verdict on an account's backups. Times are unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BackupVerdict {
    Suspended {
        since: i64,
    },
    NoDevice,
    NoItem,
    /// A limit is reached; with the items whose last backup failed by it.
    Full(Option<AffectedItems>),
    Overdue {
        about: AffectedItems,
        good_at: i64,
        why: Why,
        device: String,
    },
    Never {
        about: AffectedItems,
        why: Why,
        device: String,
    },
    Failed {
        about: AffectedItems,
        status: i64,
        at: i64,
        device: String,
    },
    Unknown(AffectedItems),
    /// The first backups are still to come.
    First(AffectedItems),
    Running {
        about: AffectedItems,
        since: i64,
    },
    Good {
        about: AffectedItems,
        /// The oldest of the last good backups.
        oldest: i64,
    },
    /// There are more items than are looked at.
    NotAllSeen,
}

impl BackupVerdict {
    pub fn sign(&self) -> Sign {
        match self {
            Self::Suspended { .. } => Sign::Paused,
            Self::NoDevice | Self::First(_) => Sign::Waiting,
            Self::NoItem | Self::Full(None) | Self::Failed { .. } => Sign::Warning,
            Self::Full(Some(_)) | Self::Overdue { .. } | Self::Never { .. } => Sign::Failure,
            Self::Unknown(_) | Self::NotAllSeen => Sign::Unknown,
            Self::Running { .. } => Sign::Running,
            Self::Good { .. } => Sign::Good,
        }
    }
}

/// Returns the verdict over an account: the worst that is known of its items.
pub(super) fn judge(account: &JudgedAccount) -> BackupVerdict {
    if account.is_suspended {
        return BackupVerdict::Suspended {
            since: account.suspended_at,
        };
    }
    if account.items.is_empty() {
        return if account.devices == 0 {
            BackupVerdict::NoDevice
        } else {
            BackupVerdict::NoItem
        };
    }
    let now = account.now;
    let of = |is: &dyn Fn(&Item) -> bool| account.items.iter().filter(|item| is(item)).collect();
    let full: Vec<&Item> = of(&|item| item.failed().is_some_and(|(status, _)| status == QUOTA));
    about(&full)
        .map(|about| BackupVerdict::Full(Some(about)))
        .or_else(|| overdue(now, of(&|item| item.is_overdue(now))))
        .or_else(|| never(now, of(&|item| item.has_none() && !item.is_new(now))))
        .or_else(|| account.is_full.then_some(BackupVerdict::Full(None)))
        .or_else(|| failed(of(&|item| item.failed().is_some())))
        .or_else(|| about(&of(&|item| item.is_unknown(now))).map(BackupVerdict::Unknown))
        .or_else(|| account.has_more_items.then_some(BackupVerdict::NotAllSeen))
        .or_else(|| running(of(&|item| item.is_running(now))))
        .or_else(|| about(&of(&Item::has_none)).map(BackupVerdict::First))
        .unwrap_or_else(|| good(&account.items))
}

impl Item {
    /// The last backup's status and end, where it was not good and no good one came after it. One that was skipped because
    /// another was running is no failure.
    fn failed(&self) -> Option<(i64, i64)> {
        let (status, at) = self.last?;
        let is_bad = matches!(job::ending(status), JobEnding::Failure | JobEnding::Warning)
            && !job::is_whole(status)
            && status != SKIPPED;
        (is_bad && self.good_at.is_none_or(|good| good < at)).then_some((status, at))
    }

    fn is_overdue(&self, now: i64) -> bool {
        let longest = self.rhythm.map_or(0, |days| (days + 1) * DAY);
        let good = self.good_at.filter(|_| !self.may_have_better);
        good.is_some_and(|good| now - good > longest.max(LONGEST_AGE))
    }

    const fn has_none(&self) -> bool {
        self.good_at.is_none() && !self.may_have_better
    }

    /// A device whose clock is ahead says nothing of when.
    fn is_unknown(&self, now: i64) -> bool {
        self.may_have_better || self.good_at.is_some_and(|good| good - now > DAY)
    }

    fn is_new(&self, now: i64) -> bool {
        now - self.created_at <= LONGEST_AGE && self.failed().is_none()
    }

    fn is_running(&self, now: i64) -> bool {
        self.running_since
            .is_some_and(|since| now - since <= LONGEST_RUN)
    }

    /// A device that was seen after a failure cannot be the reason for what came later.
    fn why(&self, now: i64) -> Why {
        if self.device.is_empty() {
            return Why::DeviceRemoved;
        }
        if let Some(seen) = self.device_seen
            && now - seen > LONGEST_AGE
        {
            return Why::DeviceAway(self.device.clone(), seen);
        }
        self.failed()
            .map_or(Why::NotKnown, |(status, _)| Why::Status(status))
    }
}

/// `None` where there are none.
fn about(items: &[&Item]) -> Option<AffectedItems> {
    items.first().map(|worst| AffectedItems {
        name: worst.name.clone(),
        count: items.len(),
    })
}

fn overdue(now: i64, mut items: Vec<&Item>) -> Option<BackupVerdict> {
    items.sort_by_key(|item| item.good_at);
    let worst = items.first()?;
    Some(BackupVerdict::Overdue {
        about: about(&items)?,
        good_at: worst.good_at?,
        why: worst.why(now),
        device: worst.device.clone(),
    })
}

fn never(now: i64, mut items: Vec<&Item>) -> Option<BackupVerdict> {
    items.sort_by_key(|item| item.created_at);
    let worst = items.first()?;
    Some(BackupVerdict::Never {
        about: about(&items)?,
        why: worst.why(now),
        device: worst.device.clone(),
    })
}

fn failed(mut items: Vec<&Item>) -> Option<BackupVerdict> {
    items.sort_by_key(|item| item.good_at);
    let worst = items.first()?;
    let (status, at) = worst.failed()?;
    Some(BackupVerdict::Failed {
        about: about(&items)?,
        status,
        at,
        device: worst.device.clone(),
    })
}

fn running(mut items: Vec<&Item>) -> Option<BackupVerdict> {
    items.sort_by_key(|item| item.running_since);
    Some(BackupVerdict::Running {
        about: about(&items)?,
        since: items.first()?.running_since?,
    })
}

fn good(items: &[Item]) -> BackupVerdict {
    let oldest = items.iter().min_by_key(|item| item.good_at);
    BackupVerdict::Good {
        about: AffectedItems {
            name: oldest.map_or_else(String::new, |item| item.name.clone()),
            count: items.len(),
        },
        oldest: oldest.and_then(|item| item.good_at).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
