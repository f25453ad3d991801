//! The backups of an account by its protected items: the last good one, and the last that failed.

use crate::cometbackup::comet::job::{self, BackupJob, JobEnding};

/// The backups of an account, over all of its items. Unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backups {
    /// When the last one ended that went to its end; `None` where none is known.
    pub good_at: Option<i64>,
    pub failure: Option<FailedBackup>,
    /// There may have been a later good one, or one at all: servers before 21.6.6 keep only the last job of an item, and
    /// what cannot be read says nothing.
    pub may_have_better: bool,
}

/// The last backup that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedBackup {
    pub at: i64,
    /// Comet's word for how it ended: "Error", "Missed".
    pub word: &'static str,
    /// The item's name, and its device's; empty where there is none.
    pub item: String,
    pub device: String,
}

/// A job as an item's statistics have it. Unix seconds; no start where no job ran.
#[derive(Debug, Clone, Copy)]
pub struct LastJob {
    pub status: i64,
    pub started: i64,
    pub ended: i64,
}

impl Backups {
    /// Returns the backups of an account whose items cannot be read.
    pub fn unknown() -> Self {
        Self {
            may_have_better: true,
            ..Self::default()
        }
    }

    /// Adds one more item: its last job and its last good one, and the names of item and device. The device is its id until
    /// [`Self::named`].
    pub(super) fn add(&mut self, [last, good]: [Option<LastJob>; 2], item: &str, device: &str) {
        let ran = |job: &LastJob| job.started > 0;
        for job in [last, good].into_iter().flatten().filter(ran) {
            if job::is_whole(job.status) {
                self.good_at = self.good_at.max(Some(job.ended));
            }
        }
        let Some(job) = last.filter(ran) else {
            return;
        };
        self.may_have_better |= good.is_none() && !job::is_whole(job.status);
        let is_later = self
            .failure
            .as_ref()
            .is_none_or(|known| known.at < job.ended);
        let of_status = BackupJob {
            status: job.status,
            ..BackupJob::default()
        };
        let has_failed = matches!(of_status.ending(), JobEnding::Failure | JobEnding::Warning)
            && !job::is_whole(job.status);
        if has_failed && is_later {
            self.failure = Some(FailedBackup {
                at: job.ended,
                word: of_status.status_word(),
                item: item.to_owned(),
                device: device.to_owned(),
            });
        }
    }

    /// Puts the name of the device in place of its id.
    pub(super) fn named<'a>(mut self, name_of: impl Fn(&str) -> Option<&'a str>) -> Self {
        if let Some(failure) = &mut self.failure {
            failure.device = name_of(&failure.device).unwrap_or_default().to_owned();
        }
        self
    }
}
