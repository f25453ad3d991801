//! Backups that fail, and quotas that are nearly used up: what the list says of them is recorded, and the customer gets a notice,
//! once for each event. An event is over where the list shows that all is well again; what it does not show changes nothing.

use super::deletions::Daily;
use super::health::Health;
use super::observed::{Identity, ObservedAccount};
use super::services::{Entry, Index};
use crate::clock;
use crate::cometbackup::account::customer_notice::{self, Trouble};
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::tables::account_index::RecordState;
use crate::cometbackup::tables::backups::{self, BackupNews};
use crate::cometbackup::tables::notices::{self, Notice, NoticeKind};

use crate::database::Database;
use crate::error::Error;
use crate::reconciliation::Run;
use crate::text::plain;
use crate::whmcs::ServiceStatus;
use crate::whmcs::services::PAGE;

/// Percent of a quota from which on the customer gets a notice.
const NEARLY: u64 = 90;

const DAY: i64 = 86_400;

/// What a page of services comes to.
#[derive(Default)]
struct Page {
    news: Vec<BackupNews>,
    notices: Vec<Notice>,
    over: Vec<(u64, NoticeKind)>,
}

/// Records backups and notices of a server. Three statements for a page of services at most; none where no product has the
/// setting.
pub fn of_server(
    daily: &Daily<'_>,
    run: &Run,
    database: &mut Database,
    index: &Index,
) -> Result<(), Error> {
    let mut products = daily.settings.values().map(ModuleSettings::read);
    if !products.any(|settings| settings.backup_overdue.is_some()) {
        return Ok(());
    }
    let now = clock::unix_now();
    for entries in index.entries().chunks(PAGE) {
        run.alive(database)?;
        let mut page = Page::default();
        for entry in entries.iter().filter(|entry| is_looked_at(entry)) {
            let options = daily.settings.get(&entry.definition());
            if let (Some(observed), Some(settings)) =
                (&entry.observed, options.map(ModuleSettings::read))
            {
                page.look(entry, observed, &settings, now);
            }
        }
        backups::keep(database, &page.news)?;
        notices::queue(database, &page.notices)?;
        notices::over(database, &page.over)?;
    }
    Ok(())
}

/// A service in use, with its own account, on this server: of the others nothing is concluded.
fn is_looked_at(entry: &Entry) -> bool {
    let is_the_account = |observed: &ObservedAccount| {
        observed.identity != Identity::Another && !observed.is_suspended
    };
    entry.record == RecordState::Created
        && entry.is_compared()
        && !entry.service.is_moved
        && entry.service.status.is_some_and(ServiceStatus::is_in_use)
        && entry.observed.as_deref().is_some_and(is_the_account)
}

impl Page {
    fn look(
        &mut self,
        entry: &Entry,
        observed: &ObservedAccount,
        settings: &ModuleSettings,
        now: i64,
    ) {
        let row = entry.service.row;
        let (Some(health), Some(days)) = (&observed.health, settings.backup_overdue) else {
            // The product says so no longer.
            self.over.extend(ALL.map(|kind| (row, kind)));
            return;
        };
        self.record(entry, health);
        let Some(way) = &settings.backup_notice else {
            self.over.extend(ALL.map(|kind| (row, kind)));
            return;
        };
        // An account that never had a backup counts from its creation. Where the server keeps too little, what earlier daily
        // runs have seen counts, and nothing does before that.
        let [seen, _] = entry.service.backups;
        let good_at = seen.max(health.good_at);
        let since = good_at.or(Some(observed.created_at).filter(|at| *at > 0));
        let since = since.filter(|_| seen.is_some() || !health.may_have_better);
        let is_overdue = since.map(|since| now.saturating_sub(since) > i64::from(days) * DAY);
        let is_nearly = |percent: Option<u64>| percent.map(|percent| percent >= NEARLY);
        for (kind, is_bad) in [
            (NoticeKind::Overdue, is_overdue),
            (NoticeKind::Storage, is_nearly(health.storage)),
            (NoticeKind::Protected, is_nearly(health.protected)),
        ] {
            match is_bad {
                None => {}
                Some(false) => self.over.push((row, kind)),
                Some(true) => {
                    let trouble = trouble(kind, entry, health, (good_at, since));
                    self.notices
                        .push(customer_notice::of_backups(row, way, &trouble));
                }
            }
        }
    }

    /// What is news is recorded.
    fn record(&mut self, entry: &Entry, health: &Health) {
        let [known_good, known_failure] = entry.service.backups;
        let good_at = health.good_at.filter(|at| Some(*at) > known_good);
        let failure = health.failure.as_ref();
        let failure = failure.filter(|failure| Some(failure.at) > known_failure);
        if good_at.is_some() || failure.is_some() {
            self.news.push(BackupNews {
                row: entry.service.row,
                good_at,
                failed: failure.map(|failure| {
                    let (item, device) = (plain(&failure.item), plain(&failure.device));
                    (
                        failure.at,
                        customer_notice::failed(failure.word, &item, &device),
                    )
                }),
            });
        }
    }
}

const ALL: [NoticeKind; 3] = [
    NoticeKind::Overdue,
    NoticeKind::Storage,
    NoticeKind::Protected,
];

fn trouble(
    kind: NoticeKind,
    entry: &Entry,
    health: &Health,
    (good_at, since): (Option<i64>, Option<i64>),
) -> Trouble {
    let failure = health.failure.as_ref();
    // A failure before the last good backup explains nothing.
    let failure =
        failure.filter(|failure| kind == NoticeKind::Overdue && Some(failure.at) >= good_at);
    Trouble {
        kind,
        username: plain(&entry.name),
        has_backup: good_at.is_some(),
        since: since
            .map(|at| clock::day_after(&clock::stored(at), 0))
            .unwrap_or_default(),
        word: failure.map_or("", |failure| failure.word),
        item: failure
            .map(|failure| plain(&failure.item))
            .unwrap_or_default(),
        device: failure
            .map(|failure| plain(&failure.device))
            .unwrap_or_default(),
        percent: match kind {
            NoticeKind::Storage => health.storage,
            NoticeKind::Protected => health.protected,
            NoticeKind::Overdue | NoticeKind::Deletion => None,
        },
    }
}
